import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Actor } from '../../../platform/audit/actor.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { createSlots } from '../../../platform/http/waiting/slots.ts'
import { dayOf } from '../../../platform/operation/day.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { createBatcher } from '../../../platform/storage/batcher.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { channelOf } from '../../channels/channels.ts'
import type { MessagePart, NewPart } from '../../channels/part.ts'
import { nameFiles } from '../../message-media/give.ts'
import { filesOf } from '../../message-media/message-files.ts'
import { type PaymentNeeds, payAtOnce } from '../deliver/payments.ts'
import { waysOf } from '../deliver/ways.ts'
import { type Batch, type DueTask, enqueueParts, leaseMs, partsOf } from '../parts/parts.ts'
import {
  type InsertedPart,
  insertParts,
  type MessageWithAudience,
  putResults,
  type Result,
} from '../parts/store.ts'
import { freeRequestIds, insertMessages } from './accept-store.ts'
import { addMessageDays, lockMessageDays } from './message-day-store.ts'

type Needs = PaymentNeeds & { mirrors: Mirrors }

/** A message to accept, divided into the receivers of each call to upstream. */
export type Draft = {
  message: MessageWithAudience
  content: object
  batches: Batch[]
  results: Result[]
  actor?: string
  /** The caller who sends it: it is stored in a batch with messages of others. */
  by: Actor | undefined
  alongside?: Alongside
}

/** What is stored with a message in one commit: what it throws undoes all of it. `undo` takes it back where upstream refused the message (1008). */
export type Alongside = {
  write(tx: Db, messageId: string): Promise<void>
  undo?(tx: Db, messageId: string): Promise<void>
}

/** `parts` are those that this node must send now, out of `count` in all. */
export type AcceptedDraft = { parts: MessagePart[]; count: number }

/**
 * `beyondQuota`: it was not accepted, because the corp has no room for it today; undefined when the requestId was used before.
 */
export type Acceptance = AcceptedDraft | 'beyondQuota' | undefined

/** Writes messages to the database, many in one commit. */
export type Outbox = {
  /** Resolves once the message is durable. */
  accept(draft: Draft): Promise<Acceptance>
  /** The same for a message that has its texts in others, all in one commit: the acceptances of those, in their order. */
  acceptTexts(whole: Draft, texts: readonly Draft[]): Promise<AcceptedDraft[] | 'beyondQuota' | undefined>
  /** The same for a message that leaves later: `write` stores in its transaction what will be sent. */
  acceptWaiting(
    whole: Draft,
    write: (tx: Db) => Promise<LastWrite>,
  ): Promise<'accepted' | 'beyondQuota' | undefined>
  /** Writes what leaves of messages that were accepted before. The dispatchers send it. Call it at the transaction's end. */
  leave(tx: Db, texts: readonly Draft[], more?: LeaveOptions): Promise<void>
}

/** What comes behind the count of the corp's day in a transaction: whom it tells, and the work that is due. */
export type LastWrite = () => Promise<void>

/** `counted`: those of the texts that the corp's day does not count yet. `lookAt`: the corp in which causes of alerts are looked for. */
type LeaveOptions = { counted?: readonly Draft[]; lookAt?: string | undefined }

const batchAtMost = 200
const requestIdMs = 86_400_000

/** A message to more people than this is written in a transaction of its own, one of each developer at a time. */
const wideAbove = 100
const wideWaiting = 1000

/** `roomFor`: how many more calls this node may begin by a channel. */
export function createOutbox(ctx: Needs, roomFor: RoomFor): Outbox {
  const accept = createBatcher((drafts: Draft[]) => acceptAll(ctx, drafts, roomFor), batchAtMost)
  const withSlot = createSlots(1, wideWaiting)
  const acceptAlone = async (draft: Draft) => (await acceptAll(ctx, [draft], roomFor))[0]
  return {
    // A message to thousands has a transaction of its own, because everyone in the same batch would wait for it.
    accept: async draft =>
      isWide(draft) || draft.alongside
        ? withSlot(draft.message.devId, () => acceptAlone(draft))
        : accept(draft),
    acceptTexts: async (whole, texts) =>
      withSlot(whole.message.devId, () => acceptTexts(ctx, whole, texts, roomFor)),
    acceptWaiting: async (whole, write) =>
      withSlot(whole.message.devId, () => acceptWaiting(ctx, whole, write)),
    async leave(tx, texts, { counted = [], lookAt } = {}) {
      await writeAccepted(ctx, tx, await insertNew(ctx, tx, texts), { counted, lookAt }, () => 0)
    },
  }
}

function isWide({ message, batches, results }: Draft): boolean {
  const named = batches.reduce((sum, batch) => sum + batch.userIds.length, results.length)
  return message.audience !== null || named > wideAbove
}

type RoomFor = (channel: string) => number

