import { describeError } from '../../../platform/operation/log.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { holdLease, LeaseLost } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageRow } from '../../channels/part.ts'
import { insertMessages } from '../accept/accept-store.ts'
import type { Draft } from '../accept/outbox.ts'
import { endTold, type StopReason } from '../fate/stop-waiting.ts'
import { findMessages } from '../parts/store.ts'
import { addChildren, findPlans, lockPlans } from '../plans/plan-store.ts'
import {
  type DigestRow,
  dueDigests,
  duePersons,
  postponeDigests,
  postponeRows,
  putCollected,
  putLeft,
  rowsOfDigests,
  takeDigests,
  takeRows,
  type WaitingPerson,
} from '../plans/waiting-store.ts'
import { Again, untilSettled } from './again.ts'
import { createNoted, decideEach, draftsFor, type Fate, isCounted, writeFates } from './decisions.ts'
import { type CollectedText, digestDraft, textsOfCollected } from './digest.ts'
import { putFirstSteps } from './fallback/first-steps.ts'
import { type NotNow, type OpenCall, openCall, tried, type WaitingNeeds } from './open-call.ts'

const personsAtOnce = 200
/** Digests that close in one commit, and how many messages they have collected together, unless the first has more. */
const digestsAtOnce = 200
const collectedAtOnce = 5000
/** When persons are looked at again whose message could not be read, or whose type is paused. */
const againMs = 60_000
/** More messages than this to one person that waited for the same moment leave as one. */
const alikeAtMost = 3

/** Lets persons have what they waited for; false when nobody is due. */
export async function leavePersons(ctx: WaitingNeeds, held: ActiveTask): Promise<boolean> {
  return untilSettled(async () => {
    const rows = await duePersons(ctx.db, held.corpId, new Date(ctx.now()), personsAtOnce)
    if (rows.length > 0) await leaveOrEach(ctx, held, rows)
    return rows.length > 0
  })
}

/** What cannot be written for one person keeps back no others: each is tried alone, and looked at again later. */
async function leaveOrEach(
  ctx: WaitingNeeds,
  held: ActiveTask,
  rows: readonly WaitingPerson[],
): Promise<void> {
  try {
    await leaveRows(ctx, held, { rows, digests: [] })
  } catch (error) {
    if (error instanceof LeaseLost || error instanceof Again) throw error
    const persons = [...Map.groupBy(rows, row => row.memberId).values()]
    if (persons.length > 1) {
      for (const own of persons) await leaveOrEach(ctx, held, own)
      return
    }
    ctx.log.error({ messageId: rows[0]?.messageId, ...describeError(error) }, 'waiting message not sent')
    const ids = rows.map(row => row.id)
    await postponeRows(ctx.db, held.corpId, ids, new Date(ctx.now() + againMs))
  }
}

/** Closes digests that are due, many in one commit; false when none is. */
export async function closeDigests(ctx: WaitingNeeds, held: ActiveTask): Promise<boolean> {
  const atMost = { digests: digestsAtOnce, rows: collectedAtOnce }
  return untilSettled(async () => {
    const due = await dueDigests(ctx.db, held.corpId, new Date(ctx.now()), atMost)
    if (due.length > 0) await closeOrHalve(ctx, held, due)
    return due.length > 0
  })
}

/** A digest that cannot be written keeps back no others: it is found by halves, and looked at again later. */
async function closeOrHalve(
  ctx: WaitingNeeds,
  held: ActiveTask,
  digests: readonly DigestRow[],
): Promise<void> {
  const ids = digests.map(one => one.id)
  const rows = await rowsOfDigests(ctx.db, held.corpId, ids)
  try {
    await leaveRows(ctx, held, { rows, digests })
  } catch (error) {
    if (error instanceof LeaseLost || error instanceof Again) throw error
    const half = Math.ceil(digests.length / 2)
    if (digests.length > 1) {
      await closeOrHalve(ctx, held, digests.slice(0, half))
      return closeOrHalve(ctx, held, digests.slice(half))
    }
    ctx.log.error({ messageId: rows[0]?.messageId, ...describeError(error) }, 'waiting message not sent')
    const until = new Date(ctx.now() + againMs)
    await postponeDigests(ctx.db, held.corpId, new Map(ids.map(id => [id, until])))
  }
}

