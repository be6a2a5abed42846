import { visibleMember } from '../../../../organisation/directory/read/view.ts'
import { describeError } from '../../../../platform/operation/log.ts'
import type { ActiveTask } from '../../../../platform/queue/queue.ts'
import { holdLease, LeaseLost } from '../../../../platform/queue/queue-store.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import { wordsIn } from '../../../../platform/words.ts'
import type { ChannelName } from '../../../channels/channels.ts'
import type { MessageRow } from '../../../channels/part.ts'
import type { CodedReason } from '../../../channels/reason.ts'
import { storedReason, wordsOf } from '../../../channels/telling.ts'
import type { MessageType } from '../../../message-types/catalog.ts'
import type { Decision, DecisionBasis } from '../../../message-types/decide/decision.ts'
import type { FallbackStep } from '../../../message-types/plan.ts'
import { awakeAfter, quietEnd, quietEndForMust } from '../../../quiet-hours/quiet-end.ts'
import { draftsOf } from '../../accept/notify.ts'
import { type Draft, lockQuotas } from '../../accept/outbox.ts'
import { to } from '../../accept/route.ts'
import { endTold } from '../../fate/stop-waiting.ts'
import { readBy } from '../../marks/mark-store.ts'
import { findMessages } from '../../parts/store.ts'
import {
  collectSteps,
  dueSteps,
  dueToLeaders,
  partsOfRows,
  postponeSteps,
  putNextSteps,
  type StepRow,
  takeDue,
  type WayPart,
} from '../../plans/fallback-store.ts'
import { addChildren, findPlans, lockPlans, putSteps, type Step } from '../../plans/plan-store.ts'
import { Again, untilSettled } from '../again.ts'
import { afterWait } from '../decisions.ts'
import { givenUpAfterMs, type OpenCall, openCall, tried, type WaitingNeeds } from '../open-call.ts'
import { lostIn } from './first-steps.ts'
import { nextStep, type Way } from './next-step.ts'
import {
  type DueStep,
  decideStep,
  ended,
  later,
  type Outcome,
  type StepEnd,
  stepBases,
} from './step-outcome.ts'
import { collectForLeaders, tellLeaders } from './tell-leaders.ts'

const stepsAtOnce = 200
const leadersAtOnce = 20
const againMs = 60_000

/**
 * Goes on by the next channel for persons who were not reached, or have not looked, and tells leaders of them; false when nobody is due.
 */
export async function leaveSteps(ctx: WaitingNeeds, held: ActiveTask): Promise<boolean> {
  const { corpId } = held
  return untilSettled(async () => {
    const now = new Date(ctx.now())
    const rows = await dueSteps(ctx.db, corpId, now, stepsAtOnce)
    if (rows.length > 0)
      await takeOrEach(
        ctx,
        held,
        rows.map(row => [row]),
      )
    const told = await dueToLeaders(ctx.db, corpId, now, leadersAtOnce)
    const ofLeaders = Map.groupBy(told, row => `${row.leaderId} ${row.typeKey}`)
    if (told.length > 0) await takeOrEach(ctx, held, [...ofLeaders.values()])
    return rows.length + told.length > 0
  })
}

/** What cannot be written for one person, or one leader, keeps back no others: each is tried alone, and looked at again later. */
async function takeOrEach(
  ctx: WaitingNeeds,
  held: ActiveTask,
  groups: readonly (readonly StepRow[])[],
): Promise<void> {
  const rows = groups.flat()
  try {
    await takeSteps(ctx, held, rows)
  } catch (error) {
    if (error instanceof LeaseLost || error instanceof Again) throw error
    if (groups.length > 1) {
      for (const own of groups) await takeOrEach(ctx, held, [own])
      return
    }
    ctx.log.error({ messageId: rows[0]?.messageId, ...describeError(error) }, 'next step not taken')
    const until = new Date(ctx.now() + againMs)
    await postponeSteps(
      ctx.db,
      held.corpId,
      rows.map(row => ({ ...keyOf(row), leaderId: row.leaderId, until })),
    )
  }
}

const keyOf = ({ id, dueAt }: StepRow) => ({ id, dueAt })

