import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type MediaUse = { corpId: string; messageId: string; mediaId: string }
/** As what an agent of the corp has uploaded a file. */
export type UploadKey = { corpId: string; mediaId: string; agentId: number; type: string }
/** The media_id of WeCom, and when WeCom forgets it. */
export type GivenMedia = { id: string; until: Date }

/**
 * Notes which messages name a file, in the transaction that accepts them. A file that was not used for a day counts its age anew, which a
 * prune at the same moment waits for. What names a file that is gone is left out.
 */
export async function insertUses(
  tx: Db,
  uses: readonly MediaUse[],
  { now, ifBefore }: { now: Date; ifBefore: Date },
): Promise<void> {
  if (uses.length === 0) return
  const named = sql`jsonb_to_recordset(${JSON.stringify(uses)}::jsonb) as row("corpId" text, "messageId" text, "mediaId" text)`
  await sql`
    with old as (
      select m.corp_id, m.id from message_media m join ${named} on m.corp_id = row."corpId" and m.id = row."mediaId"
      where m.used_at < ${ifBefore} order by m.corp_id, m.id for update of m
    )
    update message_media m set used_at = ${now} from old where m.corp_id = old.corp_id and m.id = old.id`.execute(
    tx,
  )
  await sql`
    insert into message_media_use (corp_id, media_id, message_id)
    select m.corp_id, m.id, row."messageId"
    from ${named} join message_media m on m.corp_id = row."corpId" and m.id = row."mediaId"
    on conflict do nothing`.execute(tx)
}

/**
 * Returns the media_id by which this message is sent, and since when it has replaced another; undefined if that was not decided
 * yet.
 */
export async function givenTo(
  db: Db,
  { corpId, messageId, mediaId }: MediaUse,
): Promise<(GivenMedia & { replacedAt: Date | null }) | undefined> {
  const row = await db
    .selectFrom('message_media_use')
    .select(['given_id as id', 'given_until as until', 'replaced_at as replacedAt'])
    .where('corp_id', '=', corpId)
    .where('media_id', '=', mediaId)
    .where('message_id', '=', messageId)
    .executeTakeFirst()
  return row?.id && row.until ? { id: row.id, until: row.until, replacedAt: row.replacedAt } : undefined
}

/** Decides by which media_id this message is sent, unless somebody has at the same moment; returns what counts. */
export async function decideGiven(
  db: Db,
  { corpId, messageId, mediaId }: MediaUse,
  given: GivenMedia,
  now: Date,
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    update message_media_use set
      given_id = case when given_until > ${now} then given_id else ${given.id} end,
      given_until = case when given_until > ${now} then given_until else ${given.until} end,
      replaced_at = case when given_until > ${now} then replaced_at when given_id is not null then ${now}::timestamptz end
    where corp_id = ${corpId} and media_id = ${mediaId} and message_id = ${messageId}
    returning given_id as id`.execute(db)
  // What is tried without being stored has no row.
  return rows[0]?.id ?? given.id
}

export async function findUpload(db: Db, key: UploadKey, lastsUntil: Date): Promise<GivenMedia | undefined> {
  return db
    .selectFrom('message_media_upload')
    .select(['given_id as id', 'until'])
    .where('corp_id', '=', key.corpId)
    .where('media_id', '=', key.mediaId)
    .where('agent_id', '=', key.agentId)
    .where('type', '=', key.type)
    .where('until', '>', lastsUntil)
    .executeTakeFirst()
}

export async function putUpload(db: Db, key: UploadKey, { id, until }: GivenMedia): Promise<void> {
  const { corpId: corp_id, mediaId: media_id, agentId: agent_id, type } = key
  const given = { given_id: id, until }
  await db
    .insertInto('message_media_upload')
    .values({ corp_id, media_id, agent_id, type, ...given })
    .onConflict(conflict => conflict.columns(['corp_id', 'media_id', 'agent_id', 'type']).doUpdateSet(given))
    .execute()
}

/** WeCom does not know this media_id any more. That the message went by it stays noted. */
export async function endGiven(
  db: Db,
  { corpId, messageId, mediaId }: MediaUse,
  id: string,
  at: Date,
): Promise<void> {
  await sql`
    delete from message_media_upload where corp_id = ${corpId} and media_id = ${mediaId} and given_id = ${id}`.execute(
    db,
  )
  await sql`
    update message_media_use set given_until = ${at}
    where corp_id = ${corpId} and media_id = ${mediaId} and message_id = ${messageId} and given_id = ${id}`.execute(
    db,
  )
}

export async function pruneUploads(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_media_upload', sql`until < ${before}`, atMost)
}