async function acceptAll(ctx: Needs, asked: Draft[], roomFor: RoomFor): Promise<Acceptance[]> {
  return ctx.db.transaction().execute(async tx => {
    const beyond = await beyondQuota(ctx, tx, asked)
    const accepted = await insertNew(
      ctx,
      tx,
      asked.filter(draft => !beyond.has(draft)),
    )
    for (const draft of accepted) await draft.alongside?.write(tx, draft.message.id)
    const written = await writeAccepted(ctx, tx, accepted, { counted: accepted }, roomFor)
    const taken = new Map(written.map((one, index) => [accepted[index], one]))
    return asked.map(draft => (beyond.has(draft) ? 'beyondQuota' : taken.get(draft)))
  })
}

/** The whole is what counts, for the corp's quota and its days: it is what was asked for. */
async function acceptTexts(
  ctx: Needs,
  whole: Draft,
  texts: readonly Draft[],
  roomFor: RoomFor,
): Promise<AcceptedDraft[] | 'beyondQuota' | undefined> {
  return ctx.db.transaction().execute(async tx => {
    if ((await beyondQuota(ctx, tx, [whole])).size > 0) return 'beyondQuota'
    if ((await insertNew(ctx, tx, [whole])).length === 0) return undefined
    const accepted = await insertNew(ctx, tx, texts)
    await whole.alongside?.write(tx, whole.message.id)
    return writeAccepted(ctx, tx, accepted, { counted: [whole] }, roomFor)
  })
}

async function acceptWaiting(
  ctx: Needs,
  whole: Draft,
  write: (tx: Db) => Promise<LastWrite>,
): Promise<'accepted' | 'beyondQuota' | undefined> {
  return ctx.db.transaction().execute(async tx => {
    if ((await beyondQuota(ctx, tx, [whole])).size > 0) return 'beyondQuota'
    if ((await insertNew(ctx, tx, [whole])).length === 0) return undefined
    await whole.alongside?.write(tx, whole.message.id)
    if (whole.actor !== undefined) await recordSend(ctx, tx, whole, whole.actor)
    const writeLast = await write(tx)
    await addMessageDays(tx, [whole.message])
    await writeLast()
    return 'accepted'
  })
}

/** Stores messages; returns those whose requestIds were free. */
async function insertNew(ctx: Needs, tx: Db, drafts: readonly Draft[]): Promise<Draft[]> {
  const keys = drafts.flatMap(({ message: { corpId, devId, requestId } }) =>
    requestId ? [{ corpId, devId, requestId }] : [],
  )
  await freeRequestIds(tx, keys, new Date(ctx.now() - requestIdMs))
  const isNew = await insertMessages(
    tx,
    drafts.map(draft => draft.message),
  )
  const fresh = drafts.filter(draft => isNew.has(draft.message.id))
  await nameFiles(
    tx,
    ctx,
    fresh.map(({ message: { corpId, id }, content }) => ({ corpId, messageId: id, files: filesOf(content) })),
  )
  return fresh
}

/** `counted` are those that the corps' days count, and that are acts of administrators. */
type ExtraRows = LeaveOptions & { counted: readonly Draft[] }

/**
 * Writes what follows from accepted messages. All transactions about messages lock in the order that ARCHITECTURE.md gives, which here is:
 * messages, budgets, what channels count, parts, the look for alerts, the day, the tasks of channels.
 */
async function writeAccepted(
  ctx: Needs,
  tx: Db,
  accepted: Draft[],
  { counted, lookAt }: ExtraRows,
  roomFor: RoomFor,
): Promise<AcceptedDraft[]> {
  const at = new Date(ctx.now())
  for (const [name, own] of Map.groupBy(accepted, draft => draft.message.channel))
    await channelOf(name).accepted?.(tx, own)
  const claimed = claimedParts(ctx, accepted, roomFor)
  const messages = new Map(accepted.map(({ message }) => [message.id, message]))
  const held: NewPart[] = []
  await payAtOnce(ctx, tx, claimed, messages)
  // What a channel counts is locked in one order.
  const byChannel = [...Map.groupBy(claimed, part => part.channel)].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, own] of byChannel) {
    const going = own.filter(part => part.state === 'sending')
    held.push(...((await channelOf(name).prepare?.(ctx, tx, going, messages)) ?? []))
  }
  const parts = [...claimed, ...renumbered(held, claimed)]
  const rows = await insertParts(tx, withStart(parts, at))
  await putResults(
    tx,
    accepted.flatMap(({ message: { corpId }, results }) => results.map(one => ({ ...one, corpId }))),
    at,
  )
  for (const draft of counted) if (draft.actor !== undefined) await recordSend(ctx, tx, draft, draft.actor)
  if (lookAt !== undefined) await checkAlerts(ctx, tx, lookAt)
  // These come last because they make others of the corp wait until the commit.
  await addMessageDays(
    tx,
    counted.map(({ message }) => message),
  )
  await enqueueParts(tx, dueOf(accepted, parts, ctx.now()))
  return acceptedOf(accepted, parts, rows)
}

