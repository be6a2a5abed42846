import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageWithAudience, RequestKey } from '../parts/store.ts'

/**
 * Returns the ids that were inserted; the requestIds of the others exist already. Nodes that insert equal requestIds wait
 * for each other, so rows are inserted in one order to rule out deadlocks.
 */
export async function insertMessages(db: Db, messages: MessageWithAudience[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }>`
    insert into message (id, corp_id, dev_id, channel, agent_id, agent_name, template_id, content, truncated, audience,
      expanded_to, receivers, request_id, request_hash, answer, created_at, about_alert, type_key, type_version,
      parent_id, children, about, due_at, expires_at)
    select id, "corpId", "devId", channel, "agentId", "agentName", "templateId", content, truncated, audience,
      "expandedTo", receivers, "requestId", "requestHash", answer, "createdAt", "aboutAlert", "typeKey", "typeVersion",
      "parentId", children, about, "dueAt", "expiresAt"
    from jsonb_to_recordset(${JSON.stringify(messages)}::jsonb) as row(id text, "corpId" text, "devId" text,
      channel text, "agentId" int, "agentName" text, "templateId" text, content text, truncated text[], audience jsonb,
      "expandedTo" bigint, receivers int, "requestId" text, "requestHash" text, answer jsonb, "createdAt" timestamptz,
      "aboutAlert" boolean, "typeKey" text, "typeVersion" int, "parentId" text, children text[],
      about text, "dueAt" timestamptz, "expiresAt" timestamptz)
    order by "corpId", "devId", "requestId"
    on conflict (corp_id, dev_id, request_id) where request_id is not null do nothing
    returning id`.execute(db)
  return new Set(rows.rows.map(row => row.id))
}

/** A requestId blocks reuse for a limited time, which for what waits counts from its end; this frees the expired ones. */
export async function freeRequestIds(db: Db, keys: readonly RequestKey[], before: Date): Promise<void> {
  if (keys.length === 0) return
  await sql`
    update message m set request_id = null
    from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as row("corpId" text, "devId" text, "requestId" text)
    where m.corp_id = row."corpId" and m.dev_id = row."devId" and m.request_id = row."requestId" and m.created_at < ${before}
      and not exists (select from message_plan p where p.corp_id = m.corp_id and p.message_id = m.id
        and (p.ended_at is null or p.ended_at >= ${before}))`.execute(db)
}