/** What was decided about rows that are due, and what is written of it. `later` are rows that nobody can decide about now. */
type Outcome = {
  rows: Map<Fate, WaitingPerson>
  later: WaitingPerson[]
  leaving: Departure[]
  digests: Digest[]
}
type Departure = { message: MessageRow; drafts: Draft[] }
type Digest = { draft: Draft; fates: Fate[]; texts: ReadonlyMap<Fate, CollectedText> }

/** `digests`: those that have collected these rows; empty where none has. */
type Batch = { rows: readonly WaitingPerson[]; digests: readonly DigestRow[] }

/** In one commit with the end of the rows. Throws Again when some of them are gone. */
async function leaveRows(ctx: WaitingNeeds, held: ActiveTask, batch: Batch): Promise<void> {
  const { corpId } = held
  const outcome = await outcomeOf(ctx, corpId, batch)
  const waiting = postponedOf(ctx, outcome)
  const ids = [...new Set(batch.rows.map(row => row.messageId))]
  await ctx.db.transaction().execute(async tx => {
    const isPaused = await lockPlans(tx, corpId, ids)
    // The others of the batch are still due, and close in the next.
    if (waiting.size > 0) await postponeDigests(tx, corpId, waiting)
    else {
      // Paused since it was read.
      if (isPaused) throw new Again()
      await write(tx, ctx, corpId, { outcome, batch })
    }
    await holdLease(tx, held.lease)
  })
  ctx.queue.kick(corpId)
}

/** Digests of which something cannot leave now, each with the time until which it waits: a digest leaves as a whole. */
function postponedOf(ctx: WaitingNeeds, { rows, later }: Outcome): Map<string, Date> {
  const waiting = new Map<string, Date>()
  const postpone = ({ digestId }: WaitingPerson, until: number) => {
    if (digestId === null) return
    const known = waiting.get(digestId)?.getTime() ?? 0
    waiting.set(digestId, new Date(Math.max(known, until)))
  }
  for (const row of later) postpone(row, ctx.now() + againMs)
  for (const [{ decision }, row] of rows)
    if (decision.do === 'wait' || decision.do === 'collect') postpone(row, decision.until)
  return waiting
}

async function outcomeOf(ctx: WaitingNeeds, corpId: string, batch: Batch): Promise<Outcome> {
  const outcome: Outcome = { rows: new Map(), later: [], leaving: [], digests: [] }
  const calls = await decideAll(ctx, corpId, batch, outcome)
  const sent = [...outcome.rows.keys()].filter(one => one.decision.do === 'send')
  const alone = new Set(sent)
  const { rows } = outcome
  // A person may have a digest for each of several types, which may be for each `about`.
  const groups = [...Map.groupBy(sent, one => rows.get(one)!.digestId ?? one.memberId).values()]
  const joined = groups.map(own => togetherOf(own, rows)).filter(together => together.length > 1)
  const texts = await textsOfCollected(ctx, joined.flat(), calls)
  for (const together of joined) {
    // Where one message cannot carry them, each goes alone.
    const { message } = together.at(-1)!
    const made = await tried(ctx, message, async () => ({
      draft: await digestDraft(ctx, together, calls, texts),
    }))
    if (!('draft' in made) || !made.draft) continue
    outcome.digests.push({ draft: made.draft, fates: together, texts })
    for (const fate of together) alone.delete(fate)
  }
  for (const [id, own] of Map.groupBy(alone, one => one.message.id)) {
    const { message } = calls.get(id)!
    const drafts = await tried(ctx, message, () => draftsFor(ctx, calls.get(id)!, own))
    if (Array.isArray(drafts)) outcome.leaving.push({ message, drafts })
    else for (const fate of own) notNow(outcome, fate, drafts)
  }
  return outcome
}

/** What is decided goes into the rows of the outcome; returns the messages that could be read. */
async function decideAll(
  ctx: WaitingNeeds,
  corpId: string,
  { rows, digests }: Batch,
  outcome: Outcome,
): Promise<Map<string, OpenCall>> {
  const ids = [...new Set(rows.map(row => row.messageId))]
  const messages = await findMessages(ctx.db, corpId, ids)
  const plans = await findPlans(ctx.db, corpId, ids)
  // What leaves as one message is one for a limit.
  const noted = digests.length > 0 ? { of: () => [] } : createNoted()
  const calls = new Map<string, OpenCall>()
  for (const [id, own] of Map.groupBy(rows, row => row.messageId)) {
    const [message, plan] = [messages.get(id), plans.get(id)]
    if (!message || !plan) continue
    const isHeld = plan.state === 'paused'
    const call = isHeld
      ? ({ isPaused: true } as const)
      : await tried(ctx, message, () => openCall(ctx, message, plan, true))
    if ('stop' in call) for (const row of own) outcome.rows.set(stopped(message, row, call.stop), row)
    else if ('isPaused' in call) outcome.later.push(...own)
    else {
      calls.set(id, call)
      const fates = await decideEach(ctx, call, own, { hasWaited: true, noted })
      for (const [at, fate] of fates.entries()) outcome.rows.set(fate, own[at]!)
    }
  }
  return calls
}

