import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { RobotVendor } from '../../../upstream/robots/robot.ts'

/** A group robot as it is kept in memory. `address` and `secret` are sealed; `n` tells it from others of its corp. */
export type Robot = {
  id: string
  n: number
  name: string
  vendor: RobotVendor
  address: string
  secret: string | null
  /** Mobile numbers of people who are mentioned are given to its vendor. */
  givesMobiles: boolean
  /** Developers who may send by it. */
  devIds: string[]
}
export type Robots = ReadonlyMap<string, Robot>

export async function readRobots(db: Db, corpId: string | undefined): Promise<Map<string, Robots>> {
  const { rows } = await sql<Robot & { corpId: string }>`
    select r.corp_id as "corpId", r.id, r.n::float8 as n, r.name, r.vendor, r.address, r.secret, r.gives_mobiles as "givesMobiles",
      array(select g.dev_id from group_robot_grant g where g.corp_id = r.corp_id and g.robot_id = r.id order by g.dev_id) as "devIds"
    from group_robot r where ${corpId === undefined ? sql`true` : sql`r.corp_id = ${corpId}`} order by r.n`.execute(
    db,
  )
  const ofCorps = Map.groupBy(rows, row => row.corpId)
  return new Map(
    [...ofCorps].map(([id, own]) => [id, new Map(own.map(({ corpId: _, ...one }) => [one.id, one]))]),
  )
}
