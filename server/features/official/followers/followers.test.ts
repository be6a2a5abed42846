import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { readConfig } from '../../../platform/config.ts'
import { startServer } from '../../../server.ts'
import type { Account } from '../accounts/accounts.ts'
import { findFollower, listFollowers } from './list/store.ts'
import { requestPull } from './pull/pull.ts'
import { findPull } from './pull/store.ts'

let world: World
let account: Account
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  as = await signInAs(world, 'super')
  account = await world.bindOfficial()
  await world.control('official/rules', { followersPerPage: 500 })
})
afterAll(() => world.close())

const pulled = () =>
  until('the pull', async () => {
    const pull = await findPull(world.ctx.db, account)
    return pull && pull.state !== 'running' ? pull : undefined
  })
const pull = async () => {
  await requestPull(world.ctx, 'test', account)
  return pulled()
}
/** Has a pull fail, and makes it look as if so many followers were stored before. */
const failAt = async (read: number) => {
  await fault('user/info/batchget', 'code:45009', 1)
  const failed = await pull()
  expect(failed).toMatchObject({ state: 'failed', reason: { errcode: 45009 } })
  const cursor = (await some(read)).at(-1) ?? ''
  await world.ctx.db.updateTable('official_pull').set({ cursor, read }).execute()
  return failed
}
const fault = (path: string, mode: string, times: number) =>
  world.control('faults', { match: `official/cgi-bin/${path}`, mode, times })
const act = (what: Record<string, unknown>) =>
  world.control('official/act', { originalId: account.originalId, wait: true, ...what })
const find = (openid: string) => findFollower(world.ctx.db, account, { openid })
const count = async (filter: Parameters<typeof listFollowers>[2] = {}) =>
  (await listFollowers(world.ctx.db, account, filter, { limit: 1, offset: 0 })).total
const some = async (limit: number) => {
  const path = `official/followers?originalId=${account.originalId}&limit=${limit}`
  return ((await world.control(path))['followers'] as { openid: string }[]).map(one => one.openid)
}
const post = (path: string, input: object) =>
  as.post(`/web/official/${path}`, { originalId: account.originalId, ...input })
const get = async (path: string, input: Record<string, string | number> = {}) =>
  (await as.get(`/web/official/${path}`, { originalId: account.originalId, ...input })).body

describe('a full pull', () => {
  it('brings every follower with details, and the tags', async () => {
    expect(await pull()).toMatchObject({ state: 'done', total: 1200, read: 1200, gone: 0, reason: null })
    expect(await count({ subscribed: true })).toBe(1200)
    const { list } = await listFollowers(world.ctx.db, account, {}, { limit: 1, offset: 0 })
    expect(list[0]).toMatchObject({ subscribedAt: expect.any(Date), scene: expect.stringMatching(/^ADD_/) })
    expect(await count({ tagId: (await get('follower-tags')).list.at(-1).id })).toBeGreaterThan(0)
  })

  it('that WeChat refuses says why, and goes on after the last page when it is asked for again', async () => {
    const failed = await failAt(500)
    expect((await get('follower-pull')).pull).toMatchObject({ why: expect.stringContaining('45009') })
    expect(await pull()).toMatchObject({ state: 'done', read: 1200, startedAt: failed.startedAt })
  })

  it('waits and goes on by itself when its token dies in the middle', async () => {
    await failAt(500)
    // Each of the five calls of the second page fetches another token, and is refused again.
    await fault('user/info/batchget', 'code:42001', 10)
    await requestPull(world.ctx, 'test', account)
    const waiting = await until('the interruption', async () => {
      const found = await findPull(world.ctx.db, account)
      return found?.reason ? found : undefined
    })
    expect(waiting).toMatchObject({ state: 'running', read: 500, reason: { errcode: 42001 } })
    expect(await pulled()).toMatchObject({ state: 'done', total: 1200, read: 1200 })
  })

  it('ends following for those whom WeChat no more lists, and leaves alone what pushes told since', async () => {
    const [gone = '', late = ''] = await some(2)
    await act({ openid: gone, act: 'unsubscribe' })
    await act({ openid: late, act: 'unsubscribe' })
    await world.settleOfficial(account)
    await world.ctx.db
      .updateTable('official_follower')
      .set({ subscribed: true, unsubscribed_at: null })
      .where('openid', '=', gone)
      .execute()
    const before = await find(late)
    expect(await pull()).toMatchObject({ state: 'done', gone: 1, total: 1198 })
    expect(await find(gone)).toMatchObject({ subscribed: false, unsubscribedAt: expect.any(Date) })
    expect(await find(late)).toEqual(before)
  })
})

