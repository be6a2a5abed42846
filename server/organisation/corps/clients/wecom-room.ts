import type { Core } from '../../../platform/core.ts'
import { roomAt } from '../../../upstream/transport/pace/room.ts'
import type { UpstreamPool } from '../../../upstream/transport/pool.ts'
import { greet } from '../doctor/addresses.ts'

/** How many pieces of work that ask WeCom, and that nobody waits for, may be under way; none while it answers nobody. */
export type WecomRoom = (atMost: number) => number

const withinMs = 10_000

/** WeCom is asked in the name of no corp, so that no corp's secret or address decides whether it is there. */
export function createWecomRoom(ctx: Core & { upstreamPool: UpstreamPool }): WecomRoom {
  const { upstreamPool: pool, stopping: signal } = ctx
  return roomAt(ctx, 'wecom', () => greet(ctx, { pool, timeoutMs: withinMs, signal }))
}
