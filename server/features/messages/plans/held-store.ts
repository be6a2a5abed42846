import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

/** Longer than any message may wait. */
const givenUpAfter = sql`interval '120 days'`

/** Until when a plan `p` of the message `m` may wait for a person to let it leave. */
export const heldUntil = sql`least(case when p.state = 'approval' then p.due_at end, m.expires_at, m.created_at + ${givenUpAfter})`

/** Plans that wait for a person, whose time is over. */
export async function overdueHeld(
  db: Db,
  corpId: string,
  now: Date,
  limit: number,
): Promise<{ messageId: string; state: 'approval' | 'paused' }[]> {
  const { rows } = await sql<{ messageId: string; state: 'approval' | 'paused' }>`
    select p.message_id as "messageId", p.state
    from message_plan p join message m on m.corp_id = p.corp_id and m.id = p.message_id
    where p.corp_id = ${corpId} and p.state in ('approval', 'paused') and ${heldUntil} <= ${now}
    order by 1 limit ${limit}`.execute(db)
  return rows
}

/** Pauses what waits, and takes it up again where it was: it is divided into persons where it has no time of its own. Lock the plan. */
export async function setPaused(
  tx: Db,
  { corpId, messageId }: { corpId: string; messageId: string },
  isPaused: boolean,
  at: Date,
): Promise<void> {
  const state = isPaused ? sql`'paused'` : sql`case when due_at is null then 'people' else 'waiting' end`
  const resumedAt = isPaused ? sql`resumed_at` : sql`${at}::timestamptz`
  await sql`update message_plan set state = ${state}, resumed_at = ${resumedAt}
    where corp_id = ${corpId} and message_id = ${messageId}`.execute(tx)
}

/** Lets a call leave that waited for approval. */
export async function letLeave(
  tx: Db,
  { corpId, messageId }: { corpId: string; messageId: string },
  dueAt: Date,
): Promise<void> {
  await sql`update message_plan set state = 'waiting', due_at = ${dueAt}
    where corp_id = ${corpId} and message_id = ${messageId} and state = 'approval'`.execute(tx)
}

/** Has a call that was due wait for approval until then. Lock the plan. */
export async function holdForApproval(
  tx: Db,
  { corpId, messageId }: { corpId: string; messageId: string },
  dueAt: Date,
): Promise<void> {
  await sql`update message_plan set state = 'approval', due_at = ${dueAt}
    where corp_id = ${corpId} and message_id = ${messageId} and state = 'waiting'`.execute(tx)
}
