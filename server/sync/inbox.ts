import { signal } from '../bus.ts'
import type { Context } from '../context.ts'
import { type AcceptHint, createHints } from './hints.ts'
import type { NewEvent } from './store.ts'
import * as store from './store.ts'

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
  /** Has an entity read from WeCom once more. */
  readAgain(corpId: string, entity: string): Promise<void>
}

type Waiting = { event: NewEvent; resolve: (accepted: Accepted) => void; reject: (error: unknown) => void }

const batchAtMost = 500

export function createInbox(ctx: Context): Inbox {
  let waiting: Waiting[] = []
  let isWriting = false

  async function writeAll() {
    isWriting = true
    try {
      while (waiting.length > 0) {
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
    readAgain: (corpId, entity) =>
      ctx.db.transaction().execute(async tx => {
        await store.insertHint(tx, corpId, 'read_again', entity, new Date(ctx.now()))
        await signal(tx, 'wisp_inbox', corpId)
      }),
    accept: event =>
      new Promise((resolve, reject) => {
        waiting.push({ event, resolve, reject })
        if (!isWriting) void writeAll()
      }),
  }
}

async function writeBatch(ctx: Context, batch: Waiting[]): Promise<void> {
  try {
    const events = batch.map(one => one.event)
    const fresh = await ctx.db.transaction().execute(async tx => {
      const stored = await store.insertEvents(tx, events, new Date(ctx.now()))
      if (stored.size > 0)
        for (const corpId of new Set(events.map(event => event.corpId)))
          await signal(tx, 'wisp_inbox', corpId)
      return stored
    })
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
