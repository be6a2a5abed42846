import type { Db } from '../../platform/storage/db.ts'

export type ExternalDepartment = { id: number; name: string; parentId: number }

/** Parents before their children, since departments are never moved. */
export async function externalDepartments(db: Db, corpId: string): Promise<ExternalDepartment[]> {
  return db
    .selectFrom('external_department')
    .select(['id', 'name', 'parent_id as parentId'])
    .where('corp_id', '=', corpId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function insertExternalDepartment(
  tx: Db,
  corpId: string,
  { id, name, parentId }: ExternalDepartment,
  at: Date,
): Promise<void> {
  await tx
    .insertInto('external_department')
    .values({ corp_id: corpId, id, name, parent_id: parentId, created_at: at })
    .execute()
}

export async function renameExternalDepartment(
  tx: Db,
  corpId: string,
  id: number,
  name: string,
): Promise<void> {
  await tx
    .updateTable('external_department')
    .set({ name })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export async function deleteExternalDepartment(tx: Db, corpId: string, id: number): Promise<void> {
  await tx.deleteFrom('external_department').where('corp_id', '=', corpId).where('id', '=', id).execute()
}
