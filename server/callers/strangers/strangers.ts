/**
 * Refusals and refused sign-ins wait in one queue of 5,000 rows. They are counted in memory by member, by network and in all,
 * for a day. What does not fit is counted (`wisp_strangers_left_out_total`) and logged. A reader of a number (the request id on
 * the page) asks again until another node must have written it. Expected refusals are one line of the log for each network
 * every ten seconds, without stacks. `receive` in app.ts gives people without a session turns of their own, so that a flood of
 * them leaves the event loop to all others.
 */

import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../../platform/core.ts'
import { describeError } from '../../platform/operation/log.ts'
import { type AttemptKey, countMany } from '../../platform/security/counters.ts'
import { createCountedOnce } from '../../platform/storage/counted-once.ts'
import type { Db } from '../../platform/storage/db.ts'
import { createCountsInMemory, keyOf } from './counts-in-memory.ts'
import { createRefusalCounts, type RefusedStep } from './refusal-counts.ts'
import { writeParted } from './write-parted.ts'

/**
 * All that is written on behalf of people whom nobody knows, such as what they were refused. Anybody can cause any number of such rows, so
 * they wait in one bounded queue, whose rows are counted in memory first and written together once a second by one connection.
 */
export type Strangers = {
  /**
   * Declares a kind of rows. What it returns keeps a row, unless one of the limits is reached: those that concern the fewest come first.
   * Nobody waits for it, and it never throws. `write` may be called again with rows whose writing failed.
   */
  kind<R>(
    name: string,
    write: (tx: Db, rows: readonly R[]) => Promise<void>,
  ): (row: R, counted: readonly AttemptKey[]) => void
  /** Says in the log that a step was refused as it may be expected: by network, and not a line each. */
  refused(step: RefusedStep): void
  flush(): Promise<void>
  /** Resolves when all that was kept has been written. */
  settled(): Promise<void>
  /** What `find` brings, also where it is about to be written, here or by another node. */
  look<T>(find: () => Promise<T | undefined>): Promise<T | undefined>
}

export const flushMs = 1000
const waitingAtMost = 5000
/** In one transaction. */
const writtenAtOnce = 1000
/** How often a row is tried that fails otherwise than by an absent database. */
const triesAtMost = 3
/** The other node's second, and its transaction. */
const lookMs = flushMs + 1000
const lookAgainMs = 200

type QueuedRow = { kind: string; row: unknown; counted: readonly AttemptKey[]; tries: number }

export function createStrangers(ctx: Core): Strangers {
  const { metrics } = ctx
  const counts = createCountsInMemory(ctx)
  const refusals = createRefusalCounts(ctx)
  const writers = new Map<string, (tx: Db, rows: readonly never[]) => Promise<void>>()
  let waiting: QueuedRow[] = []
  const dropped = createDropped(ctx)

  const written = createCountedOnce(ctx, {
    kind: 'strangers',
    take() {
      const batch = waiting.splice(0, writtenAtOnce)
      return batch.length > 0 ? batch : undefined
    },
    async write(tx, batch: QueuedRow[]) {
      const within = await withinLimits({ ...ctx, db: tx }, counts, batch)
      const failed: QueuedRow[] = []
      for (const [kind, some] of Map.groupBy(within, one => one.kind)) {
        const write = async (part: readonly QueuedRow[]) =>
          writers.get(kind)?.(tx, part.map(one => one.row) as never[])
        failed.push(...(await writeParted(tx, some, write, dropped.because)))
      }
      return failed
    },
    putBack: tryAgain,
    onWritten: tryAgain,
  })

  function tryAgain(failed: readonly QueuedRow[]) {
    for (const one of failed) one.tries++
    for (const one of failed) if (one.tries >= triesAtMost) dropped.add(one.kind, 'failed')
    waiting = [...failed.filter(one => one.tries < triesAtMost), ...waiting]
  }

  async function flush() {
    refusals.tell()
    try {
      await written.flush()
    } finally {
      dropped.tell()
    }
  }

  async function settled() {
    do await flush()
    while (waiting.length > 0)
  }

  return {
    kind(name, write) {
      writers.set(name, write as (tx: Db, rows: readonly never[]) => Promise<void>)
      return (row, counted) => {
        if (waiting.length >= waitingAtMost) dropped.add(name, 'full')
        else if (counts.admits(counted)) waiting.push({ kind: name, row, counted, tries: 0 })
        else metrics.countLeftOut(name, 'limit')
      }
    },
    refused: refusals.count,
    flush,
    settled,
    async look(find) {
      await settled()
      const until = performance.now() + lookMs
      for (;;) {
        const found = await find()
        if (found !== undefined || performance.now() >= until) return found
        await delay(lookAgainMs)
      }
    },
  }
}

/** In one statement for all of them, over all nodes. */
async function withinLimits(
  ctx: Core,
  counts: ReturnType<typeof createCountsInMemory>,
  batch: readonly QueuedRow[],
): Promise<QueuedRow[]> {
  const all = batch.flatMap(one => one.counted)
  const asked = [...Map.groupBy(all, keyOf).values()].map(some => ({ ...some[0]!, times: some.length }))
  const sums = await countMany(ctx, asked)
  const room = new Map<string, number>()
  for (const [n, one] of asked.entries()) {
    const { count, retryAfterSeconds } = sums[n]!
    counts.heard(one, count, retryAfterSeconds)
    room.set(keyOf(one), one.limit.atMost - (count - one.times))
  }
  return batch.filter(({ kind, counted }) => {
    const keys = counted.map(keyOf)
    const isWithin = keys.every(key => (room.get(key) ?? 0) > 0)
    if (isWithin) for (const key of keys) room.set(key, room.get(key)! - 1)
    else ctx.metrics.countLeftOut(kind, 'limit')
    return isWithin
  })
}

/** What is left out against all intention is said once a second. */
function createDropped({ log, metrics }: Core) {
  const dropped = new Map<string, number>()
  let last: unknown
  return {
    /** Why a row may be left out. */
    because(error: unknown) {
      last = error
    },
    add(kind: string, why: 'full' | 'failed') {
      metrics.countLeftOut(kind, why)
      dropped.set(kind, (dropped.get(kind) ?? 0) + 1)
    },
    tell() {
      if (dropped.size === 0) return
      const rows = Object.fromEntries(dropped)
      const why = last === undefined ? {} : describeError(last)
      log.warn(
        { rows, ...why },
        'rows about what strangers do were left out: too many at once, or not storable',
      )
      dropped.clear()
      last = undefined
    },
  }
}
