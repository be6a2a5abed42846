import { dayOf } from '../operation/day.ts'
import type { Db } from '../storage/db.ts'
import * as store from './store.ts'

/**
 * Calls and failures per developer, day and endpoint, and when a secret was last used. Counted in memory and written
 * every few seconds: a killed process loses at most those, which statistics can bear and the hot path is glad of.
 */
export type UsageCounter = {
  count(devId: string, endpoint: string, failed: boolean): void
  secretUsed(id: number): void
  flush(): Promise<void>
}

export function createUsage(db: Db, now: () => number): UsageCounter {
  let counts = new Map<string, Map<string, { calls: number; failures: number }>>()
  let used = new Map<number, number>()
  return {
    count(devId, endpoint, failed) {
      const endpoints = counts.getOrInsertComputed(devId, () => new Map())
      const entry = endpoints.getOrInsertComputed(endpoint, () => ({ calls: 0, failures: 0 }))
      entry.calls++
      if (failed) entry.failures++
    },
    secretUsed(id) {
      used.set(id, now())
    },
    async flush() {
      const day = dayOf(now())
      const usage = [...counts].flatMap(([devId, endpoints]) =>
        [...endpoints].map(([endpoint, entry]) => ({ devId, day, endpoint, ...entry })),
      )
      const touched = [...used].map(([id, at]) => ({ id, at: new Date(at) }))
      counts = new Map()
      used = new Map()
      if (usage.length > 0) await store.addUsage(db, usage)
      if (touched.length > 0) await store.touchSecrets(db, touched)
    },
  }
}
