import type { MemberCore } from './members.ts'
import type { MemberTable } from './table/member-table.ts'
import type { DepartmentNode, DepartmentTree } from './tree.ts'

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
    for (const ordinal of members.directOrdinals(tree.order[index]!.department.id)) {
      if (!isFirst(tree, members.departmentsAt(ordinal), root, index)) continue
      if (skip > 0) skip--
      else if (page.length < range.limit) page.push(members.at(ordinal)!)
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
      if (!isFirst(tree, core.departments, root, index) || !sees(core)) continue
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
  for (const ordinal of members.ordinalsIn(id))
    if (isFirst(tree, members.departmentsAt(ordinal), root, index)) count++
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
function isFirst(
  tree: DepartmentTree,
  departments: readonly number[],
  root: DepartmentNode,
  index: number,
): boolean {
  if (departments.length === 1) return true
  for (const id of departments) {
    const other = tree.get(id)
    if (other && other.index < index && other.index >= root.index) return false
  }
  return true
}
