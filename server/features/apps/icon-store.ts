import type { Db } from '../../platform/storage/db.ts'

export async function putIcon(db: Db, appId: string, icon: { type: string; bytes: Buffer }): Promise<void> {
  await db
    .insertInto('app_icon')
    .values({ app_id: appId, ...icon })
    .onConflict(conflict => conflict.column('app_id').doUpdateSet(icon))
    .execute()
}

export async function deleteIcon(db: Db, appId: string): Promise<void> {
  await db.deleteFrom('app_icon').where('app_id', '=', appId).execute()
}

export async function findIcon(db: Db, appId: string): Promise<{ type: string; bytes: Buffer } | undefined> {
  const row = await db
    .selectFrom('app_icon')
    .select(['type', 'bytes'])
    .where('app_id', '=', appId)
    .executeTakeFirst()
  return row && { type: row.type, bytes: Buffer.from(row.bytes) }
}
