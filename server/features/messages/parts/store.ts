import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageKey, MessageRow, NewPart, PartState } from '../../channels/part.ts'

/** `audience` are the receivers of a large send, until they are all written down as parts. */
export type MessageWithAudience = MessageRow & { audience: { all: true } | { memberIds: number[] } | null }

/** A requestId is unique among the messages of a developer or, with an empty `devId`, of the corp's own. */
export type RequestKey = { corpId: string; devId: string; requestId: string }

export const messageColumns = [
  'id',
  'corp_id as corpId',
  'dev_id as devId',
  'channel',
  'agent_id as agentId',
  'agent_name as agentName',
  'template_id as templateId',
  'content',
  'truncated',
  'expanded_to as expandedTo',
  'receivers',
  'request_id as requestId',
  'request_hash as requestHash',
  'answer',
  'created_at as createdAt',
  'recalled_at as recalledAt',
  'about_alert as aboutAlert',
  'type_key as typeKey',
  'type_version as typeVersion',
  'parent_id as parentId',
  'children',
  'about',
  'due_at as dueAt',
  'expires_at as expiresAt',
] as const

export async function findMessages(
  db: Db,
  corpId: string,
  ids: readonly string[],
): Promise<Map<string, MessageRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('message')
    .select(messageColumns)
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(row => [row.id, row as MessageRow]))
}

export async function findMessage(db: Db, { corpId, id }: MessageKey): Promise<MessageRow | undefined> {
  return (await findMessages(db, corpId, [id])).get(id)
}

export async function findByRequest(
  db: Db,
  { corpId, devId, requestId }: RequestKey,
): Promise<{ id: string; requestHash: string | null; answer: unknown } | undefined> {
  return db
    .selectFrom('message')
    .select(['id', 'request_hash as requestHash', 'answer'])
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .where('request_id', '=', requestId)
    .executeTakeFirst()
}

