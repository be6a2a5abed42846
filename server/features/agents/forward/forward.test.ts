import * as foreign from '@wecom/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Manager, managerBy } from '../../../../test/admin-token.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { callbackSettings } from '../callbacks/set-callback.ts'
import { eventFields, pushTo, pushXml, textFields } from '../pushes/push.fixture.ts'
import { Former } from './former.fixture.ts'

let world: World
let agentId: number
let system: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  agentId = await world.connectAgent()
  system = await signIn(world, { admin: 'admin' })
})
afterAll(() => world.close())

const act = (userId: string, name: string, more: object = {}) =>
  world.control('agents/act', { agentId, userId, act: name, ...more })
const push = (plain: string) => pushTo(world, agentId, plain)

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
      agentId,
      url: former.url,
      token: former.token,
      encodingAesKey: former.key,
      version: await version(),
      ...change,
    })

  it('refuses inner addresses, its own, and keys that cannot be', async () => {
    for (const [change, why] of [
      [{ url: 'http://169.254.169.254/latest' }, /url/],
      [{ url: 'http://[::1]/' }, /本机地址|local/],
      [{ url: `${world.server.url}/api/callback/agent/x` }, /wisp 自己的回调地址/],
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
      reply: expect.stringContaining('旧系统的答复'),
      forwarded: { replied: true, problem: '' },
    })
    const seen = await world.control('messages?channel=wecom&to=zhangsan')
    expect((seen['messages'] as { content: object; isReply?: true }[]).at(-1)).toMatchObject({
      isReply: true,
      content: { content: '旧系统的答复' },
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
    expect(await act('lisi', 'text', { content: `答复 ${answer}` })).toMatchObject({
      state: 'answered',
      reply: null,
    })
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
      agentId,
      isRotating: false,
      forwardUrl: former.url,
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
