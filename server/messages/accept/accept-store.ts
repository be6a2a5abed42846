import { sql } from 'kysely'
import { prepared } from '../../storage/database.ts'
import type { Db } from '../../storage/db.ts'
import { lastPartNumber, lockMessages, type MessageRow, type NewPart } from '../store.ts'

const messageRecord = sql`row(id text, "corpId" text, "devId" text, channel text, "agentId" int, "agentName" text,
  "templateId" text, content text, truncated text[], audience jsonb, "expandedTo" bigint, receivers int,
  "requestId" text, "requestHash" text, answer jsonb, "createdAt" timestamptz)`

/**
 * Nodes that insert equal requestIds wait for each other, so rows are inserted in one order to rule out deadlocks.
 */
const messageInsert = (messages: MessageRow[]) => sql`
    insert into message (id, corp_id, dev_id, channel, agent_id, agent_name, template_id, content, truncated, audience,
      expanded_to, receivers, request_id, request_hash, answer, created_at)
    select id, "corpId", "devId", channel, "agentId", "agentName", "templateId", content, truncated, audience,
      "expandedTo", receivers, "requestId", "requestHash", answer, "createdAt"
    from jsonb_to_recordset(${JSON.stringify(messages)}::jsonb) as ${messageRecord}
    order by "devId", "requestId"
    on conflict (dev_id, request_id) where request_id is not null do nothing
    returning id`

/** Returns the ids that were inserted; the requestIds of the others exist already. */
export async function insertMessages(db: Db, messages: MessageRow[]): Promise<Set<string>> {
  if (messages.length === 0) return new Set()
  const rows = await sql<{ id: string }>`${messageInsert(messages)}`.execute(db)
  return new Set(rows.rows.map(row => row.id))
}

/** A requestId blocks reuse for a limited time; this frees the expired ones. */
export async function freeRequestIds(
  db: Db,
  keys: { devId: string; requestId: string }[],
  before: Date,
): Promise<void> {
  if (keys.length === 0) return
  await sql`
    update message m set request_id = null
    from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as row("devId" text, "requestId" text)
    where m.dev_id = row."devId" and m.request_id = row."requestId" and m.created_at < ${before}`.execute(db)
}

export async function findByRequest(
  db: Db,
  devId: string,
  requestId: string,
): Promise<{ id: string; requestHash: string | null; answer: unknown } | undefined> {
  return db
    .selectFrom('message')
    .select(['id', 'request_hash as requestHash', 'answer'])
    .where('dev_id', '=', devId)
    .where('request_id', '=', requestId)
    .executeTakeFirst()
}

const partColumns =
  sql.raw(`message_id, corp_id, channel, n, chunk, after_n, user_ids, member_ids, state, attempts,
      next_attempt_at, payload_hash, held_until, unsure_since, is_checked`)
const partValues =
  sql.raw(`"messageId", "corpId", channel, n, chunk, "afterN", "userIds", "memberIds", state, attempts,
      "nextAttemptAt", "payloadHash", "heldUntil", "unsureSince"`)
const partRecord = sql.raw(`row("messageId" text, "corpId" text, channel text, n int,
      chunk int, "afterN" int, "userIds" text[], "memberIds" bigint[], state text, attempts int,
      "nextAttemptAt" timestamptz, "isChecked" boolean, "payloadHash" text, "heldUntil" timestamptz,
      "unsureSince" timestamptz)`)

export type InsertedPart = { id: number; messageId: string; n: number; isChecked: boolean }
const insertedPart = sql.raw('returning id, message_id as "messageId", n, is_checked as "isChecked"')

/** Inserts parts, and in the same statement those of their messages that are certainly new. */
export async function insertParts(
  db: Db,
  parts: NewPart[],
  messages: MessageRow[] = [],
): Promise<InsertedPart[]> {
  if (parts.length + messages.length === 0) return []
  const withMessages = messages.length > 0 ? sql`with new_message as (${messageInsert(messages)})` : sql``
  const rows = await sql<InsertedPart>`
    ${prepared} ${withMessages} insert into message_part (${partColumns})
    select ${partValues}, "isChecked" from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as ${partRecord}
    ${insertedPart}`.execute(db)
  return rows.rows
}

/** Adds parts to messages that already have some, numbered from the next free number. */
export async function addParts(db: Db, parts: NewPart[]): Promise<void> {
  if (parts.length === 0) return
  const ids = [...new Set(parts.map(part => part.messageId))]
  await lockMessages(db, ids)
  const last = new Map<string, number>()
  for (const id of ids) last.set(id, await lastPartNumber(db, id))
  const numbered = parts.map(part => {
    const n = (last.get(part.messageId) ?? 0) + 1
    last.set(part.messageId, n)
    return { ...part, n }
  })
  await insertParts(db, numbered)
}
