import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export type AppPassword = {
  id: string
  appId: string
  memberId: number
  hash: string
  madeAt: Date
  /** To ten minutes. */
  usedAt: Date | null
  usedFrom: string
}

const columns = [
  'id',
  'app_id as appId',
  'member_id as memberId',
  'hash',
  'made_at as madeAt',
  'used_at as usedAt',
  'used_from as usedFrom',
] as const

/** Returns the application passwords of one person, for one app or for all, oldest first. */
export async function passwordsOf(
  db: Db,
  corpId: string,
  memberId: number,
  appId?: string,
): Promise<AppPassword[]> {
  return db
    .selectFrom('ldap_password')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .$if(appId !== undefined, only => only.where('app_id', '=', appId ?? ''))
    .orderBy('made_at')
    .orderBy('id')
    .execute()
}

export async function insertPassword(
  tx: Db,
  corpId: string,
  one: Omit<AppPassword, 'usedAt' | 'usedFrom'>,
): Promise<void> {
  await tx
    .insertInto('ldap_password')
    .values({
      corp_id: corpId,
      id: one.id,
      app_id: one.appId,
      member_id: one.memberId,
      hash: one.hash,
      made_at: one.madeAt,
      used_at: null,
      used_from: '',
    })
    .execute()
}

/** The app that it was for; undefined where the person has no such password. */
export async function deletePassword(
  tx: Db,
  corpId: string,
  memberId: number,
  id: string,
): Promise<string | undefined> {
  const row = await tx
    .deleteFrom('ldap_password')
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .where('id', '=', id)
    .returning('app_id as appId')
    .executeTakeFirst()
  return row?.appId
}

export async function deletePasswordsOf(
  tx: Db,
  corpId: string,
  memberIds: readonly number[],
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ldap_password where corp_id = ${corpId} and member_id = any(${[...memberIds]}::bigint[])`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0n)
}

/** Notes a use, and the hash by the present key. */
export async function noteUse(
  db: Db,
  corpId: string,
  id: string,
  { at, from, hash }: { at: Date; from: string; hash: string },
): Promise<void> {
  await db
    .updateTable('ldap_password')
    .set({ used_at: at, used_from: from, hash })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export async function prunePasswords(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'ldap_password', sql`coalesce(used_at, made_at) < ${before}`, atMost)
}
