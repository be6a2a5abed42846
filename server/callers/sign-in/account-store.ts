import { sql } from 'kysely'
import type { GrantKind } from '../../platform/audit/grants.ts'
import type { Db } from '../../platform/storage/db.ts'

export async function adminAccount(
  db: Db,
  name: string,
): Promise<{ name: string; password: string; firstPassword: string } | undefined> {
  return db
    .selectFrom('admin_account')
    .select(['name', 'password', 'first_password as firstPassword'])
    .where('name', '=', name)
    .executeTakeFirst()
}

export async function putAdminAccount(
  db: Db,
  account: { name: string; password: string; mustChange: boolean },
  at: Date,
): Promise<void> {
  const values = {
    password: account.password,
    must_change: account.mustChange,
    failures: 0,
    locked_until: null,
    updated_at: at,
    first_password: '',
    password_at: at,
  }
  await db
    .insertInto('admin_account')
    .values({ name: account.name, ...values })
    .onConflict(conflict => conflict.column('name').doUpdateSet(values))
    .execute()
}

/** Forgets the generated password, which somebody has by now or which counts no longer. */
export async function forgetFirstPassword(db: Db, name: string): Promise<void> {
  await db.updateTable('admin_account').set({ first_password: '' }).where('name', '=', name).execute()
}

/** Returns false when the account exists already, even if another node has just created it. */
export async function insertAdminAccount(
  db: Db,
  account: { name: string; password: string; mustChange: boolean; firstPassword?: string },
  at: Date,
): Promise<boolean> {
  const inserted = await db
    .insertInto('admin_account')
    .values({
      name: account.name,
      password: account.password,
      must_change: account.mustChange,
      first_password: account.firstPassword ?? '',
      updated_at: at,
      password_at: at,
    })
    .onConflict(conflict => conflict.doNothing())
    .returning('name')
    .executeTakeFirst()
  return inserted !== undefined
}

/** The hashes of the account's former passwords, the latest first. */
export async function oldPasswords(db: Db, name: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('old_password')
    .select('password')
    .where('admin_name', '=', name)
    .orderBy('until', 'desc')
    .limit(limit)
    .execute()
  return rows.map(row => row.password)
}

/** Keeps the account's present password among its former ones, before another takes its place; at most `kept` of them. */
export async function keepOldPassword(tx: Db, name: string, kept: number, at: Date): Promise<void> {
  await sql`
    insert into old_password (admin_name, until, password)
    select name, ${at}, password from admin_account where name = ${name}
    on conflict do nothing`.execute(tx)
  await sql`
    delete from old_password where admin_name = ${name} and until not in (
      select until from old_password where admin_name = ${name} order by until desc limit ${kept})`.execute(
    tx,
  )
}

/** The local accounts, which are system super administrators. */
export const accountGrants: GrantKind = {
  name: 'account',
  words: { zh: '系统管理员账号', en: 'account of a system super administrator' },
  acts: ['admin.add', 'admin.reset-password'],
  async read(db, corpId, keys) {
    if (corpId !== null) return []
    const { rows } = await sql<{ key: string }>`
      select name as key from admin_account where ${keys ?? null}::text[] is null or name = any(${keys ?? null})`.execute(
      db,
    )
    return rows.map(({ key }) => ({ key, target: key, value: [], until: null }))
  },
}
