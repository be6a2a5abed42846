import type { Db } from '../../platform/storage/db.ts'

export type SecondFactor = {
  /** Sealed; '' when the account has no second factor. */
  secret: string
  recoveryCodes: number
}

export async function readSecondFactor(db: Db, name: string): Promise<SecondFactor | undefined> {
  const row = await db
    .selectFrom('admin_account')
    .select(({ selectFrom, fn }) => [
      'totp_secret as secret',
      selectFrom('recovery_code')
        .select(fn.countAll<number>().as('n'))
        .whereRef('admin_name', '=', 'admin_account.name')
        .as('codes'),
    ])
    .where('name', '=', name)
    .executeTakeFirst()
  return row && { secret: row.secret, recoveryCodes: Number(row.codes) }
}

/** `step`: the time step of the code that proved the secret. */
export async function putSecondFactor(
  db: Db,
  name: string,
  { secret, step }: { secret: string; step: number },
): Promise<void> {
  await db
    .updateTable('admin_account')
    .set({ totp_secret: secret, totp_step: step })
    .where('name', '=', name)
    .execute()
}

/** Takes a code's step once; false when it, or a later one, was taken before. */
export async function takeStep(db: Db, name: string, step: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('admin_account')
    .set({ totp_step: step })
    .where('name', '=', name)
    .where('totp_step', '<', step)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function replaceRecoveryCodes(db: Db, name: string, hashes: readonly string[]): Promise<void> {
  await db.deleteFrom('recovery_code').where('admin_name', '=', name).execute()
  if (hashes.length > 0)
    await db
      .insertInto('recovery_code')
      .values(hashes.map(hash => ({ admin_name: name, hash })))
      .execute()
}

/** False when there is no such code, or no longer. */
export async function takeRecoveryCode(db: Db, name: string, hash: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('recovery_code')
    .where('admin_name', '=', name)
    .where('hash', '=', hash)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
