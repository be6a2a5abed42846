import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Audience } from '../../../organisation/directory/read/audience.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { holdLease, LeaseLost } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageRow } from '../../channels/part.ts'
import type { WaitingReason } from '../../channels/reason.ts'
import { keptReason, storedReason } from '../../channels/telling.ts'
import type { Draft } from '../accept/outbox.ts'
import { everybodyIn, to } from '../accept/route.ts'
import type { SendAnswer } from '../accept/sending.ts'
import { endTold, type StopReason, stopWaiting } from '../fate/stop-waiting.ts'
import { findMessage } from '../parts/store.ts'
import { approvalOf } from '../plans/approval-store.ts'
import {
  addChildren,
  cancelledOf,
  duePlans,
  lockPlan,
  type PlanRow,
  postponePlan,
  putCancelled,
  setDivided,
  setPeople,
} from '../plans/plan-store.ts'
import { Again, untilSettled } from './again.ts'
import { mayHold } from './basis.ts'
import { createNoted, decideEach, draftsFor, draftsForAll, type Fate, writeFates } from './decisions.ts'
import { putFirstSteps } from './fallback/first-steps.ts'
import { askAgain, type NeededWhenDue, neededWhenDue } from './for-approval/ask-again.ts'
import { type InOnePiece, inOnePiece } from './in-one-piece.ts'
import { type OpenCall, openCall, orStop, type WaitingNeeds } from './open-call.ts'

const callsAtOnce = 20
/** When a call is looked at again whose type is paused, or that could not be read. */
const againMs = 30_000
const givenUpAfterMs = 86_400_000

/** Lets calls leave that are due, of each developer in turn; false when none is. */
export async function leaveCalls(ctx: WaitingNeeds, held: ActiveTask): Promise<boolean> {
  const due = await duePlans(ctx.db, held.corpId, new Date(ctx.now()), callsAtOnce)
  for (const plan of due) {
    if (held.signal.aborted) break
    try {
      await untilSettled(() => leaveCall(ctx, held, plan))
    } catch (error) {
      if (error instanceof LeaseLost) throw error
      // One call that cannot be read must not keep back those of others.
      ctx.log.error({ messageId: plan.messageId, ...describeError(error) }, 'waiting message not sent')
      await lookLater(ctx, held, plan, unreadable(error))
    }
  }
  return due.length > 0
}

function unreadable(error: unknown): WaitingReason {
  const text = describeError(error).error.slice(0, 400)
  return { code: 'refusedWhenDue', zh: text, en: text }
}

/** One call, whole: its persons leave, wait or do not get it, in one commit with its plan. */
async function leaveCall(ctx: WaitingNeeds, held: ActiveTask, plan: PlanRow): Promise<void> {
  const { corpId, messageId: id } = plan
  const message = await findMessage(ctx.db, { corpId, id })
  if (!message) return
  if (message.expiresAt && message.expiresAt.getTime() <= ctx.now())
    return stop(ctx, held, message, { code: 'expired' })
  const call = await openCall(ctx, message, plan)
  if ('stop' in call) return stop(ctx, held, message, call.stop)
  if ('isPaused' in call) return lookLater(ctx, held, plan, { code: 'typePaused' })
  const before = await cancelledOf(ctx.db, message)
  const audience = await without(call, before)
  const isNobody = !audience.isAll && audience.members.length === 0
  if (isNobody) return stop(ctx, held, message, lastReason(before))
  // What has begun to leave goes on.
  const isFirst = plan.dividedTo === null
  const again: { needed?: NeededWhenDue | undefined } | { stop: StopReason } = isFirst
    ? await orStop(async () => ({ needed: await neededWhenDue(ctx, call, audience) }))
    : {}
  if ('stop' in again) return stop(ctx, held, message, again.stop)
  const needed = 'needed' in again ? again.needed : undefined
  const whole = isFirst && isHeldForSome(ctx, call) ? await inOnePiece(ctx, call, audience) : undefined
  const piece = whole ? asPiece(whole) : await pieceOf(ctx, call, audience, plan.dividedTo)
  const fates = whole?.fates ?? (piece && (await decidePiece(ctx, call, piece)))
  const drafts = await orStop(async () => [
    ...(fates ? await draftsFor(ctx, call, fates) : []),
    ...(fates && !whole ? [] : await draftsForAll(ctx, call, whole?.others ?? audience)),
  ])
  if ('stop' in drafts) return stop(ctx, held, message, drafts.stop)
  await ctx.db.transaction().execute(async tx => {
    const locked = await lockPlan(tx, message)
    // It was cancelled since, or another node goes on with it.
    if (locked?.state !== 'waiting' || locked.dividedTo !== plan.dividedTo) return
    if ((await cancelledOf(tx, message)).size !== before.size) throw new Again()
    const isHeld = needed !== undefined && (await askAgain(tx, ctx, call, needed))
    const lookAt = needed && message.corpId
    if (!isHeld) await writeLeaving(tx, ctx, { call, audience, piece, fates, drafts, before, lookAt })
    await holdLease(tx, held.lease)
  })
  ctx.queue.kick(corpId)
}

/** Those who are still to get it. */
async function without({ view, audience }: OpenCall, before: ReadonlyMap<string, string>): Promise<Audience> {
  if (before.size === 0) return audience
  const members = audience.isAll ? await everybodyIn(view) : audience.members
  return { ...to(members.filter(core => !before.has(core.userId))), invalid: audience.invalid }
}

