import type { Db } from '../../../platform/storage/db.ts'

/** The app that a service of the registry became. */
export async function importedApps(db: Db, corpId: string): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('cas_import')
    .select(['registry_id as registryId', 'app_id as appId'])
    .where('corp_id', '=', corpId)
    .execute()
  return new Map(rows.map(row => [row.registryId, row.appId]))
}

export async function putImport(db: Db, corpId: string, registryId: string, appId: string): Promise<void> {
  await db
    .insertInto('cas_import')
    .values({ corp_id: corpId, registry_id: registryId, app_id: appId })
    .onConflict(conflict => conflict.doNothing())
    .execute()
}