type QuotaNeeds = { corps: Corps; now(): number }

/** Locks today's count of those of these corps that have a quota, before all else: whoever counts there comes after. Returns the counts. */
export function lockQuotas(
  ctx: QuotaNeeds,
  tx: Db,
  corpIds: readonly string[],
): Promise<Map<string, number>> {
  const limited = corpIds.filter(id => ctx.corps.find(id)?.quotas.messagesPerDay !== undefined)
  return lockMessageDays(tx, [...new Set(limited)], dayOf(ctx.now()))
}

/**
 * The drafts for which their corps' quotas of messages have no room any more, in the order in which they came. What alerts say is counted
 * and goes out all the same: it may be about this.
 */
async function beyondQuota(ctx: QuotaNeeds, tx: Db, drafts: readonly Draft[]): Promise<ReadonlySet<Draft>> {
  const quotaOf = (corpId: string) => ctx.corps.find(corpId)?.quotas.messagesPerDay
  const limited = drafts.filter(({ message }) => quotaOf(message.corpId) !== undefined)
  const used = await lockQuotas(
    ctx,
    tx,
    drafts.map(draft => draft.message.corpId),
  )
  const beyond = new Set<Draft>()
  for (const draft of limited) {
    const { corpId, aboutAlert } = draft.message
    const before = used.get(corpId) ?? 0
    if (before >= (quotaOf(corpId) ?? 0) && !aboutAlert) beyond.add(draft)
    else used.set(corpId, before + 1)
  }
  return beyond
}

/** From the start of the attempt on, the part may have arrived. */
function withStart(parts: NewPart[], at: Date): NewPart[] {
  return parts.map(part => (part.state === 'sending' ? { ...part, unsureSince: at } : part))
}

/**
 * When accepted parts are due. Those that go out now are due at the end of their lease, in case this node dies
 * before.
 */
function dueOf(drafts: readonly Draft[], parts: readonly NewPart[], now: number): DueTask[] {
  const earliest = new Map<string, DueTask>()
  const take = (one: DueTask) => {
    const key = `${one.corpId} ${one.channel}`
    const known = earliest.get(key)
    if (!known || known.at > one.at) earliest.set(key, one)
  }
  for (const { corpId, channel, nextAttemptAt, afterN } of parts)
    if (afterN === null) take({ corpId, channel, at: nextAttemptAt })
  for (const { message } of drafts)
    if (message.expandedTo !== null)
      take({ corpId: message.corpId, channel: message.channel, at: new Date(now) })
  return [...earliest.values()]
}

/** The parts to send now, completed with what the database assigned. */
function acceptedOf(drafts: Draft[], parts: NewPart[], rows: InsertedPart[]): AcceptedDraft[] {
  const inserted = Map.groupBy(rows, row => row.messageId)
  const ofMessages = Map.groupBy(parts, part => part.messageId)
  return drafts.map(({ message }) => {
    const own = ofMessages.get(message.id) ?? []
    const ownRows = new Map(inserted.get(message.id)?.map(row => [row.n, row]))
    const going = own.flatMap((part): MessagePart[] => {
      const row = ownRows.get(part.n)
      if (part.state !== 'sending' || !row) return []
      return [{ ...part, id: row.id, isChecked: row.isChecked, was: 'waiting', lackedAt: null }]
    })
    return { count: own.length, parts: going }
  })
}

function recordSend(ctx: Core, tx: Db, { message, by }: Draft, actor: string): Promise<void> {
  const { id, corpId, channel, agentName } = message
  const detail = { channel, agentName }
  return record(tx, ctx, { corpId, actor, act: 'message.send', target: id, detail }, by)
}

/**
 * First parts are written as already claimed by the accepting node, which saves a second transaction before the call.
 * Parts that exceed the free calls or follow another part wait for the dispatcher.
 */
function claimedParts(ctx: Needs, drafts: Draft[], roomFor: RoomFor): NewPart[] {
  const now = ctx.now()
  const parts = drafts.flatMap(draft => partsOf(ctx, draft, draft.batches, 1, new Date(now)))
  const room = new Map<string, number>()
  for (const part of parts) {
    if (part.afterN !== null) continue
    const left = room.getOrInsertComputed(part.channel, roomFor)
    if (left <= 0) continue
    room.set(part.channel, left - 1)
    part.state = 'sending'
    part.attempts = 1
    const [way] = waysOf(ctx, part.corpId, part.channel)
    part.ways = way ? [way.name] : null
    part.account = way?.account ?? null
    part.nextAttemptAt = new Date(now + leaseMs)
  }
  return parts
}

function renumbered(held: NewPart[], parts: NewPart[]): NewPart[] {
  const last = new Map<string, number>()
  for (const part of parts) last.set(part.messageId, Math.max(last.get(part.messageId) ?? 0, part.n))
  return held.map(part => {
    const n = (last.get(part.messageId) ?? 0) + 1
    last.set(part.messageId, n)
    return { ...part, n }
  })
}
