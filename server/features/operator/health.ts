import type { Corps } from '../../organisation/corps/corps.ts'
import { outagesSince } from '../../organisation/sync/outage-store.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { severityOf } from '../alerts/shared.ts'
import { openCauses } from './store.ts'

/** `failing` comes last, so that what needs somebody is first in descending order. */
export const healths = ['ok', 'warning', 'failing'] as const
export type Health = (typeof healths)[number]

export type HealthOfCorp = {
  health: Health
  /** How many alerts are open. */
  open: number
  /** Since when WeCom does not answer. */
  outageSince: Date | null
}

/**
 * How every corp is, in two queries: failing with an open alert of something that does not work, among which is a check-up that failed;
 * a warning with any other alert, while WeCom does not answer, and until the callback was verified.
 */
export async function healthOfCorps(
  ctx: Core & { corps: Corps; offered: FeatureOffers },
): Promise<(corpId: string) => HealthOfCorp> {
  const [causes, outages] = await Promise.all([openCauses(ctx.db), outagesSince(ctx.db, new Date(ctx.now()))])
  const outSince = new Map(outages.map(one => [one.corpId, one.since]))
  return corpId => {
    const open = (causes.get(corpId) ?? []).map(one => ({ corpId, subject: '', ...one }))
    const outageSince = outSince.get(corpId) ?? null
    const isVerified = ctx.corps.find(corpId)?.callbackVerifiedAt != null
    const isWarned = open.length > 0 || outageSince !== null || !isVerified
    const isFailing = open.some(one => severityOf(ctx, one) === 'bad')
    return {
      health: isFailing ? 'failing' : isWarned ? 'warning' : 'ok',
      open: open.length,
      outageSince,
    }
  }
}
