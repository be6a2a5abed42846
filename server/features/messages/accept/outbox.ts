import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Actor } from '../../../platform/audit/actor.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { createSlots } from '../../../platform/http/waiting/slots.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { enqueueEach } from '../../../platform/queue/queue-store.ts'
import { createBatcher } from '../../../platform/storage/batcher.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import { type ChannelRefusal, corpsNewlyRefused, putRefusals } from '../../channels/refusal-store.ts'
import { tellResults } from '../fate/results-store.ts'
import type { MessageWithAudience, NewPart, Part, Result } from '../outbox/store.ts'
import * as store from '../outbox/store.ts'
import { addParts, freeRequestIds, type InsertedPart, insertMessages, insertParts } from './accept-store.ts'
import { arrivalsOf } from './arrivals.ts'
import { addMessageDays } from './message-day-store.ts'
import { beyondQuota } from './quota.ts'

type Needs = Core & { corps: Corps; developers: Developers; messageSettings: Setups; mirrors: Mirrors }

/** How long after a node's last sign of life its calls are given up, since nobody knows what became of them. */
export const leaseMs = 60_000

/** A message to accept, divided into the receivers of each call to upstream. */
export type Draft = {
  message: MessageWithAudience
  content: object
  batches: Batch[]
  results: Result[]
  actor?: string
  /** The caller who sends it: it is stored in a batch with messages of others. */
  by: Actor | undefined
}
export type Batch = { userIds: string[]; memberIds: number[] }

/**
 * `parts` are those that this node must send now, out of `count` in all; undefined when the requestId was used
 * before.
 */
export type AcceptedDraft = { parts: Part[]; count: number } | undefined

/** `beyondQuota`: it was not accepted, because the corp has no room for it today. */
export type Acceptance = AcceptedDraft | 'beyondQuota'

/** What became of an attempt. `parts` replace a part that was divided. */
export type Recorded = {
  part: Part
  change: store.PartChange
  attempt: store.Attempt | undefined
  results: Result[]
  parts: NewPart[]
  /** By which what was sent can be changed later. */
  responseCode?: string | undefined
  /** Upstream refused the channel because of its credentials or settings. */
  refusal?: ChannelRefusal | undefined
  /**
   * The part was sent, and if the database forgets this, repeating the same bytes is safe under WeCom's duplicate
   * check. See docs/decisions/message-records-without-a-flush.md.
   */
  isRepeatable: boolean
}

/** Writes messages and attempts to the database, many in one commit. */
export type Outbox = {
  /** Resolves once the message is durable. */
  accept(draft: Draft): Promise<Acceptance>
  /** Records an attempt. A crash of PostgreSQL may lose only records that are repeatable. */
  record(recorded: Recorded): Promise<void>
}

const batchAtMost = 200
const requestIdMs = 86_400_000

/** A message to more people than this is written in a transaction of its own, one of each developer at a time. */
const wideAbove = 100
const wideWaiting = 1000

export function createOutbox(ctx: Needs, roomFor: RoomFor): Outbox {
  const recorder = (isFlushed: boolean) =>
    createBatcher(async (recorded: Recorded[]) => {
      await recordAll(ctx, recorded, isFlushed)
      return recorded.map(() => undefined)
    }, batchAtMost)
  const durably = recorder(true)
  const soon = recorder(false)
  const accept = createBatcher((drafts: Draft[]) => acceptAll(ctx, drafts, roomFor), batchAtMost)
  const withSlot = createSlots(1, wideWaiting)
  const acceptAlone = async (draft: Draft) => (await acceptAll(ctx, [draft], roomFor))[0]
  return {
    // A message to thousands has a transaction of its own, because everyone in the same batch would wait for it.
    accept: async draft =>
      isWide(draft) ? withSlot(draft.message.devId, () => acceptAlone(draft)) : accept(draft),
    record: one => (one.isRepeatable ? soon(one) : durably(one)),
  }
}

function isWide({ message, batches, results }: Draft): boolean {
  const named = batches.reduce((sum, batch) => sum + batch.userIds.length, results.length)
  return message.audience !== null || named > wideAbove
}

