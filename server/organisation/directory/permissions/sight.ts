import type { MemberCore } from '../mirror/members.ts'
import type { DepartmentNode, DepartmentTree } from '../mirror/tree.ts'

/** What somebody may do with a department. Higher levels include lower ones. */
export const level = { none: 0, view: 1, manage: 2 } as const

/**
 * Who may see what of a corp: a level per department, by its depth-first index, and members who are visible although their
 * departments are not (a developer's tags). Undefined `levels` mean everything. With `and`, only what both sights allow: a
 * person's permissions within a developer's data scope.
 */
export type Sight = {
  readonly levels: Uint8Array | undefined
  readonly memberKeys: ReadonlySet<string>
  /** Groups whose members are visible; who is in them may change while the sight is kept. */
  readonly groups?: { readonly ids: readonly number[]; has(memberId: number): boolean }
  readonly and?: Sight
}

export const everything: Sight = { levels: undefined, memberKeys: new Set() }

export function isEverything(sight: Sight): boolean {
  return sight.levels === undefined && (sight.and === undefined || isEverything(sight.and))
}

export function departmentLevel(sight: Sight, node: DepartmentNode): number {
  const own = sight.levels ? (sight.levels[node.index] ?? level.none) : level.manage
  return sight.and ? Math.min(own, departmentLevel(sight.and, node)) : own
}

export function seesMember(
  sight: Sight,
  tree: DepartmentTree,
  core: Pick<MemberCore, 'id' | 'key' | 'departments'>,
): boolean {
  if (sight.and && !seesMember(sight.and, tree, core)) return false
  // The key is made when it is asked for.
  if (!sight.levels || (sight.memberKeys.size > 0 && sight.memberKeys.has(core.key))) return true
  if (sight.groups?.has(core.id)) return true
  for (const id of core.departments) {
    const node = tree.get(id)
    if (node && sight.levels[node.index]) return true
  }
  return false
}

/**
 * Assignments are inherited downwards, and the nearest one decides (docs/interface/address-book.md#permissions). Parents precede
 * their children in depth-first order, so a single pass is enough.
 */
export function sightOf(
  tree: DepartmentTree,
  assignments: Iterable<{ departmentId: number; level: number }>,
  memberKeys: ReadonlySet<string> = new Set(),
): Sight {
  const levels = new Uint8Array(tree.order.length)
  const nodes = [...assignments].flatMap(({ departmentId, level }) => {
    const node = tree.get(departmentId)
    return node ? [{ node, level }] : []
  })
  nodes.sort((a, b) => a.node.index - b.node.index)
  for (const { node, level } of nodes) levels.fill(level, node.index, node.end)
  return { levels, memberKeys }
}

/** For each department, whether it or anything below it is visible, because the path to what is permitted must be shown. */
export function leadsToVisible(sight: Sight, tree: DepartmentTree): Uint8Array {
  const leads = new Uint8Array(tree.order.length)
  for (let index = tree.order.length - 1; index >= 0; index--) {
    const node = tree.order[index]!
    if (departmentLevel(sight, node) > level.none) leads[index] = 1
    if (leads[index] && node.parent) leads[node.parent.index] = 1
  }
  return leads
}
