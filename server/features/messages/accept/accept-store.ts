import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import {
  lastPartNumber,
  lockMessages,
  type MessageKey,
  type MessageWithAudience,
  type NewPart,
} from '../outbox/store.ts'

/**
 * Returns the ids that were inserted; the requestIds of the others exist already. Nodes that insert equal requestIds wait
 * for each other, so rows are inserted in one order to rule out deadlocks.
 */
export async function insertMessages(db: Db, messages: MessageWithAudience[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }>`
    insert into message (id, corp_id, dev_id, channel, agent_id, agent_name, template_id, content, truncated, audience,
      expanded_to, receivers, request_id, request_hash, answer, created_at, about_alert)
    select id, "corpId", "devId", channel, "agentId", "agentName", "templateId", content, truncated, audience,
      "expandedTo", receivers, "requestId", "requestHash", answer, "createdAt", "aboutAlert"
    from jsonb_to_recordset(${JSON.stringify(messages)}::jsonb) as row(id text, "corpId" text, "devId" text,
      channel text, "agentId" int, "agentName" text, "templateId" text, content text, truncated text[], audience jsonb,
      "expandedTo" bigint, receivers int, "requestId" text, "requestHash" text, answer jsonb, "createdAt" timestamptz,
      "aboutAlert" boolean)
    order by "corpId", "devId", "requestId"
    on conflict (corp_id, dev_id, request_id) where request_id is not null do nothing
    returning id`.execute(db)
  return new Set(rows.rows.map(row => row.id))
}

/** A requestId is unique among the messages of a developer or, with an empty `devId`, of the corp's own. */
export type RequestKey = { corpId: string; devId: string; requestId: string }

/** A requestId blocks reuse for a limited time; this frees the expired ones. */
export async function freeRequestIds(db: Db, keys: readonly RequestKey[], before: Date): Promise<void> {
  if (keys.length === 0) return
  await sql`
    update message m set request_id = null
    from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as row("corpId" text, "devId" text, "requestId" text)
    where m.corp_id = row."corpId" and m.dev_id = row."devId" and m.request_id = row."requestId" and m.created_at < ${before}`.execute(
    db,
  )
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

export type InsertedPart = { id: number; messageId: string; n: number; isChecked: boolean }

export async function insertParts(db: Db, parts: NewPart[]): Promise<InsertedPart[]> {
  if (parts.length === 0) return []
  const rows = await sql<InsertedPart>`
    insert into message_part (message_id, corp_id, channel, n, chunk, after_n, user_ids, member_ids, state, attempts,
      next_attempt_at, payload_hash, held_until, hold, unsure_since, is_checked)
    select "messageId", "corpId", channel, n, chunk, "afterN", "userIds", "memberIds", state, attempts,
      "nextAttemptAt", "payloadHash", "heldUntil", hold, "unsureSince", "isChecked"
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as row("messageId" text, "corpId" text, channel text, n int,
      chunk int, "afterN" int, "userIds" text[], "memberIds" bigint[], state text, attempts int,
      "nextAttemptAt" timestamptz, "isChecked" boolean, "payloadHash" text, "heldUntil" timestamptz, hold jsonb,
      "unsureSince" timestamptz)
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
