import { setTimeout as delay, setImmediate } from 'node:timers/promises'
import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'
import type { NewEvent, Reminder } from './event-store.ts'
import * as store from './event-store.ts'

/** `reused`: an event with the same dedupe key but another payload was stored before. */
export type Accepted = 'stored' | 'duplicate' | 'reused'

/**
 * Makes pushes from upstreams durable, for every stream. Events that arrive while a commit is under way are written
 * together in the next one: a commit costs a disk flush, and this lets hundreds of events share it under load without a
 * timer.
 */
export type Inbox = {
  /** Resolves once the event is durable. */
  accept(event: NewEvent): Promise<Accepted>
  /** Stores a reminder that an entity may have changed; `db` may be the caller's transaction. */
  remind(db: Db, reminder: Reminder): Promise<void>
  /** Waits until pushes pause, at most `atMostMs`, so that processing gives way to intake. */
  lull(atMostMs: number): Promise<void>
}

type Waiting = { event: NewEvent; resolve: (accepted: Accepted) => void; reject: (error: unknown) => void }

const batchAtMost = 500
/** Pushes count as paused when none has arrived for this long. */
const quietMs = 10

export function createInbox(ctx: Core): Inbox {
  let waiting: Waiting[] = []
  let isWriting = false
  let acceptedAt = 0

  async function writeAll() {
    isWriting = true
    try {
      while (waiting.length > 0) {
        // Give requests that have already arrived the chance to join this batch.
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
    async lull(atMostMs) {
      const until = performance.now() + atMostMs
      while (performance.now() - acceptedAt < quietMs && performance.now() < until) await delay(quietMs)
    },
    remind: (db, reminder) => store.putReminder(db, reminder, new Date(ctx.now())),
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
      // If a batch holds the same delivery twice, only the first counts as stored.
      if (fresh.delete(store.deliveryOf(event))) resolve('stored')
      else {
        const hash = await store.payloadHashOf(ctx.db, event)
        resolve(hash !== undefined && hash !== event.payloadHash ? 'reused' : 'duplicate')
      }
    }
  } catch (error) {
    for (const one of batch) one.reject(error)
  }
}

/** Retries after a deadlock: two nodes that insert the same events in different orders can block each other. */
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