describe('a push', () => {
  it('makes a follower whose details are read right after it', async () => {
    const { openid } = await act({ act: 'subscribe', scene: 'shop-7' })
    const found = await until('the details', async () => {
      const one = await find(String(openid))
      return one?.readAt ? one : undefined
    })
    expect(found).toMatchObject({ subscribed: true, scene: 'ADD_SCENE_QR_CODE', qrScene: 'shop-7' })
    await act({ openid, act: 'scan', scene: 'shop-8' })
    await world.settleOfficial(account)
    expect(await find(String(openid))).toMatchObject({ subscribed: true, qrScene: 'shop-8' })
    await act({ openid, act: 'unsubscribe' })
    await world.settleOfficial(account)
    expect(await find(String(openid))).toMatchObject({ subscribed: false, qrScene: 'shop-8' })
  })
})

describe('tags', () => {
  const tags = async () => (await get('follower-tags')).list as { id: number; name: string; count: number }[]

  it('are created, put on, renamed, taken off and deleted', async () => {
    const { id } = (await post('follower-tag/create', { name: '合作方' })).body
    const openids = (await some(130)).slice(2)
    expect(await post('follower-tag/put', { tagId: id, openids, isOn: '1' })).toMatchObject({ retCode: '0' })
    expect((await tags()).find(one => one.id === id)).toEqual({ id, name: '合作方', count: 128 })
    const take = { tagId: id, openids: openids.slice(0, 60) }
    expect(await post('follower-tag/put', take)).toMatchObject({ retCode: '0' })
    expect(await post('follower-tag/rename', { tagId: id, name: '贵宾' })).toMatchObject({ retCode: '0' })
    expect((await get('followers', { tagId: id, subscribed: '1' })).total).toBe(68)
    const [first = ''] = openids.slice(60)
    await pull()
    expect((await find(first))?.tagIds).toContain(id)
    expect((await tags()).find(one => one.id === id)).toEqual({ id, name: '贵宾', count: 68 })
    expect(await post('follower-tag/delete', { tagId: id })).toMatchObject({ retCode: '0' })
    expect((await find(first))?.tagIds).not.toContain(id)
  })

  it('of one person are put on one after the other', async () => {
    const ids: number[] = []
    for (const name of ['甲', '乙', '丙']) ids.push((await post('follower-tag/create', { name })).body.id)
    const openids = (await some(4)).slice(3)
    await Promise.all(ids.map(tagId => post('follower-tag/put', { tagId, openids, isOn: '1' })))
    expect((await find(openids[0] ?? ''))?.tagIds).toEqual(expect.arrayContaining(ids))
  })

  it('are put on although another node or program is tagging the same person', async () => {
    const { id } = (await post('follower-tag/create', { name: '撞上' })).body
    const openids = (await some(4)).slice(3)
    const put = { tagId: id, openids, isOn: '1' }
    await fault('tags/members/batchtagging', 'code:45159', 2)
    expect(await post('follower-tag/put', put)).toMatchObject({ retCode: '0' })
    await fault('tags/members/batchtagging', 'code:45159', 4)
    expect((await post('follower-tag/put', put)).retMessage).toContain('45159')
  })

  it.each([
    ['follower-tag/create', { name: '十一个汉字就会超过限制' }, '33 字节'],
    ['follower-tag/create', { name: '甲' }, '45157'],
    ['follower-tag/rename', { tagId: 2, name: 'x' }, '自带'],
    ['follower-tag/delete', { tagId: 999 }, '没有标签 999'],
    ['follower-tag/put', { tagId: 999, openids: ['o1'] }, '没有标签 999'],
    ['follower-tag/put', { tagId: 2, openids: ['o-unknown'] }, '没有粉丝 o-unknown'],
    ['follower-tag/put', { tagId: 2, openids: [] }, '1 到 500'],
    ['follower/remark', { openid: 'o-unknown', remark: 'x' }, '没有粉丝'],
    ['follower/block', { openids: [] }, '1 到 500'],
    ['qr-code/create', { scene: '长'.repeat(65) }, '1 到 64'],
    ['qr-code/create', { scene: 'x', seconds: 59 }, '60 到'],
    ['qr-code/remove', { scene: 'none' }, '没有场景'],
    ['followers', { originalId: 'gh_unknown' }, '没有公众号'],
  ])('%s refuses %j', async (path, input, why) => {
    const isRead = path === 'followers'
    const query = input as Record<string, string>
    const answer = isRead ? await as.get(`/web/official/${path}`, query) : await post(path, input)
    expect(answer.retCode).not.toBe('0')
    expect(answer.retMessage).toContain(why)
  })
})

