import { sql } from 'kysely'
import type { World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import type { Db } from '../../../platform/storage/db.ts'

/** Waits until everything that is due has left. */
export async function settled(world: World): Promise<void> {
  const { ctx } = world
  ctx.queue.kick()
  await until('nothing is due', async () => {
    const { rows } = await sql<{ due: boolean }>`select exists (select from queue
      where stream in ('message-plans', 'messages', 'sms-budgets') and (lease is not null or due_at <= ${new Date(ctx.now())})) as due`.execute(
      ctx.db,
    )
    return !rows[0]!.due
  })
  await ctx.dispatcher.drain()
}

/** Moves the clock and waits until everything that is due then has left. */
export async function pass(world: World, minutes: number): Promise<void> {
  world.clock.offsetMs += minutes * 60_000
  await settled(world)
}

/**
 * Another transaction locks something, and later something more, as some work of a node does; what is done in between waits for the first.
 * Where all lock in one order both end; otherwise PostgreSQL ends one of them as a deadlock.
 */
export async function whileHeld(
  world: World,
  lock: (tx: Db) => Promise<unknown>,
  act: () => void,
  lockMore: (tx: Db) => Promise<unknown>,
): Promise<void> {
  const { db } = world.ctx
  await db.transaction().execute(async tx => {
    await lock(tx)
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
    act()
    await until('something waits for the transaction', async () => {
      const waiting =
        await sql`select from pg_stat_activity where ${rows[0]!.pid} = any(pg_blocking_pids(pid))`.execute(db)
      return waiting.rows.length > 0
    })
    await lockMore(tx)
  })
}
