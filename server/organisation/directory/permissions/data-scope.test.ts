import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../../../../sandbox/sandbox.ts'
import { type Caller, callerOf, startWorld, type World } from '../../../../test/harness.ts'
import { addDeveloper } from '../../../callers/developers/developer-admin.ts'
import { developerUsage } from '../../../callers/developers/overview.ts'
import { checked, refusal } from '../../../platform/http/checked.fixture.ts'
import { addCorp } from '../../corps/corps.ts'
import { idsOf, type NaiveDirectory, naiveView } from '../naive.fixture.ts'
import { storeScope } from './stored-scope.fixture.ts'

let world: World
let dev: Caller
let whole: NaiveDirectory
beforeAll(async () => {
  world = await startWorld()
  dev = checked(await world.addDeveloper())
  whole = await naiveView(world)
})
afterAll(() => world.close())

const scopes = fc.record({
  departments: fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { maxLength: 3 }),
  tags: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }),
})
const ids = (list: { id: number }[]) => list.map(one => String(one.id))
const userIds = (list: { userid: string }[]) => list.map(one => one.userid).sort()

async function expectDepartments(view: NaiveDirectory) {
  const { body } = await dev.get('/api/org/list')
  expect(idsOf(body.list)).toEqual(ids(view.departments))
  expect(body.tagList.map((one: { tagId: string }) => one.tagId)).toEqual(
    view.tags.map(tag => String(tag.tagid)),
  )
  for (const { id } of whole.departments) {
    const [list, above] = [
      await dev.get('/api/org/list', { orgId: id, fetchUser: 1 }),
      await dev.get('/api/org/higherList', { orgId: id }),
    ]
    if (!view.sees(id)) {
      expect([list.retCode, above.retCode]).toEqual(['1005', '1005'])
      expect((await dev.get('/api/user/orgUserList', { orgId: id })).retCode).toBe('1005')
      continue
    }
    expect(idsOf(list.body.list)).toEqual([String(id), ...ids(view.childrenOf(id))])
    expect(list.body.list[0].childCount).toBe(view.childrenOf(id).length)
    expect(idsOf(above.body.list)).toEqual(ids(view.above(id)))
    const direct = userIds(view.members.filter(one => one.department.includes(id)))
    expect(idsOf(list.body.list[0].userList).sort()).toEqual(direct)
  }
}

async function expectMembers(view: NaiveDirectory) {
  const seen = new Set(userIds(view.members))
  for (const one of whole.members) {
    const answer = await dev.get('/api/user/get', { userId: one.userid })
    if (!seen.has(one.userid)) {
      expect(answer.retCode).toBe('1007')
      continue
    }
    expect(idsOf(answer.body.orgList.map((org: { orgId: string }) => ({ orgId: org.orgId })))).toEqual(
      one.department.filter(view.sees).map(String),
    )
  }
  const found = await dev.post('/api/user/search', { searchName: '1', pageSize: 1000 })
  expect(idsOf(found.body.list).every(userId => seen.has(userId))).toBe(true)
  const named = await dev.post('/api/user/search', { searchName: '张', pageSize: 1000 })
  expect(idsOf(named.body.list).sort()).toEqual(userIds(view.members.filter(one => one.name.includes('张'))))
  for (const { id } of view.departments) {
    const { body } = await dev.get('/api/user/orgUserList', { orgId: id, fetchChild: 1 })
    const below = new Set(view.below(id).map(one => one.id))
    const wanted = view.members.filter(one => one.department.some(department => below.has(department)))
    expect([body.total, idsOf(body.list).sort()]).toEqual([wanted.length, userIds(wanted)])
  }
}

async function expectTags(view: NaiveDirectory) {
  const seen = new Set(userIds(view.members))
  for (const tag of whole.tags) {
    const answer = await dev.get('/api/org/tagUserList', { tagId: tag.tagid })
    if (!view.tags.some(one => one.tagid === tag.tagid)) {
      expect(answer.retCode).toBe('1006')
      continue
    }
    expect(idsOf(answer.body.userList).sort()).toEqual(
      userIds(tag.userlist.filter(one => seen.has(one.userid))),
    )
    expect(idsOf(answer.body.orgList)).toEqual(tag.partylist.filter(view.sees).map(String))
  }
}

