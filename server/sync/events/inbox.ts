import { setTimeout as delay, setImmediate } from 'node:timers/promises'
import type { Core } from '../../core.ts'
import { signal } from '../../storage/bus.ts'
import type { Db } from '../../storage/db.ts'
import type { NewEvent } from './event-store.ts'
import * as store from './event-store.ts'
import { type AcceptHint, createHints } from './hints.ts'

/** `reused`: the nonce came before with another payload. */
export type Accepted = 'stored' | 'duplicate' | 'reused'

/**
 * Where pushed events are made durable. What arrives while one commit is under way is written by the next one: a commit
 * costs a disk flush, and under load hundreds of events share it without waiting on a timer.
 */
export type Inbox = {
  /** Resolves once the event is durable. */
  accept(event: NewEvent): Promise<Accepted>
  hint: AcceptHint
  /** Resolves when pushes have ceased for a moment, or after `atMostMs`: who works on them makes way for their arrival. */
  lull(atMostMs: number): Promise<void>
  /** Has an entity read from WeCom once more. */
  readAgain(corpId: string, entity: string): Promise<void>
  /** In the transaction that stored what persons consented to, or an import: has the mirror show it. */
  supplemented(tx: Db, corpId: string): Promise<void>
}

/** Nothing of WeCom's: stands in an event for all supplements that the mirror has not taken over yet. */
export const supplementEntity = 'supplement'

type Waiting = { event: NewEvent; resolve: (accepted: Accepted) => void; reject: (error: unknown) => void }

const batchAtMost = 500
/** Without a push for so long, nobody is in the way. */
const quietMs = 10

export function createInbox(ctx: Core): Inbox {
  let waiting: Waiting[] = []
  let isWriting = false
  let acceptedAt = 0

  async function writeAll() {
    isWriting = true
    try {
      while (waiting.length > 0) {
        // Whoever is at the door comes in first: the embedded database lets nobody in while it writes.
        await setImmediate()
        const batch = waiting.slice(0, batchAtMost)
        waiting = waiting.slice(batchAtMost)
        await writeBatch(ctx, batch)
      }
    } finally {
      isWriting = false
    }
  }

  return {
    hint: createHints(ctx),
    async lull(atMostMs) {
      const until = performance.now() + atMostMs
      while (performance.now() - acceptedAt < quietMs && performance.now() < until) await delay(quietMs)
    },
    readAgain: (corpId, entity) =>
      ctx.db.transaction().execute(async tx => {
        await store.insertHint(tx, corpId, 'read_again', entity, new Date(ctx.now()))
        await signal(tx, 'wisp_inbox', corpId)
      }),
    async supplemented(tx, corpId) {
      await store.insertHint(tx, corpId, 'supplement', supplementEntity, new Date(ctx.now()))
      await signal(tx, 'wisp_inbox', corpId)
    },
    accept: event =>
      new Promise((resolve, reject) => {
        acceptedAt = performance.now()
        waiting.push({ event, resolve, reject })
        if (!isWriting) void writeAll()
      }),
  }
}

async function writeBatch(ctx: Core, batch: Waiting[]): Promise<void> {
  try {
    const fresh = await insertOnce(
      ctx,
      batch.map(one => one.event),
    )
    for (const { event, resolve } of batch) {
      const key = `${event.corpId} ${event.nonce}`
      // The first of a batch's equals was stored, the others were not.
      if (fresh.delete(key)) resolve('stored')
      else {
        const hash = await store.payloadHashOfNonce(ctx.db, event.corpId, event.nonce)
        resolve(hash !== undefined && hash !== event.payloadHash ? 'reused' : 'duplicate')
      }
    }
  } catch (error) {
    for (const one of batch) one.reject(error)
  }
}

/** Two nodes that were sent the same events in another order may block each other: PostgreSQL then ends one of them. */
async function insertOnce(ctx: Core, events: NewEvent[]): Promise<Set<string>> {
  const insert = () => store.insertEvents(ctx.db, events, new Date(ctx.now()))
  try {
    return await insert()
  } catch (error) {
    const deadlock = '40P01'
    if (error instanceof Error && 'code' in error && error.code === deadlock) return insert()
    throw error
  }
}
