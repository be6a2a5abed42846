import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import { type View, viewWithExternal } from '../../../organisation/directory/read/view.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { checkKnownByAll } from '../../../platform/upkeep/known-by-all.ts'
import { useList } from '../../message-lists/lists.ts'
import { decide } from '../../message-types/decide/decide.ts'
import {
  askedText,
  effectiveTiming,
  type Notice,
  type NotifyPlan,
  planOf,
  sendTexts,
  usableType,
} from '../accept/notify.ts'
import { everybodyIn } from '../accept/route.ts'
import type { SendingType, SubmitResult } from '../accept/sending.ts'
import { checkGroupsTaken } from '../accept/submission.ts'
import { repeated } from '../accept/submit.ts'
import { fallbackSince } from '../plans/fallback-store.ts'
import { acceptPlan, checkWaiting } from './accept-plan.ts'
import { basesOf, mayHold } from './basis.ts'
import { approvalOfNotice } from './for-approval/approval-of-notice.ts'
import { checkPins, type SendManner } from './for-approval/needs-approval.ts'
import { choosersAmong, isAlike, isPlain } from './in-one-piece.ts'
import type { WaitingNeeds } from './open-call.ts'

/** `accepted`: to how many persons it goes, by whatever channel; `waiting`: it leaves later, or its persons are decided about. */
export type NotifyAnswer = Pick<
  SubmitResult,
  'msgId' | 'invaliduser' | 'invalidparty' | 'invalidtag' | 'invalidgroup'
> & {
  accepted: number
  state: 'accepted' | 'waiting'
}

/**
 * Sends by a message type: each person gets it by the first channel of the type that reaches them. What can leave at once and alike for all
 * is accepted like any other message; the rest waits as its caller, its type and its persons say.
 */
export async function notify(
  ctx: WaitingNeeds,
  developer: Caller,
  given: Notice,
  manner: SendManner = {},
): Promise<NotifyAnswer> {
  checkOn(ctx, developer.corpId, 'message-types')
  await checkGroupsTaken(ctx, developer.corpId, given.receivers)
  const asked = askedText(given)
  try {
    return answered(await sendOrWait(ctx, developer, given, { asked, manner }))
  } catch (error) {
    // A repetition is answered as the first was, whatever has become of type, time and receivers since.
    const { requestId, type: key } = given
    const type: SendingType = { key, version: 0, asked, accepted: 0, msgId: '' }
    const first = error instanceof ApiError ? await repeated(ctx, developer, { requestId, type }) : undefined
    if (!first) throw error
    return answered(first)
  }
}

function answered({
  msgId,
  invaliduser,
  invalidparty,
  invalidtag,
  invalidgroup,
  accepted = 0,
  isWaiting = false,
}: SubmitResult): NotifyAnswer {
  return {
    msgId,
    accepted,
    invaliduser,
    invalidparty,
    invalidtag,
    ...(invalidgroup === undefined ? {} : { invalidgroup }),
    state: isWaiting ? 'waiting' : 'accepted',
  }
}

async function sendOrWait(
  ctx: WaitingNeeds,
  developer: Caller,
  given: Notice,
  { asked, manner }: { asked: string; manner: SendManner },
): Promise<SubmitResult> {
  const view = viewWithExternal(ctx, developer)
  const type = await usableType(ctx, developer, given.type)
  const timing = effectiveTiming(type, given.timing, ctx.now())
  const notice = Object.keys(timing).length > 0 ? { ...given, timing } : given
  const plan = await planOf(ctx, view, type, notice, asked)
  const isTrial = type.state === 'trial'
  const approval = isTrial ? undefined : await approvalOfNotice(ctx, view, notice.receivers, plan)
  checkPins(manner, approval)
  const isPlanned =
    approval || timing.sendAt || timing.about !== undefined || (await mayDiffer(ctx, view, plan))
  if (!isPlanned) {
    if (timing.expiresAt) await checkWaiting(ctx)
    const result = await sendTexts(ctx, view, plan, manner.pin)
    await noteUsed(ctx, developer, given)
    return result
  }
  if (type.definition.fallback) await checkKnownByAll(ctx.db, fallbackSince)
  const { texts, audience } = plan
  const input = { call: 'notify' as const, notice, version: type.version, ...(isTrial ? { isTrial } : {}) }
  return acceptPlan(ctx, view, { input, texts, audience, timing, approval, alongside: manner.pin })
}

/** What has been accepted stays accepted where the age of its list cannot be counted anew. */
async function noteUsed(ctx: WaitingNeeds, { corpId }: Caller, { toList }: Notice): Promise<void> {
  if (toList === undefined) return
  try {
    await useList(ctx.db, { corpId, listId: toList, at: ctx.now() })
  } catch (error) {
    ctx.log.warn({ corpId, ...describeError(error) }, 'list not marked as used')
  }
}

/** Whether somebody may get it later than the others, otherwise, or not at all. What has left decides where a type has a limit. */
async function mayDiffer(ctx: WaitingNeeds, view: View, { said, audience }: NotifyPlan): Promise<boolean> {
  const { type } = said
  const { corpId } = view.developer
  if (!mayHold(ctx, corpId, type)) return false
  if (!isAlike(type)) return true
  const members = audience.isAll ? await everybodyIn(view) : audience.members
  const now = ctx.now()
  const expiresAt = said.timing?.expiresAt?.getTime()
  const question = { now, acceptedAt: now, expiresAt, about: null, hasWaited: false }
  const { choosers, areOthersPlain } = await choosersAmong(ctx, corpId, type, members, question)
  if (!areOthersPlain) return true
  const ids = choosers.map(core => core.id)
  const bases = await basesOf(ctx, corpId, type, ids, question)
  return [...bases.values()].some(basis => !isPlain(decide(basis), type))
}
