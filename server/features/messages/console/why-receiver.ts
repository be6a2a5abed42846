import type { Language } from '../../../platform/words.ts'
import type { MessageRow } from '../../channels/part.ts'
import { type WhyAnswer, whyOf } from '../fate/why.ts'
import type { Receiver } from '../fate/why-store.ts'
import { isWhole, type PlanRow } from '../plans/plan-store.ts'
import { openCall, type WaitingNeeds } from '../waiting/open-call.ts'

/** What became of a message for one person and why, also of a call whose persons nobody has decided about. Throws 1000 for somebody who is no receiver. */
export function whyOfReceiver(
  ctx: WaitingNeeds,
  message: MessageRow,
  receiver: Receiver,
  language: Language,
  devId?: string,
): Promise<WhyAnswer> {
  const isMeant = (plan: PlanRow) => isAmong(ctx, message, plan, receiver)
  return whyOf(ctx, message, receiver, language, { isMeant, devId })
}

/** Whether a call that waits as a whole, or was cancelled so, names the person; yes where nobody can say it any more. */
async function isAmong(
  ctx: WaitingNeeds,
  message: MessageRow,
  plan: PlanRow,
  { id }: Receiver,
): Promise<boolean> {
  if (!isWhole(plan) && plan.state !== 'cancelled') return false
  const opened = await openCall(ctx, message, plan)
  if (!('audience' in opened)) return true
  const { isAll, members } = opened.audience
  return isAll || members.some(core => core.id === id)
}
