/**
 * A to-do has a person and a holder. `member_id` is the person whom its sender means and never changes. `holder_id` follows
 * from it, from the people to whom the to-do was passed on, and from the delegations of the moment. It is computed again every
 * minute, and only differences are written. Lists, counts and links use the holder, and calls of developers the person.
 */

import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { mayAct } from '../../../organisation/directory/permissions/person.ts'
import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Jobs } from '../../../platform/queue/jobs.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { TodoSettings } from '../settings/catalog.ts'
import { holderOf } from './chain.ts'
import { activeDelegations, corpsToSettle } from './delegation-store.ts'
import { type HolderMove, heldOf, heldOrWith, moveHeld, type TodoHolder } from './holder-store.ts'
import { tellOfTransfers } from './tell-of-transfers.ts'

export type SettleNeeds = Core & { apps: Apps; mirrors: Mirrors; todoSettings: TodoSettings }

/** Who should have what is this owner's, by the delegations of this moment and what the app allows. */
function targetOf(
  ctx: SettleNeeds,
  corpId: string,
  active: ReadonlyMap<number, number>,
): (one: TodoHolder) => number {
  const { members } = ctx.mirrors.of(corpId)
  const allowed = new Set(ctx.todoSettings.passingOn(corpId))
  const mayHold = (id: number) => {
    const member = members.byId(id)
    return member !== undefined && mayAct(member)
  }
  return ({ appId, ownerId }) => (allowed.has(appId) ? holderOf(active, ownerId, mayHold) : ownerId)
}

/**
 * Gives every to-do to whoever should have it now: what is delegated to the delegate, and back at the end of the period, when it is ended
 * early, when the delegate leaves, or the app allows it no more. It is made of the rows alone, so that doing it again changes nothing and
 * what a crash or a put at the same moment has missed is found the next time. The address book is in memory.
 */
export async function settleHolders(ctx: SettleNeeds, corpId: string): Promise<number> {
  const at = new Date(ctx.now())
  const active = await activeDelegations(ctx.db, corpId, at)
  const target = targetOf(ctx, corpId, active)
  const held = await heldOrWith(ctx.db, corpId, [...active.keys()])
  let count = 0
  for (const one of held) {
    const to = target(one)
    if (to === one.holderId) continue
    count += await ctx.db.transaction().execute(async tx => {
      const moved = await moveHeld(tx, corpId, one, to, undefined)
      await tellOfTransfers(tx, ctx, corpId, moved, at)
      return moved.length
    })
  }
  return count
}

/** The same for what was just written, in its transaction. A corp without delegations pays one look for it. */
export async function settleWritten(
  tx: Db,
  ctx: SettleNeeds,
  corpId: string,
  ids: readonly number[],
  at: Date,
): Promise<void> {
  if (ids.length === 0 || ctx.todoSettings.passingOn(corpId).length === 0) return
  // Whoever writes without the address book leaves it to the next minute.
  if (!ctx.mirrors.find(corpId)) return
  const active = await activeDelegations(tx, corpId, at)
  if (active.size === 0) return
  const target = targetOf(ctx, corpId, active)
  const moved: HolderMove[] = []
  for (const one of await heldOf(tx, corpId, ids)) {
    const to = target(one)
    if (to !== one.holderId) moved.push(...(await moveHeld(tx, corpId, one, to, ids)))
  }
  await tellOfTransfers(tx, ctx, corpId, moved, at)
}

/** Periods begin and end by the minute. */
export function scheduleHolders(ctx: SettleNeeds & { jobs: Jobs }): void {
  ctx.jobs.schedule('todo-holders', '* * * * *', async () => {
    for (const corpId of await corpsToSettle(ctx.db, new Date(ctx.now())))
      try {
        await ctx.mirrors.during(corpId, () => settleHolders(ctx, corpId))
      } catch (error) {
        ctx.log.error({ corpId, ...describeError(error) }, 'delegated to-dos not settled')
      }
  })
}
