import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { setDeveloper } from '../../../callers/developers/developer-admin.ts'
import { addApp } from '../../../features/apps/apps.ts'
import { checked, refusal } from '../../../platform/http/checked.fixture.ts'
import { dropRole, putRole } from '../../people/store.ts'
import { idsOf, type NaiveDirectory, type NaiveScope, naiveView } from '../naive.fixture.ts'
import type { Role } from './person.ts'
import { storeScope } from './stored-scope.fixture.ts'

type Row = { orgId: string; isAll: string; childCount: number; userList: { userId: string }[] }

let world: World
let dev: Caller
let whole: NaiveDirectory
let jessionId: string
let memberId: number
beforeAll(async () => {
  world = await startWorld()
  dev = checked(await world.addDeveloper({ scopes: ['directory:read', 'ticket:issue'] }))
  const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '应用', devId: dev.devId })
  whole = await naiveView(world)
  memberId = world.ctx.mirrors.of(world.corpId).members.byKey('tanghaijun')?.id as number
  jessionId = (await dev.post('/api/ticket/issue', { userId: 'tanghaijun', appId: id })).body.jessionId
})
afterAll(() => world.close())

const setRole = async (role: Role | undefined) => {
  if (role) await putRole(world.ctx.db, world.corpId, memberId, role)
  else await dropRole(world.ctx.db, world.corpId, memberId)
  await world.ctx.roles.reload()
}
const list = async (query: Record<string, string | number> = {}) =>
  (await dev.get('/api/org/list', { jessionId, ...query })).body.list as Row[]
const shown = (rows: Row[]) => rows.map(row => `${row.orgId}:${row.isAll}:${row.childCount}`)

/** docs/interface/address-book.md#permissions, taken literally: the nearest assignment at or above the department decides. */
function naiveRows(role: Role | undefined, view: NaiveDirectory): string[] {
  // 唐海军 is in 5 and 10.
  const given =
    role?.level === 3
      ? new Map(role.departments.map(one => [one.departmentId, one.manage ? '0' : '1']))
      : new Map([
          [5, '1'],
          [10, '1'],
        ])
  const own = (id: number): string | undefined => {
    if (role?.level === 2) return '0'
    const nearest = [id, ...whole.above(id).map(one => one.id)].find(one => given.has(one))
    return nearest === undefined ? undefined : given.get(nearest)
  }
  const isShown = (id: number): boolean =>
    view.sees(id) && (own(id) !== undefined || whole.childrenOf(id).some(child => isShown(child.id)))
  return view.departments
    .filter(one => isShown(one.id))
    .map(one => {
      const children = whole.childrenOf(one.id).filter(child => isShown(child.id))
      return `${one.id}:${own(one.id) ?? '2'}:${children.length}`
    })
}

