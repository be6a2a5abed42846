import { isPrivateUrl } from '../../../../organisation/corps/doctor/callback.ts'
import { type Finding, failed, passed, warning } from '../../../../organisation/corps/doctor/check.ts'
import { isLoopbackUrl } from '../../../../platform/config.ts'
import { formatDuration } from '../../../../platform/format.ts'
import type { Words } from '../../../../platform/words.ts'
import type { Addresses } from '../addresses.ts'
import type { Merchant } from '../merchants.ts'

const clockTitle: Words = { zh: '服务器时间', en: 'Clock of this server' }
const secondMs = 1000
const clockToleranceMs = 300_000
const clockWarningMs = 60_000

/** Calls and notifications whose time is off by five minutes are refused. `skewMs` is undefined when no answer came. */
export function examineClock(skewMs: number | undefined): Finding {
  if (skewMs === undefined)
    return warning('clock', clockTitle, {
      zh: '没有结论：微信支付没有应答',
      en: 'No conclusion: WeChat Pay gave no answer',
    })
  if (Math.abs(skewMs) < 10 * secondMs)
    return passed('clock', clockTitle, { zh: '与微信支付一致', en: "Agrees with WeChat Pay's" })
  const off = formatDuration(skewMs)
  const text = {
    zh: `比微信支付${skewMs > 0 ? '慢' : '快'} ${off.zh}`,
    en: `${off.en} ${skewMs > 0 ? 'behind' : 'ahead of'} WeChat Pay's`,
  }
  const fix = {
    zh: '请校准服务器时间（NTP）：相差 5 分钟时所有调用和通知都会被拒绝。',
    en: 'Set the clock (NTP): with 5 minutes all calls and notifications are refused.',
  }
  if (Math.abs(skewMs) >= clockToleranceMs) return failed('clock', clockTitle, text, fix)
  return Math.abs(skewMs) >= clockWarningMs
    ? warning('clock', clockTitle, text, fix)
    : passed('clock', clockTitle, text)
}

/** WeChat Pay notifies by https alone, at an address that it can reach. */
export function examineNotifyUrl({ notifyUrl }: Addresses, payUrl: string): Finding {
  const [id, title]: [string, Words] = ['notifyUrl', { zh: '通知地址', en: 'Address for notifications' }]
  const fix = {
    zh: '请把 WISP_PUBLIC_URL（或企业自己的地址）设为公网可访问的 https 域名；在此之前只能靠查询得知支付结果。',
    en: 'Set WISP_PUBLIC_URL (or the address of the corp) to a public https domain; until then payments are only found by asking.',
  }
  if (isLoopbackUrl(notifyUrl) && isLoopbackUrl(payUrl))
    return passed(id, title, {
      zh: `${notifyUrl}（微信支付接口也在本机）`,
      en: `${notifyUrl} (WeChat Pay's API is on this machine too)`,
    })
  if (isPrivateUrl(notifyUrl))
    return warning(
      id,
      title,
      {
        zh: `${notifyUrl} 是本机或内网地址，微信支付无法访问`,
        en: `${notifyUrl} is a private address that WeChat Pay cannot reach`,
      },
      fix,
    )
  if (!notifyUrl.startsWith('https://'))
    return failed(id, title, { zh: `${notifyUrl} 不是 https`, en: `${notifyUrl} is not https` }, fix)
  return passed(id, title, notifyUrl)
}

const development: Words = {
  zh: '微信支付商户平台「产品中心 → 开发配置」',
  en: "WeChat Pay's merchant platform, 产品中心 → 开发配置",
}

/** What no call of WeChat Pay tells: a payment shows that it is right, and until then the value to enter is told. */
export function examineProducts(addresses: Addresses, paid: readonly string[]): Finding[] {
  const { jsapiDirectory, h5Domain } = addresses
  return [
    entered(
      'jsapiDirectory',
      { zh: '支付授权目录（JSAPI）', en: 'JSAPI directory (支付授权目录)' },
      jsapiDirectory,
      {
        isProved: paid.includes('jsapi'),
        without: { zh: '微信和企业微信内无法支付', en: 'nobody can pay inside WeChat and WeCom' },
      },
    ),
    entered('h5Domain', { zh: 'H5 支付域名', en: 'H5 domain (H5支付域名)' }, h5Domain, {
      isProved: paid.includes('h5'),
      without: { zh: '手机浏览器内无法支付', en: "nobody can pay in a phone's browser" },
    }),
  ]
}

function entered(
  id: string,
  title: Words,
  value: string,
  { isProved, without }: { isProved: boolean; without: Words },
): Finding {
  if (isProved)
    return passed(id, title, { zh: `${value}（已有成功的支付）`, en: `${value} (has been paid by)` })
  return warning(
    id,
    title,
    {
      zh: '还没有成功的支付，微信支付也没有查询接口',
      en: 'Nothing was paid by it yet, and no call of WeChat Pay tells it',
    },
    {
      zh: `请确认已在${development.zh}填入 ${value}，否则${without.zh}。`,
      en: `See that ${value} is entered at ${development.en}; else ${without.en}.`,
    },
  )
}

export function examineState({ enabled }: Merchant): Finding[] {
  if (enabled) return []
  return [
    warning(
      'enabled',
      { zh: '状态', en: 'State' },
      { zh: '商户已停用：不能用它付款', en: 'The merchant is disabled: nothing can be paid by it' },
    ),
  ]
}
