import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../test/sign-in.ts'
import { setDeveloper } from '../../callers/developers/developer-admin.ts'
import { endSession } from '../../callers/sessions/session-store.ts'
import { issueTicket } from '../../callers/tickets/tickets.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { partsIn, usualZone } from '../../platform/time-zone.ts'
import { addApp, setApp } from '../apps/apps.ts'
import { putType } from '../message-types/put-type.ts'
import { fresh, useAgents } from '../messages/messages.fixture.ts'
import { pass, settled } from '../messages/waiting/waiting.fixture.ts'
import { hashOfToken, holderOfToken } from '../oidc/access-token.ts'
import { browserOf } from '../oidc/browser.fixture.ts'
import { addClient, signInTo, type TestClient, type Tokens } from '../oidc/client.fixture.ts'
import { allDays } from '../quiet-hours/quiet-hours.ts'
import { setQuietHours } from '../quiet-hours/set-quiet-hours.ts'

const origin = 'https://oa.example.com'
const scopes = ['directory:read', 'message:send', 'message:type', 'inbox:embed']

let world: World
let dev: Caller
let other: Caller
let me: SignedInClient
let appId: string
beforeAll(async () => {
  world = await startWorld({ members: 10 })
  await useAgents(world)
  await world.control('limits', { perMemberMinute: null, perMemberHour: null })
  dev = await world.addDeveloper({ name: '报销系统', scopes })
  other = await world.addDeveloper({ name: '门禁', scopes })
  me = await signIn(world, { userId: 'zhangsan' })
  appId = (await addApp(world.ctx, 'test', world.corpId, { name: '报销', devId: dev.devId })).id
})
afterAll(() => world.close())

