import type { Db } from '../../../platform/storage/db.ts'

export type SiteFile = { name: string; content: string; putAt: Date }

/** Returns false when another corp has a file of this name. */
export async function putSiteFile(db: Db, corpId: string, file: SiteFile): Promise<boolean> {
  const { name, content, putAt: put_at } = file
  const done = await db
    .insertInto('site_file')
    .values({ name, corp_id: corpId, content, put_at })
    .onConflict(conflict =>
      conflict.column('name').doUpdateSet({ content, put_at }).where('site_file.corp_id', '=', corpId),
    )
    .executeTakeFirst()
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function siteFilesOf(db: Db, corpId: string): Promise<SiteFile[]> {
  return db
    .selectFrom('site_file')
    .select(['name', 'content', 'put_at as putAt'])
    .where('corp_id', '=', corpId)
    .orderBy('name')
    .execute()
}

export async function findSiteFile(db: Db, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('site_file').select('content').where('name', '=', name).executeTakeFirst()
  return row?.content
}

/** Returns false when the corp has none of this name. */
export async function deleteSiteFile(db: Db, corpId: string, name: string): Promise<boolean> {
  const done = await db
    .deleteFrom('site_file')
    .where('corp_id', '=', corpId)
    .where('name', '=', name)
    .executeTakeFirst()
  return done.numDeletedRows > 0n
}
