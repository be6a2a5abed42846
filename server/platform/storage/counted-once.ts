/**
 * `DatabaseAway` stands for every commit that may have been carried out, including one whose wait for a standby was cancelled.
 * Code that repeats a write finds out whether the first one was made; sums use this file. docs/decisions/unknown-outcomes.md
 * lists all that is repeated, and why it is done once.
 */

import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { DatabaseAway } from './availability.ts'
import type { Db } from './db.ts'
import { noteBatch } from './nodes/batch-store.ts'
import type { Tables } from './tables.ts'

/** What a node adds to the sums of all nodes, a batch at a time and each batch once. */
export type SumWriter = {
  /** Writes what `take` brings. Rejects when it was not written, or when nobody knows; the next flush goes on from there. */
  flush(): Promise<void>
}

type BatchSource<B, R> = {
  kind: string
  /** Leaves the counts empty. Undefined where there is nothing to write. */
  take(): B | undefined
  write(tx: Db, batch: B): Promise<R>
  /** Takes back a batch that was certainly not written. */
  putBack(batch: B): void
  onWritten?(result: R): void
}

/**
 * Sums cannot be repeated blindly: after a commit that was not heard of, the same batch is tried again under its number, and the
 * database says whether it has it. What is counted meanwhile is of the next batch.
 */
export function createCountedOnce<B, R>(
  ctx: { db: Kysely<Tables>; nodeId: string },
  { kind, take, write, putBack, onWritten }: BatchSource<B, R>,
): SumWriter {
  // A node that is started again under its id counts its batches from the beginning.
  const writer = `${ctx.nodeId} ${randomUUID()}`
  let unknown: { number: number; batch: B } | undefined
  let numbers = 0
  let last: Promise<void> = Promise.resolve()

  async function attempt(one: { number: number; batch: B }): Promise<void> {
    unknown = undefined
    try {
      const written = await ctx.db.transaction().execute(async tx => {
        const isNew = await noteBatch(tx, writer, kind, one.number)
        return isNew ? [await write(tx, one.batch)] : []
      })
      for (const result of written) onWritten?.(result)
    } catch (error) {
      if (error instanceof DatabaseAway) unknown = one
      else putBack(one.batch)
      throw error
    }
  }

  async function flush(): Promise<void> {
    if (unknown) await attempt(unknown)
    const batch = take()
    if (batch !== undefined) await attempt({ number: ++numbers, batch })
  }

  return {
    flush() {
      last = last.then(flush, flush)
      return last
    },
  }
}