describe('a data scope', () => {
  it('holds in every call, as a naive filter of what WeCom has', async () => {
    await fc.assert(
      fc.asyncProperty(scopes, async dataScope => {
        await storeScope(world, dev.devId, dataScope)
        const view = await naiveView(world, dataScope)
        await expectDepartments(view)
        await expectMembers(view)
        await expectTags(view)
      }),
      { numRuns: 12 },
    )
  })

  it('holds in the change feed', async () => {
    await fc.assert(
      fc.asyncProperty(scopes, async dataScope => {
        const fresh = checked(await world.addDeveloper())
        await storeScope(world, fresh.devId, dataScope)
        const view = await naiveView(world, dataScope)
        const { body } = await fresh.get('/api/directory/changes', { since: 0, limit: 1000 })
        // A tag decides who is in the scope, so earlier changes cannot be reported one by one.
        if (view.tags.length > 0) {
          expect(body).toEqual({ list: [], next: expect.any(Number), more: false, resync: true })
          return
        }
        const of = (kind: string) =>
          body.list.filter((one: { kind: string }) => one.kind === kind).map((one: { id: string }) => one.id)
        expect([...new Set(of('member'))].sort()).toEqual(userIds(view.members))
        expect([...new Set(of('department'))].sort()).toEqual(ids(view.departments).sort())
        expect(of('tag')).toEqual([])
        for (const { kind, value } of body.list) {
          if (kind !== 'member') continue
          expect(value.orgList.every((org: { orgId: string }) => view.sees(Number(org.orgId)))).toBe(true)
        }
      }),
      { numRuns: 10 },
    )
  })

  it('of nothing shows nothing', async () => {
    const nobody = checked(await world.addDeveloper())
    await storeScope(world, nobody.devId, { departments: [], tags: [] })
    expect((await nobody.get('/api/org/list')).body).toEqual({ list: [], tagList: [] })
    expect((await nobody.get('/api/user/get', { userId: 'lisi' })).retCode).toBe('1007')
    expect((await nobody.post('/api/user/search', { searchName: '张' })).body.list).toEqual([])
    expect((await nobody.get('/api/org/authList', { userId: 'lisi' })).retCode).toBe('1007')
  })
})

describe('two corps in one wisp', () => {
  let other: Caller
  let otherCorpId: string
  beforeAll(async () => {
    // The other corp is in the same WeCom: it has the same users and departments under another corpId.
    const sandbox = await startSandbox({ members: 30, departments: 6, tags: 2, seed: 7 })
    otherCorpId = sandbox.corpId
    await addCorp(world.ctx, 'test', {
      corpId: otherCorpId,
      name: '另一家',
      contactSecret: sandbox.contactSecret,
    })
    await sandbox.close()
    const made = await addDeveloper(world.ctx, 'test', otherCorpId, { name: '另一家的开发者' })
    other = checked(callerOf(world.server.url, made))
  })

  it('see nothing of each other', async () => {
    expect(otherCorpId).not.toBe(world.corpId)
    expect((await other.get('/api/org/list')).body).toEqual({ list: [], tagList: [] })
    expect(refusal(await other.get('/api/user/get', { userId: 'lisi' }))).toBe('1007 无效的用户 id: lisi')
    expect(refusal(await other.get('/api/org/list', { orgId: 1 }))).toBe('1005 无效的部门 id: 1')
    expect(refusal(await other.get('/api/org/tagUserList', { tagId: 1 }))).toBe('1006 无效的标签 id: 1')
    expect(refusal(await other.post('/api/org/addTagUsers', { tagId: 1, userIdList: ['lisi'] }))).toContain(
      '1006',
    )
    expect((await other.post('/api/user/search', { searchName: '张' })).body.list).toEqual([])
    expect((await other.get('/api/directory/changes', { since: 0 })).body).toEqual({
      list: [],
      next: 0,
      more: false,
      resync: false,
    })
    const { body } = await world.dev.get('/api/user/get', { userId: 'lisi' })
    const picture = (
      await world.dev.get('/api/user/orgUserList', { orgId: 1, fetchChild: 1 })
    ).body.list.find((one: { fileId: string }) => one.fileId)
    expect(body.orgList[0].corpId).toBe(world.corpId)
    const file = await other.get('/api/file/get', { fileId: picture.fileId })
    expect(refusal(file)).toContain('1000 参数错误: 没有文件')
  })

  it('count their calls apart', async () => {
    await world.ctx.developers.flush()
    const usage = (await developerUsage(world.ctx, other.devId, 1)).filter(
      one => one.endpoint !== '/api/token/getDevToken',
    )
    expect(usage.reduce((sum, one) => sum + one.calls, 0)).toBe(8)
  })
})
