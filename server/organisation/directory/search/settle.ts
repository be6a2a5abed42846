import { setImmediate } from 'node:timers/promises'
import type { SearchIndex } from './search-index.ts'

const sliceMs = 4
const quietMs = 500

/** Does what many changes left undone in a search index, in slices that let requests in between. */
export async function settle(search: SearchIndex, stopping?: AbortSignal): Promise<void> {
  for (let sliceEnd = performance.now() + sliceMs; search.step() && !stopping?.aborted; ) {
    if (performance.now() < sliceEnd) continue
    await setImmediate()
    sliceEnd = performance.now() + sliceMs
  }
}

/**
 * Call it with each change of a corp: half a second after the last one, the corp's search is indexed, and `settled` called. Indexing
 * during a sync would only slow the sync down; until then, searches scan the records that are not indexed.
 */
export function createSettler(
  searchOf: (corpId: string) => SearchIndex | undefined,
  settled: (corpId: string) => void,
  stopping: AbortSignal,
): (corpId: string) => void {
  const timers = new Map<string, NodeJS.Timeout>()
  const begin = (corpId: string) => {
    timers.delete(corpId)
    const search = searchOf(corpId)
    if (search) void settle(search, stopping).then(() => settled(corpId))
  }
  return corpId => {
    clearTimeout(timers.get(corpId))
    timers.set(corpId, setTimeout(begin, quietMs, corpId).unref())
  }
}