describe('org/list with a jessionId', () => {
  it('shows a plain member their own departments, what is below, and the way to them', async () => {
    await setRole(undefined)
    expect(shown(await list())).toEqual(['1:2:2', '3:2:1', '10:1:0', '5:1:2', '11:1:0', '12:1:0'])
    expect(shown(await list({ orgId: 3 }))).toEqual(['3:2:1', '10:1:0'])
    expect(shown(await list({ orgId: 5 }))).toEqual(['5:1:2', '11:1:0', '12:1:0'])
    expect(refusal(await dev.get('/api/org/list', { jessionId, orgId: 9 }))).toBe('1005 无效的部门 id: 9')
  })

  it('shows a super administrator everything, managed', async () => {
    await setRole({ level: 2, departments: [] })
    const rows = await list()
    expect(idsOf(rows)).toEqual(whole.departments.map(one => String(one.id)))
    expect(new Set(rows.map(row => row.isAll))).toEqual(new Set(['0']))
  })

  it('shows a graded administrator what is assigned; the nearest assignment decides', async () => {
    await setRole({
      level: 3,
      departments: [
        { departmentId: 5, manage: false },
        { departmentId: 12, manage: true },
        { departmentId: 7, manage: true },
      ],
    })
    expect(shown(await list())).toEqual(['1:2:2', '2:2:1', '7:0:0', '5:1:2', '11:1:0', '12:0:0'])
    expect(shown(await list({ orgId: 1, fetchChild: 1 }))).toEqual(shown(await list()))
    expect(shown(await list({ orgId: 1 }))).toEqual(['1:2:2', '2:2:1', '5:1:2'])
    await setRole({ level: 3, departments: [] })
    expect(await list()).toEqual([])
  })

  it('lists only members of permitted departments', async () => {
    await setRole({ level: 3, departments: [{ departmentId: 8, manage: true }] })
    const [two, eight] = await list({ orgId: 2, fetchUser: 1 })
    expect(two?.userList).toEqual([])
    const wanted = whole.members.filter(one => one.department.includes(8)).map(one => one.userid)
    expect(idsOf(eight?.userList ?? []).sort()).toEqual(wanted.sort())
    const [three] = await list({ orgId: 1, fetchUser: 1 })
    expect(three?.userList).toEqual([])
  })

  it('equals the naive definition for any roles and data scopes', async () => {
    const assignment = fc.record({ departmentId: fc.integer({ min: 1, max: 12 }), manage: fc.boolean() })
    const graded = fc
      .uniqueArray(assignment, { maxLength: 5, selector: one => one.departmentId })
      .map((departments): Role => ({ level: 3, departments }))
    const role = fc.oneof(graded, fc.constant<Role>({ level: 2, departments: [] }), fc.constant(undefined))
    const scope = fc.option(
      fc.record({
        departments: fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { maxLength: 3 }),
        tags: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 1 }),
      }),
      { nil: undefined },
    )
    await fc.assert(
      fc.asyncProperty(role, scope, async (role, scope: NaiveScope) => {
        await setRole(role)
        await storeScope(world, dev.devId, scope)
        const view = await naiveView(world, scope)
        const answer = await dev.get('/api/org/list', { jessionId })
        if (!view.members.some(one => one.userid === 'tanghaijun')) {
          expect(answer.retCode).toBe('1012')
          return
        }
        expect(shown(answer.body.list)).toEqual(naiveRows(role, view))
      }),
      { numRuns: 40 },
    )
    await setDeveloper(world.ctx, 'test', dev.devId, { dataScope: null })
  })
})

describe('org/authList (4.3)', () => {
  const entitled = async (query: Record<string, string>) =>
    idsOf((await dev.get('/api/org/authList', query)).body.list)

  it('answers own, assigned or root departments', async () => {
    await setRole(undefined)
    expect(await entitled({ jessionId })).toEqual(['10', '5'])
    expect(await entitled({ userId: 'TangHaijun' })).toEqual(['10', '5'])
    expect(await entitled({ userId: 'lisi' })).toEqual(['3'])
    const { list } = (await world.dev.get('/api/org/authList', { userId: 'lisi' })).body
    expect(list[0].sortNo).toMatch(/^\d+$/)
    await setRole({
      level: 3,
      departments: [
        { departmentId: 6, manage: true },
        { departmentId: 2, manage: false },
        { departmentId: 99, manage: true },
      ],
    })
    expect(await entitled({ jessionId })).toEqual(['2', '6'])
    await setRole({ level: 2, departments: [] })
    expect(await entitled({ userId: 'tanghaijun' })).toEqual(['1'])
  })

  it('prefers the jessionId, and needs one of the two', async () => {
    await setRole(undefined)
    expect(await entitled({ jessionId, userId: 'lisi' })).toEqual(['10', '5'])
    expect(refusal(await dev.get('/api/org/authList'))).toBe('1001 参数为空: jessionId 或 userId')
    expect(refusal(await dev.get('/api/org/authList', { jessionId: '', userId: '' }))).toBe(
      '1001 参数为空: jessionId 或 userId',
    )
    expect(refusal(await dev.get('/api/org/authList', { userId: 'nobody' }))).toBe(
      '1007 无效的用户 id: nobody',
    )
  })

  it('shrinks to the roots of the data scope', async () => {
    await setDeveloper(world.ctx, 'test', dev.devId, { dataScope: { departments: [10, 5, 12], tags: [] } })
    await setRole({ level: 2, departments: [] })
    expect(await entitled({ jessionId })).toEqual(['10', '5'])
    await setRole({ level: 3, departments: [{ departmentId: 3, manage: true }] })
    expect(await entitled({ jessionId })).toEqual(['10'])
    await setRole({ level: 3, departments: [{ departmentId: 2, manage: true }] })
    expect(await entitled({ jessionId })).toEqual([])
    await setDeveloper(world.ctx, 'test', dev.devId, { dataScope: null })
  })
})
