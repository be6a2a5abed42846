import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { MediaKind } from './kinds.ts'

/** A file as it is kept: `type` is its MIME type, `size` in bytes. */
export type MediaRow = {
  id: string
  devId: string
  hash: string
  kind: MediaKind
  type: string
  name: string
  size: number
}

type SameFile = { corpId: string; devId: string; hash: string; name: string }

/** Files of a corp are counted and added one after the other, over all nodes, until the transaction ends. */
export async function lockCorpMedia(tx: Db, corpId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`message_media ${corpId}`}, 0))`.execute(tx)
}

/** How many bytes the files of the corp have, each counted once, without that of the hash. */
export async function bytesBeside(tx: Db, corpId: string, hash: string): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(size), 0)::float8 as bytes from (
      select distinct on (hash) size from message_media where corp_id = ${corpId} and hash <> ${hash}
    ) as once`.execute(tx)
  return rows[0]!.bytes
}

/** The id of the same file under the same name, whose age begins anew; undefined where there is none. */
export async function useSame(
  db: Db,
  { corpId, devId, hash, name }: SameFile,
  at: Date,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    update message_media set used_at = ${at}
    where corp_id = ${corpId} and dev_id = ${devId} and hash = ${hash} and name = ${name}
    returning id`.execute(db)
  return rows[0]?.id
}

export async function insertMedia(tx: Db, corpId: string, row: MediaRow, at: Date): Promise<void> {
  const { devId: dev_id, ...rest } = row
  await tx
    .insertInto('message_media')
    .values({ ...rest, corp_id: corpId, dev_id, made_at: at, used_at: at })
    .execute()
}

/** Returns those of these files that exist. */
export async function findMedia(db: Db, corpId: string, ids: readonly string[]): Promise<MediaRow[]> {
  const rows = await db
    .selectFrom('message_media')
    .select(['id', 'dev_id as devId', 'hash', 'kind', 'type', 'name', 'size'])
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .execute()
  return rows as MediaRow[]
}

/** Files that no kept message names. A message that begins to name one at the same moment has moved its row. */
export async function pruneMedia(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const isUnused = sql`used_at < ${before} and not exists (select from message_media_use u
    where u.corp_id = message_media.corp_id and u.media_id = message_media.id)`
  return deleteSome(db, 'message_media', isUnused, atMost)
}
