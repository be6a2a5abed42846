import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps, deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import { keepDaysByDefault } from '../channels/settings-store.ts'

/** Few messages at a time, because deleting one deletes its parts, which may be many thousands. */
const messagesAtOnce = 200

export async function pruneLeft(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_left', sql`at < ${before}`, atMost)
}

/** Uses each corp's own number of days instead of `before`. */
export async function pruneMessages(db: Db, { now, atMost }: PruneOrder): Promise<number> {
  const oldest = sql`${now}::timestamptz - make_interval(days => coalesce(
    (select keep_days from message_settings s where s.corp_id = corp.corp_id), ${keepDaysByDefault}::int))`
  // What waited counts from its end, with the messages that carry its texts; what waits for budget, which may be the next month's, stays.
  const isOld = sql`old.created_at < ${oldest} and not exists (select from message_plan p
    where p.corp_id = old.corp_id and p.message_id = coalesce(old.parent_id, old.id)
      and (p.ended_at is null or p.ended_at >= ${oldest}))
    and not exists (select from message_part p where p.corp_id = old.corp_id
      and p.message_id = any(coalesce(old.children, array[old.id])) and p.state = 'waiting' and p.held_until > ${now})`
  let rows = 0
  while (rows < atMost) {
    const few = Math.min(messagesAtOnce, atMost - rows)
    const gone = await deleteOldestOfCorps(db, 'message', isOld, 'created_at', few)
    rows += gone
    if (gone < few) break
  }
  return rows
}
