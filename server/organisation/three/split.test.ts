import { expect, it } from 'vitest'
import { adminCalls, pageCalls } from '../../features.ts'
import { type Point, points } from '../../platform/http/admin/points.ts'
import { threeRoles } from '../../platform/http/admin/three-role.ts'
import { shipped } from '../rights/shipped.ts'
import { pointsOfOthers, pointsOfThree, type Share, split } from './split.ts'

const all = Object.keys(points) as Point[]
const those = (share: Share) => all.filter(point => split[point] === share)

it('says of every point whose it is, once', () => {
  expect(Object.keys(split).sort()).toEqual([...all].sort())
  for (const point of all) {
    const held = threeRoles.filter(role => pointsOfThree[role].has(point))
    const expected: Record<Share, readonly string[]> = {
      system: ['system'],
      security: ['security'],
      auditor: ['auditor'],
      three: threeRoles,
      all: threeRoles,
      readers: ['security', 'auditor'],
      business: [],
      nobody: [],
    }
    expect(held, point).toEqual(expected[split[point]])
    expect(pointsOfOthers.has(point), point).toBe(['business', 'all'].includes(split[point]))
  }
})

it('gives the system administrator neither rights nor logs', () => {
  const { system } = pointsOfThree
  expect(
    [...system].filter(point => /^(role|audit|sign-in):|:(log|export|grant|inspect|token)$/.test(point)),
  ).toEqual(['sync:inspect'])
})

/** Where the audit log goes to is the auditor's word alone; all else that they can do reads. */
it('lets the auditor change nothing', () => {
  const own = ['audit:forward', 'audit:settings', 'installation:forward', 'three:agree', 'installation:agree']
  const posts = [...pageCalls, ...adminCalls].filter(({ method }) => method === 'POST')
  const changing = new Set(
    posts.flatMap(({ point }) => (point && pointsOfThree.auditor.has(point) ? point : [])),
  )
  // Views of lists, and files for forms; a verification of the audit log reads for long.
  expect([...changing].filter(point => !own.includes(point)).sort()).toEqual(
    ['audit:read', 'console:use', 'app:read', 'official:read']
      .filter(point => changing.has(point as Point))
      .sort(),
  )
})

it('leaves nobody what would go around it', () => {
  expect(those('nobody')).toEqual(['settings:apply', 'sign-in:ticket', 'operator:export', 'operator:delete'])
  for (const point of those('nobody')) expect(shipped.system.has(point)).toBe(true)
})
