import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  ApiError,
  createClient,
  DeadTokenError,
  type FullReadNeededError,
  NoAnswerError,
  TimeoutError,
  TooManyRequestsError,
  UnexpectedAnswerError,
  UnknownMemberError,
  type Wisp,
  type WispError,
  type WispFile,
  WrongSecretError,
} from '../../sdk/server/index.ts'
import { setDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { arrived, useAgents } from '../../server/features/messages/messages.fixture.ts'
import { startWorld, type World } from '../harness.ts'
import { until } from '../until.ts'
import { type FaultProxy, startBetween } from './between.ts'

let world: World
let between: FaultProxy
let wisp: Wisp
const client = (more: Partial<Parameters<typeof createClient>[0]> = {}) =>
  createClient({ url: between.url, devId: world.dev.devId, devSecret: world.dev.devSecret, ...more })
beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 6, tags: 2 })
  await world.connectCallback()
  await useAgents(world)
  between = await startBetween(world.server.url)
  wisp = client()
})
beforeEach(() => between.clear())
afterAll(async () => {
  await between.close()
  await world.close()
})

const failureOf = async <E extends Error>(promise: Promise<unknown>) =>
  promise.then(
    () => new Error('nothing failed') as E,
    (error: E) => error,
  )
const pathsSeen = () => between.seen.map(one => one.path)
const tokenPath = '/api/token/getDevToken'
const message = {
  toUser: ['zhangsan'],
  sendType: '0',
  msgType: '03',
  agentName: '测试',
  content: '你好',
} as const
const tooMany = (seconds: number) => ({
  status: 429,
  headers: { 'content-type': 'application/json', 'retry-after': String(seconds) },
  body: '{"retCode":"1010","retMessage":"请求过于频繁"}',
})

describe('calls', () => {
  it('give the body, by the path of the call', async () => {
    const { userName, orgList } = await wisp.user.get({ userId: 'zhangsan' })
    expect([userName, orgList.length > 0]).toEqual([expect.stringMatching(/./), true])
    const { list } = await wisp.org.list({ orgId: '1', fetchChild: '1' })
    expect(list.length).toBeGreaterThan(3)
    const [tag] = (await wisp.org.tagList()).tagList
    expect((await wisp.org.list({ tagId: tag?.tagId ?? '' })).userList).toBeInstanceOf(Array)
    expect(await wisp.user.getInfo({ jessionId: 'dead' })).toBeNull()
    expect(await wisp.unifiedPay.awaitPay.select({ jessionId: 'dead' })).toBeNull()
    const member = await wisp.request<{ userId: string }>('GET', '/api/user/get', { userId: 'zhangsan' })
    expect(member.userId).toBe('zhangsan')
  })

  it('keep secrets out of addresses, and ask for one token however many begin', async () => {
    const fresh = client()
    await Promise.all(Array.from({ length: 20 }, () => fresh.org.tagList()))
    expect(pathsSeen().filter(path => path === tokenPath)).toHaveLength(1)
    expect(between.seen.find(one => one.path === tokenPath)).toMatchObject({ method: 'POST' })
    expect(between.seen.at(-1)?.headers.authorization).toBe(`Bearer ${await fresh.devToken()}`)
  })

  it('send files as bytes', async () => {
    const members = (await wisp.user.search({ searchName: 'a' })).list
    const pictured = members.find(one => one.fileId !== '')
    const { type, data } = await wisp.file.get({ fileId: pictured?.fileId ?? '' })
    expect([type.startsWith('image/'), data.length > 100]).toEqual([true, true])
  })

  it('read bare arrays of developers who want them so', async () => {
    const dev = await world.addDeveloper({ listStyle: 'array' })
    const bare = client({ devId: dev.devId, devSecret: dev.devSecret })
    expect((await bare.org.higherList({ orgId: '2' })).list).toHaveLength(1)
    const names = await Array.fromAsync(
      bare.user.orgUserList.all({ orgId: '1', fetchChild: '1', pageSize: 7 }),
    )
    expect(names).toHaveLength(30)
  })
})

