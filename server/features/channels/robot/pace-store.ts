import { sql } from 'kysely'
import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import { robotVendors } from '../../../upstream/robots/robots.ts'
import type { Setups } from '../channel.ts'
import { holdPart, type NewPart } from '../part.ts'
import type { RobotReason } from './reasons.ts'
import type { Robots } from './robots-store.ts'

type Needs = Pick<Core, 'now'> & { messageSettings: Setups }
type Pace = { corpId: string; robotId: string; sentAt: number[]; silentUntil: number }

const atPace: RobotReason = { code: 'robotPace' }

/**
 * Must run in the transaction before parts leave. What vendors take of one robot holds for all nodes, so that the times of its last calls
 * are in the database; a call over the rate waits.
 */
export async function holdAtRate(ctx: Needs, tx: Db, parts: readonly NewPart[]): Promise<void> {
  const paces = await lockPaces(tx, parts)
  for (const part of parts) {
    const pace = paces.get(keyOf(part.corpId, part.userIds[0] ?? ''))
    if (!pace) continue
    const { extra } = ctx.messageSettings.setupOf<unknown, Robots>(part.corpId, 'robot')
    const vendor = extra?.get(pace.robotId)?.vendor
    // One that is gone is refused when it is sent.
    if (!vendor) continue
    const now = ctx.now()
    const at = Math.max(now, pace.silentUntil, freeAt(robotVendors[vendor].rates, pace.sentAt))
    if (at > now) holdPart(part, { untilMs: at, now, reason: atPace })
    else pace.sentAt.push(now)
  }
  await writePaces(tx, [...paces.values()])
}

/** When one more call goes out. */
function freeAt(rates: readonly { calls: number; withinMs: number }[], sentAt: readonly number[]): number {
  return Math.max(
    0,
    ...rates.map(({ calls, withinMs }) => {
      const first = sentAt.at(-calls)
      return first === undefined ? 0 : first + withinMs
    }),
  )
}

const keyOf = (corpId: string, robotId: string) => `${corpId} ${robotId}`
/** More than any vendor's rate looks back on. */
const timesKept = 100

/** Rows are locked in one order, so that two transactions cannot deadlock. */
async function lockPaces(tx: Db, parts: readonly NewPart[]): Promise<Map<string, Pace>> {
  const wanted = parts.map(({ corpId, userIds }) => ({ corpId, robotId: userIds[0] ?? '' }))
  const given = JSON.stringify(wanted)
  await sql`
    insert into group_robot_pace (corp_id, robot_id)
    select distinct w."corpId", w."robotId" from jsonb_to_recordset(${given}::jsonb) as w("corpId" text, "robotId" text)
    order by 1, 2 on conflict do nothing`.execute(tx)
  const { rows } = await sql<Pace>`
    select p.corp_id as "corpId", p.robot_id as "robotId", p.sent_at::float8[] as "sentAt", p.silent_until::float8 as "silentUntil"
    from group_robot_pace p
    where (p.corp_id, p.robot_id) in (
      select w."corpId", w."robotId" from jsonb_to_recordset(${given}::jsonb) as w("corpId" text, "robotId" text))
    order by p.corp_id, p.robot_id for update`.execute(tx)
  return new Map(rows.map(row => [keyOf(row.corpId, row.robotId), row]))
}

async function writePaces(tx: Db, paces: readonly Pace[]): Promise<void> {
  const given = paces.map(({ sentAt, ...one }) => ({ ...one, sentAt: sentAt.slice(-timesKept) }))
  await sql`
    update group_robot_pace p set sent_at = w."sentAt"
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as w("corpId" text, "robotId" text, "sentAt" bigint[])
    where p.corp_id = w."corpId" and p.robot_id = w."robotId"`.execute(tx)
}

/** The vendor said that the robot sends too fast: nothing of it leaves until then (ms). */
export async function silence(db: Db, corpId: string, robotId: string, until: number): Promise<void> {
  await sql`
    update group_robot_pace set silent_until = greatest(silent_until, ${until}::bigint)
    where corp_id = ${corpId} and robot_id = ${robotId}`.execute(db)
}

/** Deletes entries that are older than the longest silence and say nothing any more. */
export async function pruneRobotPaces(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const ms = before.getTime()
  return deleteSome(
    db,
    'group_robot_pace',
    sql`coalesce(sent_at[cardinality(sent_at)], 0) < ${ms}::bigint and silent_until < ${ms}::bigint`,
    atMost,
  )
}
