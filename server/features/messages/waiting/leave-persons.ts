import { describeError } from '../../../platform/operation/log.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { holdLease, LeaseLost } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageRow } from '../../channels/part.ts'
import type { Draft } from '../accept/outbox.ts'
import { endTold, type StopReason } from '../fate/stop-waiting.ts'
import { findMessages } from '../parts/store.ts'
import { addChildren, findPlans, lockPlans } from '../plans/plan-store.ts'
import {
  type DigestRow,
  dropEmptyDigests,
  dueDigests,
  duePersons,
  postponeDigest,
  postponeRows,
  putCollected,
  putLeft,
  rowsOfDigest,
  takeDigest,
  takeRows,
  type WaitingPerson,
} from '../plans/waiting-store.ts'
import { Again, untilSettled } from './again.ts'
import { createNoted, decideEach, draftsFor, type Fate, isCounted, writeFates } from './decisions.ts'
import { digestDraft } from './digest.ts'
import { putFirstSteps } from './fallback/first-steps.ts'
import { type NotNow, type OpenCall, openCall, tried, type WaitingNeeds } from './open-call.ts'

const personsAtOnce = 200
const digestsAtOnce = 50
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
    await leaveRows(ctx, held, { rows, digest: undefined, opened: new Map() })
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

/** Closes the digests that are due; false when none is. */
export async function closeDigests(ctx: WaitingNeeds, held: ActiveTask): Promise<boolean> {
  const due = await dueDigests(ctx.db, held.corpId, new Date(ctx.now()), digestsAtOnce)
  const calls: OpenCalls = new Map()
  for (const digest of due) {
    if (held.signal.aborted) break
    await untilSettled(async () => {
      const rows = await rowsOfDigest(ctx.db, held.corpId, digest.id)
      if (rows.length > 0) return closeDigest(ctx, held, { rows, digest, opened: calls })
      await dropEmptyDigests(ctx.db, held.corpId, [digest.id])
    })
  }
  return due.length > 0
}

async function closeDigest(
  ctx: WaitingNeeds,
  held: ActiveTask,
  batch: Batch & { digest: DigestRow },
): Promise<void> {
  try {
    await leaveRows(ctx, held, batch)
  } catch (error) {
    if (error instanceof LeaseLost || error instanceof Again) throw error
    const [row] = batch.rows
    ctx.log.error({ messageId: row?.messageId, ...describeError(error) }, 'waiting message not sent')
    await postponeDigest(ctx.db, held.corpId, batch.digest.id, new Date(ctx.now() + againMs))
  }
}

/** What was decided about rows that are due, and what is written of it. `later` are rows that nobody can decide about now. */
type Outcome = { rows: Map<Fate, WaitingPerson>; later: number[]; leaving: Departure[]; digests: Digest[] }
type Departure = { message: MessageRow; drafts: Draft[] }
type Digest = { draft: Draft; fates: Fate[] }

/** Messages by id: many persons of one batch got the same. */
type OpenCalls = Map<string, OpenCall | NotNow>
/** `digest`: the one that has collected these rows. */
type Batch = { rows: readonly WaitingPerson[]; digest: DigestRow | undefined; opened: OpenCalls }

/** In one commit with the end of the rows. Throws Again when some of them are gone. */
async function leaveRows(ctx: WaitingNeeds, held: ActiveTask, batch: Batch): Promise<void> {
  const { corpId } = held
  const { digest } = batch
  const outcome = await outcomeOf(ctx, corpId, batch)
  const waitsOn = digest && postponedUntil(ctx, outcome)
  const ids = [...new Set(batch.rows.map(row => row.messageId))]
  await ctx.db.transaction().execute(async tx => {
    // Paused since it was read.
    if ((await lockPlans(tx, corpId, ids)) && !waitsOn) throw new Again()
    if (digest && waitsOn) await postponeDigest(tx, corpId, digest.id, waitsOn)
    else {
      // Whoever joins it afterwards opens another.
      if (digest && !(await takeDigest(tx, corpId, digest.id))) throw new Again()
      await write(tx, ctx, corpId, outcome)
    }
    await holdLease(tx, held.lease)
  })
  ctx.queue.kick(corpId)
}

/** A digest leaves as a whole. */
function postponedUntil(ctx: WaitingNeeds, { rows, later }: Outcome): Date | undefined {
  if (later.length > 0) return new Date(ctx.now() + againMs)
  const untils = [...rows.keys()].flatMap(({ decision }) =>
    decision.do === 'wait' || decision.do === 'collect' ? [decision.until] : [],
  )
  return untils.length > 0 ? new Date(Math.max(...untils)) : undefined
}

