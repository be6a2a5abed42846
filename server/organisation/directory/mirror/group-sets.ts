import type { Db } from '../../../platform/storage/db.ts'
import { heldGroups, movesSince } from '../group-sets-store.ts'

/** Who is in the groups of a corp that something names; 8 bytes for each. */
export type GroupSets = {
  has(groupId: number, memberId: number): boolean
  /** Its name and the numbers of its members; undefined for one that is gone, or that nothing names. */
  find(groupId: number): HeldGroup | undefined
  /** Moves when anybody came or went. */
  readonly revision: number
}

export type HeldGroup = { readonly name: string; readonly ids: Readonly<Float64Array> }

export const noGroups: GroupSets = { has: () => false, find: () => undefined, revision: 0 }

export type HeldGroupSets = GroupSets & {
  /** Brings them up to the database. */
  refresh(db: Db, corpId: string): Promise<void>
}

type KeptGroup = { seq: number; name: string; ids: Float64Array }

export function createGroupSets(): HeldGroupSets {
  let kept = new Map<number, KeptGroup>()
  let revision = 1
  return {
    get revision() {
      return revision
    },
    has(groupId, memberId) {
      const ids = kept.get(groupId)?.ids
      return ids !== undefined && placeOf(ids, memberId) >= 0
    },
    find: groupId => kept.get(groupId),
    async refresh(db, corpId) {
      const next = new Map<number, KeptGroup>()
      for (const { id, seq, name } of await heldGroups(db, corpId)) {
        const before = kept.get(id)
        if (before?.seq === seq) next.set(id, { ...before, name })
        else {
          // Those who move meanwhile are read now and once more with the next number, which does no harm.
          const moves = await movesSince(db, corpId, id, before?.seq ?? -1)
          next.set(id, { seq, name, ids: moved(before?.ids ?? new Float64Array(), moves) })
        }
      }
      kept = next
      revision++
    },
  }
}

/** The sets of all corps that this node has asked for. */
export type GroupSetsOfCorps = {
  of(corpId: string): Promise<GroupSets>
  refresh(corpId: string): Promise<void>
  forget(corpId: string): void
}

export function createGroupSetsOfCorps(db: Db): GroupSetsOfCorps {
  const kept = new Map<string, { sets: HeldGroupSets; turn: Promise<void> }>()
  const refresh = (corpId: string) => {
    const known = kept.getOrInsertComputed(corpId, () => ({
      sets: createGroupSets(),
      turn: Promise.resolve(),
    }))
    const next = () => known.sets.refresh(db, corpId)
    // One after the other, so that an older reading does not replace a newer one.
    known.turn = known.turn.then(next, next)
    return known.turn.then(() => known.sets)
  }
  return {
    // Brought up each time: while the corp was not in memory, nobody followed what was kept.
    of: refresh,
    async refresh(corpId) {
      await refresh(corpId)
    },
    forget: corpId => void kept.delete(corpId),
  }
}

/** Where the number stands in a sorted list; below 0 when it is not there. */
function placeOf(ids: Float64Array, id: number): number {
  let [low, high] = [0, ids.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = ids[middle]!
    if (found === id) return middle
    if (found < id) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function moved(ids: Float64Array, moves: readonly { id: number; isIn: boolean }[]): Float64Array {
  const left = new Set(moves.flatMap(one => (one.isIn ? [] : one.id)))
  const came = moves.flatMap(one => (one.isIn && placeOf(ids, one.id) < 0 ? one.id : []))
  const stay = left.size > 0 ? ids.filter(id => !left.has(id)) : ids
  const all = new Float64Array(stay.length + came.length)
  all.set(stay)
  all.set(came, stay.length)
  return came.length > 0 ? all.sort() : all
}
