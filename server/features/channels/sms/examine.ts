import type { Corp } from '../../../organisation/corps/corps.ts'
import { type Finding, failed, passed, warning } from '../../../organisation/corps/doctor/check.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { SmsAccount } from '../../../upstream/sms/vendor.ts'
import type { AddressNeeds, Setups } from '../channel.ts'
import { type SmsSettings, vendorsOf, wayOf, wayWords } from './settings.ts'
import { vendorOf } from './vendor.ts'

/** Vendors that have the calls for it are asked for the balance and the sign; one that does not answer is a warning. */
export async function examineSms(
  ctx: AddressNeeds & { messageSettings: Setups },
  corp: Corp,
): Promise<Finding[]> {
  const vendors = vendorsOf(ctx.messageSettings.setupOf<SmsSettings>(corp.corpId, 'sms'))
  const found = await Promise.all(vendors.map(sms => examine(ctx, corp.corpId, sms)))
  return found.flatMap(one => one ?? [])
}

async function examine(ctx: AddressNeeds, corpId: string, sms: SmsSettings): Promise<Finding | undefined> {
  const way = wayOf(sms)
  const label = wayWords(way) ?? { zh: way, en: way }
  const title = { zh: `短信服务商「${label.zh}」`, en: `SMS vendor ${label.en}` }
  const vendor = await vendorOf(ctx, corpId, sms)
  if ('kind' in vendor || !vendor.account) return undefined
  try {
    return judge(`sms:${way}`, title, sms.signName, await vendor.account(sms.signName))
  } catch (error) {
    ctx.log.info({ corpId, way, ...describeError(error) }, 'SMS account not read')
    return warning(
      `sms:${way}`,
      title,
      {
        zh: '查询余额或签名失败，详情见 wisp 的日志',
        en: "its balance or sign could not be asked for; wisp's log has the details",
      },
      {
        zh: '请核对密钥是否有查询权限；发送不受影响。',
        en: 'Check whether the key may ask; sending does not depend on it.',
      },
    )
  }
}

const states = {
  waiting: { zh: '审核中', en: 'under review' },
  refused: { zh: '审核未通过', en: 'refused by the review' },
  missing: { zh: '不存在', en: 'not there' },
}

function judge(
  id: string,
  title: Finding['title'],
  signName: string,
  { balance, sign }: SmsAccount,
): Finding {
  if (sign && sign !== 'approved') {
    const state = states[sign]
    return failed(
      id,
      title,
      { zh: `签名「${signName}」${state.zh}`, en: `its sign ${signName} is ${state.en}` },
      {
        zh: '请到服务商控制台核对签名，并确认已向运营商实名报备：没有报备的签名会被运营商拦截。',
        en: "Check the sign in the vendor's console, and that it is registered with the carriers by real name (实名制报备): they block others.",
      },
    )
  }
  if (balance !== undefined && /^0\b/.test(balance))
    return failed(
      id,
      title,
      { zh: '套餐包已用完', en: 'its package is used up' },
      { zh: '请到服务商控制台充值。', en: "Top it up in the vendor's console." },
    )
  const facts = {
    zh: [sign ? '签名已审核' : '', balance === undefined ? '' : `余 ${balance}`].filter(Boolean).join('，'),
    en: [sign ? 'the sign is approved' : '', balance === undefined ? '' : `${balance} left`]
      .filter(Boolean)
      .join(', '),
  }
  return passed(id, title, facts)
}
