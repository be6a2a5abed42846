import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { SendReason } from '../sends/reason.ts'

/** Whose rows: an account of a corp. */
export type AccountKey = { corpId: string; originalId: string }

/** A line of a conversation. */
export type NewLine = {
  openid: string
  isFromFollower: boolean
  kind: string
  content: unknown
  eventId?: number
  sendId?: number
  /** The person who wrote it, or who did what it tells. */
  actor?: string
  at: Date
}

/** Returns what was new: a push that is replayed, and a send that is settled again, say nothing twice. */
export async function insertLines(
  db: Db,
  { corpId, originalId }: AccountKey,
  lines: readonly NewLine[],
): Promise<NewLine[]> {
  if (lines.length === 0) return []
  const { rows } = await sql<NewLine>`
    insert into official_talk (corp_id, original_id, openid, is_from_follower, kind, content, event_id, send_id, at, actor,
      file_hash)
    select ${corpId}, ${originalId}, openid, "isFromFollower", kind, content, "eventId", "sendId", at, coalesce(actor, ''),
      substring(content ->> 'mediaId' from '^file:(.*)$')
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as row(openid text, "isFromFollower" boolean, kind text,
      content jsonb, "eventId" bigint, "sendId" bigint, at timestamptz, actor text)
    on conflict do nothing
    returning openid, is_from_follower as "isFromFollower", kind, content, event_id as "eventId", send_id as "sendId", at,
      actor`.execute(db)
  return rows
}

/** A line as it is stored; of a message that is not out, or did not go out, `id` is null. */
export type ConversationLine = {
  id: number | null
  sendId: number | null
  at: Date
  isFromFollower: boolean
  kind: string
  content: Record<string, string>
  actor: string
  origin: 'reply' | 'conversation' | 'api' | null
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown' | null
  reason: SendReason | null
}

/** The lines before the line `before`, oldest first, with the messages of that time that are not out. */
export async function linesOf(
  db: Db,
  { corpId, originalId }: AccountKey,
  openid: string,
  { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
): Promise<ConversationLine[]> {
  const { rows } = await sql<ConversationLine>`
    with line as (
      select * from official_talk
      where corp_id = ${corpId} and original_id = ${originalId} and openid = ${openid} and id < ${before}
      order by id desc limit ${limit}
    ), span as (
      select
        case when count(*) < ${limit} then '-infinity' else min(at) end as lower,
        coalesce((select at from official_talk
          where corp_id = ${corpId} and original_id = ${originalId} and id = ${before}), 'infinity') as upper
      from line
    )
    select line.id, send_id as "sendId", line.at, is_from_follower as "isFromFollower", kind, line.content, line.actor,
      coalesce(send.origin, case when not is_from_follower and event_id is not null then 'reply' end) as origin,
      send.state, send.reason
    from line left join official_send send on send.corp_id = ${corpId} and send.original_id = ${originalId}
      and send.id = line.send_id
    union all
    select null, send.id, created_at, false, content ->> 'type', content, actor, origin, state, reason
    from official_send send, span
    where corp_id = ${corpId} and original_id = ${originalId} and openid = ${openid}
      and (state in ('waiting', 'sending', 'failed') or (state = 'unknown' and not exists (
        select from official_talk said where said.corp_id = send.corp_id and said.original_id = send.original_id
          and said.send_id = send.id)))
      and created_at >= span.lower and created_at < span.upper
    order by at, 1, 2`.execute(db)
  return rows
}

/** One line that a follower said or was told, and the file that was kept of it. */
export async function findLine(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: number,
): Promise<{ kind: string; content: Record<string, string>; fileHash: string | null } | undefined> {
  const row = await db
    .selectFrom('official_talk')
    .select(['kind', 'content', 'file_hash as fileHash'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && { ...row, content: row.content as Record<string, string> }
}

export async function putLineFile(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: number,
  hash: string,
): Promise<void> {
  await db
    .updateTable('official_talk')
    .set({ file_hash: hash })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('id', '=', id)
    .execute()
}

export async function pruneTalk(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'official_talk', sql`old.at < ${before}`, 'at', atMost)
}
