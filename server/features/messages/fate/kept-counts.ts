import { lru } from '../../../platform/lru.ts'

type CountByCorp<V> = (corpIds: readonly string[]) => Promise<Map<string, V>>

const keptAtMost = 10_000
const quickMs = 100
const keptForAtMostMs = 60_000

/** What was counted is kept for so long, so that counting is at most a twentieth of what a node asks the database for. */
function keptForMs(tookMs: number): number {
  return tookMs < quickMs ? 0 : Math.min(tookMs * 20, keptForAtMostMs)
}

/**
 * The same counting of corps, which keeps what took long. Those who ask meanwhile share what is being counted. Corps that are left out
 * of the answer have none. `clock` is in ms.
 */
export function keptCounts<V>(count: CountByCorp<V>, clock: () => number): CountByCorp<V> {
  const kept = lru<{ until: number; found: Promise<V | undefined> }>(keptAtMost)

  return async corpIds => {
    const asked = corpIds.filter(corpId => (kept.get(corpId)?.until ?? 0) <= clock())
    if (asked.length > 0) {
      const begin = clock()
      const counting = count(asked)
      for (const corpId of asked) {
        const one = { until: Number.POSITIVE_INFINITY, found: counting.then(found => found.get(corpId)) }
        kept.set(corpId, one)
        one.found.then(
          () => {
            one.until = clock() + keptForMs(clock() - begin)
          },
          () => {
            one.until = 0
          },
        )
      }
    }
    const found = await Promise.all(
      corpIds.map(async corpId => [corpId, await kept.get(corpId)?.found] as const),
    )
    return new Map(found.flatMap(([corpId, one]) => (one === undefined ? [] : [[corpId, one] as const])))
  }
}
