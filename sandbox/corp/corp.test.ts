import { expect, test } from 'vitest'
import { CorpState } from '../state/state.ts'
import { corpSize } from './corp.ts'
import { chineseNumber } from './departments.ts'
import { mobileOf, slotOfMobile } from './mobiles.ts'
import type { Member } from './records.ts'

const members = (state: CorpState): Member[] => state.userids.map((_, slot) => state.member(slot))
const whole = (state: CorpState) => ({
  departments: [...state.departments.values()],
  members: members(state),
  tags: [...state.tags.values()].map(tag => ({ ...tag, users: [...tag.users], parties: [...tag.parties] })),
})

test('the same numbers give the same corp, another seed another', () => {
  const size = corpSize({ members: 500, seed: 3 })
  const first = whole(new CorpState(size))
  expect(whole(new CorpState(size))).toEqual(first)
  expect(whole(new CorpState({ ...size, seed: 4 })).members).not.toEqual(first.members)
})

test.each([
  [300, 40],
  [100_000, 3000],
  [1_000_000, 30_000],
  [1, 1],
  [0, 1],
])('%i members get %i departments', (count, departments) => {
  expect(corpSize({ members: count }).departments).toBe(departments)
})

test.each([1, 2, 7, 40, 200, 3000, 30_000])('%i departments are one tree of at most 15 levels', count => {
  const state = new CorpState(corpSize({ members: 0, departments: count }))
  const list = [...state.departments.values()]
  expect(list).toHaveLength(count)
  const siblings = new Set<string>()
  let deepest = 0
  for (const item of list) {
    const path = [...state.upwards(item.id)]
    expect(path.at(-1)).toBe(1)
    deepest = Math.max(deepest, path.length)
    siblings.add(`${item.parentid} ${item.name}`)
    expect([...item.name].length).toBeLessThanOrEqual(32)
  }
  expect(siblings.size).toBe(count)
  expect(deepest).toBeLessThanOrEqual(15)
  if (count >= 40) expect(deepest).toBeGreaterThanOrEqual(3)
})

test('100,000 members look like a real corp', () => {
  const state = new CorpState(corpSize({ members: 100_000 }))
  const list = members(state)
  const unique = (values: string[]) => new Set(values).size
  expect(unique(list.map(item => item.userid.toLowerCase()))).toBe(100_000)
  const mobiles = list.map(item => item.mobile).filter(Boolean)
  expect(unique(mobiles)).toBe(mobiles.length)
  expect(mobiles.every(mobile => /^1[358]\d{9}$/.test(mobile))).toBe(true)
  expect(list.every(item => item.mobile || item.email)).toBe(true)
  const share = (test: (member: Member) => boolean) => list.filter(test).length / list.length
  expect(share(item => item.department.length > 1)).toBeGreaterThan(0.06)
  expect(share(item => item.department.length > 1)).toBeLessThan(0.1)
  for (const status of [1, 2, 4, 5]) expect(share(item => item.status === status)).toBeGreaterThan(0.005)
  expect(
    share(item => /^[欧司上诸慕皇令尉东夏端][阳马官葛容甫狐迟方侯徒木]/.test(item.name)),
  ).toBeGreaterThan(0.003)
  expect(share(item => /^\d+$/.test(item.userid))).toBeGreaterThan(0.05)
  expect(share(item => item.direct_leader.length > 0)).toBeGreaterThan(0.9)
  expect(share(item => item.order.some(order => order > 0x7fffffff))).toBeGreaterThan(0.01)
  for (const item of list) {
    expect(item.department).toContain(item.main_department)
    expect(item.order.length).toBe(item.department.length)
    expect(/^[0-9A-Za-z][0-9A-Za-z_\-@.]*$/.test(item.userid)).toBe(true)
  }
  expect([1, 2, 3].map(slot => list[slot]!.userid)).toEqual(['zhangsan', 'lisi', 'wangwu'])
  const sizes = [...state.departments.keys()].map(id => state.membersOf(id).size)
  expect(Math.max(...sizes)).toBeLessThan(30_000)
  const empty = sizes.filter(size => size === 0).length / sizes.length
  expect(empty).toBeGreaterThan(0.02)
  expect(empty).toBeLessThan(0.06)
})

test('leaders of a department are the members who say so', () => {
  const state = new CorpState(corpSize({ members: 3000 }))
  for (const id of state.departments.keys()) {
    const expected = [...state.membersOf(id)].filter(slot => {
      const member = state.member(slot)
      return member.is_leader_in_dept[member.department.indexOf(id)] === 1
    })
    expect([...state.leadersOf(id)].sort()).toEqual(expected.sort())
  }
})

test('numbers', () => {
  expect([1, 10, 11, 20, 35, 120].map(chineseNumber)).toEqual(['一', '十', '十一', '二十', '三十五', '120'])
  for (const slot of [0, 1, 999, 1_234_567]) expect(slotOfMobile(42, mobileOf(42, slot))).toBe(slot)
  expect(slotOfMobile(42, '19912345678')).toBeUndefined()
})
