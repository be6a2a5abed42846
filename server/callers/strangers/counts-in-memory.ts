import { lru } from '../../platform/lru.ts'
import type { AttemptKey } from '../../platform/security/counters.ts'

const subjectsKept = 20_000

/**
 * What this node has counted, beside what it last heard of the sums of all nodes: enough to leave out a flood without asking anybody.
 */
export function createCountsInMemory({ now }: { now(): number }) {
  const known = lru<{ count: number; endsAt: number }>(subjectsKept)

  function countOf(one: AttemptKey) {
    const key = keyOf(one)
    const found = known.get(key)
    if (found && found.endsAt > now()) return found
    const begun = { count: 0, endsAt: now() + one.limit.windowMs }
    known.set(key, begun)
    return begun
  }

  return {
    /** Counts it in all of these, or in none where one is full. */
    admits(counted: readonly AttemptKey[]): boolean {
      const counts = counted.map(countOf)
      if (counts.some(({ count }, n) => count >= counted[n]!.limit.atMost)) return false
      for (const one of counts) one.count++
      return true
    },
    heard(one: AttemptKey, count: number, endsInSeconds: number): void {
      const mine = countOf(one)
      mine.count = Math.max(mine.count, count)
      mine.endsAt = now() + endsInSeconds * 1000
    },
  }
}

export function keyOf({ limit, subject }: AttemptKey): string {
  return `${limit.purpose} ${subject.corpId} ${subject.of}`
}
