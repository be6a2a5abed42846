import { daysLeft, soonMs } from '../../../platform/certificates/left.ts'
import type { Core } from '../../../platform/core.ts'
import { formatDate } from '../../../platform/format.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import { usualZone } from '../../../platform/time-zone.ts'
import { renewal } from '../merchants/doctor/certificate.ts'
import type { Merchants } from '../merchants/merchants.ts'

type Needs = Core & { merchants: Merchants }

/** The certificate with which a merchant signs, where it is kept. */
export const merchantCertificateEnds: Cause<
  Needs,
  {
    mchId: string
    name: string
    endsAt: string
    days: number
  }
> = {
  async find(ctx) {
    return {
      found: ctx.merchants.all().flatMap(({ corpId, mchId, name, enabled, certificateEndsAt }) => {
        if (!enabled || !certificateEndsAt || certificateEndsAt.getTime() - ctx.now() >= soonMs) return []
        const days = daysLeft(certificateEndsAt.getTime(), ctx.now())
        return [
          { corpId, subject: mchId, detail: { mchId, name, endsAt: certificateEndsAt.toISOString(), days } },
        ]
      }),
    }
  },
  severityOf: ({ days }) => (days < 0 ? 'bad' : 'warn'),
  tell({ mchId, name, endsAt, days }, timeZone = usualZone) {
    const day = formatDate(new Date(endsAt), timeZone)
    const isOver = days < 0
    return {
      title: isOver
        ? {
            zh: `商户「${name}」的 API 证书已过期`,
            en: `The API certificate of merchant "${name}" has expired`,
          }
        : {
            zh: `商户「${name}」的 API 证书即将过期`,
            en: `The API certificate of merchant "${name}" is about to expire`,
          },
      what: isOver
        ? {
            zh: `商户号 ${mchId} 的证书已于 ${day.zh} 过期：不能下单、查询和退款。`,
            en: `That of ${mchId} expired on ${day.en}: nothing can be ordered, asked for or refunded.`,
          }
        : {
            zh: `商户号 ${mchId} 的证书将于 ${day.zh} 过期，还有 ${days} 天；过期后不能下单、查询和退款。`,
            en: `That of ${mchId} expires on ${day.en}, in ${days} days; then nothing can be ordered, asked for or refunded.`,
          },
      fix: renewal,
      path: `/console/payments/merchants/${encodeURIComponent(mchId)}/settings`,
    }
  },
}
