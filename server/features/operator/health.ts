import type { Corps } from '../../organisation/corps/corps.ts'
import { outagesSince } from '../../organisation/sync/outage-store.ts'
import type { Core } from '../../platform/core.ts'
import { openCauses } from './store.ts'

/** `failing` comes last, so that what needs somebody is first in descending order. */
export const healths = ['ok', 'warning', 'failing'] as const
export type Health = (typeof healths)[number]

export type HealthOfCorp = {
  health: Health
  /** How many alerts are open. */
  alerts: number
  /** Since when WeCom does not answer. */
  outageSince: Date | null
}

/** Causes of alerts that ask somebody for a decision, while everything works. */
export const asksOnly: ReadonlySet<string> = new Set([
  'agentLowActive',
  'agentUnused',
  'claimsAskedFor',
  'developerOwnerless',
  'merchantCertificateEnds',
  'quotaReached',
  'scopeEnds',
  'scopeRequested',
  'signInChangedByOwner',
  'todo-source-unrecognised',
])

/**
 * How every corp is, in two queries: failing with an open alert of something that does not work, among which is a check-up that failed;
 * a warning with any other alert, while WeCom does not answer, and until the callback was verified.
 */
export async function healthOfCorps(ctx: Core & { corps: Corps }): Promise<(corpId: string) => HealthOfCorp> {
  const [causes, outages] = await Promise.all([openCauses(ctx.db), outagesSince(ctx.db, new Date(ctx.now()))])
  const outSince = new Map(outages.map(one => [one.corpId, one.since]))
  return corpId => {
    const open = causes.get(corpId) ?? []
    const outageSince = outSince.get(corpId) ?? null
    const isVerified = ctx.corps.find(corpId)?.callbackVerifiedAt != null
    const isWarned = open.length > 0 || outageSince !== null || !isVerified
    const isFailing = open.some(cause => !asksOnly.has(cause))
    return {
      health: isFailing ? 'failing' : isWarned ? 'warning' : 'ok',
      alerts: open.length,
      outageSince,
    }
  }
}
