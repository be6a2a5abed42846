import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { SessionHolder } from '../../sessions/session-store.ts'

/** A local account's is in its own row; a member's in rows that go with the member. */
export type SecondFactor = {
  /** Sealed; '' without an authenticator. */
  secret: string
  recoveryCodes: number
  passkeys: number
}

/** Undefined for an account that does not exist. */
export async function readSecondFactor(db: Db, holder: SessionHolder): Promise<SecondFactor | undefined> {
  const { rows } =
    'adminName' in holder
      ? await sql<SecondFactor>`
          select totp_secret as secret,
            (select count(*) from recovery_code where admin_name = admin_account.name)::int as "recoveryCodes",
            (select count(*) from passkey where admin_name = admin_account.name)::int as passkeys
          from admin_account where name = ${holder.adminName}`.execute(db)
      : await sql<SecondFactor>`
          select coalesce((select totp_secret from member_factor
              where corp_id = ${holder.corpId} and member_id = ${holder.memberId}), '') as secret,
            (select count(*) from member_recovery_code
              where corp_id = ${holder.corpId} and member_id = ${holder.memberId})::int as "recoveryCodes",
            (select count(*) from passkey
              where corp_id = ${holder.corpId} and member_id = ${holder.memberId})::int as passkeys`.execute(
          db,
        )
  return rows[0]
}

/** `step`: the time step of the code that proved the secret. */
export async function putSecondFactor(
  db: Db,
  holder: SessionHolder,
  { secret, step }: { secret: string; step: number },
): Promise<void> {
  const row = { totp_secret: secret, totp_step: step }
  if ('adminName' in holder) {
    await db.updateTable('admin_account').set(row).where('name', '=', holder.adminName).execute()
    return
  }
  await db
    .insertInto('member_factor')
    .values({ corp_id: holder.corpId, member_id: holder.memberId, ...row })
    .onConflict(conflict => conflict.columns(['corp_id', 'member_id']).doUpdateSet(row))
    .execute()
}

/** Takes a code's step once; false when it, or a later one, was taken before. */
export async function takeStep(db: Db, holder: SessionHolder, step: number): Promise<boolean> {
  const { numAffectedRows = 0n } =
    'adminName' in holder
      ? await sql`update admin_account set totp_step = ${step}
          where name = ${holder.adminName} and totp_step < ${step}`.execute(db)
      : await sql`update member_factor set totp_step = ${step}
          where corp_id = ${holder.corpId} and member_id = ${holder.memberId} and totp_step < ${step}`.execute(
          db,
        )
  return numAffectedRows > 0n
}

export async function replaceRecoveryCodes(
  db: Db,
  holder: SessionHolder,
  hashes: readonly string[],
): Promise<void> {
  if ('adminName' in holder) {
    await db.deleteFrom('recovery_code').where('admin_name', '=', holder.adminName).execute()
    if (hashes.length === 0) return
    const rows = hashes.map(hash => ({ admin_name: holder.adminName, hash }))
    await db.insertInto('recovery_code').values(rows).execute()
    return
  }
  const { corpId: corp_id, memberId: member_id } = holder
  await db
    .deleteFrom('member_recovery_code')
    .where('corp_id', '=', corp_id)
    .where('member_id', '=', member_id)
    .execute()
  if (hashes.length === 0) return
  const rows = hashes.map(hash => ({ corp_id, member_id, hash }))
  await db.insertInto('member_recovery_code').values(rows).execute()
}

/** False when there is no such code, or no longer. */
export async function takeRecoveryCode(db: Db, holder: SessionHolder, hash: string): Promise<boolean> {
  const { numAffectedRows = 0n } =
    'adminName' in holder
      ? await sql`delete from recovery_code where admin_name = ${holder.adminName} and hash = ${hash}`.execute(
          db,
        )
      : await sql`delete from member_recovery_code where corp_id = ${holder.corpId}
          and member_id = ${holder.memberId} and hash = ${hash}`.execute(db)
  return numAffectedRows > 0n
}

/** Drops the second factors of the members who left. */
export async function dropFactorsOfLeavers(
  db: Db,
  corpId: string,
  memberIds: readonly number[],
): Promise<void> {
  for (const table of ['member_factor', 'member_recovery_code', 'passkey'] as const)
    await sql`
      delete from ${sql.table(table)} t using member m
      where t.corp_id = ${corpId} and t.member_id = any(${[...memberIds]}::bigint[])
        and m.corp_id = t.corp_id and m.id = t.member_id and m.left_at is not null`.execute(db)
}
