import { describe, expect, it } from 'vitest'
import { asksForLeavers } from './changes.ts'
import { departmentsOfPaths, planDepartments, type SourceDepartment } from './departments.ts'
import type { KnownMember, SourceField } from './fields.ts'
import { type HeldPerson, type PeopleInput, PeoplePlanner } from './people.ts'
import { type Mapping, readPerson, type SourcePerson } from './read-record.ts'

const department = (id: number, name: string, parentId: number) => ({
  id,
  name,
  parentId,
  sortNo: 0,
  leaders: [],
})
const known = [
  department(1, '企业', 0),
  department(2, '研发', 1),
  department(3, '前端', 2),
  department(4, '手工', 1),
]
const of = (code: string, parent = '', name = code, line = 2): SourceDepartment => ({
  line,
  code,
  name,
  parent,
})
const departments = (source: SourceDepartment[], bindings: [string, number][] = [], isOwn = true) =>
  planDepartments({
    root: 1,
    known,
    bindings: new Map(bindings.map(([code, departmentId]) => [code, { departmentId, isOwn }])),
    source,
  })

describe('departments', () => {
  it('takes what is there by name, makes what is not, and knows its own again under another name', () => {
    const plan = departments([of('b', 'a', '后端'), of('a', '', '研发'), of('f', 'a', '前端')])
    expect(plan.problems).toEqual([])
    expect(Object.fromEntries(plan.ids)).toEqual({ a: 2, f: 3, b: 5 })
    expect(plan.changes).toMatchObject([
      { kind: 'department-adopt', departmentId: 2 },
      { kind: 'department-add', departmentId: 5, fields: { parent: ['', '2'] } },
      { kind: 'department-adopt', departmentId: 3 },
    ])
    expect(departments([of('a', '', '研发')], [['a', 2]]).changes).toEqual([])
    const renamed = departments(
      [of('a', '', '研究院'), of('f', '', '前端')],
      [
        ['a', 2],
        ['f', 3],
      ],
    )
    expect(renamed.changes.map(({ departmentId, fields }) => [departmentId, fields])).toEqual([
      [2, { name: ['研发', '研究院'] }],
      [3, { parent: ['2', '1'] }],
    ])
  })

  it('removes what it made, from the bottom up, and nothing that was there before', () => {
    const bindings: [string, number][] = [
      ['a', 2],
      ['f', 3],
    ]
    expect(departments([], bindings).changes.map(one => [one.kind, one.departmentId])).toEqual([
      ['department-remove', 3],
      ['department-remove', 2],
    ])
    expect(departments([], bindings, false).changes).toEqual([])
  })

  it('says which departments are wrong, and uses none below them', () => {
    const plan = departments([
      of('x', 'y', 'X', 2),
      of('y', 'x', 'Y', 3),
      of('z', 'x', 'Z', 4),
      of('o', 'nowhere', 'O', 5),
      of('n', '', 'a:b', 6),
      of('d', '', '研发', 7),
      of('d', '', '研发', 8),
      of('e', '', '研发', 9),
      of('', '', '无编码', 10),
    ])
    const told = plan.problems.map(one => [one.line, one.why.en]).sort()
    expect(told).toEqual([
      [10, expect.stringContaining('code of the department')],
      [2, expect.stringContaining('X → Y → X')],
      [3, expect.stringContaining('in a circle')],
      [4, expect.stringContaining('above is wrong')],
      [5, expect.stringContaining('nowhere')],
      [6, expect.stringContaining('a:b')],
      [8, expect.stringContaining('line 7')],
      [9, expect.stringContaining('line 7')],
    ])
    expect([...plan.ids]).toEqual([['d', 2]])
  })

  it('makes departments of paths', () => {
    const { departments: made, codeOf } = departmentsOfPaths(
      [{ line: 2, departments: ['研发 / 前端', '研发/后端/'] }],
      '/',
    )
    expect(made.map(one => [one.code, one.parent])).toEqual([
      ['研发', ''],
      ['研发/前端', '研发'],
      ['研发/后端', '研发'],
    ])
    expect(codeOf('研发/后端/')).toBe('研发/后端')
  })
})

