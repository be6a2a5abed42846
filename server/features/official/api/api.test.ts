import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { setDeveloper } from '../../../callers/developers/developer-admin.ts'
import { memberOf } from '../../../organisation/people/administrators.ts'
import { addApp } from '../../apps/apps.ts'
import type { Account } from '../accounts/accounts.ts'
import { requestPull } from '../followers/pull/pull.ts'
import { findPull } from '../followers/pull/store.ts'
import { putLink } from '../links/store.ts'

let world: World
let service: Account
let other: Account
let dev: Caller
let openids: string[]
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  service = await world.bindOfficial()
  other = await world.bindOfficial('subscription')
  const scopes = ['official:read', 'official:write', 'directory:read']
  dev = await world.addDeveloper({ scopes })
  await requestPull(world.ctx, 'test', service)
  await until('the pull', async () => (await findPull(world.ctx.db, service))?.state === 'done')
  const found = await world.control(`official/followers?originalId=${service.originalId}&limit=10`)
  openids = (found['followers'] as { openid: string }[]).map(one => one.openid)
  const { id } = await memberOf(world.ctx, world.corpId, 'zhangsan')
  const person = { openid: openids[0]!, unionid: null, nickname: '', avatar: '' }
  await putLink(world.ctx.db, service, person, id, new Date())
})
afterAll(() => world.close())

const get = (path: string, input: Record<string, string | number> = {}, by = dev) =>
  by.get(path, { originalId: service.originalId, ...input })
const send = (input: object, by = dev) =>
  by.post('/api/official/message/send', { originalId: service.originalId, ...input })
const write = async (openid: string, content = '你好') => {
  const { originalId } = service
  await world.control('official/act', { originalId, openid, act: 'text', content, wait: true })
  await world.settleOfficial(service)
}
const received = async (openid: string) => {
  const path = `official/messages?originalId=${service.originalId}&openid=${openid}`
  return ((await world.control(path))['messages'] as { how: string }[]).filter(one => one.how === 'custom')
}

describe('the accounts of a developer', () => {
  it('are all of the corp, or those that were chosen', async () => {
    const ids = async (by: Caller) =>
      (await by.get('/api/official/accounts')).body.list.map((one: Account) => one.originalId)
    expect(await ids(dev)).toEqual([service.originalId, other.originalId])
    const limited = await world.addDeveloper({ scopes: ['official:read'], accounts: [other.originalId] })
    expect(await ids(limited)).toEqual([other.originalId])
    expect((await get('/api/official/follower/list', {}, limited)).retCode).toBe('1000')
    expect((await get('/api/official/event/list', {}, limited)).retCode).toBe('1000')
    await setDeveloper(world.ctx, 'test', limited.devId, { accounts: [] })
    expect(await ids(limited)).toHaveLength(2)
    const unknown = setDeveloper(world.ctx, 'test', limited.devId, { accounts: ['gh_none'] })
    await expect(unknown).rejects.toThrow('gh_none')
  })

  it('need the scopes', async () => {
    const reader = await world.addDeveloper({ scopes: ['official:read'] })
    expect((await send({ openid: openids[1], type: 'text', content: 'x' }, reader)).retCode).toBe('1009')
    expect((await world.dev.get('/api/official/accounts')).retCode).toBe('1009')
  })
})

describe('followers', () => {
  it('are found by openid, unionid and userId', async () => {
    const { body } = await get('/api/official/follower/get', { openid: openids[0]! })
    expect(body).toMatchObject({ openid: openids[0], userId: 'zhangsan', subscribed: true })
    expect((await get('/api/official/follower/get', { userId: 'zhangsan' })).body).toEqual(body)
    expect((await get('/api/official/follower/get', { unionid: body.unionid })).body).toEqual(body)
  })

  it('do not tell members outside the data scope', async () => {
    const outside = world.ctx.mirrors.of(world.corpId).tree.order.at(-1)?.department.id ?? 0
    const limited = await world.addDeveloper({
      scopes: ['official:read'],
      dataScope: { departments: [outside], tags: [] },
    })
    expect((await get('/api/official/follower/get', { openid: openids[0]! }, limited)).body.userId).toBe('')
    expect((await get('/api/official/follower/get', { userId: 'zhangsan' }, limited)).retCode).toBe('1007')
  })

  it('are listed page by page', async () => {
    const seen: string[] = []
    let afterOpenid = ''
    do {
      const { body } = await get('/api/official/follower/list', { limit: 500, afterOpenid })
      seen.push(...body.list.map((one: { openid: string }) => one.openid))
      afterOpenid = body.nextOpenid
    } while (afterOpenid)
    expect(new Set(seen).size).toBe(1200)
    expect(seen).toHaveLength(1200)
    const some = await get('/api/official/follower/list', { openids: openids.slice(0, 3).join() })
    expect(some.body.list).toHaveLength(3)
    expect((await get('/api/official/follower/list', { userIds: 'zhangsan' })).body.list).toMatchObject([
      { openid: openids[0] },
    ])
  })

  it.each([
    ['/api/official/follower/get', {}, '1001', 'openid'],
    ['/api/official/follower/get', { openid: 'a', unionid: 'b' }, '1000', '只能填一个'],
    ['/api/official/follower/get', { openid: 'o-unknown' }, '1000', 'o-unknown'],
    ['/api/official/follower/get', { userId: 'nobody' }, '1007', 'nobody'],
    ['/api/official/follower/get', { userId: 'lisi' }, '1007', 'lisi 没有绑定公众号'],
    ['/api/official/follower/get', { originalId: 'gh_unknown', openid: 'a' }, '1000', 'gh_unknown'],
    ['/api/official/follower/list', { limit: 1001 }, '1000', 'limit'],
    ['/api/official/event/list', { since: -1 }, '1000', 'since'],
    ['/api/official/event/list', { originalId: 'gh_unknown' }, '1000', 'gh_unknown'],
    ['/api/official/jssdk/config', {}, '1001', 'url'],
    ['/api/official/jssdk/config', { url: 'javascript:alert(1)' }, '1000', 'url'],
    ['/api/official/jssdk/config', { originalId: 'gh_unknown', url: 'https://a.cn/' }, '1000', 'gh_unknown'],
    ['/api/official/follower/list', { userIds: 'nobody' }, '1007', 'nobody'],
    ['/api/official/event/list', { limit: 501 }, '1000', 'limit'],
    ['/api/official/jssdk/config', { url: 'https://elsewhere.example/' }, '1009', 'elsewhere.example'],
  ])('%s refuses %j', async (path, input, code, why) => {
    const answer = await get(path, input as Record<string, string>)
    expect(answer.retCode).toBe(code)
    expect(answer.retMessage).toContain(why)
  })
})

