import { type Static, Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { AttentionRow, AttentionScope } from '../../platform/manifest/attention.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { type Language, wordsIn } from '../../platform/words.ts'
import { tellingOf } from './shared.ts'
import * as store from './store.ts'

const timeOrNull = Type.Union([Type.String(), Type.Null()])

const facts = {
  id: Type.Number(),
  /** Null when no administrator could be reached by a message. */
  toldAt: timeOrNull,
  acknowledgedAt: timeOrNull,
  acknowledgedBy: timeOrNull,
}

/** What needs an administrator, in the reader's language. */
export const needSchema = Type.Object({
  kind: Type.String(),
  subject: Type.String(),
  severity: Type.Enum(['bad', 'warn']),
  title: Type.String(),
  what: Type.String(),
  fix: Type.String(),
  /** What the link says that leads to `path`, the page of the console where it is mended. */
  act: Type.String(),
  path: Type.String(),
  since: timeOrNull,
  /** Null for what nobody is told of by message. */
  alert: Type.Union([Type.Object(facts), Type.Null()]),
})
export type Need = Static<typeof needSchema>

export function needIn(language: Language, row: AttentionRow): Need {
  const { kind, subject = '', severity, title, what, fix, act, path, since, alert } = row
  return {
    kind,
    subject,
    severity,
    title: wordsIn(language, title),
    what: wordsIn(language, what),
    fix: wordsIn(language, fix),
    act: wordsIn(language, act),
    path,
    since: since?.toISOString() ?? null,
    alert: alert && factsIn(alert),
  }
}

/** An alert that has ended, in the reader's language. */
export const pastAlertSchema = Type.Object({
  ...facts,
  cause: Type.String(),
  title: Type.String(),
  what: Type.String(),
  since: Type.String(),
  endedAt: timeOrNull,
})
export type PastAlert = Static<typeof pastAlertSchema>

const listedAtMost = 200

/** What ended last comes first. */
export async function pastAlerts(
  ctx: Core & { corps: Corps; offered: FeatureOffers },
  { corpId, withInstallation }: AttentionScope,
  language: Language,
): Promise<PastAlert[]> {
  const rows = await store.endedAlertsOf(ctx.db, corpId, { withInstallation, limit: listedAtMost })
  return rows.flatMap(row => {
    const telling = tellingOf(ctx, row)
    // An earlier version may have known other causes.
    if (!telling) return []
    return {
      ...factsIn(row),
      cause: row.cause,
      title: wordsIn(language, telling.title),
      what: wordsIn(language, telling.what),
      since: row.since.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
    }
  })
}

function factsIn({ id, toldAt, acknowledgedAt, acknowledgedBy }: NonNullable<AttentionRow['alert']>) {
  return {
    id,
    toldAt: toldAt?.toISOString() ?? null,
    acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
    acknowledgedBy,
  }
}

/**
 * 知道了: nobody is told of this alert any more, and it is not counted as new. It ends when its cause does. Nothing happens
 * when somebody said so before. Throws 1000 when there is no such alert to see, or it has ended.
 */
export async function acknowledge(ctx: Core, actor: string, seen: AttentionScope, id: number): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const alert = await store.lockAlert(tx, id)
    const isSeen = alert && (alert.corpId === seen.corpId || (alert.corpId === null && seen.withInstallation))
    if (!isSeen)
      throw new ApiError('badParameter', { zh: told`没有提醒 ${id}`, en: told`there is no alert ${id}` })
    if (alert.endedAt)
      throw new ApiError('badParameter', { zh: told`提醒 ${id} 已经结束`, en: told`alert ${id} has ended` })
    if (alert.acknowledgedAt) return
    await store.setAcknowledged(tx, id, actor, new Date(ctx.now()))
    const { corpId, cause, subject } = alert
    const detail = { cause, subject }
    await record(tx, ctx, { corpId, actor, act: 'alert.acknowledge', target: String(id), detail })
  })
}
