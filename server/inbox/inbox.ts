import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../core.ts'
import { createBatcher } from '../storage/batcher.ts'
import type { Db } from '../storage/db.ts'
import type { NewEvent, Reminder } from './event-store.ts'
import * as store from './event-store.ts'

/** `reused`: an event with the same dedupe key but another payload was stored before. */
export type Accepted = 'stored' | 'duplicate' | 'reused'

/** Makes pushes from upstreams durable, for every stream; those that arrive together share a commit. */
export type Inbox = {
  /** Resolves once the event is durable. */
  accept(event: NewEvent): Promise<Accepted>
  /** Stores a reminder that an entity may have changed; `db` may be the caller's transaction. */
  remind(db: Db, reminder: Reminder): Promise<void>
  /** Waits until pushes pause, at most `atMostMs`, so that processing gives way to intake. */
  lull(atMostMs: number): Promise<void>
}

const batchAtMost = 500
/** Pushes count as paused when none has arrived for this long. */
const quietMs = 10

export function createInbox(ctx: Core): Inbox {
  const accept = createBatcher((events: NewEvent[]) => storeEvents(ctx, events), batchAtMost)
  let acceptedAt = 0
  return {
    async lull(atMostMs) {
      const until = performance.now() + atMostMs
      while (performance.now() - acceptedAt < quietMs && performance.now() < until) await delay(quietMs)
    },
    remind: (db, reminder) => store.putReminder(db, reminder, new Date(ctx.now())),
    accept(event) {
      acceptedAt = performance.now()
      return accept(event)
    },
  }
}

async function storeEvents(ctx: Core, events: NewEvent[]): Promise<Accepted[]> {
  const fresh = await insertOnce(ctx, events)
  const results: Accepted[] = []
  for (const event of events) {
    // If a batch holds the same delivery twice, only the first counts as stored.
    if (fresh.delete(store.deliveryOf(event))) results.push('stored')
    else {
      const hash = await store.payloadHashOf(ctx.db, event)
      results.push(hash !== undefined && hash !== event.payloadHash ? 'reused' : 'duplicate')
    }
  }
  return results
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
