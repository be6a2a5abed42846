import { resolveAudience } from '../../../organisation/directory/read/audience.ts'
import { viewOf } from '../../../organisation/directory/read/view.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { Submission, SubmitResult } from '../accept/sending.ts'
import { repeated, submit } from '../accept/submit.ts'
import { checkedTiming } from '../accept/timing.ts'
import { acceptPlan, checkWaiting } from './accept-plan.ts'
import type { WaitingNeeds } from './open-call.ts'

/** Sends a message at once, or accepts it for its time. */
export async function send(ctx: WaitingNeeds, developer: Caller, given: Submission): Promise<SubmitResult> {
  if (!given.timing) return submit(ctx, developer, given)
  try {
    const timing = checkedTiming(given.timing, ctx.now())
    if (!timing.sendAt && timing.about === undefined) {
      if (timing.expiresAt) await checkWaiting(ctx)
      return await submit(ctx, developer, given)
    }
    const view = viewOf(ctx, developer)
    const audience = await resolveAudience(ctx, view, given.receivers)
    const texts = [{ submission: given, audience }]
    return await acceptPlan(ctx, view, {
      input: { call: 'send', submission: given },
      texts,
      audience,
      timing,
    })
  } catch (error) {
    // A repetition is answered as the first was, also when its time has passed since.
    const first = error instanceof ApiError ? await repeated(ctx, developer, given) : undefined
    if (!first) throw error
    return first
  }
}
