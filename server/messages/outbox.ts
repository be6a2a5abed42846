import { createBatcher } from '../batcher.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'
import { wecomRequest } from './channels/wecom.ts'
import type { Content, WecomContent } from './content.ts'
import { agentsOf, prepare } from './hold.ts'
import type { ChannelName, MessageRow, NewPart, Part, Result } from './store.ts'
import * as store from './store.ts'

/** How long after its last sign of life a node's calls are given up: nobody knows what became of them. */
export const leaseMs = 60_000

/** A message to accept, with the receivers of each call to upstream. */
export type Draft = { message: MessageRow; content: Content; batches: Batch[]; results: Result[] }
export type Batch = { userIds: string[]; memberIds: number[] }

/** `parts` are to be sent now by this node, of `count` in all; undefined when the requestId was used before. */
export type AcceptedDraft = { parts: Part[]; count: number } | undefined

/** `parts` take the place of one that is replaced. */
export type Recorded = {
  change: store.PartChange
  attempt: store.Attempt | undefined
  results: Result[]
  parts: NewPart[]
}

/** What is written of messages, many in one commit. */
export type Outbox = {
  /** Resolves once the message is durable. */
  accept(draft: Draft): Promise<AcceptedDraft>
  /** What became of an attempt. */
  record(recorded: Recorded): Promise<void>
}

const batchAtMost = 200
const requestIdMs = 86_400_000

export function createOutbox(ctx: Context, roomFor: (channel: ChannelName) => number): Outbox {
  return {
    accept: createBatcher(drafts => acceptAll(ctx, drafts, roomFor), batchAtMost),
    record: createBatcher(async recorded => {
      await recordAll(ctx, recorded)
      return recorded.map(() => undefined)
    }, batchAtMost),
  }
}

async function recordAll(ctx: Context, recorded: Recorded[]): Promise<void> {
  const changes = recorded.map(one => one.change)
  const attempts = recorded.flatMap(one => one.attempt ?? [])
  const results = recorded.flatMap(one => one.results)
  const parts = recorded.flatMap(one => one.parts)
  // Mostly there is nothing else, and one statement needs no transaction.
  if (results.length + parts.length === 0) return store.endAttempts(ctx.db, changes, attempts)
  await ctx.db.transaction().execute(async tx => {
    await store.endAttempts(tx, changes, attempts)
    await store.putResults(tx, results, new Date(ctx.now()))
    await store.addParts(tx, parts)
  })
}

async function acceptAll(
  ctx: Context,
  drafts: Draft[],
  roomFor: (channel: ChannelName) => number,
): Promise<AcceptedDraft[]> {
  return ctx.db.transaction().execute(async tx => {
    const at = new Date(ctx.now())
    const keys = drafts.flatMap(({ message: { devId, requestId } }) =>
      requestId ? [{ devId, requestId }] : [],
    )
    await store.freeRequestIds(tx, keys, new Date(ctx.now() - requestIdMs))
    // Only a message with a requestId may be there already; the others are written with their parts.
    const [named, unnamed] = [true, false].map(isNamed =>
      drafts.map(draft => draft.message).filter(one => (one.requestId !== null) === isNamed),
    )
    const isNew = await store.insertMessages(tx, named ?? [])
    const isFresh = ({ id, requestId }: MessageRow) => requestId === null || isNew.has(id)
    const accepted = drafts.filter(draft => isFresh(draft.message))
    const parts = await buildParts(ctx, tx, accepted, roomFor)
    const rows = await store.insertParts(
      tx,
      parts.map(part => (part.state === 'sending' ? { ...part, unsureSince: at } : part)),
      unnamed,
    )
    const ids = new Map(rows.map(row => [`${row.messageId} ${row.n}`, row.id]))
    await store.putResults(
      tx,
      accepted.flatMap(draft => draft.results),
      at,
    )
    const ofMessages = Map.groupBy(parts, part => part.messageId)
    return drafts.map(({ message }) => {
      if (!isFresh(message)) return undefined
      const own = ofMessages.get(message.id) ?? []
      const going = own.filter(part => part.state === 'sending')
      return {
        count: own.length,
        parts: going.map(part => ({ ...part, id: ids.get(`${message.id} ${part.n}`) ?? 0, was: 'waiting' })),
      }
    })
  })
}

/**
 * First parts are claimed by the accepting node as they are written: no second transaction before the call. What has no
 * room here, follows another part, or is held at a limit waits for the dispatcher.
 */
async function buildParts(
  ctx: Context,
  tx: Db,
  drafts: Draft[],
  roomFor: (channel: ChannelName) => number,
): Promise<NewPart[]> {
  const now = ctx.now()
  const parts = drafts.flatMap(draft => partsOf(ctx, draft, draft.batches, 1, new Date(now)))
  const room: Record<ChannelName, number> = {
    wecom: roomFor('wecom'),
    email: roomFor('email'),
    sms: roomFor('sms'),
  }
  const first = parts.filter(part => part.afterN === null && room[part.channel]-- > 0)
  for (const part of first) {
    part.state = 'sending'
    part.attempts = 1
    part.nextAttemptAt = new Date(now + leaseMs)
  }
  const held = await prepare(ctx, tx, first, agentsOf(drafts.map(draft => draft.message)))
  return [...parts, ...renumbered(held, parts)]
}

/** The parts of these receivers; a split text goes out chunk by chunk to the same ones. */
export function partsOf(
  ctx: Context,
  { message, content }: Pick<Draft, 'message' | 'content'>,
  batches: Batch[],
  firstN: number,
  at: Date,
): NewPart[] {
  const count = content.kind === 'text' ? content.chunks.length : 1
  const hashes = Array.from({ length: count }, (_, chunk) =>
    message.channel === 'wecom' ? payloadHash(ctx, message.agentId, content as WecomContent, chunk) : null,
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
        unsureSince: null,
      }
    }),
  )
}

/** Keyed: a short text, such as a code, could be guessed from a plain hash. */
function payloadHash(ctx: Context, agentId: number | null, content: WecomContent, chunk: number): string {
  const request = wecomRequest({ agentId, content, userIds: [], chunk, isChecked: true })
  return ctx.seal.sign('message.payload', JSON.stringify(request))
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
