import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'

export type DeviceKey = { corpId: string; devId: string; deviceId: string }

/** `masterKey` is sealed. */
export type DeviceRow = { masterKey: string; registeredAt: Date; usedAt: Date | null }

/** Locks the row until the end of the transaction. */
export async function lockDevice(
  db: Db,
  { corpId, devId, deviceId }: DeviceKey,
): Promise<DeviceRow | undefined> {
  return db
    .selectFrom('packet_device')
    .select(['master_key as masterKey', 'registered_at as registeredAt', 'used_at as usedAt'])
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .where('device_id', '=', deviceId)
    .forUpdate()
    .executeTakeFirst()
}

export async function countDevices(db: Db, corpId: string, devId: string): Promise<number> {
  const { n } = await db
    .selectFrom('packet_device')
    .select(of => of.fn.countAll<number>().as('n'))
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .executeTakeFirstOrThrow()
  return Number(n)
}

export async function insertDevice(
  db: Db,
  { corpId, devId, deviceId }: DeviceKey,
  masterKey: string,
  at: Date,
): Promise<void> {
  await db
    .insertInto('packet_device')
    .values({
      corp_id: corpId,
      dev_id: devId,
      device_id: deviceId,
      master_key: masterKey,
      registered_at: at,
    })
    .execute()
}

/** Its sessions go with it. False when there is no such device. */
export async function deleteDevice(db: Db, { corpId, devId, deviceId }: DeviceKey): Promise<boolean> {
  const result = await db
    .deleteFrom('packet_device')
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .where('device_id', '=', deviceId)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

export async function noteDeviceUse(db: Db, { corpId, devId, deviceId }: DeviceKey, at: Date): Promise<void> {
  await db
    .updateTable('packet_device')
    .set({ used_at: at })
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .where('device_id', '=', deviceId)
    .execute()
}

export type ListedDevice = { deviceId: string; registeredAt: Date; usedAt: Date | null; sessions: number }

/** Devices whose id contains `search`, the last registered first, and how many there are. */
export async function listedDevices(
  db: Db,
  of: { corpId: string; devId: string; search: string; now: Date; limit: number; offset: number },
): Promise<{ list: ListedDevice[]; total: number }> {
  const { corpId, devId, search, now, limit, offset } = of
  const found = sql`d.corp_id = ${corpId} and d.dev_id = ${devId} and position(lower(${search}) in lower(d.device_id)) > 0`
  const { rows } = await sql<ListedDevice>`
    select d.device_id as "deviceId", d.registered_at as "registeredAt", d.used_at as "usedAt",
      (select count(*)::int from packet_session s where s.corp_id = d.corp_id and s.dev_id = d.dev_id
        and s.device_id = d.device_id and s.expires_at > ${now}) as sessions
    from packet_device d where ${found} order by d.registered_at desc, d.device_id limit ${limit} offset ${offset}`.execute(
    db,
  )
  const counted = await sql<{
    n: number
  }>`select count(*)::int as n from packet_device d where ${found}`.execute(db)
  return { list: rows, total: counted.rows[0]?.n ?? 0 }
}

/** Names of at most ten enabled developers whose calls must be encrypted. */
export async function developersThatRequirePackets(db: Db, corpId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('developer')
    .select('name')
    .where('corp_id', '=', corpId)
    .where('packets', '=', 'required')
    .where('enabled', '=', true)
    .orderBy('created_at')
    .limit(10)
    .execute()
  return rows.map(row => row.name)
}
