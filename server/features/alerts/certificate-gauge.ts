import { lastSeen } from '../../platform/certificates/addresses.ts'
import { dayMs } from '../../platform/certificates/left.ts'
import type { Core } from '../../platform/core.ts'
import type { Merchants } from '../payments/merchants/merchants.ts'

export function addCertificateGauges(ctx: Core & { merchants: Merchants }): void {
  ctx.metrics.gauge(
    'wisp_certificate_days',
    'days until a certificate ends: of an https address as it was seen last, or of a merchant (merchant 1900000001)',
    ['host'],
    async () => {
      const addresses = [...(await lastSeen(ctx))].map(([origin, endsAt]) => ({
        host: URL.parse(origin)?.host ?? origin,
        endsAt,
      }))
      const merchants = ctx.merchants
        .all()
        .flatMap(({ mchId, certificateEndsAt }) =>
          certificateEndsAt ? [{ host: `merchant ${mchId}`, endsAt: certificateEndsAt.getTime() }] : [],
        )
      return [...addresses, ...merchants].map(({ host, endsAt }) => ({
        labels: { host },
        value: (endsAt - ctx.now()) / dayMs,
      }))
    },
  )
}