async function outcomeOf(ctx: WaitingNeeds, corpId: string, batch: Batch): Promise<Outcome> {
  const isDigest = batch.digest !== undefined
  const outcome: Outcome = { rows: new Map(), later: [], leaving: [], digests: [] }
  const calls = await decideAll(ctx, corpId, batch, outcome)
  const sent = [...outcome.rows.keys()].filter(one => one.decision.do === 'send')
  const alone = new Set(sent)
  for (const own of Map.groupBy(sent, one => one.memberId).values()) {
    const together = togetherOf(own, outcome, isDigest)
    if (together.length < 2) continue
    // Where one message cannot carry them, each goes alone.
    const { message } = together.at(-1)!
    const made = await tried(ctx, message, async () => ({
      draft: await digestDraft(ctx, together, calls, together[0]!.core!),
    }))
    if (!('draft' in made) || !made.draft) continue
    outcome.digests.push({ draft: made.draft, fates: together })
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
  { rows, digest, opened }: Batch,
  outcome: Outcome,
): Promise<Map<string, OpenCall>> {
  const ids = [...new Set(rows.map(row => row.messageId))]
  const messages = await findMessages(ctx.db, corpId, ids)
  const plans = await findPlans(ctx.db, corpId, ids)
  // What leaves as one message is one for a limit.
  const noted = digest ? { of: () => [] } : createNoted()
  const calls = new Map<string, OpenCall>()
  for (const [id, own] of Map.groupBy(rows, row => row.messageId)) {
    const [message, plan] = [messages.get(id), plans.get(id)]
    if (!message || !plan) continue
    const isHeld = plan.state === 'paused'
    const call = isHeld
      ? ({ isPaused: true } as const)
      : (opened.get(id) ?? (await tried(ctx, message, () => openCall(ctx, message, plan, true))))
    opened.set(id, call)
    if ('stop' in call) for (const row of own) outcome.rows.set(stopped(message, row, call.stop), row)
    else if ('isPaused' in call) outcome.later.push(...own.map(row => row.id))
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
  else outcome.later.push(row.id)
}

/** Of what leaves for one person now, that which leaves as one message; the newest last. What asks for a receipt is acknowledged by itself. */
function togetherOf(own: readonly Fate[], { rows }: Outcome, isDigest: boolean): Fate[] {
  const joined = own.filter(one => !one.type?.definition.receipt)
  const inOrder = joined.sort((a, b) => rows.get(a)!.id - rows.get(b)!.id)
  if (isDigest) return inOrder
  // What may go on by other channels is looked after alone.
  const normal = inOrder.filter(
    one => one.type?.definition.level === 'normal' && !one.type.definition.fallback,
  )
  return normal.length > alikeAtMost ? normal : []
}

function stopped(message: MessageRow, { memberId, userId }: WaitingPerson, cause: StopReason): Fate {
  return { message, type: undefined, memberId, userId, core: undefined, decision: { do: 'drop', cause } }
}

async function write(tx: Db, ctx: WaitingNeeds, corpId: string, outcome: Outcome): Promise<void> {
  const { rows, later, leaving, digests } = outcome
  const at = new Date(ctx.now())
  const ids = [...rows.values()].map(row => row.id)
  if ((await takeRows(tx, corpId, ids)).size !== ids.length) throw new Again()
  await postponeRows(tx, corpId, later, new Date(ctx.now() + againMs))
  const digested = new Set(digests.flatMap(one => one.fates))
  await writeFates(tx, ctx, corpId, [...rows.keys()], digested)
  for (const { message, drafts } of leaving)
    await addChildren(
      tx,
      message,
      drafts.map(draft => draft.message.id),
    )
  for (const { draft, fates } of digests) await writeDigest(tx, corpId, draft, fates, at)
  await putFirstSteps(tx, ctx, corpId, { fates: [...rows.keys()].filter(one => !digested.has(one)), leaving })
  await ctx.outbox.leave(tx, [...leaving.flatMap(one => one.drafts), ...digests.map(one => one.draft)])
  const messageIds = new Set([...rows.keys()].map(one => one.message.id))
  await endTold(tx, corpId, [...messageIds], { at, reason: null })
}

async function writeDigest(
  tx: Db,
  corpId: string,
  { message }: Draft,
  fates: readonly Fate[],
  at: Date,
): Promise<void> {
  const persons = fates.map(({ message: { id }, memberId, userId }) => ({ messageId: id, memberId, userId }))
  await putCollected(tx, corpId, message.id, persons)
  const types = new Set(fates.flatMap(({ type }) => (type && isCounted(type) ? [type.key] : [])))
  for (const key of types)
    await putLeft(tx, corpId, key, { memberIds: [fates[0]!.memberId], at, isDigest: true })
}