/** In one commit with the end of the rows. Throws Again where some of them changed meanwhile. */
async function takeSteps(ctx: WaitingNeeds, held: ActiveTask, rows: readonly StepRow[]): Promise<void> {
  const { corpId } = held
  const { done, postponed, collected, leaving, notices } = await outcomeOf(ctx, corpId, rows)
  const at = new Date(ctx.now())
  const ids = [...new Set(rows.map(row => row.messageId))]
  await ctx.db.transaction().execute(async tx => {
    if (notices.length > 0) await lockQuotas(ctx, tx, [corpId])
    // Paused since it was read.
    if (await lockPlans(tx, corpId, ids)) throw new Again()
    const taken = await takeDue(
      tx,
      corpId,
      done.map(one => one.row),
    )
    if (taken !== done.length) throw new Again()
    await postponeSteps(
      tx,
      corpId,
      postponed.map(({ row, until }) => ({ ...keyOf(row), leaderId: row.leaderId, until: new Date(until) })),
    )
    // One moment for all of them, so that they are due together.
    const forLeaders = collected.map(({ row, leaderId, withinMs, before }) => ({
      ...keyOf(row),
      ...{ leaderId, atLast: Math.min(at.getTime() + withinMs, before - 1000) },
    }))
    await collectSteps(tx, corpId, forLeaders, at)
    await putSteps(tx, corpId, [...done.map(stepOf), ...postponed.flatMap(waitOf)], at)
    await putNextSteps(tx, corpId, done.flatMap(nextOf))
    for (const { message, drafts } of leaving) await addTexts(tx, message, drafts)
    await ctx.outbox.leave(tx, [...leaving.flatMap(one => one.drafts), ...notices], { counted: notices })
    await endTold(tx, corpId, ids, { at, reason: null })
    await holdLease(tx, held.lease)
  })
  ctx.queue.kick(corpId)
}

const addTexts = (tx: Db, message: MessageRow, drafts: readonly Draft[]) =>
  addChildren(
    tx,
    message,
    drafts.map(draft => draft.message.id),
  )

const stepOf = ({ row: { messageId, memberId }, what, channel, cause }: StepEnd): Step => ({
  ...{ messageId, memberId, what, channel, cause },
  until: null,
})

const waitOf = ({ row: { messageId, memberId }, until, cause }: Outcome['postponed'][number]): Step[] =>
  cause ? [{ messageId, memberId, what: 'wait', channel: null, cause, until: new Date(until) }] : []

const nextOf = ({ row: { id: _id, digestId: _digest, leaderId: _leader, ...row }, nextAt }: StepEnd) =>
  nextAt === undefined ? [] : [{ ...row, step: row.step + 1, dueAt: new Date(nextAt) }]

async function outcomeOf(ctx: WaitingNeeds, corpId: string, rows: readonly StepRow[]): Promise<Outcome> {
  const outcome: Outcome = { done: [], postponed: [], collected: [], leaving: [], toTell: [], notices: [] }
  const ids = [...new Set(rows.map(row => row.messageId))]
  const messages = await findMessages(ctx.db, corpId, ids)
  const plans = await findPlans(ctx.db, corpId, ids)
  const parts = Map.groupBy(await partsOfRows(ctx.db, corpId, rows), part => part.rowId)
  const waysOf = (row: StepRow) => waysIn(parts.get(row.id) ?? [], ctx.now())
  for (const [id, own] of Map.groupBy(rows, row => row.messageId)) {
    const [message, plan] = [messages.get(id), plans.get(id)]
    const call = message && plan && (await tried(ctx, message, () => openCall(ctx, message, plan, true)))
    if (call && 'isPaused' in call) later(ctx, outcome, own)
    else if (call && 'message' in call && call.type)
      await decideOf(ctx, call, call.type, own, waysOf, outcome)
    else
      for (const row of own)
        outcome.done.push(ended(row, call && 'stop' in call ? call.stop : { code: 'cancelled' }))
  }
  await tellLeaders(ctx, outcome)
  return outcome
}

async function decideOf(
  ctx: WaitingNeeds,
  call: OpenCall,
  type: MessageType,
  rows: readonly StepRow[],
  waysOf: (row: StepRow) => Way[],
  outcome: Outcome,
): Promise<void> {
  const { message, view } = call
  const { corpId } = message
  const { fallback = [], level } = type.definition
  const ids = rows.map(row => row.memberId)
  const marks = new Map((await readBy(ctx.db, corpId, message.id, ids)).map(one => [one.memberId, one]))
  const bases = await stepBases(ctx, call, ids)
  const expiresAt = level === 'must' ? Infinity : (message.expiresAt?.getTime() ?? Infinity)
  // Nobody was left out of its texts but who was not there when they were written.
  const isOld = ctx.now() - message.createdAt.getTime() > givenUpAfterMs
  const due: DueStep[] = []
  for (const row of rows) {
    const step = fallback[row.step - 1]
    const core = visibleMember(view, view.mirror.members.byId(row.memberId))
    const basis = bases.get(row.memberId)
    if (!step || !core || !basis) {
      outcome.done.push(ended(row, { code: 'receiverGone' }))
      continue
    }
    const mark = marks.get(row.memberId)
    const next = nextStep({
      step,
      ways: waysOf(row),
      isRead: mark !== undefined,
      isAcknowledged: mark?.acknowledgedAt != null,
      now: basis.now,
      passedAt: (from, minutes) => passedAt(basis, from, minutes),
    })
    if (next.do === 'end') outcome.done.push(ended(row, next.cause))
    else if (isOld && waysOf(row).length === 0) outcome.done.push(ended(row, { code: 'receiverGone' }))
    else if (expiresAt <= basis.now) outcome.done.push(ended(row, { code: 'expired' }))
    else if (next.do === 'wait') outcome.postponed.push({ row, until: Math.min(next.until, expiresAt) })
    else if (next.do === 'skip') outcome.done.push(skipped(ctx, type, row, step, next.cause))
    else {
      const decision = decideStep(basis, step.channel)
      if (decision.do === 'send') due.push({ row, step, core, cause: next.cause })
      else if (decision.do === 'drop')
        outcome.done.push(
          decision.cause.code === 'noWayWanted' && step.channel !== 'leader'
            ? skipped(ctx, type, row, step, decision.cause)
            : ended(row, decision.cause),
        )
      else outcome.postponed.push({ row, until: quietUntil(row, decision, expiresAt), cause: decision.cause })
    }
  }
  for (const [channel, own] of Map.groupBy(due, one => one.step.channel))
    if (channel === 'leader') await collectForLeaders(ctx, call, own, outcome)
    else await goBy(ctx, call, type, channel, own, outcome)
}

