import { setImmediate as turn } from 'node:timers/promises'
import type { CorpState } from './state/state.ts'

// A slice takes about 20 ms. Between slices other requests are served, so that a search over a million
// members delays nobody.
const sliceSize = 25_000

/**
 * Slots of the members whose userid, name or mobile contains `search`, then members of departments whose name
 * contains it. A member with exactly that userid comes first. At most `limit` slots; an empty search finds
 * everybody.
 */
export async function searchSlots(state: CorpState, search: string, limit: number): Promise<number[]> {
  const wanted = search.trim().toLowerCase()
  const isNumber = /^\+?\d+$/.test(wanted)
  const found = new Set<number>()
  const exact = state.slotOf(wanted)
  if (exact !== undefined) found.add(exact)
  for (let slot = 0; slot < state.userids.length && found.size < limit; slot++) {
    if (slot % sliceSize === sliceSize - 1) await turn()
    if (state.userids[slot] !== undefined && (wanted === '' || matches(state, slot, wanted, isNumber)))
      found.add(slot)
  }
  for (const id of departmentsNamed(state, wanted)) {
    for (const slot of state.membersOf(id)) {
      if (found.size >= limit) break
      found.add(slot)
    }
  }
  // Members may have left between two slices.
  return [...found].filter(slot => state.userids[slot] !== undefined)
}

function matches(state: CorpState, slot: number, search: string, isNumber: boolean): boolean {
  if (state.userids[slot]!.toLowerCase().includes(search)) return true
  if (isNumber && state.mobileOf(slot).includes(search)) return true
  return state.nameOf(slot).toLowerCase().includes(search)
}

/** Ids of the departments whose name contains `search`. */
export function departmentsNamed(state: CorpState, search: string): number[] {
  const wanted = search.trim().toLowerCase()
  if (wanted === '') return []
  const list: number[] = []
  for (const { id, name } of state.departments.values())
    if (name.toLowerCase().includes(wanted)) list.push(id)
  return list
}
