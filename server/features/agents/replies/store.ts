import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Media } from './content.ts'

/** Holds the agent's row until the transaction ends; false when there is none. */
export async function lockAgent(tx: Db, corpId: string, agentId: number): Promise<boolean> {
  const row = await tx
    .selectFrom('agent')
    .select('agent_id')
    .where('corp_id', '=', corpId)
    .where('agent_id', '=', agentId)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

export type MediaKey = { corpId: string; hash: string; type: Media['type'] }

/** WeCom's media_id of a stored file, as long as WeCom has it. */
export async function freshUpload(
  db: Db,
  { corpId, hash, type }: MediaKey,
  until: Date,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('agent_upload')
    .select('media_id as mediaId')
    .where('corp_id', '=', corpId)
    .where('hash', '=', hash)
    .where('kind', '=', type)
    .where('expires_at', '>', until)
    .executeTakeFirst()
  return row?.mediaId
}

export async function putUpload(
  db: Db,
  { corpId, hash, type }: MediaKey,
  mediaId: string,
  expiresAt: Date,
): Promise<void> {
  const uploaded = { media_id: mediaId, expires_at: expiresAt }
  await db
    .insertInto('agent_upload')
    .values({ corp_id: corpId, hash, kind: type, ...uploaded })
    .onConflict(conflict => conflict.columns(['corp_id', 'hash', 'kind']).doUpdateSet(uploaded))
    .execute()
}

export async function deleteUpload(db: Db, { corpId, hash, type }: MediaKey): Promise<void> {
  await db
    .deleteFrom('agent_upload')
    .where('corp_id', '=', corpId)
    .where('hash', '=', hash)
    .where('kind', '=', type)
    .execute()
}

export async function pruneUploads(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'agent_upload', sql`expires_at < ${before}`, atMost)
}
