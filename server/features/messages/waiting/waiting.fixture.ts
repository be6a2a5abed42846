import { sql } from 'kysely'
import type { World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'

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
