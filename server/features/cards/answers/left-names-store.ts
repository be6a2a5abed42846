import type { Db } from '../../../platform/storage/db.ts'

/** How people who left were called. */
export async function leftNames(
  db: Db,
  corpId: string,
  memberIds: readonly number[],
): Promise<Map<number, string>> {
  if (memberIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('member')
    .select(['id', 'name'])
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...memberIds])
    .execute()
  return new Map(rows.map(row => [row.id, row.name]))
}
