import type { Db } from '../../../platform/storage/db.ts'
import type { Department, StoredMember, Tag } from '../entities.ts'
import * as feed from '../feed-store.ts'
import { createSearchIndex, type SearchIndex } from '../search/search-index.ts'
import * as store from '../store.ts'
import { type AvatarLinks, createFragmentCache, type FragmentCache, fragmentBytes } from './fragments.ts'
import { type GroupSets, noGroups } from './group-sets.ts'
import { isListed, nextRevision, userKey } from './members.ts'
import { createMemberTable, type MemberTable } from './table/member-table.ts'
import { buildTree, type DepartmentTree } from './tree.ts'

/** A corp's address book in this process's memory, equal to the database up to change number `seq`. */
export type Mirror = {
  readonly corpId: string
  seq: number
  /** Moves with departments and tags; no two mirrors ever have the same. */
  revision: number
  tree: DepartmentTree
  readonly members: MemberTable
  readonly tags: Map<number, Tag>
  readonly search: SearchIndex
  readonly fragments: FragmentCache
  /** Who is in the groups that visibility and data scopes name. */
  groups: GroupSets
}

/** What a write on this or another node changed; undefined means deleted. */
export type Patch = {
  departments: Map<number, Department | undefined>
  /** By userid in lower case. */
  members: Map<string, StoredMember | undefined>
  tags: Map<number, Tag | undefined>
}

export function emptyPatch(): Patch {
  return { departments: new Map(), members: new Map(), tags: new Map() }
}

const emptyBytes = 16_000
const departmentBytes = 500
const tagMemberBytes = 16

/** What an address book takes in memory, about. */
export function bytesOf({ members, tree, tags, search, fragments }: Mirror): number {
  let tagged = 0
  for (const tag of tags.values()) tagged += tag.userKeys.length + tag.departments.length
  return (
    emptyBytes +
    members.memory +
    search.memoryBytes() +
    fragments.held * fragmentBytes +
    tree.order.length * departmentBytes +
    tagged * tagMemberBytes
  )
}

/**
 * From so many members on an address book is worth a snapshot, and who needs only some of it does not wait for it. Measured at 20,000,
 * from the database: 0.25 to 0.4 s of CPU, 0.5 to 0.9 s by the clock where three others wanted the two cores.
 */
export const largeFrom = 20_000

/** Other calls are answered between the pages. */
const loadPageSize = 1000

export function emptyMirror(corpId: string, capacity: number, links: AvatarLinks): Mirror {
  return {
    corpId,
    seq: 0,
    revision: nextRevision(),
    tree: buildTree(corpId, []),
    members: createMemberTable(),
    tags: new Map(),
    search: createSearchIndex(),
    fragments: createFragmentCache(corpId, capacity, links),
    groups: noGroups,
  }
}

export async function loadMirror(
  db: Db,
  corpId: string,
  capacity: number,
  links: AvatarLinks,
): Promise<Mirror> {
  const mirror = emptyMirror(corpId, capacity, links)
  // Read the number first: changes committed during the load are then applied a second time, which does no harm.
  const { seq, members } = await feed.feedRange(db, corpId)
  mirror.seq = seq
  mirror.members.reserve(members)
  mirror.tree = buildTree(corpId, await store.allDepartments(db, corpId))
  for (const tag of await store.allTags(db, corpId)) mirror.tags.set(tag.id, tag)
  for await (const page of store.allMembers(db, corpId, loadPageSize)) {
    for (const member of page) {
      const ordinal = putMember(mirror, userKey(member.userId), member)
      // Beyond what fits, each would only push out another.
      if (mirror.fragments.held < capacity) mirror.fragments.set(ordinal, member)
    }
  }
  return mirror
}

export function applyPatch(mirror: Mirror, patch: Patch): void {
  if (patch.departments.size > 0) {
    const departments = new Map(mirror.tree.order.map(node => [node.department.id, node.department]))
    for (const [id, department] of patch.departments) {
      if (department) departments.set(id, department)
      else departments.delete(id)
    }
    mirror.tree = buildTree(mirror.corpId, departments.values())
  }
  for (const [id, tag] of patch.tags) {
    if (tag) mirror.tags.set(id, tag)
    else mirror.tags.delete(id)
  }
  // Deletions come first, because one patch may pass a userid from one person to another.
  for (const [key, member] of patch.members) if (!member) dropMember(mirror, key)
  for (const [key, member] of patch.members)
    if (member) mirror.fragments.update(putMember(mirror, key, member), member)
  if (patch.departments.size > 0 || patch.tags.size > 0) mirror.revision = nextRevision()
}

export function putMember(mirror: Mirror, key: string, member: StoredMember): number {
  const inTheWay = mirror.members.byKey(key)
  if (inTheWay && inTheWay.id !== member.id) dropMember(mirror, key)
  const core = mirror.members.set({
    id: member.id,
    userId: member.userId,
    key,
    name: member.name,
    status: member.status,
    departments: member.departments,
    orders: member.orders,
    hash: member.hash,
  })
  const { userId, name, alias, mobile } = member
  if (isListed(core)) mirror.search.set(core.ordinal, { userId, name, alias, mobile })
  else mirror.search.remove(core.ordinal)
  return core.ordinal
}

function dropMember(mirror: Mirror, key: string): void {
  const core = mirror.members.remove(key)
  if (!core) return
  mirror.fragments.drop(core.ordinal)
  mirror.search.remove(core.ordinal)
}

/** When more changes than this are missing, loading the tables is faster than following the feed. */
const followAtMost = 20_000

/** Brings the mirror up to date with the database. Returns false when it is too far behind and must be loaded again. */
export async function followFeed(db: Db, mirror: Mirror): Promise<boolean> {
  const { first, seq } = await feed.feedRange(db, mirror.corpId)
  if (mirror.seq >= seq) return true
  if (mirror.seq + 1 < first) return false
  // Numbers may be missing between changes, so that only the changes themselves tell how many there are.
  const changes = await feed.readChanges(db, mirror.corpId, mirror.seq, followAtMost + 1)
  if (changes.length > followAtMost) return false
  applyPatch(mirror, await readPatch(db, mirror, changes))
  // What is numbered commits in the order of the numbers, so nothing up to the feed's end can come later.
  mirror.seq = Math.max(seq, changes.at(-1)?.seq ?? 0)
  return true
}

/** Rows may be newer than the change that names them; the later change then finds nothing left to do. */
async function readPatch(db: Db, mirror: Mirror, changes: feed.FeedChange[]): Promise<Patch> {
  const patch = emptyPatch()
  const kinds = new Set(changes.map(change => change.kind))
  const departments = new Map<number, Department>()
  const tags = new Map<number, Tag>()
  if (kinds.has('department'))
    for (const one of await store.allDepartments(db, mirror.corpId)) departments.set(one.id, one)
  if (kinds.has('tag')) for (const one of await store.allTags(db, mirror.corpId)) tags.set(one.id, one)
  const ids = new Set<number>()
  for (const change of changes) {
    const id = Number(change.entityId)
    if (change.kind === 'department') patch.departments.set(id, departments.get(id))
    else if (change.kind === 'tag') patch.tags.set(id, tags.get(id))
    else if (change.kind === 'member' || change.kind === 'external') {
      patch.members.set(userKey(change.entityId), undefined)
      if (change.oldId !== null) patch.members.set(userKey(change.oldId), undefined)
      if (change.memberId !== null) ids.add(change.memberId)
    }
  }
  for (const member of await store.membersById(db, mirror.corpId, [...ids]))
    patch.members.set(userKey(member.userId), member)
  return patch
}
