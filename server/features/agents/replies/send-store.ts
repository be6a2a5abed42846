import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Content } from './content.ts'

export type AgentKey = { corpId: string; agentId: number }
export type NewSend = { userId: string; originKey: string; content: Content }

/** What was stored before under the same key is not stored again. */
export async function insertSends(
  db: Db,
  { corpId, agentId }: AgentKey,
  sends: readonly NewSend[],
  at: Date,
): Promise<void> {
  await db
    .insertInto('agent_send')
    .values(
      sends.map(({ userId, originKey, content }) => ({
        corp_id: corpId,
        agent_id: agentId,
        user_id: userId,
        origin_key: originKey,
        content: JSON.stringify(content),
        state: 'waiting' as const,
        created_at: at,
        due_at: at,
      })),
    )
    .onConflict(conflict => conflict.columns(['corp_id', 'agent_id', 'origin_key']).doNothing())
    .execute()
}

export type DueSend = { id: number; userId: string; content: Content; attempts: number; createdAt: Date }

/** The oldest waiting message of each member, as far as it is due: they go out in the order in which they were decided. */
export async function dueSends(
  db: Db,
  { corpId, agentId }: AgentKey,
  now: Date,
  limit: number,
): Promise<DueSend[]> {
  const { rows } = await sql<DueSend>`
    select id, "userId", content, attempts, "createdAt" from (
      select distinct on (user_id) id, user_id as "userId", content, attempts, created_at as "createdAt", due_at
      from agent_send where corp_id = ${corpId} and agent_id = ${agentId} and state in ('waiting', 'sending')
      order by user_id, id) as first
    where due_at <= ${now} order by id limit ${limit}`.execute(db)
  return rows
}

export async function nextSendAt(db: Db, { corpId, agentId }: AgentKey): Promise<Date | undefined> {
  const row = await db
    .selectFrom('agent_send')
    .select(select => select.fn.min('due_at').as('at'))
    .where('corp_id', '=', corpId)
    .where('agent_id', '=', agentId)
    .where('state', 'in', ['waiting', 'sending'])
    .executeTakeFirst()
  return row?.at ?? undefined
}

export type SendChange = {
  id: number
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown'
  /** As `wordsToStore` writes it. */
  reason?: string
  dueAt?: Date
  attempts?: number
}

export async function updateSends(
  db: Db,
  { corpId, agentId }: AgentKey,
  changes: readonly SendChange[],
  at: Date,
): Promise<void> {
  if (changes.length === 0) return
  await sql`
    update agent_send s set state = row.state, reason = row.reason, due_at = coalesce(row."dueAt", s.due_at),
      attempts = coalesce(row.attempts, s.attempts),
      ended_at = case when row.state in ('waiting', 'sending') then null else ${at}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
      as row(id bigint, state text, reason text, "dueAt" timestamptz, attempts int)
    where s.corp_id = ${corpId} and s.agent_id = ${agentId} and s.id = row.id`.execute(db)
}

/** What a holder that is gone was sending: nobody knows what became of it. */
export async function settleAbandoned(
  db: Db,
  { corpId, agentId }: AgentKey,
  reason: string,
  at: Date,
): Promise<void> {
  await db
    .updateTable('agent_send')
    .set({ state: 'unknown', reason, ended_at: at })
    .where('corp_id', '=', corpId)
    .where('agent_id', '=', agentId)
    .where('state', '=', 'sending')
    .execute()
}

/** After a restore, of all agents: what was waiting when the backup was made has most likely been sent since. */
export async function settleRestoredSends(db: Db, reason: string, at: Date): Promise<void> {
  // A restore may end at the migrations of an earlier version.
  const { rows } = await sql<{ name: string | null }>`
    select to_regclass('agent_send')::text as name`.execute(db)
  if (rows[0]?.name == null) return
  await db
    .updateTable('agent_send')
    .set({ state: 'unknown', reason, ended_at: at })
    .where('state', 'in', ['waiting', 'sending'])
    .execute()
}

export type UnsentCount = { count: number; reason: string | null }

/** What did not go out since then, and why the last of it did not. */
export async function unsentSince(db: Db, { corpId, agentId }: AgentKey, since: Date): Promise<UnsentCount> {
  const { rows } = await sql<UnsentCount>`
    select count(*)::int as count, (array_agg(reason order by id desc))[1] as reason from agent_send
    where corp_id = ${corpId} and agent_id = ${agentId} and state in ('failed', 'unknown')
      and created_at >= ${since}`.execute(db)
  return rows[0] ?? { count: 0, reason: null }
}

export async function pruneSends(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'agent_send', sql`created_at < ${before}`, atMost)
}