function quietUntil(
  { memberId }: StepRow,
  decision: Extract<Decision, { until: number }>,
  expiresAt: number,
) {
  const end = expiresAt === Infinity ? null : new Date(expiresAt)
  return Math.min(afterWait(decision.until, memberId, end).getTime(), expiresAt)
}

function passedAt({ level, corpQuietHours, choice }: DecisionBasis, from: number, minutes: number): number {
  const all = [corpQuietHours, choice?.quietHours].filter(one => one !== undefined)
  if (level === 'urgent') return from + minutes * 60_000
  return awakeAfter(all, from, minutes * 60_000, level === 'must' ? quietEndForMust : quietEnd)
}

/** When the step after one is due that was taken now, in `in` minutes or as it says. */
function afterStep(ctx: WaitingNeeds, { definition }: MessageType, { step }: StepRow, isAtOnce: boolean) {
  const next = definition.fallback?.[step]
  return next ? { nextAt: ctx.now() + (isAtOnce ? 0 : next.after * 60_000) } : {}
}

function skipped(
  ctx: WaitingNeeds,
  type: MessageType,
  row: StepRow,
  { channel }: FallbackStep,
  cause: CodedReason,
): StepEnd {
  const by = channel === 'leader' ? null : channel
  return { row, what: 'drop', channel: by, cause, ...afterStep(ctx, type, row, true) }
}

async function goBy(
  ctx: WaitingNeeds,
  { message, view, textsFor }: OpenCall,
  type: MessageType,
  channel: ChannelName,
  due: readonly DueStep[],
  outcome: Outcome,
): Promise<void> {
  const made = await tried(ctx, message, async () => {
    const texts = await textsFor(to(due.map(one => one.core)), [channel])
    return { drafts: await draftsOf(ctx, view, texts, { parentId: message.id, isAtOnce: false }) }
  })
  if ('isPaused' in made)
    return later(
      ctx,
      outcome,
      due.map(one => one.row),
    )
  if ('stop' in made)
    return void outcome.done.push(...due.map(({ row, step }) => skipped(ctx, type, row, step, made.stop)))
  outcome.leaving.push({ message, drafts: made.drafts })
  const lost = new Set(lostIn(made.drafts))
  for (const { row, cause } of due) {
    const next = afterStep(ctx, type, row, lost.has(row.userId))
    outcome.done.push({ row, what: 'send', channel, cause, ...next })
  }
}

function isOutOfBudget(kept: string | null): boolean {
  const reason = storedReason(kept ?? '')
  return typeof reason === 'object' && 'code' in reason && reason.code === 'budgetUsedUp'
}

const openStates: readonly string[] = ['waiting', 'sending', 'asking']
/** Of the pieces of one text the worst counts. */
const worst = ['open', 'failed', 'unknown', 'cancelled', 'sent'] as const satisfies Way['state'][]

function waysIn(parts: readonly WayPart[], now: number): Way[] {
  return [...Map.groupBy(parts, part => part.n).values()].map(own => {
    const states = own.map(part => [stateOf(part), part] as const)
    const state = worst.find(one => states.some(([found]) => found === one))!
    const part = states.find(([found]) => found === state)![1]
    const reason = storedReason(part.reason ?? '')
    const words = wordsOf(reason)
    const coded = typeof reason === 'object' && 'code' in reason ? { code: reason } : {}
    return {
      channel: part.channel,
      state,
      at: Math.max(...own.map(one => one.at?.getTime() ?? now)),
      reason: { zh: wordsIn('zh', words), en: wordsIn('en', words), ...coded },
    }
  })
}

function stateOf({ state, isRefused, isRecalled, reason }: WayPart): Way['state'] {
  if (openStates.includes(state)) return 'open'
  // A channel for which there is no budget does not reach them; nobody stopped the message.
  if (state === 'cancelled' && isOutOfBudget(reason)) return 'failed'
  if (isRefused) return 'failed'
  if (isRecalled) return 'cancelled'
  return state as Way['state']
}
