import { certificateEndAt } from '../../../platform/certificates/addresses.ts'
import { daysLeft, soonMs } from '../../../platform/certificates/left.ts'
import type { Core } from '../../../platform/core.ts'
import { formatDate } from '../../../platform/format.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { type Corp, publicUrlOf } from '../corps.ts'
import { type Finding, failed, passed, warning } from './check.ts'

/** What the corp's own https address shows to WeCom and to members; an address without https has none. */
export async function examineCertificate(ctx: Core & { outbound: Outbound }, corp: Corp): Promise<Finding[]> {
  const url = URL.parse(publicUrlOf(ctx, corp))
  if (url?.protocol !== 'https:') return []
  const { host, origin } = url
  const [id, title] = ['certificate', { zh: '平台地址的证书', en: "The address's certificate" }]
  const endsAt = await certificateEndAt(ctx, origin)
  if (endsAt === undefined)
    return [
      warning(
        id,
        title,
        {
          zh: `没有结论：从本机看不到 ${host} 的证书`,
          en: `No conclusion: the certificate of ${host} cannot be seen from here`,
        },
        {
          zh: `请从外网打开 ${origin}，查看证书的有效期。`,
          en: `Open ${origin} from outside and look until when its certificate is good.`,
        },
      ),
    ]
  const days = daysLeft(endsAt, ctx.now())
  const until = formatDate(new Date(endsAt), corp.timeZone, ctx.now())
  const fix = {
    zh: '请在反向代理上更新证书，并检查自动续期。',
    en: 'Renew the certificate at the reverse proxy, and check its automatic renewal.',
  }
  if (days < 0)
    return [
      failed(
        id,
        title,
        {
          zh: `${host} 的证书已于 ${until.zh} 过期`,
          en: `The certificate of ${host} expired on ${until.en}`,
        },
        fix,
      ),
    ]
  const detail = {
    zh: `${host} 的证书有效期至 ${until.zh}，还有 ${days} 天`,
    en: `The certificate of ${host} is good until ${until.en}, for ${days} more days`,
  }
  return [endsAt - ctx.now() < soonMs ? warning(id, title, detail, fix) : passed(id, title, detail)]
}
