/**
 * The list has what features find at this moment (`attention` in their manifests), the last check-ups, and the open alerts.
 * Rows are one by the name of the cause and its subject. Pages share one answer of `/web/alerts`, so that all of them show the
 * same at any moment.
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Words } from '../../platform/http/words.ts'
import type {
  AlertFacts,
  Attention,
  AttentionRow,
  AttentionScope,
} from '../../platform/manifest/attention.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Accounts } from '../official/accounts/accounts.ts'
import type { Merchants } from '../payments/merchants/merchants.ts'
import { failedExaminations } from './doctor-failed.ts'
import { isOfMany, sharedForMs, tellingOf } from './shared.ts'
import * as store from './store.ts'

type Needs = Core & { accounts: Accounts; corps: Corps; merchants: Merchants; offered: FeatureOffers }

const alertsAtMost = 200
const goThere: Words = { zh: '去处理', en: 'Go there' }

/**
 * All that needs an administrator: what the features find now, what the last check-ups found, and the open alerts. What a feature
 * finds and an alert tells of is one row. Overview, bell, list, check-up and command line ask this and nothing else, so that
 * they cannot differ.
 */
export async function needsAttention(ctx: Needs, seen: AttentionScope): Promise<AttentionRow[]> {
  const { corpId, withInstallation } = seen
  const [found, alerts] = await Promise.all([
    ctx.offered.attention(corpId),
    store.alertsOf(ctx.db, corpId, { withInstallation, isOpen: true, limit: alertsAtMost }),
  ])
  const known = alerts.filter(one => ctx.offered.causes[one.cause])
  const kinds = new Set([...found.map(one => one.kind), ...known.map(one => one.cause)])
  const examined = await failedExaminations(ctx, corpId, kinds)
  const ofMany = new Set(known.filter(isOfMany).map(one => one.cause))
  // Whoever sees the installation's row sees this corp's in it.
  const isIn = (one: store.AlertRow) =>
    one.corpId !== null && ofMany.has(one.cause) && ctx.now() - (one.sharedAt?.getTime() ?? 0) < sharedForMs
  const hidden = new Set(known.filter(isIn).map(alertKey))
  const live = [...found, ...examined].filter(one => !hidden.has(keyOf(one)))
  const rows = live.map(one => withAlert(one, known))
  const shown = new Set(live.map(keyOf))
  // What is left of a check-up without its row is told by other rows, or was mended since.
  const others = known.filter(
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
  if (!telling) throw new Error(`no cause of alerts is called ${alert.cause}`)
  const { cause: kind, subject, since } = alert
  return { act: goThere, ...telling, kind, subject, severity: 'bad', since, alert: factsOf(alert) }
}

function factsOf({ id, toldAt, acknowledgedAt, acknowledgedBy }: store.AlertRow): AlertFacts {
  return { id, toldAt, acknowledgedAt, acknowledgedBy }
}

export const isKnown = ({ alert }: AttentionRow): boolean => (alert?.acknowledgedAt ?? null) !== null

/** What nobody has said 知道了 to, what is broken before what is worth knowing, and the latest first. */
function byUrgency(a: AttentionRow, b: AttentionRow): number {
  return (
    Number(isKnown(a)) - Number(isKnown(b)) ||
    Number(a.severity === 'warn') - Number(b.severity === 'warn') ||
    (b.since?.getTime() ?? 0) - (a.since?.getTime() ?? 0) ||
    keyOf(a).localeCompare(keyOf(b))
  )
}