const mapping: Mapping = {
  key: '工号',
  userId: '账号',
  fields: [
    { field: 'name', column: '姓名', owner: 'source' },
    { field: 'mobile', column: '手机', owner: 'source' },
    { field: 'gender', column: '性别', owner: 'person' },
    { field: 'departments', column: '部门', owner: 'source' },
  ],
  status: '状态',
  here: [],
  gone: [],
  separator: ';',
  pathSeparator: '/',
}
const line = (cells: Record<string, string>) =>
  readPerson({ line: 2, cells: { 工号: '7', 姓名: '张三', 状态: '在职', ...cells } }, mapping)

it('reads a line, and says what is wrong with it', () => {
  const { person, problems } = line({
    账号: 'zhang',
    手机: '＋86 １３８ 0000 0000',
    性别: '女',
    部门: '研发/前端; 工会',
  })
  expect(problems).toEqual([])
  expect(person).toMatchObject({
    key: '7',
    userId: 'zhang',
    values: { name: '张三', mobile: '13800000000', gender: '2' },
    departments: ['研发/前端', '工会'],
    isGone: false,
  })
  expect(line({ 状态: '离职' }).person?.isGone).toBe(true)
  const why = (cells: Record<string, string>) =>
    line(cells).problems.map(one => `${one.field ?? ''} ${one.why.en}`)
  for (const 工号 of ['', '=A1', '1.38E+10', 'x'.repeat(129)])
    expect(why({ 工号 })[0]).toContain('nobody counts as a leaver')
  expect(why({ 账号: '张三' })[0]).toContain('no userid')
  expect(why({ 状态: '借调' })[0]).toContain('借调')
  expect(why({ 姓名: '张\u0000三' })).toEqual([expect.stringContaining('control characters')])
  expect(line({ 手机: '13800000000\t' }).person?.values.mobile).toBe('13800000000')
  expect(why({ 姓名: '=A1&B1' })).toEqual([
    'name 姓名 is a formula and no value: paste it as a value and export the file again',
  ])
  expect(why({ 手机: '1.38E+10', 性别: '某' })).toEqual([
    expect.stringContaining('exponents'),
    expect.stringContaining('某'),
  ])
})

const member = (id: number, userId: string, values: KnownMember['values'] = {}, status = 1): KnownMember => {
  const all = { name: userId, departments: '1', ...values }
  return { id, userId, status, departments: all.departments.split(',').map(Number), values: all }
}
const person = (
  key: string,
  values: SourcePerson['values'] = {},
  more: Partial<SourcePerson> = {},
): SourcePerson => ({
  line: 2,
  key,
  userId: key,
  values: { name: key, mobile: `1380000${key.charCodeAt(0)}`, ...values },
  departments: undefined,
  leader: undefined,
  isGone: false,
  ...more,
})
const held = (key: string, memberId: number, more: Partial<HeldPerson> = {}): HeldPerson => ({
  key,
  memberId,
  userId: key,
  written: {},
  disabledAt: null,
  ...more,
})
const all = (owner: 'source' | 'wecom' | 'person') =>
  (['name', 'mobile', 'position', 'departments', 'leader'] as SourceField[]).map(field => ({
    field,
    column: field,
    owner,
  }))

function plan(people: SourcePerson[], members: KnownMember[], more: Partial<PeopleInput> = {}) {
  const planner = new PeoplePlanner({
    fields: all('source'),
    people,
    wrongKeys: new Set(),
    hasKeyless: false,
    held: [],
    deleted: new Set(),
    others: new Map(),
    departments: new Map([['研发', 2]]),
    root: 1,
    isBelow: () => true,
    covers: 'own',
    byEmployeeNo: undefined,
    isRestricted: false,
    ...more,
  })
  for (const one of members) planner.see(one)
  return planner.end()
}
const kinds = (made: ReturnType<typeof plan>) => made.changes.map(one => `${one.kind} ${one.userId}`)

