import { type Static, Type } from 'typebox'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { type Language, wordsIn } from '../../platform/http/words.ts'
import type { Offered, OfferedCause } from '../../platform/manifest/offered.ts'
import * as store from './store.ts'

const timeOrNull = Type.Union([Type.String(), Type.Null()])

/** An alert in the reader's language. */
export const alertSchema = Type.Object({
  id: Type.Number(),
  cause: Type.String(),
  title: Type.String(),
  what: Type.String(),
  fix: Type.String(),
  /** The page of the console where it is mended. */
  path: Type.String(),
  since: Type.String(),
  /** Null when no administrator could be reached by a message. */
  toldAt: timeOrNull,
  acknowledgedAt: timeOrNull,
  acknowledgedBy: timeOrNull,
  endedAt: timeOrNull,
})
export type Alert = Static<typeof alertSchema>

/** Which alerts somebody sees: a corp's and, for the system super administrator, those of the installation. */
export type Seen = { corpId: string; withInstallation: boolean }

const listedAtMost = 200

/** What is open first, then what ended, each the latest first. */
export async function listAlerts(
  ctx: Core & { offered: Offered },
  { corpId, ...seen }: Seen & { openOnly?: boolean },
  language: Language,
): Promise<Alert[]> {
  const rows = await store.alertsOf(ctx.db, corpId, { ...seen, limit: listedAtMost })
  // An earlier version may have known other causes.
  return rows.flatMap(row => {
    const cause = ctx.offered.causes[row.cause]
    return cause ? [alertIn(language, row, cause)] : []
  })
}

function alertIn(language: Language, row: store.AlertRow, cause: OfferedCause): Alert {
  const { title, what, fix, path } = cause.tell(row.detail as never)
  return {
    id: row.id,
    cause: row.cause,
    title: wordsIn(language, title),
    what: wordsIn(language, what),
    fix: wordsIn(language, fix),
    path,
    since: row.since.toISOString(),
    toldAt: row.toldAt?.toISOString() ?? null,
    acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
    acknowledgedBy: row.acknowledgedBy,
    endedAt: row.endedAt?.toISOString() ?? null,
  }
}

/**
 * 知道了: nobody is told of this alert any more, and it is not counted as new. It ends when its cause does. Nothing happens
 * when somebody said so before. Throws 1000 when there is no such alert to see, or it has ended.
 */
export async function acknowledge(ctx: Core, actor: string, seen: Seen, id: number): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const alert = await store.lockAlert(tx, id)
    const isSeen = alert && (alert.corpId === seen.corpId || (alert.corpId === null && seen.withInstallation))
    if (!isSeen) throw new ApiError('badParameter', { zh: `没有提醒 ${id}`, en: `there is no alert ${id}` })
    if (alert.endedAt)
      throw new ApiError('badParameter', { zh: `提醒 ${id} 已经结束`, en: `alert ${id} has ended` })
    if (alert.acknowledgedAt) return
    await store.setAcknowledged(tx, id, actor, new Date(ctx.now()))
    const { corpId, cause, subject } = alert
    const detail = { cause, subject }
    await record(tx, ctx, { corpId, actor, act: 'alert.acknowledge', target: String(id), detail })
  })
}
