import type { Core } from '../../../platform/core.ts'
import { dayOf } from '../../../platform/operation/day.ts'
import { createCountedOnce } from '../../../platform/storage/counted-once.ts'
import * as store from '../store.ts'
import { addCounts } from './call-day-store.ts'

/**
 * Counts calls and failures per developer, day and endpoint, and notes when a secret was last used. Counts are kept
 * in memory and written every few seconds, so a killed process loses only the last few. A failed write is repeated
 * with the next one.
 */
export type UsageCounter = {
  count(devId: string, endpoint: string, failed: boolean): void
  secretUsed(id: number): void
  flush(): Promise<void>
}

type Entry = { calls: number; failures: number; lastAt: number }

export function createUsage(ctx: Pick<Core, 'db' | 'now' | 'nodeId'>): UsageCounter {
  let counts = new Map<string, Map<string, Entry>>()
  let used = new Map<number, number>()

  function add(devId: string, endpoint: string, { calls, failures, lastAt }: Entry) {
    const endpoints = counts.getOrInsertComputed(devId, () => new Map())
    const entry = endpoints.getOrInsertComputed(endpoint, () => ({ calls: 0, failures: 0, lastAt }))
    entry.calls += calls
    entry.failures += failures
    entry.lastAt = Math.max(entry.lastAt, lastAt)
  }

  const written = createCountedOnce(ctx, {
    kind: 'usage',
    take() {
      if (counts.size === 0 && used.size === 0) return undefined
      const day = dayOf(ctx.now())
      const usage = [...counts].flatMap(([devId, endpoints]) =>
        [...endpoints].map(([endpoint, { lastAt, ...entry }]) => ({
          devId,
          day,
          endpoint,
          ...entry,
          lastAt: new Date(lastAt),
        })),
      )
      const touched = [...used].map(([id, at]) => ({ id, at: new Date(at) }))
      counts = new Map()
      used = new Map()
      return { usage, touched }
    },
    async write(tx, { usage, touched }) {
      if (usage.length > 0) await addCounts(tx, usage)
      if (touched.length > 0) await store.touchSecrets(tx, touched)
    },
    putBack({ usage, touched }) {
      for (const { devId, endpoint, calls, failures, lastAt } of usage)
        add(devId, endpoint, { calls, failures, lastAt: lastAt.getTime() })
      for (const { id, at } of touched) used.set(id, Math.max(used.get(id) ?? 0, at.getTime()))
    },
  })

  return {
    count: (devId, endpoint, failed) =>
      add(devId, endpoint, { calls: 1, failures: failed ? 1 : 0, lastAt: ctx.now() }),
    secretUsed(id) {
      used.set(id, ctx.now())
    },
    flush: written.flush,
  }
}
