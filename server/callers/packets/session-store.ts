import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { Suite } from './crypto/suites.ts'
import type { DeviceKey } from './device-store.ts'

export type NewSession = DeviceKey & {
  id: string
  suite: Suite
  /** 32 hex digits. */
  nonce: string
  createdAt: Date
  expiresAt: Date
}

/** The device must be locked. Ends all of its sessions except the `keep` newest, and those that have expired. */
export async function insertSession(db: Db, session: NewSession, keep: number): Promise<void> {
  const { corpId, devId, deviceId, id, suite, nonce, createdAt, expiresAt } = session
  await db
    .insertInto('packet_session')
    .values({
      corp_id: corpId,
      id,
      dev_id: devId,
      device_id: deviceId,
      suite,
      nonce,
      created_at: createdAt,
      expires_at: expiresAt,
    })
    .execute()
  await sql`
    delete from packet_session where corp_id = ${corpId} and id in (
      select id from packet_session
      where corp_id = ${corpId} and dev_id = ${devId} and device_id = ${deviceId} and id <> ${id}
      order by expires_at <= ${createdAt}, created_at desc, id offset ${keep - 1})`.execute(db)
}

/** `masterKey` is sealed, `nonce` 32 hex digits. */
export type SessionRow = {
  deviceId: string
  suite: Suite
  nonce: string
  masterKey: string
  expiresAt: Date
}

export async function sessionOf(
  db: Db,
  { corpId, devId, id }: { corpId: string; devId: string; id: string },
): Promise<SessionRow | undefined> {
  return db
    .selectFrom('packet_session as s')
    .innerJoin('packet_device as d', join =>
      join
        .onRef('d.corp_id', '=', 's.corp_id')
        .onRef('d.dev_id', '=', 's.dev_id')
        .onRef('d.device_id', '=', 's.device_id'),
    )
    .select(['s.device_id as deviceId', 's.suite', 'd.master_key as masterKey', 's.expires_at as expiresAt'])
    .select(sql<string>`replace(s.nonce::text, '-', '')`.as('nonce'))
    .where('s.corp_id', '=', corpId)
    .where('s.dev_id', '=', devId)
    .where('s.id', '=', id)
    .executeTakeFirst()
}

export async function pruneSessions(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'packet_session', sql`expires_at < ${before}`, atMost)
}
