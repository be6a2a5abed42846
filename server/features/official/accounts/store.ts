import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Tables } from '../../../platform/storage/tables.ts'

export type AccountRow = Selectable<Tables['official_account']>

/** Returns the official accounts of a corp, or of all. */
export async function allAccounts(db: Db, corpId?: string): Promise<AccountRow[]> {
  return db
    .selectFrom('official_account')
    .selectAll()
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId as string))
    .orderBy('created_at')
    .execute()
}

export type Grant = { corpId: string; originalId: string; memberId: number }

export async function allGrants(db: Db, corpId?: string): Promise<Grant[]> {
  return db
    .selectFrom('official_grant')
    .select(['corp_id as corpId', 'original_id as originalId', 'member_id as memberId'])
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId as string))
    .execute()
}

export async function grantsOf(db: Db, corpId: string, originalId: string): Promise<number[]> {
  const rows = await db
    .selectFrom('official_grant')
    .select('member_id as memberId')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .execute()
  return rows.map(one => one.memberId)
}

/** Returns false when the original id is bound already, in whichever corp. */
export async function insertAccount(
  db: Db,
  row: Omit<AccountRow, 'enabled' | 'callback_verified_at' | 'seen_original_id' | 'pushed_at'>,
): Promise<boolean> {
  const done = await db
    .insertInto('official_account')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function lockAccount(
  db: Db,
  corpId: string,
  originalId: string,
): Promise<AccountRow | undefined> {
  return db
    .selectFrom('official_account')
    .selectAll()
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .forUpdate()
    .executeTakeFirst()
}

export async function updateAccount(
  db: Db,
  corpId: string,
  originalId: string,
  change: Partial<AccountRow>,
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await db
    .updateTable('official_account')
    .set(change)
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .execute()
}

/** Everything that belongs to the account goes with it. The inbox has no reference to accounts, so its events go here. */
export async function deleteAccount(db: Db, corpId: string, originalId: string): Promise<void> {
  await db.deleteFrom('inbox_event').where('corp_id', '=', corpId).where('account', '=', originalId).execute()
  await db
    .deleteFrom('official_account')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .execute()
}

export async function replaceGrants(
  db: Db,
  corpId: string,
  originalId: string,
  memberIds: readonly number[],
): Promise<void> {
  await db
    .deleteFrom('official_grant')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .execute()
  if (memberIds.length > 0)
    await sql`
      insert into official_grant (corp_id, original_id, member_id)
      select ${corpId}, ${originalId}, unnest(${[...memberIds]}::bigint[])`.execute(db)
}

export async function noteVerified(
  db: Db,
  corpId: string,
  originalIds: readonly string[],
  at: Date,
): Promise<void> {
  await db
    .updateTable('official_account')
    .set({ callback_verified_at: at })
    .where('corp_id', '=', corpId)
    .where('original_id', 'in', [...originalIds])
    .execute()
}

/** Notes another original id in pushes that have the account's token and AppID. */
export async function noteSeenId(db: Db, corpId: string, originalId: string, seen: string): Promise<void> {
  await updateAccount(db, corpId, originalId, { seen_original_id: seen })
}

/** Notes that pushes arrive: the original id is right. */
export async function notePushed(db: Db, corpId: string, originalId: string, at: Date): Promise<void> {
  await updateAccount(db, corpId, originalId, { pushed_at: at, seen_original_id: null })
}

/** How many rows of a table belong to the account, and go when it is unbound. */
export async function countOf(
  db: Db,
  table: keyof Tables,
  corpId: string,
  originalId: string,
): Promise<number> {
  const column = table === 'inbox_event' ? 'account' : 'original_id'
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from ${sql.table(table)}
    where corp_id = ${corpId} and ${sql.ref(column)} = ${originalId}`.execute(db)
  return rows[0]?.n ?? 0
}