/** The developer's own WeCom message among the corp's latest messages. */
export async function latestMessageOf(db: Db, corpId: string, devId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from (
      select id, dev_id, channel, created_at from message where corp_id = ${corpId} order by created_at desc limit 500
    ) as latest where dev_id = ${devId} and channel = 'wecom' order by created_at desc limit 1`.execute(db)
  return rows[0]?.id
}

/** Locks messages against others that add parts to them, recall or resend them. */
export async function lockMessages(db: Db, messages: readonly MessageKey[]): Promise<void> {
  const keys = messages.map(({ corpId, id }) => ({ corpId, id }))
  await sql`
    select 1 from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as row("corpId" text, id text)
      join message m on m.corp_id = row."corpId" and m.id = row.id
    order by m.corp_id, m.id for no key update of m`.execute(db)
}

/** Whether receivers are still being written down, of the message or of those that carry its texts. */
export async function isExpanding(db: Db, message: MessageRow): Promise<boolean> {
  if (message.children === null) return message.expandedTo !== null
  const { rows } = await sql`
    select 1 from message where corp_id = ${message.corpId} and id = any(${message.children}::text[])
      and expanded_to is not null limit 1`.execute(db)
  return rows.length > 0
}

export async function lastPartNumber(db: Db, { corpId, id }: MessageKey): Promise<number> {
  const row = await db
    .selectFrom('message_part')
    .select(select => select.fn.max('n').as('n'))
    .where('corp_id', '=', corpId)
    .where('message_id', '=', id)
    .executeTakeFirst()
  return row?.n ?? 0
}

export type InsertedPart = { id: number; messageId: string; n: number; isChecked: boolean }

export async function insertParts(db: Db, parts: NewPart[]): Promise<InsertedPart[]> {
  if (parts.length === 0) return []
  const rows = await sql<InsertedPart>`
    insert into message_part (message_id, corp_id, channel, n, chunk, after_n, user_ids, member_ids, state, attempts,
      next_attempt_at, payload_hash, held_until, hold, unsure_since, is_checked, cost, paid_from, ways, account, shared,
      reason, finished_at)
    select "messageId", "corpId", channel, n, chunk, "afterN", "userIds", "memberIds", state, attempts,
      "nextAttemptAt", "payloadHash", "heldUntil", hold, "unsureSince", "isChecked", cost, "paidFrom", ways, account, shared,
      reason, "finishedAt"
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as row("messageId" text, "corpId" text, channel text, n int,
      chunk int, "afterN" int, "userIds" text[], "memberIds" bigint[], state text, attempts int,
      "nextAttemptAt" timestamptz, "isChecked" boolean, "payloadHash" text, "heldUntil" timestamptz, hold jsonb,
      "unsureSince" timestamptz, cost int, "paidFrom" text, ways text[], account text, shared text[], reason text, "finishedAt" timestamptz)
    returning id, message_id as "messageId", n, is_checked as "isChecked"`.execute(db)
  return rows.rows
}

/** Adds parts to messages that already have some, numbered from the next free number. */
export async function addParts(db: Db, parts: NewPart[]): Promise<void> {
  if (parts.length === 0) return
  const messages = new Map(
    parts.map(({ corpId, messageId: id }): [string, MessageKey] => [id, { corpId, id }]),
  )
  await lockMessages(db, [...messages.values()])
  const last = new Map<string, number>()
  for (const message of messages.values()) last.set(message.id, await lastPartNumber(db, message))
  const numbered = parts.map(part => {
    const n = (last.get(part.messageId) ?? 0) + 1
    last.set(part.messageId, n)
    return { ...part, n }
  })
  await insertParts(db, numbered)
}

/** What is written of several corps at once. */
export type OfCorp<T> = T & { corpId: string }

/** A receiver whom upstream refused; `reason` is as `keptReason` gives it. */
export type RefusedReceiver = { userId: string; reason: string }

export type Attempt = {
  partId: number
  n: number
  at: Date
  ms: number
  outcome: string
  answer: string
  /** Null when there were none. */
  refused: RefusedReceiver[] | null
  /** By which of the channel's ways; null where it has one. */
  way: string | null
}

export type Result = {
  messageId: string
  userId: string
  partId: number | null
  state: 'failed' | 'delivered'
  reason: string
}

export async function putResults(db: Db, results: readonly OfCorp<Result>[], at: Date): Promise<void> {
  if (results.length === 0) return
  const keyed = results.map(one => [`${one.corpId} ${one.messageId} ${one.userId}`, one] as const)
  const latest = [...new Map(keyed).values()]
  await sql`
    insert into message_result (corp_id, message_id, user_id, part_id, state, reason, at)
    select "corpId", "messageId", "userId", "partId", state, reason, ${at}
    from jsonb_to_recordset(${JSON.stringify(latest)}::jsonb)
      as row("corpId" text, "messageId" text, "userId" text, "partId" bigint, state text, reason text)
    on conflict (corp_id, message_id, user_id) do update set state = excluded.state, reason = excluded.reason,
      part_id = excluded.part_id, at = excluded.at`.execute(db)
}

/**
 * Cancels parts that have not been sent and returns how many. Parts that may have arrived become unknown. A part that
 * a node is claiming at this moment is left to that node, which checks `recalled_at`.
 */
export async function cancelParts(
  db: Db,
  { corpId, id }: MessageKey,
  reason: string,
  at: Date,
): Promise<number> {
  const rows = await sql<{ state: PartState }>`
    update message_part p set state = case when p.unsure_since is null then 'cancelled' else 'unknown' end,
      reason = ${reason}, finished_at = ${at}
    from (select id from message_part where corp_id = ${corpId} and message_id = ${id} and state = 'waiting'
      order by id for update skip locked) as own
    where p.corp_id = ${corpId} and p.id = own.id returning p.state`.execute(db)
  return rows.rows.filter(row => row.state === 'cancelled').length
}

/**
 * Marks a message as recalled, so that nothing of it leaves any more. Its requestId becomes free if it was never
 * accepted (1008).
 */
export async function markRecalled(
  db: Db,
  { corpId, id }: MessageKey,
  at: Date,
  keepsRequestId = true,
): Promise<void> {
  await db
    .updateTable('message')
    .set({ recalled_at: at, expanded_to: null, ...(keepsRequestId ? {} : { request_id: null }) })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** The same request is another message from now on. */
export async function releaseRequestId(db: Db, { corpId, id }: MessageKey): Promise<void> {
  await db
    .updateTable('message')
    .set({ request_id: null })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** Undoes `markRecalled`, for a recall that took nothing back and for a message that is to be sent after all. */
export async function unmarkRecalled(db: Db, { corpId, id }: MessageKey): Promise<void> {
  await db
    .updateTable('message')
    .set({ recalled_at: null })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}
