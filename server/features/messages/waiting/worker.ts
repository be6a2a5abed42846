import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { nextDue } from '../plans/waiting-store.ts'
import { leaveSteps } from './fallback/fallback.ts'
import { endHeld } from './held-calls.ts'
import { leaveCalls } from './leave-calls.ts'
import { closeDigests, leavePersons } from './leave-persons.ts'
import type { WaitingNeeds } from './open-call.ts'

/** How many corps a node works for at once: what it writes leaves by the dispatchers. */
const corpsAtOnce = 8

/** Lets leave what is due: calls, persons and digests of a corp take turns, so that none of them holds up the others. */
export function handleWaiting(ctx: WaitingNeeds): void {
  ctx.queue.handle({ name: 'message-plans', atOnce: corpsAtOnce, work: held => work(ctx, held) })
}

async function work(ctx: WaitingNeeds, held: ActiveTask): Promise<Date | undefined> {
  while (!held.signal.aborted) {
    held.reset()
    const isMore = await ctx.mirrors.during(held.corpId, async () => {
      const done = [
        await endHeld(ctx, held),
        await leaveCalls(ctx, held),
        await leavePersons(ctx, held),
        await closeDigests(ctx, held),
        await leaveSteps(ctx, held),
      ]
      return done.includes(true)
    })
    if (!isMore) return nextDue(ctx.db, held.corpId)
  }
  return undefined
}
