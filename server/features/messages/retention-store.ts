import { sql } from 'kysely'
import { dayOf } from '../../platform/operation/day.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps, deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import { keepDaysByDefault } from '../channels/settings-store.ts'
import { paceWindows } from '../channels/wecom/pace-store.ts'

/** Few messages at a time, because deleting one deletes its parts, which may be many thousands. */
const messagesAtOnce = 200

/** Uses each corp's own number of days instead of `before`. */
export async function pruneMessages(db: Db, { now, atMost }: PruneOrder): Promise<number> {
  const isOld = sql`old.created_at < ${now}::timestamptz - make_interval(days => coalesce(
    (select keep_days from message_settings s where s.corp_id = corp.corp_id), ${keepDaysByDefault}::int))`
  let rows = 0
  while (rows < atMost) {
    const few = Math.min(messagesAtOnce, atMost - rows)
    const gone = await deleteOldestOfCorps(db, 'message', isOld, 'created_at', few)
    rows += gone
    if (gone < few) break
  }
  return rows
}

/** Deletes the counts of members to whom nothing was sent within the last hour, the longest window. */
export async function prunePace(db: Db, { now, atMost }: PruneOrder): Promise<number> {
  const isOver = sql`not exists (select 1 from unnest(sent) t where t > ${now.getTime() - paceWindows.hourMs})`
  return deleteSome(db, 'message_pace', isOver, atMost)
}

export async function pruneDays(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_day', sql`day < ${dayOf(before.getTime())}::date`, atMost)
}

export async function pruneChecks(db: Db, { now, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_dedup', sql`until < ${now}`, atMost)
}
