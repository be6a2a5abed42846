import { sql } from 'kysely'
import type { PruneOrder } from '../../operation/retention.ts'
import type { Db } from '../../storage/db.ts'
import { deleteOldestOfCorps } from '../../storage/prune.ts'

type Of = { corpId: string; originalId: string }

/** A line of a conversation. */
export type NewLine = {
  openid: string
  isFromFollower: boolean
  kind: string
  content: unknown
  eventId?: number
  sendId?: number
  at: Date
}

/** A push that is replayed, and a send that is settled again, say nothing twice. */
export async function insertLines(
  db: Db,
  { corpId, originalId }: Of,
  lines: readonly NewLine[],
): Promise<void> {
  if (lines.length === 0) return
  await sql`
    insert into official_talk (corp_id, original_id, openid, is_from_follower, kind, content, event_id, send_id, at)
    select ${corpId}, ${originalId}, openid, "isFromFollower", kind, content, "eventId", "sendId", at
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as row(openid text, "isFromFollower" boolean, kind text,
      content jsonb, "eventId" bigint, "sendId" bigint, at timestamptz)
    on conflict do nothing`.execute(db)
}

export async function pruneTalk(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'official_talk', sql`old.at < ${before}`, 'at', atMost)
}
