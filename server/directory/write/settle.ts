import { setImmediate } from 'node:timers/promises'
import type { SearchIndex } from '../search/search-index.ts'

const sliceMs = 4
const quietMs = 500

/** Builds what the search has only taken down so far, in slices: requests come in between. */
export async function settle(search: SearchIndex, stopping?: AbortSignal): Promise<void> {
  for (let sliceEnd = performance.now() + sliceMs; search.step() && !stopping?.aborted; ) {
    if (performance.now() < sliceEnd) continue
    await setImmediate()
    sliceEnd = performance.now() + sliceMs
  }
}

/**
 * To be called with each change of a corp: when none has come for half a second, its search is settled. A sync would only
 * take longer with the search built while it writes; whoever searches meanwhile is answered by looking at each record.
 */
export function createSettler(
  searchOf: (corpId: string) => SearchIndex | undefined,
  stopping: AbortSignal,
): (corpId: string) => void {
  const timers = new Map<string, NodeJS.Timeout>()
  const begin = (corpId: string) => {
    timers.delete(corpId)
    const search = searchOf(corpId)
    if (search) void settle(search, stopping)
  }
  return corpId => {
    clearTimeout(timers.get(corpId))
    timers.set(corpId, setTimeout(begin, quietMs, corpId).unref())
  }
}
