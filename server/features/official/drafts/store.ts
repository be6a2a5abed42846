import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { PublishResult } from '../../../upstream/official/calls/draft.ts'

type AccountKey = { corpId: string; originalId: string }

export type Publication = {
  publishId: string
  title: string
  actor: string
  status: number
  articleId: string
  urls: string[]
  createdAt: Date
  endedAt: Date | null
}

export async function insertPublication(
  db: Db,
  { corpId, originalId }: AccountKey,
  { publishId, title, actor }: { publishId: string; title: string; actor: string },
  at: Date,
): Promise<void> {
  await sql`
    insert into official_publish (corp_id, original_id, publish_id, title, actor, status, created_at)
    values (${corpId}, ${originalId}, ${publishId}, ${title}, ${actor}, 1, ${at})
    on conflict (corp_id, original_id, publish_id) do update set title = excluded.title, actor = excluded.actor`.execute(
    db,
  )
}

/** The end may be told before the call that submitted it has been answered. */
export async function putPublishResult(
  db: Db,
  { corpId, originalId }: AccountKey,
  publishId: string,
  { status, articleId, urls }: PublishResult,
  at: Date,
): Promise<void> {
  await sql`
    insert into official_publish as p (corp_id, original_id, publish_id, status, article_id, urls, created_at, ended_at)
    values (${corpId}, ${originalId}, ${publishId}, ${status}, ${articleId}, ${JSON.stringify(urls)}, ${at}, ${at})
    on conflict (corp_id, original_id, publish_id) do update set status = excluded.status,
      article_id = excluded.article_id, urls = excluded.urls, ended_at = excluded.ended_at`.execute(db)
}

/** The newest first. */
export async function publications(
  db: Db,
  { corpId, originalId }: AccountKey,
  limit: number,
): Promise<Publication[]> {
  const rows = await db
    .selectFrom('official_publish')
    .select(['publish_id as publishId', 'title', 'actor', 'status', 'article_id as articleId', 'urls'])
    .select(['created_at as createdAt', 'ended_at as endedAt'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .orderBy('created_at', 'desc')
    .orderBy('publish_id', 'desc')
    .limit(limit)
    .execute()
  return rows as Publication[]
}

/** Which of these addresses belong to pictures that were uploaded for articles. */
export async function knownPictures(
  db: Db,
  { corpId, originalId }: AccountKey,
  urls: readonly string[],
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('official_media')
    .select('url')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('url', 'in', ['', ...urls])
    .execute()
  return new Set(rows.map(row => row.url))
}

export async function prunePublications(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'official_publish', sql`old.created_at < ${before}`, 'created_at', atMost)
}
