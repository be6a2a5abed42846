import fc from 'fast-check'
import { expect, it } from 'vitest'
import { buildTree, type DepartmentNode, type DepartmentTree } from '../mirror/tree.ts'
import {
  departmentLevel,
  everything,
  isEverything,
  leadsToVisible,
  level,
  type Sight,
  seesMember,
  sightOf,
} from './sight.ts'

const trees = fc.array(fc.nat(), { minLength: 1, maxLength: 30 }).map(parents =>
  buildTree(
    'corp',
    parents.map((parent, n) => ({
      id: n + 1,
      name: '',
      parentId: n === 0 ? 0 : (parent % n) + 1,
      sortNo: 0,
      leaders: [],
    })),
  ),
)
const assignments = fc.uniqueArray(
  fc.record({ departmentId: fc.integer({ min: 1, max: 33 }), level: fc.constantFrom(0, 1, 2) }),
  { selector: one => one.departmentId, maxLength: 8 },
)
type Assignments = { departmentId: number; level: number }[]

function naiveLevel(node: DepartmentNode | undefined, given: Assignments): number {
  if (!node) return level.none
  return given.find(one => one.departmentId === node.department.id)?.level ?? naiveLevel(node.parent, given)
}

function naiveLeads(node: DepartmentNode, given: Assignments[]): boolean {
  return (
    given.every(one => naiveLevel(node, one) > 0) || node.children.some(child => naiveLeads(child, given))
  )
}

const core = (departments: number[], key = 'a') => ({ key, departments }) as never

function naiveSees(tree: DepartmentTree, departments: number[], given: Assignments): boolean {
  return departments.some(id => naiveLevel(tree.get(id), given) > 0)
}

it('the nearest assignment at or above a department decides', () => {
  fc.assert(
    fc.property(trees, assignments, (tree, given) => {
      const sight = sightOf(tree, given)
      for (const node of tree.order) expect(departmentLevel(sight, node)).toBe(naiveLevel(node, given))
    }),
  )
})

it('what leads to something visible is what has it below', () => {
  fc.assert(
    fc.property(trees, assignments, assignments, (tree, own, within) => {
      const sight: Sight = { ...sightOf(tree, own), and: sightOf(tree, within) }
      const leads = leadsToVisible(sight, tree)
      for (const node of tree.order) expect(leads[node.index] === 1).toBe(naiveLeads(node, [own, within]))
    }),
  )
})

it('a member is seen through any department, and only where both sights allow', () => {
  fc.assert(
    fc.property(
      trees,
      assignments,
      assignments,
      fc.array(fc.integer({ min: 1, max: 33 })),
      (tree, own, within, ids) => {
        const sight: Sight = { ...sightOf(tree, own), and: sightOf(tree, within) }
        const wanted = naiveSees(tree, ids, own) && naiveSees(tree, ids, within)
        expect(seesMember(sight, tree, core(ids))).toBe(wanted)
        const named = sightOf(tree, own, new Set(['a']))
        expect(seesMember(named, tree, core(ids))).toBe(true)
        expect(seesMember(named, tree, core(ids, 'b'))).toBe(naiveSees(tree, ids, own))
      },
    ),
  )
})

it('everything is everything, but not within something', () => {
  const tree = buildTree('corp', [{ id: 1, name: '', parentId: 0, sortNo: 0, leaders: [] }])
  expect(isEverything(everything)).toBe(true)
  expect(isEverything({ ...everything, and: everything })).toBe(true)
  expect(isEverything({ ...everything, and: sightOf(tree, []) })).toBe(false)
  expect(isEverything(sightOf(tree, [{ departmentId: 1, level: level.manage }]))).toBe(false)
})