describe('failures', () => {
  it('are a class per code, and say what, where and which request', async () => {
    const error = await failureOf<ApiError>(wisp.user.get({ userId: 'nobody' }))
    expect(error).toBeInstanceOf(UnknownMemberError)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ name: 'UnknownMemberError', code: '1007', call: 'GET /api/user/get' })
    expect(error.message).toContain('无效的用户 id: nobody')
    expect(error.message).toContain(error.requestId)
    expect(error.requestId).toMatch(/^[\w-]+$/)
    expect(error.helpUrl).toBe(`${world.ctx.publicUrl()}/docs/errors/1007`)
    const english = await failureOf(wisp.user.get({ userId: 'nobody' }, { language: 'en' }))
    expect(english.message).toContain('unknown user id: nobody')
    expect(await failureOf(client({ devSecret: 'wrong' }).org.tagList())).toBeInstanceOf(WrongSecretError)
  })

  it('name the help page of the Link header, and codes that are newer than the SDK', async () => {
    const link = '<https://a.example/next>; rel="next", </docs/errors/4711>; rel="help"'
    between.fail('/api/org/tagList', {
      status: 200,
      headers: { 'content-type': 'application/json', link },
      body: '{"retCode":"4711","retMessage":"新的"}',
    })
    const error = await failureOf<ApiError>(wisp.org.tagList())
    expect(error.constructor).toBe(ApiError)
    expect(error.helpUrl).toBe(`${between.url}/docs/errors/4711`)
    expect(error.message).toContain(error.helpUrl)
  })

  it('say so when the answer is not wisp’s', async () => {
    between.fail('/api/org/tagList', { status: 404, body: '<html>nginx</html>' })
    const page = await failureOf<UnexpectedAnswerError>(wisp.org.tagList())
    expect(page).toBeInstanceOf(UnexpectedAnswerError)
    expect(page.message).toContain('<html>nginx</html>')
    between.fail('/api/message/send', { status: 301, headers: { location: 'https://b.example/' }, body: '' })
    expect((await failureOf(wisp.message.send(message))).message).toContain('https://b.example/')
    expect(pathsSeen()).toEqual(['/api/org/tagList', '/api/message/send'])
  })

  it('are told at once for options that cannot work', () => {
    expect(() => client({ url: 'wisp.example.com' })).toThrow('url')
    expect(() => client({ devSecret: '' })).toThrow('devSecret')
  })
})