describe('a message', () => {
  it('goes out once under its requestId, and the answer says what became of it', async () => {
    const openid = openids[0]!
    await write(openid)
    const message = { userId: 'zhangsan', type: 'text', content: '您的预约已确认', requestId: 'r1' }
    const first = await send(message)
    expect(first.body).toMatchObject({ state: 'sent', reason: '', errcode: 0 })
    expect((await send(message)).body).toEqual(first.body)
    expect(await received(openid)).toHaveLength(1)
    const changed = await send({ ...message, content: '别的' })
    expect(changed.retMessage).toContain('已用于另一条消息')
  })

  it('outside the window is not sent, and says so', async () => {
    const closed = await send({ openid: openids[2], type: 'text', content: 'x' })
    expect(closed.body).toMatchObject({
      state: 'failed',
      reason: 'closed',
      message: expect.stringContaining('48 小时'),
    })
  })

  it.each([
    [{ type: 'text' }, '1001', 'content'],
    [{ type: 'text', content: '字'.repeat(700) }, '1000', '2048'],
    [{ type: 'image' }, '1001', 'mediaId'],
    [{ type: 'image', mediaId: `file:${'a'.repeat(64)}` }, '1000', 'media_id'],
    [{ type: 'news', title: 'x' }, '1001', 'url'],
    [{ type: 'video', mediaId: 'x' }, '1000', 'type'],
    [{ type: 'text', content: 'x', openid: 'o-unknown' }, '1000', 'o-unknown'],
    [{ type: 'text', content: 'x', userId: 'zhangsan' }, '1000', '只能填一个'],
    [{ type: 'text', content: 'x', openid: '', userId: 'lisi' }, '1007', 'lisi 没有绑定公众号'],
  ])('$# is refused', async (input, code, why) => {
    const answer = await send({ openid: openids[1], ...input })
    expect(answer.retCode).toBe(code)
    expect(answer.retMessage).toContain(why)
  })

  it('is refused for an account that WeChat has not verified', async () => {
    const answer = await send({ originalId: other.originalId, openid: 'o1', type: 'text', content: 'x' })
    expect(answer).toMatchObject({ retCode: '1009', retMessage: expect.stringContaining('微信认证') })
  })
})

describe('the feed of pushes', () => {
  it('tells each once and in order, when it is settled', async () => {
    await write(openids[4]!, '第一')
    await write(openids[4]!, '第二 😀')
    const before = (await get('/api/official/event/list')).body
    world.clock.offsetMs += 6000
    const { list, nextSince } = (await get('/api/official/event/list', { since: before.nextSince })).body
    expect(list.slice(-2)).toMatchObject([
      { type: 'text', openid: openids[4], fields: { Content: '第一' } },
      {
        type: 'text',
        openid: openids[4],
        fields: { Content: '第二 😀', MsgId: expect.stringMatching(/^\d+$/) },
      },
    ])
    expect((await get('/api/official/event/list', { since: nextSince })).body).toEqual({
      list: [],
      nextSince,
    })
    const one = (await get('/api/official/event/list', { limit: 1 })).body
    expect(one.list).toHaveLength(1)
  })
})

describe('a page that uses the JS-SDK', () => {
  it("is signed when it is on an origin of one of the developer's apps", async () => {
    const app = { name: '预约', homeUrl: 'https://app.example.com/home', devId: dev.devId }
    await addApp(world.ctx, 'test', world.corpId, app)
    const url = 'https://app.example.com/page?a=b'
    await world.control('faults', {
      match: 'official/cgi-bin/ticket/getticket',
      mode: 'code:45009',
      times: 1,
    })
    expect(await get('/api/official/jssdk/config', { url })).toMatchObject({
      retCode: '1011',
      retMessage: expect.stringContaining('45009'),
    })
    const { body } = await get('/api/official/jssdk/config', { url: `${url}#part` })
    expect(body.appId).toBe(service.appId)
    const ticket = await service.jsTicket.get()
    const signed = `jsapi_ticket=${ticket}&noncestr=${body.nonceStr}&timestamp=${body.timestamp}&url=${url}`
    expect(body.signature).toBe(createHash('sha1').update(signed).digest('hex'))
    const answer = await get(
      '/api/official/jssdk/config',
      { url },
      await world.addDeveloper({ scopes: ['official:read'] }),
    )
    expect(answer.retCode).toBe('1009')
  })
})
