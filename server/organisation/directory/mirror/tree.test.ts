import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWire } from '../../../platform/http/wire.ts'
import type { Department } from '../entities.ts'
import { ancestors, buildTree, subtree } from './tree.ts'

const department = (id: number, parentId: number, sortNo = 0): Department => ({
  id,
  name: `部门 ${id}`,
  parentId,
  sortNo,
  leaders: [],
})

/** Everything upstream may return: orphans, several roots, departments that are their own parent, cycles. */
const departments = fc
  .uniqueArray(
    fc.tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 45 }),
      fc.integer({ min: 0, max: 3 }),
    ),
    {
      selector: ([id]) => id,
      maxLength: 40,
    },
  )
  .map(rows => rows.map(([id, parentId, sortNo]) => department(id, parentId, sortNo)))

describe('buildTree', () => {
  it('holds every department exactly once, in nested intervals below a root', () => {
    fc.assert(
      fc.property(departments, all => {
        const tree = buildTree('corp', all)
        expect(tree.order.map(node => node.department.id).sort()).toEqual(all.map(one => one.id).sort())
        for (const [index, node] of tree.order.entries()) {
          expect(node.index).toBe(index)
          expect(tree.get(node.department.id)).toBe(node)
          expect(node.depth).toBe(node.parent ? node.parent.depth + 1 : 0)
          expect(node.children.every(child => child.parent === node)).toBe(true)
          expect(subtree(tree, node)).toHaveLength(
            node.children.reduce((sum, one) => sum + one.end - one.index, 1),
          )
          if (node.parent) {
            expect(node.parent.index < node.index && node.end <= node.parent.end).toBe(true)
            expect(node.department.parentId).toBe(node.parent.department.id)
          } else expect(tree.roots).toContain(node)
          const above = ancestors(node)
          expect(above.length).toBe(node.depth)
          expect(tree.roots).toContain(above.at(-1) ?? node)
        }
      }),
    )
  })

  it('does not depend on the order of the answer', () => {
    fc.assert(
      fc.property(
        departments.chain(all =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          const ids = (list: Department[]) => buildTree('corp', list).order.map(node => node.department.id)
          expect(ids(shuffled)).toEqual(ids(all))
        },
      ),
    )
  })

  it('sorts siblings by sortNo, larger first, then by id', () => {
    fc.assert(
      fc.property(departments, all => {
        for (const { children } of buildTree('corp', all).order) {
          const pairs = children.map(child => [-child.department.sortNo, child.department.id] as const)
          expect(pairs).toEqual([...pairs].sort((a, b) => a[0] - b[0] || a[1] - b[1]))
        }
      }),
    )
  })

  it('opens a circle at its smallest id, and names it', () => {
    const tree = buildTree('corp', [
      department(1, 0),
      department(5, 7),
      department(6, 5),
      department(7, 6),
      department(8, 7),
    ])
    expect(tree.cyclic).toEqual([5])
    expect(tree.order.map(node => node.department.id)).toEqual([1, 5, 6, 7, 8])
    expect(tree.get(5)?.wire).toContain('"parentId":"7"')
  })

  it('keeps the real parentId of a department whose parent is not there', () => {
    const tree = buildTree('corp', [department(9, 4), department(10, 9)])
    expect(tree.roots.map(node => node.department.id)).toEqual([9])
    expect(parseWire(tree.get(9)?.wire ?? '')).toEqual({
      orgId: '9',
      orgName: '部门 9',
      corpId: 'corp',
      parentId: '4',
      sortNo: 0,
    })
    expect(tree.cyclic).toEqual([])
  })

  it('takes a chain of 30,000', () => {
    const chain = Array.from({ length: 30_000 }, (_, n) => department(n + 1, n))
    expect(ancestors(buildTree('corp', chain).order.at(-1)!)).toHaveLength(29_999)
  })
})