describe('people', () => {
  it('joins, moves, changes, and lets go whom the source had', () => {
    const made = plan(
      [
        person('a'),
        person('b', { position: '主管' }, { departments: ['研发'] }),
        person('c', { name: '丙' }),
      ],
      [
        member(1, 'b', { mobile: '138000098' }),
        member(2, 'c', { mobile: '138000099' }),
        member(3, 'd'),
        member(4, 'e'),
      ],
      { held: [held('d', 3)] },
    )
    expect(kinds(made)).toEqual(['join a', 'move b', 'change c', 'leave d'])
    expect(made.changes[1]?.fields).toEqual({ position: ['', '主管'], departments: ['1', '2'] })
    expect(made.counts).toMatchObject({
      joiners: 1,
      movers: 1,
      changed: 1,
      leavers: 1,
      strangers: 1,
      before: 1,
    })
    expect(made.problems).toEqual([])
  })

  it('leaves to WeCom and to the person what they decide', () => {
    const members = [member(1, 'a', { name: '甲', position: '', mobile: '138000097' })]
    const people = [person('a', { name: '乙', position: '主管' })]
    expect(plan(people, members, { fields: all('wecom') }).changes).toMatchObject([
      { kind: 'adopt', fields: { mobile: ['138000097', '138000097'] } },
      { kind: 'drift', fields: { name: ['甲', '乙'], position: ['', '主管'] }, notes: ['kept'] },
    ])
    expect(plan(people, members, { fields: all('person') }).changes).toMatchObject([
      { kind: 'change', fields: { position: ['', '主管'] } },
    ])
  })

  it('tells what was changed by hand, and empties only what it wrote', () => {
    const written = { name: '甲', position: '主管', mobile: '138000097' }
    const source = [person('a', { name: '甲', position: '' })]
    const members = [member(1, 'a', { name: '改', position: '主管', mobile: '138000097' })]
    const made = plan(source, members, { held: [held('a', 1, { written })] })
    expect(made.changes).toMatchObject([
      { fields: { name: ['改', '甲'], position: ['主管', ''] }, notes: ['byHand'] },
    ])
    expect(plan(source, members).changes[0]?.fields).toEqual({ name: ['改', '甲'] })
  })

  it('knows a person again by the key, whatever the userid is now', () => {
    const made = plan(
      [person('a', { name: '甲' })],
      [member(1, 'renamed', { name: 'x', mobile: '138000097' })],
      {
        held: [held('a', 1)],
      },
    )
    expect(made.changes).toMatchObject([{ kind: 'change', userId: 'renamed', notes: ['renamed'] }])
    const byNumber = plan([person('a', {}, { userId: 'new' })], [member(1, 'old', { mobile: '138000097' })], {
      byEmployeeNo: ({ userId }) => (userId === 'old' ? 'a' : ''),
    })
    expect(byNumber.changes).toMatchObject([{ kind: 'change', userId: 'old' }])
  })

  it('gives nobody the account of somebody else of the source, and lets neither go', () => {
    const members = [member(1, 'zhangwei', {}, 2), member(2, 'lina')]
    const source = [person('new', {}, { userId: 'zhangwei' }), person('other', {}, { userId: 'LiNa' })]
    const made = plan(source, members, {
      held: [
        held('old', 1, { userId: 'zhangwei', disabledAt: new Date() }),
        held('before', 2, { userId: 'lina' }),
      ],
    })
    expect(made.changes).toEqual([])
    expect(made.problems.map(one => [one.key, one.why.en.slice(0, 40)])).toEqual([
      ['new', 'the userid zhangwei belongs to old, and '],
      ['other', 'the userid lina belongs to before, and i'],
    ])
  })

  it('puts leaders in once they are there, and says which is missing', () => {
    const made = plan(
      [
        person('a', {}, { leader: 'b' }),
        person('b', {}, { leader: 'chief' }),
        person('c', {}, { leader: 'nobody' }),
        person('d', {}, { leader: 'd' }),
      ],
      [member(1, 'Chief')],
    )
    expect(kinds(made)).toEqual(['join a', 'leader a', 'join b', 'join c', 'join d'])
    expect(made.changes[2]?.fields.leader).toEqual(['', 'Chief'])
    expect(made.problems.map(one => [one.key, one.field])).toEqual([
      ['c', 'leader'],
      ['d', 'leader'],
    ])
  })

  it('refuses lines of one person, mobiles of others, and people of another source', () => {
    const made = plan(
      [
        person('a', {}, { line: 2 }),
        person('A2', {}, { line: 3, userId: 'A' }),
        person('c', { mobile: '139' }, { line: 4 }),
        person('d', { mobile: '139' }, { line: 5 }),
        person('e', { mobile: '140' }, { line: 6 }),
        person('f', {}, { line: 7 }),
      ],
      [member(1, 'owner', { mobile: '140' }), member(2, 'f')],
      { others: new Map([[2, '外包']]) },
    )
    expect(made.problems.map(one => [one.line, one.why.en])).toEqual([
      [2, expect.stringContaining('same person as line 3')],
      [3, expect.stringContaining('same person as line 2')],
      [5, expect.stringContaining('line 4 has the same mobile')],
      [7, expect.stringContaining('外包')],
      [5, expect.stringContaining('neither mobile')],
      [6, expect.stringContaining('owner')],
    ])
    expect(kinds(made)).toEqual(['join c'])
  })

  it('lets in again whom it disabled, and nobody who was disabled by hand', () => {
    const disabledAt = new Date('2026-10-01T00:00:00Z')
    const members = [
      member(1, 'a', { mobile: '138000097' }, 2),
      member(2, 'b', {}, 2),
      member(3, 'c', { name: 'x', mobile: '138000099' }, 2),
    ]
    const known = [held('a', 1, { disabledAt }), held('b', 2, { disabledAt }), held('c', 3)]
    const made = plan([person('a'), person('c')], members, { held: known })
    expect(kinds(made)).toEqual(['return a', 'change c'])
    expect(made.changes[1]?.notes).toEqual(['disabledByHand'])
    // Who was enabled by hand, and is in the source again, can leave again.
    const again = plan([person('a')], [member(1, 'a', { mobile: '138000097' })], { held: known.slice(0, 1) })
    expect(kinds(again)).toEqual(['adopt a'])
  })

  it('lets nobody go for a line that is wrong, or of which it is not known whose it is', () => {
    const members = [member(1, 'a'), member(2, 'b')]
    const known = [held('a', 1), held('b', 2)]
    expect(kinds(plan([], members, { held: known, wrongKeys: new Set(['a']) }))).toEqual(['leave b'])
    expect(kinds(plan([], members, { held: known, hasKeyless: true }))).toEqual([])
    expect(
      kinds(plan([person('a', {}, { isGone: true })], members, { held: known, hasKeyless: true })),
    ).toEqual(['leave a'])
    const doubled = [person('a'), person('a', {}, { line: 3 })]
    expect(kinds(plan(doubled, members, { held: known }))).toEqual(['leave b'])
    expect(kinds(plan([], members, { covers: 'all' }))).toEqual(['leave a', 'leave b'])
    expect(kinds(plan([], members, { covers: 'all', wrongKeys: new Set(['x']) }))).toEqual([])
  })

  it('keeps what WeCom hides as it was written', () => {
    const written = { mobile: '138000097', name: 'a' }
    const hidden = { isRestricted: true, held: [held('a', 1, { written })] }
    expect(plan([person('a')], [member(1, 'a')], hidden).changes).toEqual([])
    expect(plan([person('a', { mobile: '139' })], [member(1, 'a')], hidden).changes).toMatchObject([
      { fields: { mobile: ['138000097', '139'] } },
    ])
  })

  it('asks where too many leave', () => {
    expect(asksForLeavers({ leavers: 0, deleted: 0, before: 0 })).toBe(false)
    expect(asksForLeavers({ leavers: 5, deleted: 0, before: 100 })).toBe(false)
    expect(asksForLeavers({ leavers: 6, deleted: 0, before: 100 })).toBe(true)
    expect(asksForLeavers({ leavers: 1, deleted: 20, before: 100_000 })).toBe(true)
  })
})
