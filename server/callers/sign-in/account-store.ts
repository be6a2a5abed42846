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
    })
    .onConflict(conflict => conflict.doNothing())
    .returning('name')
    .executeTakeFirst()
  return inserted !== undefined
}
