import { viewWithExternal } from '../../../organisation/directory/read/view.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { audienceOf } from '../accept/audience.ts'
import type { Submission, SubmitResult } from '../accept/sending.ts'
import { repeated, submit } from '../accept/submit.ts'
import { checkedTiming } from '../accept/timing.ts'
import { acceptPlan, checkWaiting } from './accept-plan.ts'
import {
  type Approval,
  checkPins,
  isEverybody,
  neededApproval,
  type SendManner,
} from './for-approval/needs-approval.ts'
import type { WaitingNeeds } from './open-call.ts'

/** Sends a message at once, or accepts it for its time, or until somebody approves it. */
export async function send(
  ctx: WaitingNeeds,
  developer: Caller,
  given: Submission,
  manner: SendManner = {},
): Promise<SubmitResult> {
  const settings = ctx.sendApproval.of(developer.corpId)
  if (!given.timing && !settings.untyped) return submit(ctx, developer, given, manner.pin)
  try {
    const timing = checkedTiming(given.timing ?? {}, ctx.now())
    const approval = settings.untyped ? await approvalFor(ctx, developer, given) : undefined
    checkPins(manner, approval)
    if (!approval && !timing.sendAt && timing.about === undefined) {
      if (timing.expiresAt) await checkWaiting(ctx)
      return await submit(ctx, developer, given, manner.pin)
    }
    const view = viewWithExternal(ctx, developer)
    const audience = await audienceOf(ctx, view, given)
    const texts = [{ submission: given, audience }]
    return await acceptPlan(ctx, view, {
      input: { call: 'send', submission: given },
      texts,
      audience,
      timing,
      approval,
      alongside: manner.pin,
    })
  } catch (error) {
    // A repetition is answered as the first was, also when its time has passed since.
    const first = error instanceof ApiError ? await repeated(ctx, developer, given) : undefined
    if (!first) throw error
    return first
  }
}

async function approvalFor(
  ctx: WaitingNeeds,
  developer: Caller,
  given: Submission,
): Promise<Approval | undefined> {
  const view = viewWithExternal(ctx, developer)
  const audience = await audienceOf(ctx, view, given)
  const persons = audience.isAll ? view.mirror.members.listed : audience.members.length
  return neededApproval(ctx, view, {
    level: undefined,
    persons,
    isToAll: isEverybody(view, given.receivers, persons),
    texts: [{ submission: given, audience }],
  })
}