async function recordAll(ctx: Needs, recorded: Recorded[], isFlushed: boolean): Promise<void> {
  const changes = recorded.map(({ part: { corpId }, change }) => ({ ...change, corpId }))
  const attempts = recorded.flatMap(({ part: { corpId }, attempt }) =>
    attempt ? { ...attempt, corpId } : [],
  )
  const arrivals = arrivalsOf(recorded.map(({ part, change }) => ({ ...part, state: change.state })))
  const following = recorded.filter(one => isFollowed(ctx, one))
  // Usually there is nothing else to write, and a single statement needs no transaction.
  if (following.length === 0) {
    await store.endAttempts(ctx.db, changes, attempts, arrivals, isFlushed)
    return
  }
  await ctx.db.transaction().execute(async tx => {
    const changed = await store.endAttempts(tx, changes, attempts, arrivals)
    await recordWhatFollows(
      ctx,
      tx,
      following.filter(one => changed.has(one.change.id)),
    )
  })
}

/** Whether more than the part itself is written down. */
function isFollowed(ctx: Needs, one: Recorded): boolean {
  const { results, parts, refusal, responseCode } = one
  return (
    results.length + parts.length > 0 ||
    responseCode !== undefined ||
    refusal !== undefined ||
    dueAfter(one, ctx.now()).length > 0 ||
    isTold(ctx, one)
  )
}

/**
 * Only for records that changed their part. One that is repeated, because its commit was not heard of, must not divide the part
 * or tell its developer a second time.
 */
async function recordWhatFollows(ctx: Needs, tx: Db, changed: readonly Recorded[]): Promise<void> {
  const at = new Date(ctx.now())
  await store.putResults(
    tx,
    changed.flatMap(({ part: { corpId }, results }) => results.map(one => ({ ...one, corpId }))),
    at,
  )
  await addParts(
    tx,
    changed.flatMap(one => one.parts),
  )
  for (const [name, own] of Map.groupBy(changed, one => one.part.channel))
    await channelOf(name).answered?.(tx, own, at)
  const refusals = changed.flatMap(one => one.refusal ?? [])
  for (const corpId of await corpsNewlyRefused(tx, refusals)) await checkAlerts(ctx, tx, corpId)
  await putRefusals(tx, refusals, at)
  await enqueueParts(
    tx,
    changed.flatMap(one => dueAfter(one, ctx.now())),
  )
  await tellResults(
    tx,
    changed.flatMap(one => (isTold(ctx, one) ? { corpId: one.part.corpId, id: one.part.messageId } : [])),
    at,
  )
}

function isTold({ developers }: Needs, { part, change }: Recorded): boolean {
  return isEnd(change.state) && developers.listen(part.corpId)
}

function isEnd(state: store.PartState): boolean {
  return state === 'sent' || state === 'failed' || state === 'unknown'
}

type DueTask = { corpId: string; channel: string; at: Date }

/**
 * What becomes due once this attempt is recorded: another attempt, the parts that replace it, or the part that waited
 * for it.
 */
function dueAfter({ part, change, parts }: Recorded, now: number): DueTask[] {
  const { corpId, channel, isFollowed } = part
  if (change.state === 'waiting' || change.state === 'asking')
    return [{ corpId, channel, at: change.nextAttemptAt }]
  return parts.length > 0 || isFollowed ? [{ corpId, channel, at: new Date(now) }] : []
}

