import type { Db } from '../../platform/storage/db.ts'

type Row = { id: number; userId: string; name: string }

/** Those who have left too. */
export async function peopleById(db: Db, corpId: string, ids: readonly number[]): Promise<Row[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('member')
    .select(['id', 'user_id as userId', 'name'])
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .execute()
}

/** The last who had this userid. */
export async function personByKey(db: Db, corpId: string, key: string): Promise<Row | undefined> {
  return db
    .selectFrom('member')
    .select(['id', 'user_id as userId', 'name'])
    .where('corp_id', '=', corpId)
    .where('user_key', '=', key)
    .orderBy('id', 'desc')
    .executeTakeFirst()
}
