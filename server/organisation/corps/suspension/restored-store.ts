import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

export type RestoredLock = {
  /** The corp; '' for the installation. */
  scope: string
  restoredAt: Date
  /** Which of the three confirmed first; '' while none did. */
  firstRole: string
  /** Their userid. */
  firstBy: string
  firstAt: Date | null
}

const columns = [
  'scope',
  'restored_at as restoredAt',
  'first_role as firstRole',
  'first_by as firstBy',
  'first_at as firstAt',
] as const

/** From here on it is open to the three administrators alone. A second restore begins again. */
export async function lockRestored(tx: Db, scope: string, at: Date): Promise<void> {
  await sql`
    insert into restored_lock (scope, corp_id, restored_at) values (${scope}, nullif(${scope}, ''), ${at})
    on conflict (scope) do update set restored_at = excluded.restored_at, first_role = '', first_by = '', first_at = null`.execute(
    tx,
  )
}

/** A restore may end at migrations that know no locks. */
export async function hasLocks(tx: Db): Promise<boolean> {
  const { rows } = await sql<{
    name: string | null
  }>`select to_regclass('restored_lock')::text as name`.execute(tx)
  return rows[0]?.name !== null
}

export async function restoredLocks(db: Db, scopes: readonly string[]): Promise<RestoredLock[]> {
  return db
    .selectFrom('restored_lock')
    .select(columns)
    .where('scope', 'in', [...scopes])
    .orderBy('scope')
    .execute()
}

/** Locks the row until the end of the transaction. Undefined where nothing is to be confirmed. */
export async function holdLock(tx: Db, scope: string): Promise<RestoredLock | undefined> {
  return tx
    .selectFrom('restored_lock')
    .select(columns)
    .where('scope', '=', scope)
    .forUpdate()
    .executeTakeFirst()
}

export async function noteFirst(
  tx: Db,
  scope: string,
  first: { role: string; by: string; at: Date },
): Promise<void> {
  await tx
    .updateTable('restored_lock')
    .set({ first_role: first.role, first_by: first.by, first_at: first.at })
    .where('scope', '=', scope)
    .execute()
}

export async function unlockRestored(tx: Db, scope: string): Promise<void> {
  await tx.deleteFrom('restored_lock').where('scope', '=', scope).execute()
}

export async function isInstallationLocked(db: Db): Promise<boolean> {
  const row = await db.selectFrom('restored_lock').select('scope').where('scope', '=', '').executeTakeFirst()
  return row !== undefined
}
