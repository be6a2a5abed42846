import {
  type Finding,
  failed,
  passed,
  tryLater,
  warning,
} from '../../../../organisation/corps/doctor/check.ts'
import { formatDate } from '../../../../platform/format.ts'
import type { Words } from '../../../../platform/words.ts'
import { PayError, PayUnavailable } from '../../../../upstream/wechat-pay/errors.ts'
import type { PlatformCertificate } from '../../../../upstream/wechat-pay/keys.ts'
import type { Merchant } from '../merchants.ts'
import { type Attempt, attempt } from './attempt.ts'

const security: Words = {
  zh: '微信支付商户平台「账户中心 → API安全」',
  en: "WeChat Pay's merchant platform, 账户中心 → API安全",
}
const keysTitle: Words = { zh: '微信支付公钥与平台证书', en: "WeChat Pay's public key and certificates" }
const apiV3Title: Words = { zh: 'APIv3 密钥', en: 'APIv3 key' }
const warnBeforeMs = 30 * 86_400_000

/**
 * Whether merchant number, certificate serial and private key belong together: WeChat Pay looks at the signature before it
 * looks for the order, which does not exist.
 */
export async function examineIdentity({ client, mchId }: Merchant): Promise<Finding> {
  const [id, title]: [string, Words] = [
    'identity',
    { zh: '商户号、证书序列号与私钥', en: 'Merchant, certificate serial and private key' },
  ]
  const found = await attempt(() => client.query(`DOCTOR${mchId}`.slice(0, 32)))
  if (!found.error) return passed(id, title, { zh: '微信支付接受签名', en: 'WeChat Pay takes the signature' })
  if (found.error instanceof PayError) return failed(id, title, found.why, found.fix)
  return warning(id, title, found.why, tryLater)
}

/** What WeChat Pay's certificates tell, of which a merchant of today has none. */
export async function examineKeys(merchant: Merchant, now: number, timeZone: string): Promise<Finding[]> {
  if (!merchant.hasApiV3Key) return [onlyPublicKey, noApiV3Key]
  const found = await attempt(() => merchant.client.certificates())
  return [examinePlatformKeys(merchant, found, now, timeZone), examineApiV3Key(found)]
}

const onlyPublicKey = passed('platformKeys', keysTitle, {
  zh: '使用微信支付公钥',
  en: 'The public key is used',
})

const noApiV3Key = failed(
  'apiV3Key',
  apiV3Title,
  {
    zh: '没有填写：微信支付不会发送任何支付或退款通知，只能靠查询',
    en: 'It is not set: no notification of a payment or refund ever comes, and orders are only asked for',
  },
  {
    zh: `请在${security.zh}设置 APIv3 密钥（32 位），再填到这里。`,
    en: `Set the APIv3 key (32 characters) at ${security.en}, and enter it here.`,
  },
)

function examinePlatformKeys(
  merchant: Merchant,
  found: Attempt<PlatformCertificate[]>,
  now: number,
  timeZone: string,
): Finding {
  const [id, title] = ['platformKeys', keysTitle]
  const hasPublicKey = merchant.publicKeyId !== ''
  if (!found.error) return examineCertificates(found.value, hasPublicKey, now, timeZone)
  const { error, why, fix } = found
  if (error instanceof PayError && error.code === 'RESOURCE_NOT_EXISTS')
    return hasPublicKey
      ? passed(id, title, { zh: '公钥模式', en: 'The public key alone' })
      : failed(
          id,
          title,
          {
            zh: '这个商户只有微信支付公钥，没有平台证书：无法验证任何应答和通知',
            en: 'This merchant has a public key and no certificates: no answer or notification can be verified',
          },
          {
            zh: `请在${security.zh}下载微信支付公钥，把公钥 ID（PUB_KEY_ID_…）与 pub_key.pem 填到这里。`,
            en: `Download the public key at ${security.en}, and enter its id (PUB_KEY_ID_…) and pub_key.pem here.`,
          },
        )
  if (error instanceof PayUnavailable && error.reason === 'signature') return wrongPublicKey
  if (error instanceof PayUnavailable && error.reason === 'decryption')
    return warning(id, title, {
      zh: '先要有正确的 APIv3 密钥，才能读出平台证书',
      en: 'Certificates can be read once the APIv3 key is right',
    })
  return error instanceof PayError ? failed(id, title, why, fix) : warning(id, title, why, tryLater)
}

export const wrongPublicKey = failed(
  'platformKeys',
  keysTitle,
  {
    zh: '微信支付的应答与填写的公钥对不上',
    en: "WeChat Pay's answers do not fit the public key that was entered",
  },
  {
    zh: `请在${security.zh}重新下载公钥，公钥 ID 与 pub_key.pem 要取自同一个商户号。`,
    en: `Download the public key at ${security.en} again: id and pub_key.pem must be of the same merchant.`,
  },
)

function examineCertificates(
  certificates: readonly PlatformCertificate[],
  hasPublicKey: boolean,
  now: number,
  timeZone: string,
): Finding {
  const latest = Math.max(...certificates.map(one => one.expiresAt.getTime()))
  const until = Number.isFinite(latest) ? formatDate(new Date(latest), timeZone, now) : { zh: '?', en: '?' }
  const [id, title] = ['platformKeys', keysTitle]
  if (hasPublicKey)
    return passed(id, title, {
      zh: `公钥与 ${certificates.length} 张平台证书同时有效（切换期）`,
      en: `The public key and ${certificates.length} certificates are good at once (while WeChat Pay moves over)`,
    })
  const text = {
    zh: `证书模式，${certificates.length} 张平台证书，有效期至 ${until.zh}`,
    en: `${certificates.length} certificates, good until ${until.en}`,
  }
  if (latest - now > warnBeforeMs) return passed(id, title, text)
  return warning(id, title, text, {
    zh: `请在${security.zh}申请微信支付公钥，它不会过期。`,
    en: `Apply for the public key at ${security.en}: it does not expire.`,
  })
}

function examineApiV3Key(found: Attempt<PlatformCertificate[]>): Finding {
  if (!found.error)
    return passed('apiV3Key', apiV3Title, { zh: '能解开平台证书', en: 'It opens the certificates' })
  if (found.error instanceof PayUnavailable && found.error.reason === 'decryption')
    return failed(
      'apiV3Key',
      apiV3Title,
      {
        zh: '与微信支付设置的不一致：通知解不开',
        en: 'It is not the one that is set at WeChat Pay: notifications cannot be opened',
      },
      {
        zh: `请在${security.zh}重新设置 APIv3 密钥，再填到这里（设置后看不到旧值）。`,
        en: `Set the APIv3 key again at ${security.en} (the old one is not shown there), and enter it here.`,
      },
    )
  return passed('apiV3Key', apiV3Title, {
    zh: '已填写，由第一条通知验证',
    en: 'It is set; the first notification proves it',
  })
}
