import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, call, startWorld, type World } from '../../../../test/harness.ts'
import { checked, refusal } from '../../../platform/http/checked.fixture.ts'
import { idsOf, type NaiveDirectory, naiveView, wireDepartment } from '../naive.fixture.ts'

let world: World
let dev: Caller
let arrays: Caller
let naive: NaiveDirectory
beforeAll(async () => {
  world = await startWorld()
  await world.connectCallback()
  dev = checked(world.dev)
  arrays = checked(await world.addDeveloper({ listStyle: 'array' }))
  naive = await naiveView(world)
})
afterAll(() => world.close())

const row = (id: number) => ({
  ...wireDepartment(world, naive.below(id)[0]!),
  isAll: '0',
  childCount: naive.childrenOf(id).length,
  userList: [],
})

describe('org/higherList (4.6)', () => {
  it.each([12, 11, 9, 5, 1])('of %i answers its ancestors, nearest first', async orgId => {
    const { body } = await dev.get('/api/org/higherList', { orgId })
    expect(body.list).toEqual(naive.above(orgId).map(one => wireDepartment(world, one)))
    expect((await arrays.get('/api/org/higherList', { orgId })).body).toEqual(body.list)
  })

  it('knows no other department', async () => {
    expect(refusal(await dev.get('/api/org/higherList', { orgId: '99' }))).toBe('1005 无效的部门 id: 99')
    expect(refusal(await dev.get('/api/org/higherList'))).toBe('1001 参数为空: orgId')
  })
})

describe('org/list (4.7)', () => {
  it.each([1, 5, 12])('of %i answers it and its children', async orgId => {
    const wanted = [row(orgId), ...naive.childrenOf(orgId).map(one => row(one.id))]
    for (const query of [{ orgId }, { orgId, fetchChild: 0 }, { orgId, fetchChild: '', fetchUser: '0' }]) {
      expect((await dev.get('/api/org/list', query)).body).toEqual({ list: wanted })
    }
    expect((await arrays.get('/api/org/list', { orgId })).body).toEqual(wanted)
  })

  it.each([1, 5, 12])('of %i with fetchChild answers all below it, depth first', async orgId => {
    const wanted = naive.below(orgId).map(one => row(one.id))
    expect((await dev.get('/api/org/list', { orgId, fetchChild: 1 })).body.list).toEqual(wanted)
    const withUsers = await dev.get('/api/org/list', { orgId, fetchChild: 1, fetchUser: 1 })
    expect(withUsers.body.list).toEqual(wanted)
  })

  it('with fetchUser answers the direct members of each', async () => {
    const { body } = await dev.get('/api/org/list', { orgId: 5, fetchUser: 1 })
    expect(idsOf(body.list)).toEqual(['5', ...naive.childrenOf(5).map(one => String(one.id))])
    for (const one of body.list) {
      const wanted = naive.members.filter(member => member.department.includes(Number(one.orgId)))
      expect(idsOf(one.userList).sort()).toEqual(wanted.map(member => member.userid).sort())
      expect(one.userList.every((user: object) => !('orgList' in user))).toBe(true)
    }
  })

  it('without orgId answers the whole tree', async () => {
    const wanted = naive.departments.map(one => row(one.id))
    expect(wanted[0]).toMatchObject({ orgId: '1', parentId: '0' })
    for (const query of [{ fetchChild: 1 }, { fetchChild: 0 }, { fetchUser: 1 }]) {
      expect((await dev.get('/api/org/list', query)).body).toEqual({ list: wanted })
      expect((await arrays.get('/api/org/list', query)).body).toEqual(wanted)
    }
  })

  it.each([
    [{ orgId: '99' }, '1005 无效的部门 id: 99'],
    [{ orgId: 'abc' }, '1005 无效的部门 id: abc'],
    [{ orgId: '1', fetchUser: 'yes' }, '1000 参数错误: fetchUser 应为 0 或 1'],
    [{ orgId: '1', jessionId: 'dead' }, '1012 jessionId 已失效'],
    [{ jessionId: 'dead' }, '1012 jessionId 已失效'],
    [{ tagId: '99' }, '1006 无效的标签 id: 99'],
    [{ tagId: '__proto__' }, '1006 无效的标签 id: __proto__'],
  ])('refuses %j', async (query: Record<string, string>, wanted) => {
    expect(refusal(await dev.get('/api/org/list', query))).toBe(wanted)
  })
})

describe('the double use of org/list (4.9, 4.10)', () => {
  it('bare: the whole tree and the tags, an object for everybody', async () => {
    const wanted = {
      list: naive.departments.map(one => row(one.id)),
      tagList: naive.tags.map(tag => ({ tagId: String(tag.tagid), tagName: tag.tagname })),
    }
    expect((await dev.get('/api/org/list')).body).toEqual(wanted)
    expect((await arrays.get('/api/org/list')).body).toEqual(wanted)
    expect((await dev.get('/api/org/list', { orgId: '', tagId: '' })).body).toEqual(wanted)
    expect((await dev.get('/api/org/tagList')).body).toEqual({ tagList: wanted.tagList })
  })

  it('with a tagId: its members, whatever else is given', async () => {
    for (const tag of naive.tags) {
      const tagId = String(tag.tagid)
      const { body } = await dev.get('/api/org/tagUserList', { tagId })
      expect(body).toMatchObject({ tagId, tagName: tag.tagname })
      expect(idsOf(body.userList).sort()).toEqual(tag.userlist.map(one => one.userid).sort())
      expect(idsOf(body.orgList)).toEqual(tag.partylist.map(String))
      expect((await dev.get('/api/org/list', { tagId })).body).toEqual(body)
      expect((await dev.get('/api/org/list', { tagId, orgId: 2, fetchChild: 1 })).body).toEqual(body)
    }
    expect(refusal(await dev.get('/api/org/tagUserList', { tagId: '99' }))).toBe('1006 无效的标签 id: 99')
    expect(refusal(await dev.get('/api/org/tagUserList'))).toBe('1001 参数为空: tagId')
  })

  it('has an ETag until departments or tags change', async () => {
    const url = `${world.server.url}/api/org/list?devToken=${await dev.token()}`
    const first = await fetch(url)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]+"$/)
    // Compressing proxies make an ETag weak, and caches may offer several.
    for (const offered of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await fetch(url, { headers: { 'if-none-match': offered } })
      expect([again.status, await again.text()]).toEqual([304, ''])
    }
    expect((await call(url, { headers: { 'if-none-match': '"other"' } })).retCode).toBe('0')
    await world.admin('department/update', { id: 9, name: '招聘二组' })
    await world.settle()
    const changed = await call(url, { headers: { 'if-none-match': etag } })
    expect(changed.body.list.find((one: { orgId: string }) => one.orgId === '9').orgName).toBe('招聘二组')
    expect(changed.headers.get('etag')).not.toBe(etag)
  })
})

it('departments are sorted by sortNo, larger first, then by id', async () => {
  for (const [id, order] of [
    [7, 5],
    [8, 5],
    [11, 1],
    [12, 2],
  ] as const)
    await world.admin('department/update', { id, order })
  await world.settle()
  const { body } = await dev.get('/api/org/list')
  const ids = idsOf(body.list)
  expect(ids.indexOf('7')).toBeLessThan(ids.indexOf('8'))
  expect(ids.indexOf('12')).toBeLessThan(ids.indexOf('11'))
  expect(ids).toEqual((await naiveView(world)).departments.map(one => String(one.id)))
})