/** Enqueues parts; must run in the transaction that wrote them. */
export async function enqueueParts(tx: Db, due: readonly DueTask[]): Promise<void> {
  const tasks = due.map(({ corpId, channel, at }) => ({
    corpId,
    stream: 'messages' as const,
    key: channel,
    dueAt: at,
  }))
  await enqueueEach(tx, tasks)
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

type RoomFor = (channel: string) => number

async function acceptAll(ctx: Needs, asked: Draft[], roomFor: RoomFor): Promise<Acceptance[]> {
  return ctx.db.transaction().execute(async tx => {
    const at = new Date(ctx.now())
    const beyond = await beyondQuota(ctx, tx, asked)
    const drafts = asked.filter(draft => !beyond.has(draft))
    const keys = drafts.flatMap(({ message: { corpId, devId, requestId } }) =>
      requestId ? [{ corpId, devId, requestId }] : [],
    )
    await freeRequestIds(tx, keys, new Date(ctx.now() - requestIdMs))
    const isNew = await insertMessages(
      tx,
      drafts.map(draft => draft.message),
    )
    const accepted = drafts.filter(draft => isNew.has(draft.message.id))
    for (const [name, own] of Map.groupBy(accepted, draft => draft.message.channel))
      await channelOf(name).accepted?.(tx, own)
    const claimed = claimedParts(ctx, accepted, roomFor)
    const messages = new Map(accepted.map(({ message }) => [message.id, message]))
    const held: NewPart[] = []
    for (const [name, own] of Map.groupBy(claimed, part => part.channel)) {
      const going = own.filter(part => part.state === 'sending')
      held.push(...((await channelOf(name).prepare?.(ctx, tx, going, messages)) ?? []))
    }
    const parts = [...claimed, ...renumbered(held, claimed)]
    const rows = await insertParts(tx, withStart(parts, at))
    await store.putResults(
      tx,
      accepted.flatMap(({ message: { corpId }, results }) => results.map(one => ({ ...one, corpId }))),
      at,
    )
    for (const draft of accepted) if (draft.actor !== undefined) await recordSend(ctx, tx, draft, draft.actor)
    // These come last because they make others of the corp wait until the commit.
    await addMessageDays(
      tx,
      accepted.map(({ message }) => message),
    )
    await enqueueParts(tx, dueOf(accepted, parts, ctx.now()))
    const taken = new Map(acceptedOf(accepted, parts, rows).map((one, index) => [accepted[index], one]))
    return asked.map(draft => (beyond.has(draft) ? 'beyondQuota' : taken.get(draft)))
  })
}

/** From the start of the attempt on, the part may have arrived. */
function withStart(parts: NewPart[], at: Date): NewPart[] {
  return parts.map(part => (part.state === 'sending' ? { ...part, unsureSince: at } : part))
}

/** The parts to send now, completed with what the database assigned. */
function acceptedOf(drafts: Draft[], parts: NewPart[], rows: InsertedPart[]): AcceptedDraft[] {
  const inserted = Map.groupBy(rows, row => row.messageId)
  const ofMessages = Map.groupBy(parts, part => part.messageId)
  return drafts.map(({ message }) => {
    const own = ofMessages.get(message.id) ?? []
    const ownRows = new Map(inserted.get(message.id)?.map(row => [row.n, row]))
    const going = own.flatMap((part): Part[] => {
      const row = ownRows.get(part.n)
      if (part.state !== 'sending' || !row) return []
      return [{ ...part, id: row.id, isChecked: row.isChecked, was: 'waiting' }]
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
function claimedParts(ctx: Core, drafts: Draft[], roomFor: RoomFor): NewPart[] {
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
    part.nextAttemptAt = new Date(now + leaseMs)
  }
  return parts
}

/** Creates the parts for these receivers; a split text is sent piece by piece to the same receivers. */
export function partsOf(
  ctx: Core,
  { message, content }: Pick<Draft, 'message' | 'content'>,
  batches: Batch[],
  firstN: number,
  at: Date,
): NewPart[] {
  const channel = channelOf(message.channel)
  const count = channel.pieces?.(content) ?? 1
  const hashes = Array.from({ length: count }, (_, chunk) =>
    payloadHash(ctx, channel.payload?.(content, chunk, message.agentId, message.id)),
  )
  return batches.flatMap((batch, index) =>
    hashes.map((hash, chunk): NewPart => {
      const n = firstN + index * count + chunk
      return {
        messageId: message.id,
        corpId: message.corpId,
        channel: message.channel,
        n,
        chunk,
        afterN: chunk === 0 ? null : n - 1,
        isFollowed: chunk < count - 1,
        userIds: batch.userIds,
        memberIds: batch.memberIds,
        state: 'waiting',
        attempts: 0,
        nextAttemptAt: at,
        isChecked: false,
        payloadHash: hash,
        heldUntil: null,
        hold: null,
        unsureSince: null,
      }
    }),
  )
}

/** The hash is keyed because a short text, such as a code, could be guessed from a plain hash. */
function payloadHash(ctx: Core, payload: object | undefined): string | null {
  return payload ? ctx.seal.sign('message.payload', JSON.stringify(payload)) : null
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