describe('repetition', () => {
  it('takes another token once when wisp knows it no more, and asks for it once', async () => {
    const fresh = client()
    const dead = { status: 200, headers: { 'content-type': 'application/json' } }
    const body = '{"retCode":"1004","retMessage":"devToken 已失效"}'
    await fresh.devToken()
    between.fail('/api/org/tagList', ...Array.from({ length: 5 }, () => ({ ...dead, body })))
    await Promise.all(Array.from({ length: 5 }, () => fresh.org.tagList()))
    expect(pathsSeen().filter(path => path === tokenPath)).toHaveLength(2)
    between.fail('/api/org/tagList', { ...dead, body }, { ...dead, body })
    expect(await failureOf(fresh.org.tagList())).toBeInstanceOf(DeadTokenError)
  })

  it('makes reads again, also after half an answer', async () => {
    between.fail('/api/org/tagList', 'lost', 'unanswered')
    expect((await wisp.org.tagList()).tagList).toHaveLength(2)
    between.fail('/api/org/tagList', { status: 502, body: 'bad gateway' })
    expect((await wisp.org.tagList()).tagList).toHaveLength(2)
    between.fail('/api/org/tagList', 'lost', 'lost', 'lost')
    expect(await failureOf(wisp.org.tagList())).toBeInstanceOf(NoAnswerError)
    between.clear()
    between.fail('/api/org/tagList', 'lost')
    expect(await failureOf(wisp.org.tagList({}, { retries: 0 }))).toBeInstanceOf(NoAnswerError)
    expect(between.seen).toHaveLength(1)
  })

  it('sends a message under one key, once', async () => {
    between.fail('/api/message/send', 'unanswered')
    const { msgId } = await wisp.message.send({ ...message, content: '只发一次' })
    const keys = between.seen.map(one => JSON.parse(one.body).requestId)
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
    expect((await wisp.message.status({ msgId })).receivers).toMatchObject({ total: 1, sent: 1 })
    expect(await arrived(world, '只发一次')).toHaveLength(1)
  })

  it('tells the key of a message of which nobody knows what became', async () => {
    between.fail('/api/message/send', 'unanswered')
    const error = await failureOf<WispError>(wisp.message.send(message, { retries: 0 }))
    expect(error).toBeInstanceOf(NoAnswerError)
    const again = await wisp.message.send({ ...message, requestId: error.idempotencyKey })
    expect(again.msgId).not.toBe('')
    expect(new Set(between.seen.map(one => JSON.parse(one.body).requestId))).toEqual(
      new Set([error.idempotencyKey]),
    )
  })

  it('does not make a write without a key again', async () => {
    between.fail('/api/ticket/issue', 'unanswered')
    const wanted = { userId: 'zhangsan', appId: 'none' }
    expect(await failureOf(wisp.ticket.issue(wanted))).toBeInstanceOf(NoAnswerError)
    expect(pathsSeen()).toEqual(['/api/ticket/issue'])
    // What was refused for being too much was not carried out.
    between.fail('/api/ticket/issue', tooMany(0))
    expect(await failureOf(wisp.ticket.issue(wanted))).not.toBeInstanceOf(TooManyRequestsError)
    expect(pathsSeen()).toHaveLength(3)
  })

  it('waits for as long as Retry-After says, or says that it would take too long', async () => {
    between.fail('/api/org/tagList', tooMany(1))
    const begun = performance.now()
    await wisp.org.tagList()
    expect(performance.now() - begun).toBeGreaterThanOrEqual(990)
    between.fail('/api/org/tagList', tooMany(3600))
    const error = await failureOf<ApiError>(wisp.org.tagList())
    expect(error).toBeInstanceOf(TooManyRequestsError)
    expect(error.retryAfterSeconds).toBe(3600)
  })
})

describe('time-outs and signals', () => {
  it('end an attempt that takes too long', async () => {
    between.fail('/api/org/tagList', 'silent')
    const error = await failureOf(wisp.org.tagList({}, { timeoutMs: 50, retries: 0 }))
    expect(error).toBeInstanceOf(TimeoutError)
    between.fail('/api/org/tagList', 'silent')
    expect((await wisp.org.tagList({}, { timeoutMs: 2000 })).tagList).toHaveLength(2)
  })

  it('end a call with the reason of its signal, and nobody else’s', async () => {
    const controller = new AbortController()
    between.fail('/api/org/tagList', 'silent')
    const ended = failureOf(wisp.org.tagList({}, { signal: controller.signal }))
    const other = wisp.user.get({ userId: 'zhangsan' })
    await until('the call on its way', () => pathsSeen().includes('/api/org/tagList'))
    controller.abort(new Error('changed my mind'))
    expect((await ended).message).toBe('changed my mind')
    expect((await other).userId).toBe('zhangsan')
    expect((await failureOf(wisp.org.tagList({}, { signal: controller.signal }))).message).toBe(
      'changed my mind',
    )
  })

  it('do not end the token that others wait for', async () => {
    const fresh = client()
    const controller = new AbortController()
    const ended = failureOf(fresh.org.tagList({}, { signal: controller.signal }))
    const other = fresh.org.tagList()
    controller.abort()
    expect((await ended).name).toBe('AbortError')
    expect((await other).tagList).toHaveLength(2)
    expect(pathsSeen().filter(path => path === tokenPath)).toHaveLength(1)
  })
})

