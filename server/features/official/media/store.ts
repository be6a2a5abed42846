import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

type AccountKey = { corpId: string; originalId: string }

/** `kind` says what WeChat has the file as: its type, and whether for good. */
export type MediaKey = { hash: string; kind: string }

/** `expiresAt` is null for what WeChat keeps for good. */
export type UploadedMedia = { mediaId: string; url: string; expiresAt: Date | null }

export async function findMedia(
  db: Db,
  { corpId, originalId }: AccountKey,
  { hash, kind }: MediaKey,
  freshUntil: Date,
): Promise<UploadedMedia | undefined> {
  return db
    .selectFrom('official_media')
    .select(['media_id as mediaId', 'url', 'expires_at as expiresAt'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('hash', '=', hash)
    .where('kind', '=', kind)
    .where('uploaded_at', 'is not', null)
    .where(row => row.or([row('expires_at', 'is', null), row('expires_at', '>', freshUntil)]))
    .executeTakeFirst()
}

/**
 * Takes the turn to upload, unless somebody has it or what is there is fresh. `wasTried`: an earlier turn brought nothing, and
 * WeChat may have the file nevertheless.
 */
export async function takeLease(
  db: Db,
  { corpId, originalId }: AccountKey,
  { hash, kind }: MediaKey,
  { turn, now, until, freshUntil }: { turn: string; now: Date; until: Date; freshUntil: Date },
): Promise<{ wasTried: boolean } | undefined> {
  const { rows } = await sql<{ wasTried: boolean }>`
    insert into official_media as m (corp_id, original_id, hash, kind, turn, turn_until)
    values (${corpId}, ${originalId}, ${hash}, ${kind}, ${turn}, ${until})
    on conflict (corp_id, original_id, hash, kind) do update
      set turn = excluded.turn, turn_until = excluded.turn_until, attempts = m.attempts + 1
      where (m.turn_until is null or m.turn_until <= ${now})
        and (m.uploaded_at is null or m.expires_at <= ${freshUntil})
    returning attempts > 0 and uploaded_at is null as "wasTried"`.execute(db)
  return rows[0]
}

export async function putMedia(
  db: Db,
  { corpId, originalId }: AccountKey,
  { hash, kind }: MediaKey,
  turn: string,
  { mediaId, url, expiresAt }: UploadedMedia,
  at: Date,
): Promise<void> {
  await db
    .updateTable('official_media')
    .set({ media_id: mediaId, url, expires_at: expiresAt, uploaded_at: at, turn: null, turn_until: null })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('hash', '=', hash)
    .where('kind', '=', kind)
    .where('turn', '=', turn)
    .execute()
}

export async function endLease(
  db: Db,
  { corpId, originalId }: AccountKey,
  { hash, kind }: MediaKey,
  turn: string,
  at: Date,
): Promise<void> {
  await db
    .updateTable('official_media')
    .set({ turn: null, turn_until: at })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('hash', '=', hash)
    .where('kind', '=', kind)
    .where('turn', '=', turn)
    .execute()
}

/** The stored files that WeChat knows by these ids. */
export async function hashesOf(
  db: Db,
  { corpId, originalId }: AccountKey,
  mediaIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('official_media')
    .select(['media_id', 'hash'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('media_id', 'in', ['', ...mediaIds])
    .execute()
  return new Map(rows.filter(row => row.media_id !== '').map(row => [row.media_id, row.hash]))
}

export async function deleteMedia(
  db: Db,
  { corpId, originalId }: AccountKey,
  mediaId: string,
): Promise<void> {
  await db
    .deleteFrom('official_media')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('media_id', '=', mediaId)
    .execute()
}

/** What WeChat keeps for good stays, and with it the file. */
export async function pruneMedia(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const isOld = sql`coalesce(expires_at, case when uploaded_at is null then turn_until end) < ${before}`
  return deleteSome(db, 'official_media', isOld, atMost)
}