/** What was to be sent cannot be, now or for good. */
function notNow(outcome: Outcome, fate: Fate, why: NotNow): void {
  const row = outcome.rows.get(fate)!
  outcome.rows.delete(fate)
  if ('stop' in why) outcome.rows.set(stopped(fate.message, row, why.stop), row)
  else outcome.later.push(row)
}

/** Of what leaves for one person now, that which leaves as one message; the newest last. What asks for a receipt is acknowledged by itself. */
function togetherOf(own: readonly Fate[], rows: Outcome['rows']): Fate[] {
  const joined = own.filter(one => !one.type?.definition.receipt)
  const inOrder = joined.sort((a, b) => rows.get(a)!.id - rows.get(b)!.id)
  if (own.some(one => rows.get(one)!.digestId !== null)) return inOrder
  // What may go on by other channels is looked after alone.
  const normal = inOrder.filter(
    one => one.type?.definition.level === 'normal' && !one.type.definition.fallback,
  )
  return normal.length > alikeAtMost ? normal : []
}

function stopped(message: MessageRow, { memberId, userId }: WaitingPerson, cause: StopReason): Fate {
  return { message, type: undefined, memberId, userId, core: undefined, decision: { do: 'drop', cause } }
}

async function write(
  tx: Db,
  ctx: WaitingNeeds,
  corpId: string,
  { outcome, batch }: { outcome: Outcome; batch: Batch },
): Promise<void> {
  const { rows, later, leaving, digests } = outcome
  const at = new Date(ctx.now())
  const ids = [...rows.values()].map(row => row.id)
  const closed = batch.digests.map(one => one.id)
  // Whoever joins one of them afterwards opens another.
  if (!(await takeDigests(tx, corpId, closed, batch.rows.length))) throw new Again()
  if ((await takeRows(tx, corpId, ids)) !== ids.length) throw new Again()
  const postponed = later.map(row => row.id)
  await postponeRows(tx, corpId, postponed, new Date(ctx.now() + againMs))
  const digested = new Set(digests.flatMap(one => one.fates))
  await writeFates(tx, ctx, corpId, [...rows.keys()], digested)
  for (const { message, drafts } of leaving)
    await addChildren(
      tx,
      message,
      drafts.map(draft => draft.message.id),
    )
  await writeDigests(tx, corpId, digests, at)
  await putFirstSteps(tx, ctx, corpId, { fates: [...rows.keys()].filter(one => !digested.has(one)), leaving })
  await ctx.outbox.leave(tx, [...leaving.flatMap(one => one.drafts), ...digests.map(one => one.draft)])
  const messageIds = new Set([...rows.keys()].map(one => one.message.id))
  await endTold(tx, corpId, [...messageIds], { at, reason: null })
}

/** What was collected by which message, in which words, and that a digest of these types left for its person. */
async function writeDigests(tx: Db, corpId: string, digests: readonly Digest[], at: Date): Promise<void> {
  if (digests.length === 0) return
  const kept = digests.flatMap(({ fates, texts }) => fates.flatMap(one => texts.get(one)?.kept ?? []))
  await insertMessages(tx, [...new Set(kept)])
  const collected = digests.flatMap(({ draft, fates, texts }) =>
    fates.map(one => ({
      ...{ messageId: one.message.id, memberId: one.memberId, userId: one.userId },
      ...{ digestMessageId: draft.message.id, textId: texts.get(one)?.kept.id ?? null },
    })),
  )
  await putCollected(tx, corpId, collected)
  const left = digests.flatMap(({ fates }) => {
    const keys = new Set(fates.flatMap(({ type }) => (type && isCounted(type) ? [type.key] : [])))
    return [...keys].map(key => ({ key, memberId: fates[0]!.memberId }))
  })
  for (const [key, own] of Map.groupBy(left, one => one.key))
    await putLeft(tx, corpId, key, { memberIds: own.map(one => one.memberId), at, isDigest: true })
}
