import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as foreign from '@wecom/crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Manager, managerBy } from '../../../test/admin-token.ts'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedIn, signIn } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { removeAgent } from '../../organisation/corps/corps.ts'
import { runDoctor } from '../../organisation/corps/doctor/doctor.ts'
import { readConfig } from '../../platform/config.ts'
import { checked } from '../../platform/http/checked.fixture.ts'
import { createLog } from '../../platform/operation/log.ts'
import { startServer } from '../../server.ts'
import { addApp } from '../apps/apps.ts'
import { type Event, startTarget, type Target, verify } from '../webhooks/target.fixture.ts'
import { callbackSettings } from './callbacks/set-callback.ts'
import { eventFields, pushTo, pushXml, textFields } from './pushes/push.fixture.ts'

type Told = { dev: Caller; target: Target; secret: string }

let world: World
let agentId: number
let system: SignedIn
/** Sees everything, and may know where people are; sees everything; sees one department; has no app of this agent. */
let whole: Told
let plain: Told
let narrow: Told
let stranger: Told
/** A member whom the narrow one sees. */
let inside: string

async function listener(scopes: string[], settings: object = {}): Promise<Told> {
  const dev = checked(
    await world.addDeveloper({ scopes: [...scopes, 'webhook:manage'] as never, ...settings }),
  )
  const target = await startTarget()
  const { body } = await dev.post('/api/webhook/create', { url: target.url })
  return { dev, target, secret: body.secret }
}

beforeAll(async () => {
  world = await startWorld({ members: 60, departments: 12 })
  agentId = await world.connectAgent()
  system = await signIn(world, { admin: 'admin' })
  whole = await listener(['agent:read', 'agent:location', 'directory:read'])
  plain = await listener(['agent:read'])
  const department = leafWithout('zhangsan')
  inside = [...world.ctx.mirrors.of(world.corpId).members.all()].find(one =>
    one.departments.includes(department),
  )!.userId
  narrow = await listener(['agent:read'], { dataScope: { departments: [department], tags: [] } })
  stranger = await listener(['agent:read', 'agent:location'])
  for (const { dev } of [whole, plain, narrow])
    await addApp(world.ctx, 'test', world.corpId, {
      ...{ name: 'OA', devId: dev.devId, agentId, homeUrl: 'https://oa.example.com/' },
    })
})
afterAll(async () => {
  await world.close()
  for (const { target } of [whole, plain, narrow, stranger]) await target.close()
})
/** A department without others below it, in which this member is not. */
function leafWithout(userId: string): number {
  const { members, tree } = world.ctx.mirrors.of(world.corpId)
  const own = members.byKey(userId)!.departments
  const all = new Set([...members.all()].flatMap(one => one.departments))
  return [...all].find(id => tree.get(id)!.children.length === 0 && !own.includes(id))!
}

/** What a test before has left comes before the next one begins. */
beforeEach(async () => {
  await world.settleAgent(agentId)
  const count = () => whole.target.got.length + plain.target.got.length + narrow.target.got.length
  for (let before = -1; before !== count(); ) {
    before = count()
    await new Promise(resolve => setTimeout(resolve, 300))
  }
  for (const { target } of [whole, plain, narrow, stranger]) target.got.length = 0
})

const act = (userId: string, name: string, more: object = {}) =>
  world.control('agents/act', { agentId, userId, act: name, ...more })
const push = (plain: string) => pushTo(world, agentId, plain)
const kindsOf = ({ target }: Told) =>
  target.got.map(one => `${one.event.data.type} ${one.event.data.userId}`).sort()
const eventOf = (told: Told, type: string, userId = 'zhangsan') =>
  until(type, () => {
    const found = told.target.got.find(({ event: { data } }) => data.type === type && data.userId === userId)
    return found && (verify(told.secret, found) as Event)
  })

