import type { FeedChange } from '../directory/feed-store.ts'
import { userKey } from '../directory/mirror/members.ts'
import type { Mirror } from '../directory/mirror/mirror.ts'
import type { SeenTag } from './group-store.ts'
import { type RuleReach, reachOf } from './rule.ts'
import type { DecidedGroup } from './settle.ts'

/** More members than this are looked at in pages, in the background. */
export const atOnceAtMost = 5000

export type ChangeReach = {
  memberIds: Set<number>
  /** Rules that have to be worked through: a change concerns too many members. */
  anew: Set<number>
  /** Tags as they are now, of those that differ from what the groups last saw. */
  tags: SeenTag[]
}

type Rules = { id: number; reach: RuleReach }[]
type Book = Pick<Mirror, 'tree' | 'tags' | 'members'>

export function rulesOf(groups: readonly DecidedGroup[]): Rules {
  return groups.flatMap(({ id, rule }) => (rule ? [{ id, reach: reachOf(rule) }] : []))
}

export function tagsNamed(rules: Rules): number[] {
  return [...new Set(rules.flatMap(one => one.reach.tags))]
}

/** Whom these changes concern: members who changed, and those of departments and tags that did, as far as a rule names such. */
export function touchedBy(
  book: Book,
  changes: readonly FeedChange[],
  rules: Rules,
  seen: ReadonlyMap<number, SeenTag>,
): ChangeReach {
  const touched: ChangeReach = { memberIds: new Set(), anew: new Set(), tags: [] }
  const departments = new Set<number>()
  const tagIds = new Set<number>()
  for (const { kind, op, entityId, memberId } of changes) {
    if (kind === 'member' || kind === 'external') {
      const id = memberId ?? book.members.byKey(userKey(entityId))?.id
      if (id !== undefined) touched.memberIds.add(id)
    } else if (kind === 'department' && op !== 'drop') departments.add(Number(entityId))
    else if (kind === 'tag') tagIds.add(Number(entityId))
  }
  const placed = rules.filter(({ reach }) => reach.departments.length + reach.tags.length > 0)
  if (placed.length > 0) addAll(touched, placed, idsBelow(book, departments))
  for (const id of tagsNamed(rules)) {
    if (!tagIds.has(id) && seen.has(id)) continue
    const now = tagNow(book, id)
    const before = seen.get(id)
    touched.tags.push(now)
    // A tag that no rule named before is that of a new rule, which is worked through.
    if (before)
      addAll(
        touched,
        rules.filter(one => one.reach.tags.includes(id)),
        idsBetween(book, before, now),
      )
  }
  return touched
}

function addAll(touched: ChangeReach, rules: Rules, ids: ReadonlySet<number> | undefined): void {
  if (ids) for (const id of ids) touched.memberIds.add(id)
  else for (const { id } of rules) touched.anew.add(id)
}

function tagNow({ tags }: Book, id: number): SeenTag {
  const tag = tags.get(id)
  return { id, userKeys: tag?.userKeys ?? [], departments: tag?.departments ?? [] }
}

/** Members who have or had the tag, but not both; undefined when they are too many. */
function idsBetween(book: Book, before: SeenTag, now: SeenTag): ReadonlySet<number> | undefined {
  const keys = new Set(before.userKeys).symmetricDifference(new Set(now.userKeys))
  const ids = idsBelow(book, new Set(before.departments).symmetricDifference(new Set(now.departments)))
  if (!ids || keys.size > atOnceAtMost) return undefined
  const all = new Set(ids)
  for (const key of keys) {
    const id = book.members.byKey(key)?.id
    if (id !== undefined) all.add(id)
  }
  return all
}

/** Members of these departments and of those below; undefined when they are too many. */
function idsBelow({ tree, members }: Book, tops: ReadonlySet<number>): Set<number> | undefined {
  const ids = new Set<number>()
  for (const top of tops) {
    const node = tree.get(top)
    if (!node) continue
    for (let index = node.index; index < node.end; index++) {
      for (const ordinal of members.ordinalsIn(tree.order[index]!.department.id)) {
        const id = members.rowAt(ordinal)?.id
        if (id !== undefined) ids.add(id)
        if (ids.size > atOnceAtMost) return undefined
      }
    }
  }
  return ids
}
