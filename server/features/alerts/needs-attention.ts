/**
 * The list has what features find at this moment (`attention` in their manifests), the last check-ups, and the open alerts.
 * Rows are one by the name of the cause and its subject. Pages share one answer of `/web/alerts`, so that all of them show the
 * same at any moment.
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import {
  type AlertFacts,
  type Attention,
  type AttentionRow,
  type AttentionScope,
  isKnown,
  type NeedsAttention,
} from '../../platform/manifest/attention.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Words } from '../../platform/words.ts'
import type { Accounts } from '../official/accounts/accounts.ts'
import type { Merchants } from '../payments/merchants/merchants.ts'
import { failedExaminations } from './doctor-failed.ts'
import { isOfMany, severityOf, sharedForMs, tellingOf } from './shared.ts'
import * as store from './store.ts'

type Needs = Core & { accounts: Accounts; corps: Corps; merchants: Merchants; offered: FeatureOffers }

const alertsAtMost = 200
const goThere: Words = { zh: '去处理', en: 'Go there' }

/**
 * All that needs administrators of these corps: what the features find now, what the last check-ups found, and the open alerts. What a
 * feature finds and an alert tells of is one row. Overview, bell, list, check-up, the operator's pages and the command line ask this and nothing
 * else, so that they cannot differ.
 */
async function needsOfCorps(
  ctx: Needs,
  corpIds: readonly string[],
  withInstallation = false,
): Promise<Map<string, AttentionRow[]>> {
  const [found, alerts] = await Promise.all([
    ctx.offered.attention(corpIds),
    store.openAlertsOf(ctx.db, corpIds, { withInstallation, limit: alertsAtMost }),
  ])
  const known = alerts.filter(one => ctx.offered.causes[one.cause])
  const ofInstallation = known.filter(one => one.corpId === null)
  const byCorp = Map.groupBy(known, one => one.corpId)
  const alertsOf = (corpId: string) => [...(byCorp.get(corpId) ?? []), ...ofInstallation]
  const kindsOf = (corpId: string) =>
    new Set([...(found.get(corpId) ?? []).map(one => one.kind), ...alertsOf(corpId).map(one => one.cause)])
  const examined = Map.groupBy(await failedExaminations(ctx, corpIds, kindsOf), one => one.corpId)
  return new Map(
    corpIds.map(corpId => {
      const live = [...(found.get(corpId) ?? []), ...(examined.get(corpId) ?? [])]
      return [corpId, rowsOf(ctx, live, alertsOf(corpId))]
    }),
  )
}

/** The rows of one corp. */
function rowsOf(ctx: Needs, found: readonly Attention[], alerts: readonly store.AlertRow[]): AttentionRow[] {
  const ofMany = new Set(alerts.filter(isOfMany).map(one => one.cause))
  // Whoever sees the installation's row sees this corp's in it.
  const isIn = (one: store.AlertRow) =>
    one.corpId !== null && ofMany.has(one.cause) && ctx.now() - (one.sharedAt?.getTime() ?? 0) < sharedForMs
  const hidden = new Set(alerts.filter(isIn).map(alertKey))
  const live = found.filter(one => !hidden.has(keyOf(one)))
  const rows = live.map(one => withAlert(one, alerts))
  const shown = new Set(live.map(keyOf))
  // What is left of a check-up without its row is told by other rows, or was mended since.
  const others = alerts.filter(
    one => !isIn(one) && (one.cause !== 'doctorFailed' || isOfMany(one)) && !shown.has(alertKey(one)),
  )
  return [...rows, ...others.map(one => rowOf(ctx, one))].sort(byUrgency)
}

const keyOf = ({ kind, subject = '' }: Attention) => `${kind} ${subject}`
const alertKey = ({ cause, subject }: store.AlertRow) => `${cause} ${subject}`

function withAlert(found: Attention, alerts: readonly store.AlertRow[]): AttentionRow {
  const alert = alerts.find(one => alertKey(one) === keyOf(found))
  return alert ? { ...found, since: alert.since, alert: factsOf(alert) } : { ...found, alert: null }
}

function rowOf(ctx: Needs, alert: store.AlertRow): AttentionRow {
  const telling = tellingOf(ctx, alert)
  const severity = severityOf(ctx, alert)
  if (!telling || !severity) throw new Error(`no cause of alerts is called ${alert.cause}`)
  const { cause: kind, subject, since } = alert
  return { act: goThere, ...telling, kind, subject, severity, since, alert: factsOf(alert) }
}

function factsOf({ id, toldAt, acknowledgedAt, acknowledgedBy }: store.AlertRow): AlertFacts {
  return { id, toldAt, acknowledgedAt, acknowledgedBy }
}

/** What nobody has said 知道了 to, what is broken before what is worth knowing, and the latest first. */
function byUrgency(a: AttentionRow, b: AttentionRow): number {
  return (
    Number(isKnown(a)) - Number(isKnown(b)) ||
    Number(a.severity === 'warn') - Number(b.severity === 'warn') ||
    (b.since?.getTime() ?? 0) - (a.since?.getTime() ?? 0) ||
    keyOf(a).localeCompare(keyOf(b))
  )
}

export function needsIn(ctx: Needs): NeedsAttention {
  const ofOne = async ({ corpId, withInstallation }: AttentionScope) =>
    (await needsOfCorps(ctx, [corpId], withInstallation)).get(corpId) ?? []
  return Object.assign(ofOne, { ofCorps: (corpIds: readonly string[]) => needsOfCorps(ctx, corpIds) })
}