describe('lists and the change feed', () => {
  it('hand out every row of all pages', async () => {
    const everybody = { orgId: '1', fetchChild: '1' } as const
    const whole = await wisp.user.orgUserList(everybody)
    const paged = await Array.fromAsync(wisp.user.orgUserList.all({ ...everybody, pageSize: 10 }))
    expect(paged.map(one => one.userId)).toEqual(whole.list.map(one => one.userId))
    expect(pathsSeen().filter(path => path === '/api/user/orgUserList')).toHaveLength(5)
    for await (const _first of wisp.user.orgUserList.all({ ...everybody, pageSize: 10 })) break
    expect(pathsSeen().filter(path => path === '/api/user/orgUserList')).toHaveLength(6)
  })

  it('continue where the last reading ended', async () => {
    const feed = wisp.changes({ limit: 7 })
    const all = await Array.fromAsync(feed)
    expect(all.filter(one => one.kind === 'member')).toHaveLength(30)
    expect(feed.next).toBe(all.at(-1)?.seq)
    await world.admin('user/update', { userid: 'zhangsan', name: '张三丰' })
    await world.settle()
    const [change, ...others] = await Array.fromAsync(wisp.changes({ since: feed.next }))
    expect(others).toEqual([])
    expect(change).toMatchObject({ kind: 'member', op: 'put', id: 'zhangsan', value: { userName: '张三丰' } })
  })

  it('follow what happens until the signal', async () => {
    const controller = new AbortController()
    const before = wisp.changes()
    for await (const _change of before);
    const seen: string[] = []
    const following = (async () => {
      const feed = wisp.changes({
        since: before.next,
        follow: true,
        intervalMs: 20,
        signal: controller.signal,
      })
      for await (const change of feed) {
        seen.push(change.id)
        if (seen.length === 2) controller.abort(new Error('enough'))
      }
    })()
    const ended = failureOf(following)
    for (const name of ['甲', '乙']) {
      await world.admin('user/update', { userid: 'zhangsan', name })
      await world.settle()
    }
    expect((await ended).message).toBe('enough')
    expect(seen).toEqual(['zhangsan', 'zhangsan'])
  })

  it('say when everything has to be read, and go on from there', async () => {
    const dev = await world.addDeveloper({ dataScope: { departments: [2], tags: [] } })
    const scoped = client({ devId: dev.devId, devSecret: dev.devSecret })
    const feed = scoped.changes()
    await Array.fromAsync(feed).catch(() => {})
    await setDeveloper(world.ctx, 'test', dev.devId, { dataScope: { departments: [3], tags: [] } })
    const error = await failureOf<FullReadNeededError>(Array.fromAsync(scoped.changes({ since: feed.next })))
    expect(error.name).toBe('FullReadNeededError')
    const asked: number[] = []
    const next = scoped.changes({ since: feed.next, onFullReadNeeded: async at => void asked.push(at) })
    expect(await Array.fromAsync(next)).toEqual([])
    expect([asked, next.next]).toEqual([[error.next], error.next])
  })
})

describe('calls of vendors', () => {
  it('are passed on in JSON and as forms, bring files, and are not made again', async () => {
    const [agent] = world.sandbox.agents
    const { devId } = world.dev
    const upstreamPaths = ['wecom/oa/meetingroom/list', 'wecom/media/upload', 'wecom/media/get']
    await setDeveloper(world.ctx, 'test', devId, { scopes: ['upstream:call'], upstreamPaths })
    const { agentId } = agent!
    await addApp(world.ctx, 'test', world.corpId, { name: '会议室', devId, agentId })
    const { upstream } = client({ packets: true })
    const rooms = await upstream.wecom('oa/meetingroom/list', { agentId, body: { city: '深圳' } })
    expect(rooms).toEqual({ errcode: 0, errmsg: 'ok', meetingroom_list: [] })
    const form = new FormData()
    form.set('media', new Blob(['第一行\n第二行'], { type: 'text/plain' }), 'a.txt')
    const made = await upstream.wecom('media/upload', { agentId, query: { type: 'file' }, body: form })
    const query = { media_id: String(made['media_id']) }
    const file = await upstream.wecom<WispFile>('media/get', { agentId, query })
    expect(new TextDecoder().decode(file.data)).toBe('第一行\n第二行')
    between.clear()
    between.fail('/api/wecom/oa/meetingroom/list', { status: 502, body: '' })
    const failed = await failureOf(upstream.wecom('oa/meetingroom/list', { agentId, body: {} }))
    expect(failed).toBeInstanceOf(UnexpectedAnswerError)
    expect(pathsSeen().filter(path => path.startsWith('/api/wecom/'))).toHaveLength(1)
  })
})