describe('followers', () => {
  it('get a remark, which is found again', async () => {
    const [openid = ''] = (await some(6)).slice(5)
    expect(await post('follower/remark', { openid, remark: ' 王总 ' })).toMatchObject({ retCode: '0' })
    expect((await get('followers', { text: '王' })).list).toMatchObject([{ openid, remark: '王总' }])
    expect((await get('followers', { text: '%' })).total).toBe(0)
    expect((await get('follower', { openid })).window).toEqual({ messages: 0, until: null })
    await pull()
    expect(await find(openid)).toMatchObject({ remark: '王总' })
    const refused = await post('follower/remark', { openid, remark: '字'.repeat(31) })
    expect(refused.retMessage).toContain('最多 30')
  })

  it('are put on the black list twenty at a time, and a pull agrees', async () => {
    const openids = (await some(40)).slice(10)
    expect(await post('follower/block', { openids, isOn: '1' })).toMatchObject({ retCode: '0' })
    expect((await get('followers', { blocked: '1' })).total).toBe(30)
    await post('follower/block', { openids: openids.slice(1) })
    await world.ctx.db.updateTable('official_follower').set({ is_blocked: true }).execute()
    await pull()
    expect((await get('followers', { blocked: '1' })).list).toMatchObject([{ openid: openids[0] }])
  })

  it('are exported by the same filters', async () => {
    const query = new URLSearchParams({ originalId: account.originalId, text: '王总' })
    const answer = await fetch(`${world.server.url}/web/official/followers/export?${query}`, {
      headers: { cookie: as.cookie },
    })
    const lines = (await answer.text()).trim().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('王总')
  })

  it('are nothing to ask about for an account that WeChat has not verified', async () => {
    const unverified = await world.bindOfficial('subscription')
    const answer = await as.post('/web/official/follower-pull/start', { originalId: unverified.originalId })
    expect(answer.retMessage).toContain('需要微信认证')
  })
})

describe('QR codes', () => {
  it('tell who came by which', async () => {
    const made = (await post('qr-code/create', { scene: 'hall', name: '大厅', seconds: 3600 })).body
    expect(made.url).toContain('weixin.qq.com/q/')
    const { openid } = await act({ act: 'subscribe', scene: 'hall' })
    await act({ act: 'subscribe', scene: 'hall' })
    await act({ openid, act: 'unsubscribe' })
    await world.settleOfficial(account)
    expect(await get('qr-codes')).toMatchObject({
      list: [{ scene: 'hall', name: '大厅', following: 1, left: 1, expiresAt: expect.any(String) }],
      total: 1,
    })
    expect((await get('followers', { qrScene: 'hall' })).total).toBe(2)
    await post('qr-code/create', { scene: 'hall' })
    expect((await get('qr-codes')).list).toMatchObject([{ name: 'hall', expiresAt: null }])
    expect(await post('qr-code/remove', { scene: 'hall' })).toMatchObject({ retCode: '0' })
    expect((await get('qr-codes')).total).toBe(0)
  })
})

it('figures by day add up to the followers of today', async () => {
  const { now, days } = await get('figures', { days: '7' })
  expect(days).toHaveLength(7)
  expect(days.at(-1).total).toBe(now.followers)
  expect(days.at(-1)).toMatchObject({ gained: expect.any(Number), lost: 4 })
  const [openid = ''] = (await some(8)).slice(7)
  await act({ openid, act: 'text', content: '你好' })
  await world.settleOfficial(account)
  expect((await get('figures', { days: '7' })).days.at(-1).received).toBe(1)
})

describe('two nodes', () => {
  it('continue the pull of each other', async () => {
    await world.ctx.queue.stop()
    await requestPull(world.ctx, 'test', account)
    const second = await startServer(readConfig(world.env), { log: world.ctx.log })
    try {
      expect(await pulled()).toMatchObject({ state: 'done' })
    } finally {
      await second.close()
    }
  })
})
