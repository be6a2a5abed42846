import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

/** `nonce` is 32 hex digits. */
export type SessionNonce = { corpId: string; sessionId: string; nonce: string; endsAt: Date }

/**
 * Stores the nonces whose session is open in the database and that nobody has used in it, and returns for each whether it was
 * one of them. Of equal ones, only the first counts.
 */
export async function insertSessionNonces(
  db: Db,
  given: readonly SessionNonce[],
  now: Date,
): Promise<boolean[]> {
  const { rows } = await sql<{ owner: string; nonce: string }>`
    insert into packet_nonce (corp_id, owner, nonce, ends_at)
    select s.corp_id, s.id, given.nonce, given.ends_at
    from unnest(${given.map(one => one.corpId)}::text[], ${given.map(one => one.sessionId)}::text[],
      ${given.map(one => one.nonce)}::uuid[], ${given.map(one => one.endsAt)}::timestamptz[])
      as given(corp_id, session_id, nonce, ends_at)
    join packet_session s on s.corp_id = given.corp_id and s.id = given.session_id and s.expires_at > ${now}
    order by 1, 2, 3
    on conflict do nothing returning owner, replace(nonce::text, '-', '') as nonce`.execute(db)
  const stored = new Set(rows.map(row => `${row.owner} ${row.nonce}`))
  return given.map(one => stored.delete(`${one.sessionId} ${one.nonce}`))
}

/** False when the device has used the nonce before. */
export async function insertDeviceNonce(
  db: Db,
  nonce: { corpId: string; devId: string; deviceId: string; nonce: string; endsAt: Date },
): Promise<boolean> {
  const { corpId, devId, deviceId, endsAt } = nonce
  const result = await db
    .insertInto('packet_nonce')
    .values({ corp_id: corpId, owner: `${devId} ${deviceId}`, nonce: nonce.nonce, ends_at: endsAt })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

export async function pruneNonces(
  db: Db,
  { before, atMost }: Pick<PruneOrder, 'before' | 'atMost'>,
): Promise<number> {
  return deleteSome(db, 'packet_nonce', sql`ends_at < ${before}`, atMost)
}
