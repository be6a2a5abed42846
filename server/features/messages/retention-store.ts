import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import { keepDaysByDefault } from '../channels/settings-store.ts'

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
