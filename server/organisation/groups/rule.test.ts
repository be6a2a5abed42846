import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildTree } from '../directory/mirror/tree.ts'
import { dayOfText, type Facts, type Ground, matcherOf } from './match.ts'
import { type Rule, reachOf, readRule, withoutDepartments } from './rule.ts'

const department = (id: number, parentId: number) => ({
  id,
  name: `部门${id}`,
  parentId,
  sortNo: 0,
  leaders: [],
})
const tag = { id: 1, name: '值班', userKeys: ['b'], departments: [4] }
const ground: Ground = {
  tree: buildTree('ww', [department(1, 0), department(2, 1), department(3, 2), department(4, 1)]),
  tags: new Map([[1, tag]]),
  today: '2026-12-02',
  timeZone: 'Asia/Shanghai',
}
const nobody: Facts = {
  id: 1,
  userKey: 'a',
  status: 1,
  departments: [3],
  mainDepartment: 3,
  leaderIn: [0],
  position: '高级工程师',
  sex: 1,
  email: 'A@example.com',
  bizMail: '',
  mobile: '13800138000',
  attributes: [],
  createdAt: new Date('2026-12-01T16:30:00Z'),
}
const attribute = (value: string) => ({ attributes: [{ name: '入职', value, url: '' }] })
const fits = (rule: Rule, facts: Partial<Facts> = {}, on = ground) =>
  matcherOf(readRule(rule), on)({ ...nobody, ...facts })
const one = (field: string, op: string, ...values: string[]) => ({ field, op, values })
const refusal = (rule: unknown) => {
  try {
    return JSON.stringify(readRule(rule))
  } catch (error) {
    return (error as Error).message
  }
}

describe('a rule', () => {
  it('compares departments with what is below, tags, status, fields and leaders', () => {
    expect(fits(one('department', 'below', '2'))).toBe(true)
    expect(fits(one('department', 'in', '2'))).toBe(false)
    expect(fits(one('mainDepartment', 'in', '3'))).toBe(true)
    expect(fits(one('tag', 'in', '1'))).toBe(false)
    expect(fits(one('tag', 'in', '1'), { userKey: 'b' })).toBe(true)
    expect(fits(one('tag', 'in', '1'), { departments: [4] })).toBe(true)
    expect(fits(one('status', 'is', 'disabled', 'notActivated'))).toBe(false)
    expect(fits(one('leader', 'is', 'yes'), { leaderIn: [0, 1] })).toBe(true)
    expect(fits(one('position', 'contains', '工程'))).toBe(true)
    expect(fits(one('email', 'is', 'a@EXAMPLE.com'))).toBe(true)
    expect(fits(one('bizMail', 'empty'))).toBe(true)
    expect(fits({ not: { any: [one('sex', 'is', '2'), one('mobile', 'startsWith', '139')] } })).toBe(true)
    expect(fits({ all: [one('sex', 'is', '1'), { not: one('department', 'below', '1') }] })).toBe(false)
  })

  it('compares numbers and days, of which those from today on come true at midnight of the corp', () => {
    expect(fits(one('attribute:入职', 'atLeast', '3'), attribute('12'))).toBe(true)
    expect(fits(one('attribute:入职', 'atMost', '3'), attribute('二'))).toBe(false)
    expect(fits(one('attribute:入职', 'from', '2026-01-01'), attribute('2026年3月5日'))).toBe(true)
    expect(fits(one('attribute:入职', 'before', '2026-01-01'), attribute('2025/12/31'))).toBe(true)
    const probation = one('attribute:入职', 'daysAgo', '90')
    expect(fits(probation, attribute('2026-09-03'))).toBe(true)
    expect(fits(probation, attribute('2026-09-04'))).toBe(false)
    expect(fits(probation, attribute('2026-09-04'), { ...ground, today: '2026-12-03' })).toBe(true)
    expect(fits(one('attribute:入职', 'withinNext', '30'), attribute('2027-01-01'))).toBe(true)
    expect(fits(one('attribute:入职', 'withinNext', '30'), attribute('2026-12-01'))).toBe(false)
    expect(fits(one('joined', 'from', '2026-12-02'))).toBe(true)
    expect(fits(one('joined', 'from', '2026-12-02'), {}, { ...ground, timeZone: 'Europe/Berlin' })).toBe(
      false,
    )
    expect([dayOfText('2026-2-30'), dayOfText('明天'), dayOfText('2026.1.2')]).toEqual([
      undefined,
      undefined,
      '2026-01-02',
    ])
  })

  it('is refused with the place of what is wrong', () => {
    expect(refusal(one('group', 'in', '3'))).toMatch(/rule\.field：规则不能引用人群，也不能引用它自己/)
    expect(refusal({ all: [one('tag', 'in', '1'), { any: [one('salary', 'is', '1')] }] })).toMatch(
      /rule\.all\[1\]\.any\[0\]\.field：没有字段 salary/,
    )
    expect(refusal({ all: [] })).toMatch(/rule\.all 应为条件的列表，至少一个/)
    expect(refusal({ not: { not: { not: { not: one('tag', 'in', '1') } } } })).toMatch(/最多嵌套 3 层/)
    expect(refusal(one('tag', 'contains', '1'))).toMatch(/rule\.op：tag 不能用 contains 比较/)
    expect(refusal(one('status', 'is', 'gone'))).toMatch(/rule\.values：值 gone 不对，应如 active/)
    expect(refusal(one('department', 'below'))).toMatch(/需要 1 至 500 个值，收到 0 个/)
    expect(refusal(one('joined', 'from', '2026-02-30'))).toMatch(/值 2026-02-30 不对/)
    expect(refusal(one('toString', 'is', '1'))).toMatch(/没有字段 toString/)
    expect(refusal({ all: Array.from({ length: 51 }, () => one('tag', 'in', '1')) })).toMatch(
      /最多 50 个条件/,
    )
    expect(refusal('code()')).toMatch(/rule 应为/)
    expect(refusal({ ...one('tag', 'in', '1'), script: 'x' })).toMatch(/rule\.script 应为/)
  })

  it('reads whatever it is given without failing otherwise than by a refusal', () => {
    fc.assert(fc.property(fc.jsonValue(), given => void refusal(given)))
  })

  it('says what it names, and loses departments that are deleted', () => {
    const rule: Rule = {
      all: [one('department', 'below', '2', '3'), { not: one('attribute:入职', 'daysAgo', '1') }],
    }
    expect(reachOf(rule)).toEqual({ departments: [2, 3], tags: [], attributes: ['入职'], hasDates: true })
    expect(withoutDepartments(rule, new Set([9]))).toBeUndefined()
    expect(reachOf(withoutDepartments(rule, new Set([2]))!).departments).toEqual([3])
    expect(fits(one('department', 'below', '2'))).toBe(true)
    expect(
      matcherOf(withoutDepartments(one('department', 'below', '2'), new Set([2]))!, ground)(nobody),
    ).toBe(false)
  })
})
