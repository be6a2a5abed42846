import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { checked, refusal } from '../../../platform/http/checked.fixture.ts'
import { idsOf, naiveView } from '../naive.fixture.ts'

let world: World
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ members: 10_400, departments: 150 })
  dev = checked(world.dev)
})
afterAll(() => world.close())

it('orgUserList without pages answers up to 10,000 members, beyond that it asks for pages', async () => {
  const { total } = (await dev.get('/api/user/orgUserList', { orgId: 1, fetchChild: 1, pageSize: 1 })).body
  expect(total).toBeGreaterThan(10_000)
  const answer = await dev.get('/api/user/orgUserList', { orgId: 1, fetchChild: 1 })
  expect(refusal(answer)).toBe(`1000 参数错误: 共 ${total} 人，请用 pageNo 和 pageSize 分页获取`)
  const seen = new Set<string>()
  for (let pageNo = 1; pageNo <= Math.ceil(total / 1000); pageNo++) {
    const query = { orgId: 1, fetchChild: 1, pageNo, pageSize: 1000 }
    for (const userId of idsOf((await dev.get('/api/user/orgUserList', query)).body.list)) seen.add(userId)
  }
  expect(seen.size).toBe(total)
  const part = (await dev.get('/api/user/orgUserList', { orgId: 2, fetchChild: 1 })).body
  expect(part.list).toHaveLength(part.total)
})

it('tag writes are split over 1000 members and over 100 departments', async () => {
  const { members } = await naiveView(world)
  const userIdList = members.map(one => one.userid).slice(0, 2100)
  const partyIdList = Array.from({ length: 150 }, (_, n) => n + 1)
  await world.control('calls', undefined, 'DELETE')
  const added = await dev.post('/api/org/addTagUsers', { tagId: 2, userIdList, partyIdList })
  expect(added.body).toEqual({ invalUserIds: '', invalPartyIds: [] })
  const { body } = await dev.get('/api/org/tagUserList', { tagId: 2 })
  expect(idsOf(body.userList)).toEqual(expect.arrayContaining(userIdList))
  expect(body.orgList).toHaveLength(150)
  await dev.post('/api/org/removeTagUsers', { tagId: 2, partyIdList })
  expect(await world.control('calls')).toMatchObject({
    '/cgi-bin/tag/addtagusers': { 0: 3 },
    '/cgi-bin/tag/deltagusers': { 0: 2 },
  })
  expect((await dev.get('/api/org/tagUserList', { tagId: 2 })).body.orgList).toEqual([])
  const tag = (await naiveView(world)).tags.find(one => one.tagid === 2)
  expect(tag?.userlist.map(one => one.userid)).toEqual(expect.arrayContaining(userIdList))
  expect(tag?.partylist).toEqual([])
})

it('a list of more members than have ready answers in memory has all of them', async () => {
  const small = await startWorld({ members: 2500, departments: 40, env: { WISP_MIRROR_BYTES: '2000000' } })
  try {
    const list = async () => {
      const { body } = await small.dev.get('/api/user/orgUserList', { orgId: 1, fetchChild: 1 })
      return { found: new Set(idsOf(body.list)).size, total: body.total }
    }
    const answers = await Promise.all([list(), list(), list()])
    expect(answers[0]!.total).toBeGreaterThan(2000)
    for (const { found, total } of [...answers, await list()]) expect(found).toBe(total)
  } finally {
    await small.close()
  }
})