describe('what an agent hears', () => {
  it('is told to developers of its apps, within data scope and scopes', async () => {
    await act('zhangsan', 'enter')
    await act('zhangsan', 'text', { content: '年假还有几天？<&]]>' })
    await act(inside, 'text', { content: '我也问' })
    await act(inside, 'location')
    await act(inside, 'report_location')
    await push(pushXml(world, agentId, eventFields('brand_new', '<Deep><A>1</A></Deep>')))
    const message = await eventOf(whole, 'text')
    expect(message).toMatchObject({
      type: 'agent.message',
      data: {
        ...{ agentId, userId: 'zhangsan', userName: '张三', corpId: world.corpId },
        fields: { Content: '年假还有几天？<&]]>', MsgId: expect.stringMatching(/^\d{19}$/) },
      },
    })
    expect(await eventOf(whole, 'brand_new')).toMatchObject({
      type: 'agent.event',
      data: { fields: { Deep: { A: '1' } } },
    })
    await until('the whole one', () => kindsOf(whole).length >= 6)
    await until('the narrow one', () => kindsOf(narrow).length > 0)
    await until('the plain one', () => kindsOf(plain).length >= 4)
    expect(kindsOf(whole)).toEqual(
      [
        ...[`LOCATION ${inside}`, 'brand_new zhangsan', 'enter_agent zhangsan', `location ${inside}`],
        ...[`text ${inside}`, 'text zhangsan'],
      ].sort(),
    )
    expect(kindsOf(plain)).toEqual(
      ['brand_new zhangsan', 'enter_agent zhangsan', `text ${inside}`, 'text zhangsan'].sort(),
    )
    expect(kindsOf(narrow)).toEqual([`text ${inside}`])
    expect(kindsOf(stranger)).toEqual([])
  })

  it('says nothing of the address book, and of presses of own cards, to developers', async () => {
    const { offered } = world.ctx
    const given = offered.cardPressed
    offered.cardPressed = (_press, event) => world.ctx.inbox.accept(event)
    const fields = '<TaskId>own</TaskId><ResponseCode>own1</ResponseCode>'
    try {
      await push(pushXml(world, agentId, eventFields('template_card_event', fields)))
    } finally {
      offered.cardPressed = given
    }
    const change = '<ChangeType>update_user</ChangeType><UserID>zhangsan</UserID>'
    await push(pushXml(world, '', eventFields('change_contact', change), { from: 'sys' }))
    const foreignCard = '<TaskId>other</TaskId><ResponseCode>other1</ResponseCode>'
    await push(pushXml(world, agentId, eventFields('template_card_event', foreignCard)))
    await eventOf(whole, 'template_card_event')
    await world.settleAgent(agentId)
    expect(kindsOf(whole)).toEqual(['template_card_event zhangsan'])
    expect(whole.target.got[0]?.event.data.fields.TaskId).toBe('other')
  })

  it('gives media to developers who were told of them alone', async () => {
    await act(inside, 'image')
    await act('zhangsan', 'voice')
    const { data } = await eventOf(narrow, 'image', inside)
    const voice = await eventOf(whole, 'voice')
    const media = async ({ dev }: Told, mediaId: string) => {
      const query = new URLSearchParams({ devToken: await dev.token(), mediaId })
      return fetch(`${world.server.url}/api/agent/media?${query}`)
    }
    for (const told of [whole, plain, narrow]) {
      const answer = await media(told, data.fields.MediaId)
      expect(answer.headers.get('content-type')).toBe('image/png')
      expect(
        Buffer.from(await answer.arrayBuffer())
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG')
    }
    const refused = async (told: Told, mediaId: string) =>
      ((await (await media(told, mediaId)).json()) as { retCode: string }).retCode
    expect(await refused(stranger, data.fields.MediaId)).toBe('1000')
    // Of somebody whom it does not see.
    expect(await refused(narrow, voice.data.fields.MediaId)).toBe('1000')
    expect(await refused(whole, 'invented')).toBe('1000')
    await world.control('agents/push', {
      agentId,
      fields: { FromUserName: inside, MsgType: 'voice', MediaId: 'gone', Format: 'amr' },
    })
    await until('told', () => whole.target.got.some(one => one.event.data.fields.MediaId === 'gone'))
    expect(await refused(whole, 'gone')).toBe('1011')
  })

  it('is listed, shown and replayed under its number', async () => {
    await act('zhangsan', 'text', { content: '再来一次' })
    const first = await eventOf(whole, 'text')
    const { body } = await system.get('/web/agents/pushes', { agentId, text: '再来一次' })
    expect(body).toMatchObject({ total: 1, list: [{ id: first.data.id, kind: 'text', userId: 'zhangsan' }] })
    const shown = (await system.get('/web/agents/push', { agentId, id: first.data.id })).body
    expect(shown).toMatchObject({ plain: expect.stringContaining('再来一次'), reply: '', forwarded: null })
    whole.target.got.length = 0
    expect((await system.post('/web/agents/push/replay', { agentId, ids: [first.data.id] })).body.count).toBe(
      1,
    )
    expect((await eventOf(whole, 'text')).data.id).toBe(first.data.id)
    const wrong = await system.post('/web/agents/push/replay-filtered', {
      ...{ agentId, kind: 'text', upTo: body.lastId, expected: 1 },
    })
    expect(wrong.retCode).toBe('1000')
  })
})

/** A system that heard the agent before, made with WeCom's own library. */
class Former {
  readonly token = 'formerToken'
  readonly key = 'a'.repeat(42).concat('A')
  readonly heard: string[] = []
  answer: 'reply' | 'nothing' | 'hang' | 'unsigned' | 'broken' = 'nothing'
  server: Server | undefined
  url = ''

  async start(): Promise<void> {
    this.server = createServer(async (request, response) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      const query = new URL(request.url ?? '', 'http://x').searchParams
      const [timestamp, nonce] = [query.get('timestamp') ?? '', query.get('nonce') ?? '']
      const signed = (text: string) => foreign.getSignature(this.token, timestamp, nonce, text)
      if (request.method === 'GET') {
        const echo = query.get('echostr') ?? ''
        const isRight = signed(echo) === query.get('msg_signature')
        response.end(isRight ? foreign.decrypt(this.key, echo).message : 'wrong')
        return
      }
      const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(Buffer.concat(parts).toString())?.[1] ?? ''
      if (signed(encrypted) !== query.get('msg_signature')) throw new Error('not signed by wisp')
      const { message, id } = foreign.decrypt(this.key, encrypted)
      this.heard.push(message)
      if (this.answer === 'hang') return
      if (this.answer === 'broken') response.statusCode = 502
      response.end(['nothing', 'broken'].includes(this.answer) ? '' : this.replyTo(message, id))
    })
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/wecom?corp=1`
  }

  replyTo(message: string, corpId: string): string {
    const from = /<FromUserName><!\[CDATA\[(.*?)\]\]>/.exec(message)?.[1] ?? ''
    const reply = `<xml><ToUserName>${from}</ToUserName><FromUserName>${corpId}</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>旧系统的答复</Content></xml>`
    const sealed = foreign.encrypt(this.key, reply, corpId)
    const signature = this.answer === 'unsigned' ? 'x' : foreign.getSignature(this.token, '1', '2', sealed)
    return `<xml><Encrypt>${sealed}</Encrypt><MsgSignature>${signature}</MsgSignature><TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>`
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections()
    this.server?.close()
  }
}

describe('passing on', () => {
  const former = new Former()
  let manager: Manager
  beforeAll(async () => {
    await former.start()
    manager = await managerBy(world)
  })
  afterAll(() => former.close())

  const version = async () => (await system.get('/web/agents/callback', { agentId })).body.callback.version
  const save = async (change: object = {}) =>
    system.post('/web/agents/forward/save', {
      ...{ agentId, url: former.url, token: former.token, encodingAesKey: former.key },
      ...{ version: await version(), ...change },
    })

  it('refuses inner addresses, its own, and keys that cannot be', async () => {
    for (const [change, why] of [
      [{ url: 'http://169.254.169.254/latest' }, /url/],
      [{ url: 'http://[::1]/' }, /本机地址|local/],
      [{ url: `${world.server.url}/api/callback/agent/x` }, /本平台/],
      [{ url: 'ftp://oa.example.com/' }, /http/],
      [{ token: 'has space' }, /Token/],
      [{ encodingAesKey: 'short' }, /EncodingAESKey/],
      [{ token: '' }, /token/],
      [{ version: 'old' }, /他人/],
    ] as const)
      expect(await save(change), JSON.stringify(change)).toMatchObject({
        retMessage: expect.stringMatching(why),
      })
    expect((await system.get('/web/agents/callback', { agentId })).body.callback.forward).toBeNull()
  })

  it('hears of a system whose keys differ, and passes on to one that fits', async () => {
    expect((await save({ token: 'another' })).body.problem).toMatch(/Token/)
    expect((await save()).body.problem).toBe('')
    former.answer = 'reply'
    expect(await act('zhangsan', 'text', { content: '给旧系统' })).toMatchObject({
      reply: { MsgType: 'text', Content: '旧系统的答复' },
    })
    expect(former.heard.at(-1)).toContain('给旧系统')
    const [shown] = (await system.get('/web/agents/pushes', { agentId, text: '给旧系统' })).body.list
    const one = (await system.get('/web/agents/push', { agentId, id: shown.id })).body
    expect(one).toMatchObject({
      ...{ reply: expect.stringContaining('旧系统的答复'), forwarded: { replied: true, problem: '' } },
    })
    const seen = await world.control('messages?channel=wecom&to=zhangsan')
    expect((seen['messages'] as { content: object; isReply?: true }[]).at(-1)).toMatchObject({
      ...{ isReply: true, content: { content: '旧系统的答复' } },
    })
  })

  it('passes a push on once, and answers its repetition the same', async () => {
    former.answer = 'reply'
    const before = former.heard.length
    const text = pushXml(world, agentId, textFields('twice', '990'))
    const first = await push(text)
    const second = await push(text)
    expect(former.heard.length).toBe(before + 1)
    const { encodingAesKey } = world.ctx.agents.callbackOf(world.corpId, agentId)!.keys
    const open = (sealed: string) =>
      foreign.decrypt(encodingAesKey, /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(sealed)?.[1] ?? '').message
    expect(open(second.text)).toBe(open(first.text))
  })

  it.each([
    ['unsigned', /MsgSignature/],
    ['broken', /502/],
    ['hang', /3 秒/],
  ] as const)('takes no reply that is %s, and says so', async (answer, why) => {
    former.answer = answer
    expect(await act(inside, 'text', { content: `答复 ${answer}` })).toMatchObject({
      ...{ state: 'answered', reply: null },
    })
    await eventOf(whole, 'text', inside)
    const [shown] = (await system.get('/web/agents/pushes', { agentId, text: `答复 ${answer}` })).body.list
    const { forwarded } = (await system.get('/web/agents/push', { agentId, id: shown.id })).body
    expect(forwarded).toMatchObject({ replied: false, problem: expect.stringMatching(why) })
    const { forward } = (await system.get('/web/agents/callback', { agentId })).body.callback
    expect(forward.failingSince).not.toBeNull()
  })

  it('does not pass on presses of own cards', async () => {
    const before = former.heard.length
    const { offered } = world.ctx
    const given = offered.cardPressed
    offered.cardPressed = (_press, event) => world.ctx.inbox.accept(event)
    try {
      const fields = '<TaskId>own</TaskId><ResponseCode>own2</ResponseCode>'
      expect((await push(pushXml(world, agentId, eventFields('template_card_event', fields)))).text).toBe('')
    } finally {
      offered.cardPressed = given
    }
    expect(former.heard.length).toBe(before)
  })

  it('is set by programs as by people, and written down without secrets', async () => {
    former.answer = 'nothing'
    const set = await manager.post('/api/admin/agent/forward/set', { agentId, url: former.url })
    expect(set.body).toEqual({ problem: '' })
    const corpId = world.corpId
    expect((await manager.get('/api/admin/agent/callback', { corpId, agentId })).body).toMatchObject({
      ...{ agentId, isRotating: false, forwardUrl: former.url },
    })
    const { url } = (await manager.post('/api/admin/agent/callback/set', { agentId })).body
    expect(url).toContain('/api/callback/agent/')
    await manager.post('/api/admin/agent/forward/stop', { agentId })
    expect(world.ctx.agents.callbackOf(corpId, agentId)?.forwardTo).toBeUndefined()
    const audit = await world.ctx.db
      .selectFrom('audit')
      .select(['act', 'detail'])
      .where('act', '=', 'agent.forward.set')
      .execute()
    expect(audit.length).toBeGreaterThan(3)
    expect(JSON.stringify(audit)).not.toContain(former.token)
  })

  it('makes keys anew, with the old ones good until the new are verified, and for a while after', async () => {
    const say = (text: string, keys: object = {}) =>
      pushTo(world, agentId, pushXml(world, agentId, textFields(text)), keys)
    const before = callbackSettings(world.ctx, world.ctx.agents.callbackOf(world.corpId, agentId)!)
    const { token, encodingAesKey, url } = (
      await manager.post('/api/admin/agent/callback/rotate', { agentId })
    ).body
    expect([token === before.token, url]).toEqual([false, before.url])
    expect((await system.get('/web/agents/callback', { agentId })).body.callback.isRotating).toBe(true)
    expect((await say('old', before)).status).toBe(200)
    await world.control('agents/callback', { agentId, url, token, encodingAesKey })
    await until('verified', () => !world.ctx.agents.callbackOf(world.corpId, agentId)?.nextKeys)
    expect((await say('new', { token, encodingAesKey })).status).toBe(200)
    expect((await say('old again', before)).status).toBe(200)
    world.clock.offsetMs = 3_700_000
    try {
      expect((await say('too old', before)).status).toBe(403)
    } finally {
      world.clock.offsetMs = 0
    }
    await system.post('/web/agents/callback/rotate', { agentId })
    await system.post('/web/agents/callback/keep', { agentId })
    expect(world.ctx.agents.callbackOf(world.corpId, agentId)?.keys.token).toBe(token)
  })
})

describe('the life of an agent', () => {
  const lives = async () => (await system.get('/web/agents/callback', { agentId })).body.warnings
  const found = async (name: string) =>
    (await world.ctx.offered.causes[name]!.find()).found.filter(one => one.corpId === world.corpId)

  it('opens alerts when WeCom warns, and ends them when it says so, whatever comes late', async () => {
    const at = Math.floor(Date.now() / 1000)
    const happen = (Event: string, CreateTime: number, more: object = {}) =>
      world.control('agents/push', { agentId, fields: { Event, CreateTime, ...more } })
    await happen('inactive_alert', at - 50, { EffectTime: at + 604_800 })
    await happen('low_active', at - 40)
    await world.settleAgent(agentId)
    expect(await found('agentUnused')).toMatchObject([{ subject: String(agentId) }])
    expect(await found('agentLowActive')).toHaveLength(1)
    expect((await lives()).map((one: { title: string }) => one.title)).toEqual([
      expect.stringContaining('活跃度低'),
      expect.stringContaining('将停用'),
    ])
    expect(await world.ctx.offered.attention(world.corpId)).toContainEqual(
      expect.objectContaining({ kind: 'agentUnused', severity: 'warn' }),
    )
    await happen('reopen_inactive_agent', at - 10)
    await happen('active_restored', at - 10)
    // What was true before comes late.
    await happen('close_inactive_agent', at - 30)
    await world.settleAgent(agentId)
    expect(await found('agentUnused')).toEqual([])
    expect(await lives()).toEqual([])
    await eventOf(whole, 'close_inactive_agent', '')
    expect(whole.target.got.find(one => one.event.data.type === 'low_active')?.event.data.userId).toBe('')
  })

  it('is examined by the doctor, and ends with the agent', async () => {
    const finding = async () =>
      (await runDoctor(world.ctx, world.corpId)).checks.find(one => one.id === `agentCallback:${agentId}`)
    // Beyond the time of what was refused before.
    world.clock.offsetMs = 5_000_000
    await push(pushXml(world, agentId, textFields('fine')))
    expect(await finding()).toMatchObject({ state: 'ok' })
    world.clock.offsetMs = 5_020_000
    for (let time = 0; time < 3; time++)
      await pushTo(world, agentId, pushXml(world, agentId, textFields('x')), { token: 'wrong' })
    await until('noted', () => world.ctx.agents.callbackOf(world.corpId, agentId)?.refused)
    world.clock.offsetMs = 0
    expect(await finding()).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('msg_signature'),
    })
    expect(await found('agentPushesRefused')).toMatchObject([{ detail: { count: 3, agentId } }])
    const { url } = callbackSettings(world.ctx, world.ctx.agents.callbackOf(world.corpId, agentId)!)
    await removeAgent(world.ctx, 'test', world.corpId, agentId)
    const late = await pushTo(world, agentId, pushXml(world, agentId, textFields('x')), {
      ...{ url, token: 'x', encodingAesKey: 'A'.repeat(43) },
    })
    expect(late).toMatchObject({ status: 404, text: expect.stringContaining('no agent') })
    expect((await system.get('/web/agents/callback', { agentId })).retCode).toBe('1000')
  })
})

describe('two nodes', () => {
  it('is heard by another node, also when the first stops between storing and work', async () => {
    agentId = await world.connectAgent(world.sandbox.agents[1]!.agentId)
    await addApp(world.ctx, 'test', world.corpId, {
      ...{ name: 'OA 2', devId: whole.dev.devId, agentId, homeUrl: 'https://oa.example.com/' },
    })
    await world.ctx.queue.stop()
    expect((await push(pushXml(world, agentId, textFields('stored only')))).status).toBe(200)
    const other = await startServer(readConfig(world.env), { log: createLog('silent') })
    try {
      expect((await eventOf(whole, 'text')).data.fields.Content).toBe('stored only')
      const { url } = callbackSettings(other.ctx, other.ctx.agents.callbackOf(world.corpId, agentId)!)
      const there = url.replace(world.server.url, other.url)
      const both = pushXml(world, agentId, textFields('both', '4242'))
      const answers = await Promise.all([push(both), pushTo(world, agentId, both, { url: there })])
      expect(answers.map(one => one.status)).toEqual([200, 200])
      await until('told', () => whole.target.got.some(one => one.event.data.fields.Content === 'both'))
    } finally {
      await other.close()
    }
    expect(whole.target.got.filter(one => one.event.data.fields.Content === 'both')).toHaveLength(1)
  })
})
