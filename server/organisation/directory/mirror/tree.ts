import { toWire } from '../../../platform/http/wire.ts'
import type { Department } from '../entities.ts'

export type DepartmentNode = {
  readonly department: Department
  /** The position in depth-first order; the subtree is [index, end). */
  readonly index: number
  readonly end: number
  readonly depth: number
  readonly parent: DepartmentNode | undefined
  readonly children: readonly DepartmentNode[]
  /** Ready in wire form (wire.ts): `{orgId, orgName, corpId, parentId, sortNo}` (docs/interface/address-book.md#entities). */
  readonly wire: string
}

/** All departments of a corp. It is immutable; each change makes a new tree. A visible range may have several roots. */
export type DepartmentTree = {
  readonly corpId: string
  readonly roots: readonly DepartmentNode[]
  /** All departments depth-first; siblings by sortNo, larger first, then by id. */
  readonly order: readonly DepartmentNode[]
  get(id: number): DepartmentNode | undefined
  /** Ids of departments that upstream links in a cycle; each cycle was cut at its smallest id. */
  readonly cyclic: readonly number[]
}

type MutableNode = { -readonly [K in Exclude<keyof DepartmentNode, 'children'>]: DepartmentNode[K] } & {
  children: MutableNode[]
}

export function buildTree(corpId: string, departments: Iterable<Department>): DepartmentTree {
  const nodes = new Map<number, MutableNode>()
  for (const department of departments) nodes.set(department.id, newNode(corpId, department))
  const roots: MutableNode[] = []
  for (const node of nodes.values()) {
    const parent = nodes.get(node.department.parentId)
    if (parent && parent !== node) parent.children.push(node)
    else roots.push(node)
  }
  for (const node of nodes.values()) node.children.sort(bySortNo)
  roots.sort(bySortNo)
  const order: MutableNode[] = []
  for (const root of roots) walk(root, order)
  const cyclic = order.length < nodes.size ? openCircles(nodes, order, roots) : []
  return { corpId, roots, order, cyclic, get: id => nodes.get(id) }
}

function newNode(corpId: string, department: Department): MutableNode {
  const json =
    `{"orgId":"${department.id}","orgName":${JSON.stringify(department.name)},"corpId":${JSON.stringify(corpId)},` +
    `"parentId":"${department.parentId}","sortNo":${department.sortNo}}`
  return { department, index: -1, end: -1, depth: 0, parent: undefined, children: [], wire: toWire(json) }
}

function bySortNo(a: DepartmentNode, b: DepartmentNode): number {
  return b.department.sortNo - a.department.sortNo || a.department.id - b.department.id
}

/** Numbers the subtree depth-first. The stack is explicit, because upstream may return a chain of 30,000 departments. */
function walk(root: MutableNode, order: MutableNode[]): void {
  const stack: { node: MutableNode; next: number }[] = []
  const enter = (node: MutableNode, parent: MutableNode | undefined) => {
    node.parent = parent
    node.depth = parent ? parent.depth + 1 : 0
    node.index = order.length
    order.push(node)
    stack.push({ node, next: 0 })
  }
  enter(root, undefined)
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const child = top.node.children[top.next++]
    if (child) enter(child, top.node)
    else {
      top.node.end = order.length
      stack.pop()
    }
  }
}

function openCircles(nodes: Map<number, MutableNode>, order: MutableNode[], roots: MutableNode[]): number[] {
  const cyclic: number[] = []
  const unreached = [...nodes.values()].filter(node => node.index < 0)
  unreached.sort((a, b) => a.department.id - b.department.id)
  for (const node of unreached) {
    if (node.index >= 0 || !isOnCircle(node, nodes)) continue
    const parent = nodes.get(node.department.parentId)
    if (parent) parent.children = parent.children.filter(child => child !== node)
    roots.push(node)
    cyclic.push(node.department.id)
    walk(node, order)
  }
  return cyclic
}

function isOnCircle(start: MutableNode, nodes: Map<number, MutableNode>): boolean {
  const seen = new Set<MutableNode>()
  let node = nodes.get(start.department.parentId)
  while (node && node !== start && !seen.has(node)) {
    seen.add(node)
    node = nodes.get(node.department.parentId)
  }
  return node === start
}

/** All departments above this one, nearest first. */
export function ancestors(node: DepartmentNode): DepartmentNode[] {
  const list: DepartmentNode[] = []
  for (let parent = node.parent; parent; parent = parent.parent) list.push(parent)
  return list
}

/** The departments and all above them, each once. */
export function lineages(tree: DepartmentTree, ids: readonly number[]): number[] {
  const all = new Set(ids)
  for (const id of ids) {
    const node = tree.get(id)
    if (node) for (const above of ancestors(node)) all.add(above.department.id)
  }
  return [...all]
}

/** The department and everything below it. */
export function subtree(tree: DepartmentTree, node: DepartmentNode): readonly DepartmentNode[] {
  return tree.order.slice(node.index, node.end)
}
