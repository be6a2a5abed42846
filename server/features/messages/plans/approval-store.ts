import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageKey } from '../../channels/part.ts'
import type { ApprovalCause } from '../../channels/reason.ts'

/** Migrations 0146 and 0150 explain the columns. */
export type ApprovalState = 'asked' | 'review' | 'approved' | 'confirmed' | 'refused' | 'reviewed'
export type ApprovalRow = {
  messageId: string
  state: ApprovalState
  cause: ApprovalCause
  askedBy: string
  askedAt: Date
  sms: number
  senders: number[]
  decidedBy: string | null
  decidedAt: Date | null
  words: string | null
}

const columns = sql`a.message_id as "messageId", a.state, a.cause, a.asked_by as "askedBy", a.asked_at as "askedAt", a.sms, a.senders,
  a.decided_by as "decidedBy", a.decided_at as "decidedAt", a.words`

/** Asks for approval, or once more where what was approved has changed. */
export async function putApproval(
  tx: Db,
  { corpId, id }: Pick<MessageKey, 'corpId' | 'id'>,
  {
    state,
    cause,
    askedBy,
    askedAt,
    sms,
    senders,
  }: Pick<ApprovalRow, 'state' | 'cause' | 'askedBy' | 'askedAt' | 'sms'> & { senders: readonly number[] },
): Promise<void> {
  await sql`
    insert into message_approval (corp_id, message_id, state, cause, asked_by, asked_at, sms, senders)
    values (${corpId}, ${id}, ${state}, ${JSON.stringify(cause)}::jsonb, ${askedBy}, ${askedAt}, ${sms}, ${[...senders]}::bigint[])
    on conflict (corp_id, message_id) do update set state = excluded.state, cause = excluded.cause, asked_at = excluded.asked_at,
      sms = excluded.sms, senders = message_approval.senders || excluded.senders, decided_by = null, decided_at = null, words = null`.execute(
    tx,
  )
}

/** Returns the approval of a message that has a plan; other messages never need one and are not looked up. */
export async function approvalOf(
  db: Db,
  { corpId, id, children }: Pick<MessageKey, 'corpId' | 'id' | 'children'>,
): Promise<ApprovalRow | undefined> {
  if (!children) return undefined
  const { rows } = await sql<ApprovalRow>`
    select ${columns} from message_approval a where a.corp_id = ${corpId} and a.message_id = ${id}`.execute(
    db,
  )
  return rows[0]
}

export async function putDecision(
  tx: Db,
  { corpId, id }: Pick<MessageKey, 'corpId' | 'id'>,
  { state, by, at, words }: { state: ApprovalState; by: string; at: Date; words: string | null },
): Promise<void> {
  await sql`
    update message_approval set state = ${state}, decided_by = ${by}, decided_at = ${at}, words = ${words}
    where corp_id = ${corpId} and message_id = ${id}`.execute(tx)
}

export type OpenApproval = {
  corpId: string
  messageId: string
  state: 'asked' | 'review'
  askedAt: Date
  agentName: string
  receivers: number
}

const shownAtMost = 20

/** What waits for a decision in all corps, the oldest of each. */
export async function openApprovals(db: Db): Promise<OpenApproval[]> {
  const { rows } = await sql<OpenApproval>`
    select "corpId", "messageId", state, "askedAt", "agentName", receivers from (
      select open.*, m.agent_name as "agentName", m.receivers,
        row_number() over (partition by open."corpId" order by open."askedAt", open."messageId") as n
      from (
        select p.corp_id as "corpId", p.message_id as "messageId", a.state, a.asked_at as "askedAt"
        from message_plan p join message_approval a on a.corp_id = p.corp_id and a.message_id = p.message_id
        where p.state = 'approval'
        union all
        select corp_id, message_id, state, asked_at from message_approval where state = 'review'
      ) as open join message m on m.corp_id = open."corpId" and m.id = open."messageId"
    ) as ranked where n <= ${shownAtMost} order by 1, "askedAt"`.execute(db)
  return rows
}
