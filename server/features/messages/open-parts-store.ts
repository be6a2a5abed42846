import { sql } from 'kysely'
import { enqueueFrom } from '../../platform/queue/queue-store.ts'
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

/**
 * What waited and was due by then may have left since the backup was made: it is cancelled with this reason, and what had a later time keeps
 * it. What waited for a person still does. The work at those times is put in order again.
 */
export async function settleWaiting(db: Db, reason: string, at: Date): Promise<void> {
  // A backup of an earlier version is migrated afterwards.
  const { rows } = await sql<{ is: boolean }>`select to_regclass('message_plan') is not null as is`.execute(
    db,
  )
  if (!rows[0]?.is) return
  const isPast = sql`w.due_at <= ${at}`
  await sql`
    insert into message_result (corp_id, message_id, user_id, part_id, state, reason, at)
    select w.corp_id, w.message_id, w.user_id, null, 'cancelled', ${reason}, ${at}
    from message_waiting w where ${isPast} and w.step = 0 on conflict do nothing`.execute(db)
  await sql`delete from message_waiting w where ${isPast}`.execute(db)
  await sql`delete from message_digest d where not exists (
    select from message_waiting w where w.corp_id = d.corp_id and w.digest_id = d.id)`.execute(db)
  await sql`
    update message_plan p set ended_at = ${at}, due_at = null, reason = ${reason},
      state = case when exists (select from message m where m.corp_id = p.corp_id and m.id = p.message_id
        and cardinality(m.children) > 0) or exists (select from message_collected c
        where c.corp_id = p.corp_id and c.message_id = p.message_id) then 'done' else 'cancelled' end
    where p.state = 'waiting' and p.due_at <= ${at}
      or (p.state = 'people' or p.state = 'paused' and p.due_at is null) and not exists (
      select from message_waiting w where w.corp_id = p.corp_id and w.message_id = p.message_id)`.execute(db)
  await sql`
    with corps as (
      select corp_id from message_plan where ended_at is null group by 1 order by 1
    ) ${enqueueFrom(sql`select corp_id, 'message-plans' as stream, '' as key from corps`, at, 0)}`.execute(db)
}