const idOf = (userId: string) => world.ctx.mirrors.of(world.corpId).members.byKey(userId)!.id
const jession = async (sessionId = me.sessionId) => {
  const to = { corpId: world.corpId, appId, sessionId, memberId: idOf('zhangsan') }
  return (await issueTicket(world.ctx.db, world.ctx, to)).jessionId
}
const session = (body: object, by = dev) => by.post('/api/inbox/session', { origin, ...body })
async function ticketFor(body: object, by = dev): Promise<string> {
  const answer = await session(body, by)
  expect(answer.retCode, answer.retMessage).toBe('0')
  return answer.body.ticket
}
type SessionInput = {
  status: number
  retCode: string
  retMessage: string
  body: { list: { title: string }[]; title: string; unread: number }
  allowed: string | null
}
async function ask(
  ticket: string,
  path: string,
  body?: object,
  from: string | null = origin,
): Promise<SessionInput> {
  const answer = await fetch(`${world.server.url}/inbox/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${ticket}`,
      'accept-language': 'zh',
      ...(from === null ? {} : { origin: from }),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const allowed = answer.headers.get('access-control-allow-origin')
  expect(answer.headers.get('vary')).toContain('Origin')
  return {
    status: answer.status,
    allowed,
    ...((await answer.json()) as Omit<SessionInput, 'status' | 'allowed'>),
  }
}
const titles = async (ticket: string, query = '') =>
  (await ask(ticket, `messages${query}`)).body.list.map(one => one.title)
const unread = async (ticket: string) => (await ask(ticket, 'unread')).body.unread
async function send(by: Caller, title: string, body: object = {}): Promise<string> {
  const common = { toUser: 'zhangsan', sendType: '0', msgType: '01', agentName: '应用', content: '内容' }
  const answer = await by.post('/api/message/send', {
    ...common,
    title,
    url: 'https://oa.example.com/1',
    ...body,
  })
  expect(answer.retCode, answer.retMessage).toBe('0')
  return answer.body.msgId
}
const refusedBecause = (words: string, allowed: string | null = origin) => ({
  status: 401,
  retCode: '1009',
  retMessage: expect.stringContaining(words),
  allowed,
})

describe('an embedded inbox', () => {
  let own: string
  let foreign: string
  beforeAll(async () => {
    own = await send(dev, '报销单')
    foreign = await send(other, '访客到了')
  })

  it('shows what its developer sent, and all once that was approved', async () => {
    const ticket = await ticketFor({ jessionId: await jession() })
    expect(await titles(ticket)).toEqual(['报销单'])
    expect(await unread(ticket)).toBe(1)
    await setDeveloper(world.ctx, 'test', dev.devId, { wholeInbox: true })
    // A ticket of before stays as it is, and one by userid never shows more.
    expect(await titles(ticket)).toEqual(['报销单'])
    expect(await titles(await ticketFor({ userId: 'zhangsan' }))).toEqual(['报销单'])
    const whole = await ticketFor({ jessionId: await jession() })
    expect(await titles(whole)).toEqual(['访客到了', '报销单'])
    expect(await unread(whole)).toBe(2)
    expect((await ask(whole, 'open', { msgId: foreign })).body.title).toBe('访客到了')
    await setDeveloper(world.ctx, 'test', dev.devId, { wholeInbox: false })
    expect(await titles(whole)).toEqual(['报销单'])
  })

  it('opens, acknowledges and places what its developer sent, and nothing else', async () => {
    const ticket = await ticketFor({ userId: 'zhangsan' })
    for (const [path, more] of [
      ['open', {}],
      ['acknowledge', {}],
      ['place', { place: 'archived' }],
    ] as const) {
      const answer = await ask(ticket, path, { msgId: foreign, ...more })
      expect([path, answer.retCode, answer.retMessage]).toEqual([
        path,
        '1000',
        expect.stringContaining('没有'),
      ])
    }
    const bell = async () => (await me.get('/web/portal/unread')).body.unread
    const before = await bell()
    expect((await ask(ticket, 'open', { msgId: own })).body).toMatchObject({ title: '报销单', isRead: true })
    expect(await unread(ticket)).toBe(0)
    expect(await bell()).toBe(before)
    expect((await ask(ticket, 'place', { msgId: own, place: 'archived' })).retCode).toBe('0')
    expect(await titles(ticket)).toEqual([])
    expect(await titles(ticket, '?shelf=archived')).toEqual(['报销单'])
    expect((await ask(ticket, 'place', { msgId: own, place: 'later' })).retCode).toBe('1001')
    expect((await ask(ticket, 'open', { msgId: 'x'.repeat(100) })).retCode).toBe('1000')
  })

  it('tells pages that wait of another number, by an answer and by a stream', async () => {
    const ticket = await ticketFor({ userId: 'zhangsan' })
    const waiting = ask(ticket, 'unread?known=0')
    const stream = await fetch(`${world.server.url}/inbox/stream`, {
      headers: { authorization: `Bearer ${ticket}`, origin },
    })
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    expect(stream.headers.get('access-control-allow-origin')).toBe(origin)
    const pieces = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await pieces.read()).value).toBe('data: {"unread":0}\n\n')
    await send(dev, '第二张')
    expect((await waiting).body.unread).toBe(1)
    expect((await pieces.read()).value).toBe('data: {"unread":1}\n\n')
    await pieces.cancel()
  })

  it('counts what was put off again when it comes back, and tells each developer of its own', async () => {
    const [ticket, others] = [await ticketFor({ userId: 'lisi' }), await ticketFor({ userId: 'lisi' }, other)]
    const msgId = await send(dev, '周报', { toUser: 'lisi' })
    expect([await unread(ticket), await unread(others)]).toEqual([1, 0])
    const until = new Date(world.ctx.now() + 60_000).toISOString()
    expect((await ask(ticket, 'place', { msgId, place: 'later', until })).retCode).toBe('0')
    expect(await unread(ticket)).toBe(0)
    world.clock.offsetMs += 61_000
    expect([await unread(ticket), await titles(ticket, '?shelf=unread')]).toEqual([1, ['周报']])
    const waiting = [ask(ticket, 'unread?known=1'), ask(others, 'unread?known=0')]
    await send(dev, '月报', { toUser: 'lisi' })
    await send(other, '访客', { toUser: 'lisi' })
    expect((await Promise.all(waiting)).map(one => one.body.unread)).toEqual([2, 1])
    // What they do with it elsewhere counts here.
    const lisi = await signIn(world, { userId: 'lisi' })
    const left = ask(ticket, 'unread?known=2')
    expect((await lisi.post('/web/portal/messages/open', { msgId })).retCode).toBe('0')
    expect((await left).body.unread).toBe(1)
    world.clock.offsetMs -= 61_000
  })

  it('is for pages of its origin alone', async () => {
    const ticket = await ticketFor({ userId: 'zhangsan' })
    for (const from of ['https://evil.example.com', 'https://oa.example.com:444', null])
      expect(await ask(ticket, 'messages', undefined, from)).toMatchObject(refusedBecause('其他网站', null))
    expect(await ask(`${ticket.slice(0, -9)}AAAAAAAAA`, 'messages')).toMatchObject(refusedBecause('凭证无效'))
    expect(await ask('', 'messages')).toMatchObject(refusedBecause('缺少'))
    // A session's cookie is nothing here.
    const byCookie = await me.get('/inbox/messages')
    expect(byCookie.retCode).toBe('1009')
    const preflight = await fetch(`${world.server.url}/inbox/open`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'Authorization, Content-Type',
      'access-control-max-age': '7200',
      vary: 'Origin',
    })
    expect(preflight.headers.has('access-control-allow-credentials')).toBe(false)
  })

  it('ends with the session from which it was opened, which waiting does not keep alive', async () => {
    const mine = await signIn(world, { userId: 'zhangsan' })
    const ticket = await ticketFor({ jessionId: await jession(mine.sessionId) })
    const seenAt = async () =>
      (
        await world.ctx.db
          .selectFrom('session')
          .select('seen_at as at')
          .where('id', '=', mine.sessionId)
          .executeTakeFirstOrThrow()
      ).at
    const at = new Date(Date.now() - 3_600_000)
    await world.ctx.db.updateTable('session').set({ seen_at: at }).where('id', '=', mine.sessionId).execute()
    await unread(ticket)
    expect(await seenAt()).toEqual(at)
    await titles(ticket)
    expect(await seenAt()).not.toEqual(at)
    await endSession(world.ctx.db, mine.sessionId, new Date(world.ctx.now()))
    expect(await ask(ticket, 'messages')).toMatchObject(refusedBecause('已结束'))
    expect((await session({ jessionId: 'nothing' })).retCode).toBe('1012')
  })

  it('ends with its developer, its scope, the feature and its person', async () => {
    const ticket = await ticketFor({ userId: 'zhangsan' }, other)
    const dead = () => ask(ticket, 'messages')
    for (const [less, more] of [
      [{ enabled: false }, { enabled: true }],
      [{ scopes: ['message:send'] }, { scopes }],
      [{ dataScope: { departments: [3], tags: [] } }, { dataScope: null }],
    ] as const) {
      await setDeveloper(world.ctx, 'test', other.devId, less as object)
      expect(await dead()).toMatchObject(refusedBecause('已结束'))
      await setDeveloper(world.ctx, 'test', other.devId, more as object)
      expect((await dead()).status).toBe(200)
    }
    const { features } = world.ctx.corps.get(world.corpId)
    await switchFeatures(world.ctx, 'test', world.corpId, { 'message-types': false })
    expect(await dead()).toMatchObject(refusedBecause('已结束'))
    expect((await session({ userId: 'zhangsan' })).retCode).toBe('1009')
    await switchFeatures(world.ctx, 'test', world.corpId, { 'message-types': true })
    expect(world.ctx.corps.get(world.corpId).features).toEqual(features)
    await world.connectCallback()
    const leaver = await ticketFor({ userId: 'lisi' })
    await world.admin('user/delete', { userid: 'lisi' })
    await world.settle()
    expect(await ask(leaver, 'messages')).toMatchObject(refusedBecause('已结束'))
    expect((await session({ userId: 'lisi' })).retCode).toBe('1007')
  })

  it('is opened for one person and an origin with TLS', async () => {
    const cases: [object, string][] = [
      [{}, '1000'],
      [{ userId: 'zhangsan', jessionId: 'x' }, '1000'],
      [{ userId: 'nobody' }, '1007'],
      [{ userId: 'zhangsan', origin: 'http://oa.example.com' }, '1000'],
      [{ userId: 'zhangsan', origin: 'https://oa.example.com/' }, '1000'],
      [{ userId: 'zhangsan', origin: 'https://OA.example.com' }, '1000'],
      [{ userId: 'zhangsan', origin: 'https://oa.example.com:443' }, '1000'],
      [{ userId: 'zhangsan', origin: 'null' }, '1000'],
      [{ userId: 'zhangsan', origin: 'http://127.0.0.1.evil.com' }, '1000'],
      [{ userId: 'zhangsan', origin: 'http://localhost:3000' }, '0'],
      [{ userId: 'zhangsan', origin: 'http://127.0.0.1:3000' }, '0'],
    ]
    for (const [body, code] of cases) expect([body, (await session(body)).retCode]).toEqual([body, code])
  })

  describe('of whom an access token of OpenID Connect names', () => {
    let app: TestClient
    const tokenOf = async (browser: Pick<SignedInClient, 'cookie'>, parameters = {}): Promise<Tokens> =>
      signInTo(app, browserOf(world, browser), parameters)
    const opened = (accessToken: string, by = dev) => session({ accessToken }, by)
    const refused = (words: string) => ({ retCode: '1009', retMessage: expect.stringContaining(words) })
    beforeAll(async () => {
      app = await addClient(world, '报销登录', {
        oidc: { redirectUris: ['https://oa.example.com/callback'], refresh: true },
      })
      await setApp(world.ctx, 'test', world.corpId, app.appId, { devId: dev.devId })
    })

    it('shows the same as by their jessionId, and ends with the session', async () => {
      const mine = await signIn(world, { userId: 'zhangsan' })
      const { access_token: token } = await tokenOf(mine)
      const ticket = await ticketFor({ accessToken: token })
      expect(await titles(ticket)).not.toContain('访客到了')
      await setDeveloper(world.ctx, 'test', dev.devId, { wholeInbox: true })
      expect(await titles(await ticketFor({ accessToken: token }))).toContain('访客到了')
      await setDeveloper(world.ctx, 'test', dev.devId, { wholeInbox: false })
      await world.ctx.sessions.end(mine.sessionId)
      expect(await ask(ticket, 'messages')).toMatchObject(refusedBecause('已结束'))
      expect(await opened(token)).toMatchObject(refused('accessToken 已失效'))
    })

    it('ends with the token, when it expires or is revoked, and outlives the session with the token', async () => {
      const mine = await signIn(world, { userId: 'zhangsan' })
      const { access_token: short } = await tokenOf(mine)
      const { access_token: long } = await tokenOf(mine, { scope: 'openid offline_access' })
      world.clock.offsetMs += 1_800_000
      const answer = await opened(short)
      // The library's clock is that of the machine.
      expect(answer.body.expiresIn).toBeGreaterThan(1700)
      expect(answer.body.expiresIn).toBeLessThanOrEqual(1800)
      const lasting = await ticketFor({ accessToken: long })
      await world.ctx.sessions.end(mine.sessionId)
      expect((await ask(lasting, 'messages')).status).toBe(200)
      await client.tokenRevocation(app.config, long)
      expect(await ask(lasting, 'messages')).toMatchObject(refusedBecause('已结束'))
      expect(await opened(long)).toMatchObject(refused('accessToken 已失效'))
      world.clock.offsetMs += 1_800_001
      expect(await opened(short)).toMatchObject(refused('accessToken 已失效'))
      world.clock.offsetMs -= 3_600_001
    })

    it('is refused for another developer, corp, a person outside the data scope, and beside a jessionId', async () => {
      const { access_token: token } = await tokenOf(me)
      expect(await opened(token, other)).toMatchObject(refused('其他开发者的应用'))
      expect(await opened('nothing')).toMatchObject(refused('accessToken 已失效'))
      for (const more of [{ jessionId: await jession() }, { userId: 'zhangsan' }])
        expect((await session({ accessToken: token, ...more })).retCode).toBe('1000')
      const holderIn = (corpId: string) => holderOfToken(world.ctx, corpId, hashOfToken(token), false)
      expect(await holderIn(world.corpId)).toMatchObject({ member: { userId: 'zhangsan' } })
      expect(await holderIn('ww-another')).toBeUndefined()
      const ticket = await ticketFor({ accessToken: token })
      await setDeveloper(world.ctx, 'test', dev.devId, { dataScope: { departments: [3], tags: [] } })
      expect(await opened(token)).toMatchObject(refused('数据范围之外'))
      expect(await ask(ticket, 'messages')).toMatchObject(refusedBecause('已结束'))
      await setDeveloper(world.ctx, 'test', dev.devId, { dataScope: null })
      expect((await ask(ticket, 'messages')).status).toBe(200)
      await setApp(world.ctx, 'test', world.corpId, app.appId, { devId: other.devId })
      expect(await ask(ticket, 'messages')).toMatchObject(refusedBecause('已结束'))
      await setApp(world.ctx, 'test', world.corpId, app.appId, { devId: dev.devId })
    })
  })

  it('expires after an hour', async () => {
    const { ticket, expiresIn } = (await session({ userId: 'zhangsan' })).body
    expect(expiresIn).toBe(3600)
    world.clock.offsetMs += 3_600_001
    expect(await ask(ticket, 'messages')).toMatchObject(refusedBecause('已过期'))
    world.clock.offsetMs -= 3_600_001
  })
})

