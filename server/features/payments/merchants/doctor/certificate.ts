import { type Finding, failed, passed, warning } from '../../../../organisation/corps/doctor/check.ts'
import { daysLeft, soonMs } from '../../../../platform/certificates/left.ts'
import { formatDate } from '../../../../platform/format.ts'
import type { Words } from '../../../../platform/words.ts'
import type { Merchant } from '../merchants.ts'

export const certificatesPage: Words = {
  zh: '微信支付商户平台「账户中心 → API安全 → 商户API证书 → 管理证书」',
  en: "WeChat Pay's merchant platform, 账户中心 → API安全 → 商户API证书 → 管理证书",
}

/** How a certificate is changed, there and here. */
export const renewal: Words = {
  zh: `请在${certificatesPage.zh}申请新证书，再到「统一支付 → 商户」（或 wisp pay merchant set）填写新的证书与私钥。`,
  en: `Apply for a new certificate at ${certificatesPage.en}, then enter it with its private key under Payments → Merchants (or wisp pay merchant set).`,
}

/** Until when WeChat Pay takes what the merchant signs. */
export function examineCertificate(
  { certificateEndsAt }: Pick<Merchant, 'certificateEndsAt'>,
  now: number,
  timeZone: string,
): Finding {
  const [id, title] = ['certificate', { zh: '商户 API 证书', en: "The merchant's API certificate" }]
  if (!certificateEndsAt)
    return warning(
      id,
      title,
      {
        zh: '不知道何时过期：只填写了序列号与私钥',
        en: 'When it ends is not known: only its serial and private key were entered',
      },
      {
        zh: `请在${certificatesPage.zh}查看有效期，或填写 apiclient_cert.pem，由 wisp 提醒。`,
        en: `Look at ${certificatesPage.en}, or enter apiclient_cert.pem to be told in time.`,
      },
    )
  const until = formatDate(certificateEndsAt, timeZone, now)
  const days = daysLeft(certificateEndsAt.getTime(), now)
  if (days < 0)
    return failed(id, title, { zh: `已于 ${until.zh} 过期`, en: `It expired on ${until.en}` }, renewal)
  const detail = {
    zh: `有效期至 ${until.zh}，还有 ${days} 天`,
    en: `Good until ${until.en}, for ${days} more days`,
  }
  const isSoon = certificateEndsAt.getTime() - now < soonMs
  return isSoon ? warning(id, title, detail, renewal) : passed(id, title, detail)
}
