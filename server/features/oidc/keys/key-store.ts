import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

export const algorithms = ['RS256', 'ES256'] as const
export type Algorithm = (typeof algorithms)[number]

/** `next` is published and signs nothing yet; `current` signs; `old` is published for what it signed. */
export type KeyState = 'next' | 'current' | 'old'

export type StoredKey = {
  corpId: string
  kid: string
  alg: Algorithm
  state: KeyState
  /** Sealed. */
  jwk: string
  createdAt: Date
  /** Since when it is in this state. */
  stateAt: Date
}

/** The current ones first and the next ones last: the library signs with the first that fits. */
export async function keysOf(db: Db, corpId: string): Promise<StoredKey[]> {
  return db
    .selectFrom('oidc_key')
    .select([
      'corp_id as corpId',
      'kid',
      'alg',
      'state',
      'jwk',
      'created_at as createdAt',
      'state_at as stateAt',
    ])
    .where('corp_id', '=', corpId)
    .orderBy(sql`case state when 'current' then 1 when 'old' then 2 else 3 end`)
    .orderBy('alg', 'desc')
    .orderBy('state_at', 'desc')
    .execute()
}

/** Locks the keys of a corp, so that those who turn them wait for each other, and returns them. */
export async function lockKeys(tx: Db, corpId: string): Promise<StoredKey[]> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`oidc_key ${corpId}`}, 0))`.execute(tx)
  return keysOf(tx, corpId)
}

/** Nothing where there is one of this algorithm and state. */
export async function insertKey(tx: Db, key: StoredKey): Promise<void> {
  await sql`
    insert into oidc_key (corp_id, kid, alg, state, jwk, created_at, state_at)
    values (${key.corpId}, ${key.kid}, ${key.alg}, ${key.state}, ${key.jwk}, ${key.createdAt}, ${key.stateAt})
    on conflict do nothing`.execute(tx)
}

export async function moveKeys(
  tx: Db,
  corpId: string,
  kids: readonly string[],
  state: KeyState,
  at: Date,
): Promise<void> {
  await sql`
    update oidc_key set state = ${state}, state_at = ${at}
    where corp_id = ${corpId} and kid = any(${[...kids]}::text[])`.execute(tx)
}

export async function deleteKeys(tx: Db, corpId: string, kids: readonly string[]): Promise<void> {
  await sql`delete from oidc_key where corp_id = ${corpId} and kid = any(${[...kids]}::text[])`.execute(tx)
}

/** Corps with a key that has been in its state since before then. */
export async function corpsToRotate(db: Db, before: Readonly<Record<KeyState, Date>>): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    select distinct corp_id as "corpId" from oidc_key
    where (state = 'next' and state_at < ${before.next}) or (state = 'old' and state_at < ${before.old})
      or (state = 'current' and state_at < ${before.current})`.execute(db)
  return rows.map(row => row.corpId)
}
