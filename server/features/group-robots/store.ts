import type { Db } from '../../platform/storage/db.ts'
import { type Robot, readRobots } from '../channels/robot/robots-store.ts'

export type RobotKey = { corpId: string; id: string }
/** Address and secret are sealed. */
export type RobotColumns = {
  name?: string
  gives_mobiles?: boolean
  address?: string
  secret?: string | null
}

export async function insertRobot(
  tx: Db,
  { corpId, id, vendor, at, ...columns }: RobotKey & { vendor: string; at: Date } & RobotColumns,
): Promise<void> {
  const { name = '', address = '' } = columns
  await tx
    .insertInto('group_robot')
    .values({ ...columns, corp_id: corpId, id, vendor, name, address, changed_at: at })
    .execute()
}

/** The robot as it is now, which nobody else changes until the transaction ends. */
export async function lockRobot(tx: Db, { corpId, id }: RobotKey): Promise<Robot | undefined> {
  await tx
    .selectFrom('group_robot')
    .select('id')
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .forUpdate()
    .execute()
  return (await readRobots(tx, corpId)).get(corpId)?.get(id)
}

export async function updateRobot(
  tx: Db,
  { corpId, id }: RobotKey,
  columns: RobotColumns,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('group_robot')
    .set({ ...columns, changed_at: at })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export async function deleteRobot(tx: Db, { corpId, id }: RobotKey): Promise<void> {
  await tx.deleteFrom('group_robot').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

/** Stores which developers may send by a robot, in the place of earlier ones. */
export async function putGrants(tx: Db, { corpId, id }: RobotKey, devIds: readonly string[]): Promise<void> {
  await tx.deleteFrom('group_robot_grant').where('corp_id', '=', corpId).where('robot_id', '=', id).execute()
  if (devIds.length === 0) return
  const rows = devIds.map(devId => ({ corp_id: corpId, robot_id: id, dev_id: devId }))
  await tx.insertInto('group_robot_grant').values(rows).execute()
}
