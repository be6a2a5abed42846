import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../test/sign-in.ts'
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

type Subscriber = { dev: Caller; target: Target; secret: string }

let world: World
let agentId: number
let system: SignedInClient
/** Sees everything, and may know where people are; sees everything; sees one department; has no app of this agent. */
let whole: Subscriber
let plain: Subscriber
let narrow: Subscriber
let stranger: Subscriber
/** The last push before the test; what is told of those may still come. */
let lastId = 0
/** A member whom the narrow one sees. */
let inside: string

async function listener(scopes: string[], settings: object = {}): Promise<Subscriber> {
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
      name: 'OA',
      devId: dev.devId,
      agentId,
      homeUrl: 'https://oa.example.com/',
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

beforeEach(async () => {
  await world.settleAgent(agentId)
  const last = world.ctx.db.selectFrom('inbox_event').select(one => one.fn.max('id').as('id'))
  lastId = (await last.executeTakeFirstOrThrow()).id ?? 0
  for (const { target } of [whole, plain, narrow, stranger]) target.got.length = 0
})

const act = (userId: string, name: string, more: object = {}) =>
  world.control('agents/act', { agentId, userId, act: name, ...more })
const push = (plain: string) => pushTo(world, agentId, plain)
const gotOf = ({ target }: Subscriber) => target.got.filter(one => one.event.data.id > lastId)
const kindsOf = (told: Subscriber) =>
  gotOf(told)
    .map(one => `${one.event.data.type} ${one.event.data.userId}`)
    .sort()
const eventOf = (told: Subscriber, type: string, userId = 'zhangsan') =>
  until(type, () => {
    const found = gotOf(told).find(({ event: { data } }) => data.type === type && data.userId === userId)
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
        agentId,
        userId: 'zhangsan',
        userName: '张三',
        corpId: world.corpId,
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
    expect(gotOf(whole)[0]?.event.data.fields.TaskId).toBe('other')
  })

  it('gives media to developers who were told of them alone', async () => {
    await act(inside, 'image')
    await act('zhangsan', 'voice')
    const { data } = await eventOf(narrow, 'image', inside)
    const voice = await eventOf(whole, 'voice')
    const media = async ({ dev }: Subscriber, mediaId: string) => {
      const query = new URLSearchParams({ devToken: await dev.token(), mediaId })
      return fetch(`${world.server.url}/api/agent/media?${query}`)
    }
    for (const told of [whole, plain, narrow]) {
      const answer = await media(told, data.fields.MediaId)
      expect(answer.headers.get('content-type')).toBe('image/png')
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
      expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(
        Buffer.from(await answer.arrayBuffer())
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG')
    }
    const refused = async (told: Subscriber, mediaId: string) =>
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
      agentId,
      kind: 'text',
      upTo: body.lastId,
      expected: 1,
    })
    expect(wrong.retCode).toBe('1000')
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
    expect((await world.ctx.offered.attention([world.corpId])).get(world.corpId)).toContainEqual(
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
      url,
      token: 'x',
      encodingAesKey: 'A'.repeat(43),
    })
    expect(late).toMatchObject({ status: 404, text: expect.stringContaining('no agent') })
    expect((await system.get('/web/agents/callback', { agentId })).retCode).toBe('1000')
  })
})

describe('two nodes', () => {
  it('is heard by another node, also when the first stops between storing and work', async () => {
    agentId = await world.connectAgent(world.sandbox.agents[1]!.agentId)
    await addApp(world.ctx, 'test', world.corpId, {
      name: 'OA 2',
      devId: whole.dev.devId,
      agentId,
      homeUrl: 'https://oa.example.com/',
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
