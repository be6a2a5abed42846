import type { DepartmentNode, DepartmentTree } from './tree.ts'

/** A member as stored in the mirror. */
export type Member = {
  userId: string
  name: string
  alias: string
  mobile: string
  email: string
  sex: number
  avatar: string
  address: string
  position: string
  status: number
  mainDepartment: number
  departments: number[]
  /** Aligned by index with `departments`, as is `leaderIn`. Larger numbers come first. */
  orders: number[]
  leaderIn: number[]
  directLeaders: string[]
}

/** An extended attribute of WeCom; `url` is empty unless it is a link. */
export type Attribute = { name: string; value: string; url: string }

/** A mirrored member with the fields that only the database adds. */
export type StoredMember = Member & { id: number; hash: number }

type KeptBack =
  | 'name'
  | 'alias'
  | 'mobile'
  | 'email'
  | 'sex'
  | 'avatar'
  | 'address'
  | 'position'
  | 'status'
  | 'directLeaders'
/**
 * A member as WeCom returns it. Fields that WeCom withholds (docs/upstream/wecom-directory.md#the-restrictions-of-2022) are
 * absent and keep their stored value, so that a sync does not erase what came from consent or an import.
 */
export type UpstreamMember = Omit<Member, KeptBack> &
  Partial<Pick<Member, KeptBack>> & {
    /** In the database alone (profile-store.ts), because nobody is listed or searched by them. */
    attributes?: Attribute[]
    /** The corp's own mail address, in the database alone as well. */
    bizMail?: string
  }

/** The part of every member that stays in memory, so that lists and permissions need no database. */
export type MemberCore = {
  readonly ordinal: number
  /** Identifies the person; it stays the same when the userid changes. */
  readonly id: number
  readonly userId: string
  readonly key: string
  readonly name: string
  readonly status: number
  readonly departments: readonly number[]
  readonly orders: readonly number[]
  readonly hash: number
}

export const memberStatus = { active: 1, disabled: 2, notActivated: 4, quit: 5 } as const

/** userids are compared case-insensitively, as in WeCom. */
export function userKey(userId: string): string {
  return userId.toLowerCase()
}

/** Quit members stay in the mirror and are never listed. */
export function isListed(core: Pick<MemberCore, 'status'>): boolean {
  return core.status !== memberStatus.quit
}

/** A corp's members in memory, with the member list of each department kept up to date. */
export type MemberTable = {
  readonly size: number
  /** Without those who quit. */
  readonly listed: number
  /** Moves with every change; no two tables ever have the same. */
  readonly revision: number
  byKey(key: string): MemberCore | undefined
  byId(id: number): MemberCore | undefined
  at(ordinal: number): MemberCore | undefined
  set(member: Omit<MemberCore, 'ordinal'>): MemberCore
  remove(key: string): MemberCore | undefined
  all(): Iterable<MemberCore>
  /** Listed direct members of the department, by `order` descending, then by userid. */
  direct(departmentId: number): readonly MemberCore[]
}

let revisions = 0

/** What is derived from an address book is kept per revision, and not with the address book, which may have gone from memory. */
export function nextRevision(): number {
  return ++revisions
}

export function createMemberTable(): MemberTable {
  const slots: (MemberCore | undefined)[] = []
  const free: number[] = []
  const keys = new Map<string, MemberCore>()
  const ids = new Map<number, MemberCore>()
  const lists = createDepartmentLists()
  let revision = nextRevision()
  let listed = 0

  function drop(core: MemberCore) {
    revision = nextRevision()
    if (isListed(core)) listed--
    lists.remove(core)
    keys.delete(core.key)
    ids.delete(core.id)
    slots[core.ordinal] = undefined
  }

  return {
    get size() {
      return keys.size
    },
    get listed() {
      return listed
    },
    get revision() {
      return revision
    },
    byKey: key => keys.get(key),
    byId: id => ids.get(id),
    at: ordinal => slots[ordinal],
    set(member) {
      const before = ids.get(member.id)
      const inTheWay = keys.get(member.key)
      const ordinal = before?.ordinal ?? free.pop() ?? slots.length
      if (before) drop(before)
      if (inTheWay && inTheWay !== before) {
        drop(inTheWay)
        free.push(inTheWay.ordinal)
      }
      const { id, userId, key, name, status, departments, orders, hash } = member
      const core = { ordinal, id, userId, key, name, status, departments, orders, hash }
      slots[ordinal] = core
      keys.set(core.key, core)
      ids.set(core.id, core)
      if (isListed(core)) listed++
      lists.add(core)
      revision = nextRevision()
      return core
    },
    remove(key) {
      const core = keys.get(key)
      if (!core) return undefined
      drop(core)
      free.push(core.ordinal)
      return core
    },
    all: () => keys.values(),
    direct: id => lists.members(id),
  }
}