it('shows what a digest carries of its developer, and nothing of the other senders that the digest lists', async () => {
  for (const [key, by] of [
    ['bill', dev],
    ['visit', other],
  ] as const)
    await putType(world.ctx, { actor: 'test', devId: by.devId }, world.corpId, key, {
      name: key,
      level: 'normal',
      channels: ['wecom'],
      templates: { wecom: { zh: { title: `${key} {{ n }}`, content: '内容' } } },
    })
  const { hour, minute } = partsIn(new Date(world.ctx.now()), usualZone)
  const now = Number(hour) * 60 + Number(minute)
  const times = { from: (now + 1430) % 1440, to: (now + 60) % 1440 }
  await setQuietHours(world.ctx, 'test', world.corpId, { days: allDays, ...times, timeZone: usualZone })
  const notify = async (type: string, by: Caller, n: number) => {
    const answer = await fresh(world, by).post('/api/message/notify', {
      type,
      toUser: 'zhangsan',
      data: { n },
    })
    expect(answer.retCode, answer.retMessage).toBe('0')
  }
  await notify('visit', other, 1)
  await notify('bill', dev, 2)
  await notify('visit', other, 3)
  await notify('bill', dev, 4)
  await settled(world)
  // What waits leaves within five minutes of the end.
  await pass(world, 66)
  const them = await signIn(world, { userId: 'zhangsan' })
  const [digest] = (await them.get('/web/portal/messages')).body.list
  expect([digest.isDigest, digest.text]).toEqual([true, expect.stringContaining('visit 3')])
  for (const [by, expected] of [
    [dev, ['bill 4', 'bill 2']],
    [other, ['visit 3', 'visit 1']],
  ] as const) {
    for (const path of ['message/recall', 'message/cancel'])
      expect((await fresh(world, by).post(`/api/${path}`, { msgId: digest.id })).retCode).toBe('1000')
    const why = await fresh(world, by).get('/api/message/why', { msgId: digest.id, userId: 'zhangsan' })
    expect(why.retCode).toBe('1000')
    const ticket = await ticketFor({ userId: 'zhangsan' }, fresh(world, by))
    const { list } = (await ask(ticket, 'messages')).body as { list: { id?: string; title: string }[] }
    expect(list.slice(0, 2).map(one => one.title)).toEqual(expected)
    expect(list.map(one => one.title)).not.toContainEqual(expect.stringContaining('条消息'))
    const before = await unread(ticket)
    expect((await ask(ticket, 'open', { msgId: digest.id })).retCode).toBe('1000')
    expect((await ask(ticket, 'open', { msgId: list[0]!.id })).body.title).toBe(expected[0])
    expect(await unread(ticket)).toBe(before - 1)
  }
})
