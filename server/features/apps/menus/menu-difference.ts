import { type Static, Type } from 'typebox'
import type { Menu, MenuItem } from './menu.ts'

/**
 * One difference between two menus. `at` holds the names from the top level down to the item, in the menu that
 * contains it.
 */
export const menuChangeSchema = Type.Union([
  Type.Object({
    kind: Type.Literal('moved'),
    at: Type.Array(Type.String()),
    from: Type.Array(Type.String()),
    path: Type.String(),
  }),
  Type.Object({
    kind: Type.Literal('changed'),
    at: Type.Array(Type.String()),
    before: Type.Object({
      name: Type.String(),
      path: Type.String(),
    }),
    after: Type.Object({
      name: Type.String(),
      path: Type.String(),
    }),
  }),
  Type.Object({
    kind: Type.Enum(['added', 'removed']),
    at: Type.Array(Type.String()),
    path: Type.String(),
  }),
])
export type MenuChange = Static<typeof menuChangeSchema>

type Place = { item: MenuItem; at: string[]; parent: Place | undefined; n: number }

/**
 * The differences from `before` to `after`, in the order of `after`, with removed items at the end. Items have no
 * ids: two are the same when name, path and place agree, or else as much of that as possible. An item counts as moved
 * even if only its order within its level changed.
 */
export function menuDifference(before: Menu, after: Menu): MenuChange[] {
  const [old, now] = [places(before), places(after)]
  const pairs = match(old, now)
  const taken = new Set(pairs.values())
  const reordered = reorderedAmong(now, pairs)
  const changes = now.flatMap(place => {
    const was = pairs.get(place)
    if (!was) return [{ kind: 'added', at: place.at, path: place.item.path } as const]
    return changesOf(was, place, pairs, reordered.has(place))
  })
  const removed = old
    .filter(place => !taken.has(place))
    .map(place => ({ kind: 'removed', at: place.at, path: place.item.path }) as const)
  return [...changes, ...removed]
}

function changesOf(was: Place, is: Place, pairs: Map<Place, Place>, isReordered: boolean): MenuChange[] {
  const changes: MenuChange[] = []
  const parentNow = is.parent && pairs.get(is.parent)
  if (isReordered || parentNow !== was.parent)
    changes.push({ kind: 'moved', at: is.at, from: was.at, path: is.item.path })
  const [before, after] = [shown(was.item), shown(is.item)]
  if (before.name !== after.name || before.path !== after.path)
    changes.push({ kind: 'changed', at: is.at, before, after })
  return changes
}

function shown({ name, path }: MenuItem): { name: string; path: string } {
  return { name, path }
}

function places(menu: Menu, parent?: Place): Place[] {
  return menu.flatMap((item, n) => {
    const place: Place = { item, at: [...(parent?.at ?? []), item.name], parent, n }
    return [place, ...places(item.children, place)]
  })
}

/** Matches by the surest criterion first and the least sure last; each item is matched once. */
function match(old: Place[], now: Place[]): Map<Place, Place> {
  const pairs = new Map<Place, Place>()
  const free = new Set(old)
  const above = (place: Place) => place.at.slice(0, -1).join('\0')
  const keys: ((place: Place) => string | undefined)[] = [
    place => `${place.at.join('\0')}\0\0${place.item.path}`,
    place => place.at.join('\0'),
    ({ item }) => (item.path ? `${item.name}\0${item.path}` : undefined),
    place => (place.item.path ? `${above(place)}\0\0${place.item.path}` : undefined),
    ({ item }) => item.path || undefined,
    ({ item }) => (item.children.length > 0 ? item.name : undefined),
  ]
  for (const keyOf of keys) {
    const byKey = Map.groupBy([...free], keyOf)
    for (const place of now) {
      const key = pairs.has(place) ? undefined : keyOf(place)
      const found = key === undefined ? undefined : byKey.get(key)?.shift()
      if (!found) continue
      pairs.set(place, found)
      free.delete(found)
    }
  }
  return pairs
}

/** Per level, the smallest set of items without which the others keep their old order. */
function reorderedAmong(now: Place[], pairs: Map<Place, Place>): Set<Place> {
  const reordered = new Set<Place>()
  for (const siblings of Map.groupBy(now, place => place.parent).values()) {
    const stayed = siblings.filter(place => {
      const was = pairs.get(place)
      return was && was.parent === (place.parent && pairs.get(place.parent))
    })
    const kept = longestRise(stayed.map(place => pairs.get(place)?.n ?? 0))
    stayed.forEach((place, index) => {
      if (!kept.has(index)) reordered.add(place)
    })
  }
  return reordered
}

/** Indexes of a longest increasing subsequence of these numbers, which are distinct. */
function longestRise(numbers: readonly number[]): Set<number> {
  const tails: number[] = []
  const previous: number[] = []
  numbers.forEach((number, index) => {
    let low = 0
    for (let high = tails.length; low < high; ) {
      const middle = (low + high) >> 1
      if ((numbers[tails[middle] ?? 0] ?? 0) < number) low = middle + 1
      else high = middle
    }
    previous[index] = low > 0 ? (tails[low - 1] ?? -1) : -1
    tails[low] = index
  })
  const kept = new Set<number>()
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) kept.add(index)
  return kept
}