type DepartmentList = { members: MemberCore[]; isSorted: boolean }

function newList(): DepartmentList {
  return { members: [], isSorted: true }
}

/** Listed members by department; a list is sorted when it is next asked for. */
function createDepartmentLists() {
  const lists = new Map<number, DepartmentList>()
  return {
    add(core: MemberCore) {
      if (!isListed(core)) return
      for (const id of core.departments) {
        const list = lists.getOrInsertComputed(id, newList)
        list.members.push(core)
        list.isSorted = list.members.length === 1
      }
    },
    remove(core: MemberCore) {
      if (!isListed(core)) return
      for (const id of core.departments) {
        const list = lists.get(id)
        const at = list?.members.indexOf(core) ?? -1
        if (!list || at < 0) continue
        list.members.splice(at, 1)
        if (list.members.length === 0) lists.delete(id)
      }
    },
    members(id: number): readonly MemberCore[] {
      const list = lists.get(id)
      if (!list) return []
      if (!list.isSorted) {
        list.members.sort((a, b) => orderIn(b, id) - orderIn(a, id) || (a.key < b.key ? -1 : 1))
        list.isSorted = true
      }
      return list.members
    },
  }
}

function orderIn(core: MemberCore, departmentId: number): number {
  return core.orders[core.departments.indexOf(departmentId)] ?? 0
}

type Range = { offset: number; limit: number }

/**
 * Members of a department and all departments below it, each once, in the order of the tree. `total` counts all of them;
 * `page` holds the part that `range` asks for.
 */
export function membersBelow(
  tree: DepartmentTree,
  members: MemberTable,
  root: DepartmentNode,
  range: Range,
  sees?: (core: MemberCore) => boolean,
): { total: number; page: MemberCore[] } {
  if (sees) return seenBelow(tree, members, root, range, sees)
  const starts = startsBelow(tree, members, root)
  const total = starts[starts.length - 1] ?? 0
  const page: MemberCore[] = []
  const position = lastAtOrBelow(starts, range.offset)
  let skip = range.offset - (starts[position] ?? 0)
  for (let index = root.index + position; index < root.end && page.length < range.limit; index++) {
    for (const core of members.direct(tree.order[index]!.department.id)) {
      if (!isFirst(tree, core, root, index)) continue
      if (skip > 0) skip--
      else if (page.length < range.limit) page.push(core)
    }
  }
  return { total, page }
}

function seenBelow(
  tree: DepartmentTree,
  members: MemberTable,
  root: DepartmentNode,
  range: Range,
  sees: (core: MemberCore) => boolean,
): { total: number; page: MemberCore[] } {
  const page: MemberCore[] = []
  let total = 0
  for (let index = root.index; index < root.end; index++) {
    for (const core of members.direct(tree.order[index]!.department.id)) {
      if (!isFirst(tree, core, root, index) || !sees(core)) continue
      if (total >= range.offset && page.length < range.limit) page.push(core)
      total++
    }
  }
  return { total, page }
}

type Starts = { members: MemberTable; revision: number; starts: Uint32Array }

const kept = new WeakMap<DepartmentNode, Starts>()

/**
 * For each department of a subtree, how many members come before it, with the total at the end. Kept until members change.
 */
function startsBelow(tree: DepartmentTree, members: MemberTable, root: DepartmentNode): Uint32Array {
  const known = kept.get(root)
  if (known?.members === members && known.revision === members.revision) return known.starts
  const starts = new Uint32Array(root.end - root.index + 1)
  for (let index = root.index; index < root.end; index++) {
    const position = index - root.index
    starts[position + 1] = (starts[position] ?? 0) + countFirst(tree, members, root, index)
  }
  kept.set(root, { members, revision: members.revision, starts })
  return starts
}

function countFirst(tree: DepartmentTree, members: MemberTable, root: DepartmentNode, index: number): number {
  const id = tree.order[index]!.department.id
  let count = 0
  for (const core of members.direct(id)) if (isFirst(tree, core, root, index)) count++
  return count
}

/** The department that contains the offset: the last one that starts at or before it. */
function lastAtOrBelow(starts: Uint32Array, offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** A member of several departments of a subtree is counted only in the first of them in tree order. */
function isFirst(tree: DepartmentTree, core: MemberCore, root: DepartmentNode, index: number): boolean {
  if (core.departments.length === 1) return true
  for (const id of core.departments) {
    const other = tree.get(id)
    if (other && other.index < index && other.index >= root.index) return false
  }
  return true
}
