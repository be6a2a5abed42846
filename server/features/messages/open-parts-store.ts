import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'

/** How many parts wait in all corps that are not suspended, and since when the oldest of their messages does, by channel. */
export async function waitingParts(db: Db): Promise<{ channel: string; parts: number; since: Date }[]> {
  const found = await sql<{ channel: string; parts: number; since: Date }>`
    with waiting as (
      select corp_id, channel, message_id, count(*) as parts from message_part
      where state in ('waiting', 'sending', 'asking')
        and corp_id not in (select corp_id from corp where suspended_at is not null or removing_at is not null)
      group by 1, 2, 3)
    select waiting.channel, sum(parts)::int as parts, min(message.created_at) as since
    from waiting join message on message.corp_id = waiting.corp_id and message.id = waiting.message_id group by 1`.execute(
    db,
  )
  return found.rows
}

/** Nobody knows what became of parts that are still to be sent, and nothing of them leaves any more. */
export async function settleOpenParts(db: Db, reason: string, at: Date): Promise<void> {
  await db
    .updateTable('message_part')
    .set({ state: 'unknown', reason, finished_at: at })
    .where('state', 'in', ['waiting', 'sending', 'asking'])
    .execute()
  await db.updateTable('message').set({ expanded_to: null }).where('expanded_to', 'is not', null).execute()
}
