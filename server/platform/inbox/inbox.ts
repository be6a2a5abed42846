/**
 * The answer to a push is decided once. It is stored with the push in one commit, and a repeated push gets the stored answer.
 */

import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../core.ts'
import { createBatcher } from '../storage/batcher.ts'
import type { Db } from '../storage/db.ts'
import type { NewEvent, Reminder } from './event-store.ts'
import * as store from './event-store.ts'

/** `reused`: an event with the same dedupe key but another payload was stored before. */
export type Outcome = 'stored' | 'duplicate' | 'reused'

/** `answer` is the one that was stored with the event, whichever delivery of it brought it. */
export type AcceptResult = { outcome: Outcome; answer: unknown }

/** Makes pushes from upstreams durable, for every stream; those that arrive together share a commit. */
export type Inbox = {
  /** Resolves once the event is durable. */
  accept(event: NewEvent): Promise<AcceptResult>
  /** The same in the caller's transaction, for an event that other rows are written with. */
  acceptIn(tx: Db, event: NewEvent): Promise<AcceptResult>
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
    async acceptIn(tx, event) {
      const answers = keepAnswers([event])
      const [accepted] = await outcomesOf(
        tx,
        answers,
        await store.insertEvents(tx, answers, new Date(ctx.now())),
      )
      return accepted as AcceptResult
    },
    remind: (db, reminder) => store.putReminder(db, reminder, new Date(ctx.now())),
    accept(event) {
      acceptedAt = performance.now()
      return accept(event)
    },
  }
}

async function storeEvents(ctx: Core, events: NewEvent[]): Promise<AcceptResult[]> {
  const kept = keepAnswers(events)
  return outcomesOf(ctx.db, kept, await insertOnce(ctx, kept))
}

/** An answer is decided once, even if the write is repeated. */
function keepAnswers(events: NewEvent[]): NewEvent[] {
  return events.map(event => {
    if (!event.answer) return event
    let decided: object | undefined
    const decide = event.answer
    return { ...event, answer: () => (decided ??= decide()) }
  })
}

async function outcomesOf(db: Db, events: NewEvent[], fresh: Set<string>): Promise<AcceptResult[]> {
  const results: AcceptResult[] = []
  for (const event of events) {
    // If a batch holds the same delivery twice, only the first counts as stored.
    if (fresh.delete(store.deliveryOf(event))) results.push({ outcome: 'stored', answer: event.answer?.() })
    else {
      const known = await store.deliveryStored(db, event)
      const isReused = known !== undefined && known.payloadHash !== event.payloadHash
      results.push({ outcome: isReused ? 'reused' : 'duplicate', answer: known?.answer })
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
