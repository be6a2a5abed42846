import type { Audience } from '../../../organisation/directory/read/audience.ts'
import type { View } from '../../../organisation/directory/read/view.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { checkKnownByAll } from '../../../platform/upkeep/known-by-all.ts'
import { useList } from '../../message-lists/lists.ts'
import { draftsOf, wholeOf } from '../accept/notify.ts'
import type { Alongside, Draft } from '../accept/outbox.ts'
import type { SendTime, SubmitResult } from '../accept/sending.ts'
import { checkTaken } from '../accept/submission.ts'
import {
  checkReady,
  type invalidLists,
  newDraft,
  refuseBeyondQuota,
  repeated,
  senderOf,
} from '../accept/submit.ts'
import type { Text } from '../accept/texts.ts'
import { tellResults } from '../fate/results-store.ts'
import { type AboutKey, insertAbout, lockAbout } from '../plans/about-store.ts'
import { putApproval } from '../plans/approval-store.ts'
import { insertPlan } from '../plans/plan-store.ts'
import { untilSettled } from './again.ts'
import type { Approval } from './for-approval/needs-approval.ts'
import { decideBy } from './held-calls.ts'
import { type PlanInput, sealInput, type WaitingNeeds } from './open-call.ts'
import { readEarlier, replaceEarlier } from './replace.ts'

/** The migration with which messages that wait came. */
const waitingSince = '0141-waiting-messages.sql'
/** The same of approvals. */
const approvalSince = '0146-send-approval.sql'

/** Throws 1013 while a node lives that would send at once what is to wait, or late what is to expire. */
export function checkWaiting({ db }: WaitingNeeds): Promise<void> {
  return checkKnownByAll(db, waitingSince)
}

/** A call as it would be sent now, which is how it is checked, and what is kept of it until it is due. */
export type PlannedCall = {
  input: PlanInput
  texts: readonly Text[]
  audience: Audience
  timing: SendTime
  /** Somebody else looks at it: before it leaves, or afterwards. */
  approval?: Approval | undefined
  alongside?: Alongside | undefined
}

/**
 * Accepts a call that leaves later, or whose persons are decided about one by one: its message, what it asked for and the work at its time, in
 * one commit. It counts for the corp's quota now. Throws what it would be refused with if it were sent now, and 1013 while a node lives that
 * would not know it.
 */
export async function acceptPlan(ctx: WaitingNeeds, view: View, given: PlannedCall): Promise<SubmitResult> {
  const planned = { ...given, texts: shownFirst(given) }
  await (planned.approval ? checkKnownByAll(ctx.db, approvalSince) : checkWaiting(ctx))
  const { corpId } = view.developer
  const { submission } = planned.texts[0]!
  await checkTaken(ctx, corpId, submission)
  const whole = await wholeCall(ctx, view, planned)
  const accepted = await untilSettled(async () => {
    const key = aboutKey(view, planned)
    const earlier = key && (await readEarlier(ctx, key))
    return ctx.outbox.acceptWaiting(whole, async tx => {
      if (key) await lockAbout(tx, key)
      const changed = key && earlier ? await replaceEarlier(tx, ctx, key, planned.audience, earlier) : []
      if (key) await insertAbout(tx, whole.message.id, key)
      const due = await keepPlan(tx, ctx, whole, planned)
      return async () => {
        await tellResults(tx, changed, new Date(ctx.now()))
        await enqueue(tx, [{ corpId, stream: 'message-plans' }], due)
      }
    })
  })
  if (accepted === 'beyondQuota')
    return (await repeated(ctx, view.developer, submission)) ?? refuseBeyondQuota(ctx, corpId)
  if (!accepted) return (await repeated(ctx, view.developer, submission)) ?? acceptPlan(ctx, view, planned)
  ctx.queue.kick(corpId)
  const { id, answer, receivers, truncated } = whole.message
  return {
    msgId: id,
    status: 'queued',
    ...(answer as ReturnType<typeof invalidLists>),
    ...(submission.type ? { accepted: receivers } : {}),
    ...(truncated.length > 0 ? { truncated } : {}),
    ...(submission.warnings ? { warnings: submission.warnings } : {}),
    isWaiting: true,
  }
}

/** The first text is what an approver is shown. */
function shownFirst({ texts, approval }: PlannedCall): readonly Text[] {
  const shown = approval?.shown
  return shown && texts.includes(shown) ? [shown, ...texts.filter(one => one !== shown)] : texts
}

function aboutKey({ developer }: View, { texts, timing: { about } }: PlannedCall): AboutKey | undefined {
  if (about === undefined) return undefined
  const { corpId, devId } = developer
  return { corpId, devId, typeKey: texts[0]?.submission.type?.key ?? '', about }
}

/** The message of the call, which gets its texts when it leaves. */
async function wholeCall(
  ctx: WaitingNeeds,
  view: View,
  { texts, audience, timing, alongside }: PlannedCall,
): Promise<Draft> {
  const id = texts[0]?.submission.type?.msgId ?? ctx.newId()
  const drafts =
    texts.length === 1
      ? [await onlyDraft(ctx, view, texts[0]!, audience)]
      : await draftsOf(ctx, view, texts, { parentId: id, isAtOnce: true })
  const whole = wholeOf(ctx, view, { id, texts, drafts, audience })
  const { actor, type } = texts[0]!.submission
  const persons = audience.isAll ? view.mirror.members.listed : audience.members.length
  return {
    ...whole,
    message: {
      ...whole.message,
      children: [],
      receivers: type?.accepted ?? persons,
      dueAt: timing.sendAt ?? null,
      expiresAt: timing.expiresAt ?? null,
      answer: { ...(whole.message.answer as object), isWaiting: true },
    },
    ...(actor === undefined ? {} : { actor }),
    ...(alongside ? { alongside } : {}),
  }
}

async function onlyDraft(
  ctx: WaitingNeeds,
  view: View,
  { submission, audience: own }: Text,
  { invalid }: Audience,
): Promise<Draft> {
  const agentId = await senderOf(ctx, view.developer, submission.channel, submission.agentId)
  checkReady(ctx, view.developer.corpId, submission, agentId)
  return newDraft(ctx, view, submission, agentId, { ...own, invalid })
}

/** Returns when it is due to be looked at. */
async function keepPlan(
  tx: Db,
  ctx: WaitingNeeds,
  { message: { corpId, devId, id } }: Draft,
  { input, timing, approval }: PlannedCall,
): Promise<Date> {
  const now = new Date(ctx.now())
  const leavesAt = timing.sendAt ?? now
  const isHeld = approval !== undefined && !approval.isAfter
  const dueAt = isHeld ? decideBy(leavesAt) : leavesAt
  const { call } = input
  // The list is read again then.
  const listId = call === 'notify' ? input.notice.toList : undefined
  if (listId !== undefined) await useList(tx, { corpId, listId, at: dueAt.getTime() })
  const plan = { corpId, messageId: id, devId, call, input: sealInput(ctx, input), dueAt }
  await insertPlan(tx, isHeld ? { ...plan, state: 'approval' } : plan)
  if (approval) {
    const { isAfter, cause, askedBy, sms, senders } = approval
    const state = isAfter ? 'review' : 'asked'
    await putApproval(tx, { corpId, id }, { state, cause, askedBy, askedAt: now, sms, senders })
    await checkAlerts(ctx, tx, corpId)
  }
  const { expiresAt = dueAt } = timing
  return isHeld && expiresAt < dueAt ? expiresAt : dueAt
}