function lastReason(before: ReadonlyMap<string, string>): StopReason {
  const kept = [...before.values()].at(-1)
  const reason = kept === undefined ? undefined : storedReason(kept)
  return typeof reason === 'object' && 'code' in reason ? (reason as StopReason) : { code: 'receiverGone' }
}

/** Persons who are decided about in one commit: more would hold what they lock for seconds. */
const dividedAtOnce = 5000

/** Who is decided about now, out of `total`; `isLast`: nobody follows. `after`: up to whom it was divided before. */
type Piece = { members: readonly MemberCore[]; isLast: boolean; isFirst: boolean; total: number }

export function nextPiece(members: readonly MemberCore[], after: number | null, atMost: number): Piece {
  const left = members.filter(core => core.id > (after ?? 0)).sort((a, b) => a.id - b.id)
  const isLast = left.length <= atMost
  return { members: left.slice(0, atMost), isLast, isFirst: after === null, total: members.length }
}

const asPiece = ({ total }: InOnePiece): Piece => ({ members: [], isLast: true, isFirst: true, total })

const isHeldForSome = (ctx: WaitingNeeds, { type, message }: OpenCall) =>
  type !== undefined && mayHold(ctx, message.corpId, type)

/** Undefined where nobody is decided about: it goes to all alike. */
async function pieceOf(
  ctx: WaitingNeeds,
  call: OpenCall,
  audience: Audience,
  after: number | null,
): Promise<Piece | undefined> {
  if (!call.type || (after === null && !isHeldForSome(ctx, call))) return undefined
  const { view } = call
  const members = audience.isAll ? await everybodyIn(view) : audience.members
  return nextPiece(members, after, dividedAtOnce)
}

function decidePiece(ctx: WaitingNeeds, call: OpenCall, { members }: Piece): Promise<Fate[]> {
  const persons = members.map(({ id: memberId, userId }) => ({ memberId, userId }))
  return decideEach(ctx, call, persons, { hasWaited: false, noted: createNoted() })
}

type Departure = {
  call: OpenCall
  audience: Audience
  piece: Piece | undefined
  fates: readonly Fate[] | undefined
  drafts: readonly Draft[]
  before: ReadonlyMap<string, string>
  /** The corp, where somebody is to look at it after it left. */
  lookAt: string | undefined
}

async function writeLeaving(tx: Db, ctx: WaitingNeeds, leaving: Departure): Promise<void> {
  const { call, audience, piece, fates, drafts, before, lookAt } = leaving
  const { message } = call
  const { corpId, id } = message
  const at = new Date(ctx.now())
  const lost = goneSince(message, audience).filter(userId => !before.has(userId))
  const reason = keptReason({ code: 'receiverGone' })
  await putCancelled(
    tx,
    corpId,
    lost.map(userId => ({ messageId: id, userId, reason })),
    at,
  )
  if (fates) await writeFates(tx, ctx, corpId, fates)
  const hasSteps =
    fates !== undefined && (await putFirstSteps(tx, ctx, corpId, { fates, leaving: [{ message, drafts }] }))
  const persons = piece?.total ?? (audience.isAll ? call.view.mirror.members.listed : audience.members.length)
  await addChildren(
    tx,
    message,
    drafts.map(draft => draft.message.id),
    persons + before.size + lost.length,
  )
  const last = piece?.members.at(-1)
  if (piece && last && !piece.isLast) {
    await setDivided(tx, message, last.id)
    return ctx.outbox.leave(tx, drafts, { lookAt })
  }
  const someWait =
    hasSteps || (fates?.some(({ decision }) => decision.do === 'wait' || decision.do === 'collect') ?? false)
  if (someWait || piece?.isFirst === false) await setPeople(tx, message)
  await ctx.outbox.leave(tx, drafts, { lookAt })
  if (!someWait) await endTold(tx, corpId, [id], { at, reason: null })
}

/** Persons, robots and chats that the call named, and that were there when it was accepted. */
function goneSince({ answer }: MessageRow, { invalid }: Audience): string[] {
  const { invaliduser = '', invalidrobot = '', invalidchat = '' } = answer as Partial<SendAnswer>
  const wrong = new Set([invaliduser, invalidrobot, invalidchat].flatMap(ids => ids.split('|')))
  return [...invalid.users, ...(invalid.places?.ids ?? [])].filter(userId => !wrong.has(userId))
}

async function stop(
  ctx: WaitingNeeds,
  held: ActiveTask,
  message: MessageRow,
  reason: StopReason,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await stopWaiting(tx, message, reason, { receivers: message.receivers }, new Date(ctx.now()))
    await holdLease(tx, held.lease)
  })
}

/** A day after its time it is given up. */
async function lookLater(
  ctx: WaitingNeeds,
  held: ActiveTask,
  plan: PlanRow,
  reason: WaitingReason,
): Promise<void> {
  const { corpId, messageId: id } = plan
  const message = await findMessage(ctx.db, { corpId, id })
  if (!message) return
  // Approval, or a pause, may have taken longer than a day.
  const approvedAt = (await approvalOf(ctx.db, message))?.decidedAt?.getTime() ?? 0
  const since = Math.max(
    (message.dueAt ?? message.createdAt).getTime(),
    approvedAt,
    plan.resumedAt?.getTime() ?? 0,
  )
  if (ctx.now() - since > givenUpAfterMs) return stop(ctx, held, message, reason)
  await ctx.db.transaction().execute(async tx => {
    await postponePlan(tx, plan, new Date(ctx.now() + againMs))
    await holdLease(tx, held.lease)
  })
}
