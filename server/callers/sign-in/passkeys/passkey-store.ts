import type { Db } from '../../../platform/storage/db.ts'
import type { SessionHolder } from '../../sessions/session-store.ts'

export type Passkey = {
  /** The credential id, base64url. */
  id: string
  corpId: string | null
  memberId: number | null
  adminName: string | null
  /** The host that it is for. */
  rpId: string
  /** COSE, base64url. */
  publicKey: string
  counter: number
  transports: string[]
  name: string
  createdAt: Date
  usedAt: Date | null
  /** What its authenticator says whose it is, base64url; null for one of an earlier version that was not used since. */
  userHandle: string | null
}

const columns = [
  'id',
  'corp_id as corpId',
  'member_id as memberId',
  'admin_name as adminName',
  'rp_id as rpId',
  'public_key as publicKey',
  'counter',
  'transports',
  'name',
  'created_at as createdAt',
  'used_at as usedAt',
  'user_handle as userHandle',
] as const

export async function passkeysOf(db: Db, holder: SessionHolder): Promise<Passkey[]> {
  const query = db.selectFrom('passkey').select(columns).orderBy('created_at')
  const rows = await ('adminName' in holder
    ? query.where('admin_name', '=', holder.adminName)
    : query.where('corp_id', '=', holder.corpId).where('member_id', '=', holder.memberId)
  ).execute()
  return rows.map(row => ({ ...row, counter: Number(row.counter) }))
}

export async function findPasskey(db: Db, id: string): Promise<Passkey | undefined> {
  const row = await db.selectFrom('passkey').select(columns).where('id', '=', id).executeTakeFirst()
  return row && { ...row, counter: Number(row.counter) }
}

/** False when the credential is known already. */
export async function insertPasskey(db: Db, passkey: Passkey): Promise<boolean> {
  const inserted = await db
    .insertInto('passkey')
    .values({
      id: passkey.id,
      corp_id: passkey.corpId,
      member_id: passkey.memberId,
      admin_name: passkey.adminName,
      rp_id: passkey.rpId,
      public_key: passkey.publicKey,
      counter: passkey.counter,
      transports: passkey.transports,
      name: passkey.name,
      created_at: passkey.createdAt,
      used_at: passkey.usedAt,
      user_handle: passkey.userHandle,
    })
    .onConflict(conflict => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Notes a use; false when the counter says that another node has seen this use, or a later one. */
/** `userHandle` is kept where none is yet. */
export async function usePasskey(
  db: Db,
  id: string,
  counter: number,
  at: Date,
  userHandle: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('passkey')
    .set(({ fn, ref, val }) => ({
      counter,
      used_at: at,
      user_handle: fn.coalesce(ref('user_handle'), val(userHandle)),
    }))
    .where('id', '=', id)
    .where(({ or, and, eb }) =>
      or([eb('counter', '<', counter), and([eb('counter', '=', 0), eb(eb.val(counter), '=', 0)])]),
    )
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Returns its name; undefined when the holder has no such passkey. */
export async function deletePasskey(db: Db, holder: SessionHolder, id: string): Promise<string | undefined> {
  const query = db.deleteFrom('passkey').where('id', '=', id)
  const row = await ('adminName' in holder
    ? query.where('admin_name', '=', holder.adminName)
    : query.where('corp_id', '=', holder.corpId).where('member_id', '=', holder.memberId)
  )
    .returning('name')
    .executeTakeFirst()
  return row?.name
}

export async function deletePasskeysOf(db: Db, holder: SessionHolder): Promise<void> {
  const query = db.deleteFrom('passkey')
  await ('adminName' in holder
    ? query.where('admin_name', '=', holder.adminName)
    : query.where('corp_id', '=', holder.corpId).where('member_id', '=', holder.memberId)
  ).execute()
}
