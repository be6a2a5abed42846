import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Manager, managerBy } from '../../../test/admin-token.ts'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { removeDeveloper } from '../../callers/developers/developer-admin.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { restoreDeleted } from '../deleted/restore.ts'
import { useAgents, useSms } from '../messages/messages.fixture.ts'
import { applySettings, exportSettings, readSettings } from '../settings-file/apply-settings.ts'

let world: World
let dev: Caller
let other: Caller
let as: SignedInClient
let manager: Manager
beforeAll(async () => {
  world = await startWorld({ members: 10 })
  await useAgents(world)
  dev = await world.addDeveloper({ name: '报销系统', scopes: ['message:send', 'message:type'] })
  other = await world.addDeveloper({ name: '门禁', scopes: ['message:send', 'message:type'] })
  as = await signInAs(world, 'super', 'zhangsan')
})
afterAll(() => world.close())

const put = (body: object, by = dev) =>
  by.post('/api/message/type/put', { key: 'paid', name: '报销', ...body })
const get = async (key = 'paid', by = dev) => (await by.get('/api/message/type/get', { key })).body
const page = (path: string, body: object) => as.post(`/web/message-types/${path}`, body)
const content = (text: string, more: object = {}) => ({ wecom: { zh: { content: text, ...more } } })
const whole = (more: object = {}) => ({
  name: '报销',
  level: 'normal',
  channels: ['wecom'],
  templates: content('{{ n }} 元已到账'),
  ...more,
})

describe('a message type', () => {
  it('is one text for a start, and a new version only when it differs', async () => {
    const first = await put({ text: '{{ member.name }}，{{ n }} 元已到账' })
    expect(first).toMatchObject({ retCode: '0', body: { key: 'paid', version: 1, isInForce: true } })
    expect((await put({ text: '{{ member.name }}，{{ n }} 元已到账' })).body.version).toBe(1)
    expect((await put({ text: '{{ n }} 元已到账' })).body.version).toBe(2)
    expect(await get()).toMatchObject({
      state: 'live',
      version: 2,
      level: 'normal',
      channels: ['wecom'],
      variables: ['n'],
      templates: content('{{ n }} 元已到账'),
    })
    expect((await dev.get('/api/message/type/list')).body.list).toHaveLength(1)
    expect(world.ctx.messageTypes.find(world.corpId, 'paid')?.version).toBe(2)
    const entry = await world.ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('act', '=', 'message.type')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(entry).toMatchObject({
      target: 'paid',
      detail: { name: '报销', version: 2, waitsForApproval: false },
    })
  })

  it('is its developer’s own', async () => {
    expect(await put({ text: '假的' }, other)).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('不属于本开发者'),
    })
    expect((await other.get('/api/message/type/get', { key: 'paid' })).retMessage).toContain(
      '没有消息类型 paid',
    )
    expect((await other.get('/api/message/type/list')).body.list).toEqual([])
    const none = await world.addDeveloper({ name: '没有权限', scopes: ['message:send'] })
    expect((await put({ text: '甲' }, none)).retCode).toBe('1009')
  })

  it.each([
    ['a key of wisp’s own', { key: 'wisp.todo', text: '甲' }, '1000', '开头的类型由平台使用'],
    ['a key with capitals', { key: 'Paid', text: '甲' }, '1000', '小写字母'],
    ['a text beside channels', { text: '甲', channels: ['wecom'] }, '1000', '不能与 channels'],
    ['neither', {}, '1001', 'channels'],
    [
      'a channel without a text',
      { channels: ['wecom', 'email'], templates: content('甲') },
      '1001',
      'templates.email.zh',
    ],
    [
      'a text without a channel',
      { channels: ['email'], templates: content('甲') },
      '1000',
      'templates.wecom',
    ],
    ['a channel twice', { channels: ['wecom', 'wecom'], templates: content('甲') }, '1000', '重复'],
    ['an unknown channel', { channels: ['pigeon'], templates: {} }, '1000', 'channels'],
    [
      'fifty languages',
      {
        channels: ['wecom'],
        templates: { wecom: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`l${n}`, {}])) },
      },
      '1000',
      'templates.wecom',
    ],
    [
      'a card without a title',
      { channels: ['wecom'], templates: content('甲', { msgType: '01' }) },
      '1001',
      'title',
    ],
    [
      'a text too long for its channel',
      { text: '甲'.repeat(10_000) },
      '1000',
      'templates.wecom.zh：content 最长 20480 字节',
    ],
    ['a wrong template', { text: '{% for a in b %}{% endfor %}' }, '1000', 'templates.wecom.zh.content'],
    [
      'an agent that is not there',
      { channels: ['wecom'], templates: content('甲', { agentId: '424242' }) },
      '1002',
      '424242',
    ],
    ['a digest of two kinds', { text: '甲', digest: { minutes: 30, at: '09:00' } }, '1000', 'digest'],
    ['a digest of no kind', { text: '甲', digest: { first: true } }, '1000', 'digest'],
    ['a digest at no time', { text: '甲', digest: { at: '25:00' } }, '1000', 'digest.at'],
    [
      'a rest that joins no digest',
      { text: '甲', frequency: { atMost: 1, minutes: 60, rest: 'digest' } },
      '1000',
      'frequency.rest',
    ],
    [
      'must that is dropped',
      { text: '甲', level: 'must', frequency: { atMost: 1, minutes: 60, rest: 'drop' } },
      '1000',
      'frequency.rest',
    ],
    ['must that expires', { text: '甲', level: 'must', expiresAfter: 60 }, '1000', 'expiresAfter'],
    ['urgent that is collected', { text: '甲', level: 'urgent', digest: { minutes: 5 } }, '1000', 'digest'],
    [
      'urgent that is limited',
      { text: '甲', level: 'urgent', frequency: { atMost: 1, minutes: 60, rest: 'drop' } },
      '1000',
      'frequency',
    ],
    ['samples of nothing', { text: '{{ a }}', channels: undefined, sample: { b: 1 } }, '1000', 'sample'],
    [
      '64 kB in all',
      {
        channels: ['wecom', 'email', 'official'],
        templates: Object.fromEntries(
          ['wecom', 'email', 'official'].map(one => [
            one,
            { zh: { title: 'x'.repeat(19_000), content: 'x'.repeat(19_000) } },
          ]),
        ),
      },
      '1000',
      '64000',
    ],
  ])('is refused with %s', async (_what, body, code, why) => {
    const before = await get()
    expect(await put(body)).toMatchObject({ retCode: code, retMessage: expect.stringContaining(why) })
    expect(await get()).toEqual(before)
  })

  it('keeps when and how it goes out, by every way', async () => {
    const plan = {
      digest: { minutes: 30, first: true },
      frequency: { atMost: 3, minutes: 60, rest: 'digest' },
      expiresAfter: 120,
      receipt: true,
      private: true,
    }
    expect((await put({ key: 'planned', text: '甲', ...plan })).body.version).toBe(1)
    expect((await put({ key: 'planned', text: '甲', ...plan })).body.version).toBe(1)
    expect(await get('planned')).toMatchObject(plan)
    expect(world.ctx.messageTypes.find(world.corpId, 'planned')?.definition).toMatchObject(plan)
    const { data } = await runCommand(world.ctx, ['message', 'type', 'show', 'planned'])
    expect(data).toMatchObject({ version: 1, definition: { name: '报销', ...plan } })
    expect((await put({ key: 'planned', text: '甲' })).body.version).toBe(2)
    expect((await get('planned')).digest).toBeUndefined()
    const fallback = [{ after: 30, unless: 'read', channel: 'sms' }]
    const refused = await page('save', { key: 'later', definition: whole({ fallback }) })
    expect(refused).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('fallback') })
  })

  it('speaks through the agents of its owner’s apps alone', async () => {
    const [, second] = world.sandbox.agents
    const bound = await world.addDeveloper({ name: '只用自己的', scopes: ['message:type'] })
    await sql`update developer set own_agents = true where dev_id = ${bound.devId}`.execute(world.ctx.db)
    await world.ctx.reloadConfig(world.corpId)
    const body = {
      key: 'bound',
      channels: ['wecom'],
      templates: content('甲', { agentId: String(second!.agentId) }),
    }
    expect((await put(body, bound)).retCode).toBe('1002')
    expect((await put({ ...body, key: 'free' }, dev)).retCode).toBe('0')
  })
})

describe('a version that needs approval', () => {
  it('waits, while the earlier one stays in force, and is approved as it was seen', async () => {
    await put({ key: 'door', text: '旧文' })
    const waiting = await put({ key: 'door', text: '新文', level: 'urgent' })
    expect(waiting.body).toEqual({ key: 'door', version: 2, isInForce: false })
    expect(await get('door')).toMatchObject({ version: 1, newest: 2, waitsForApproval: true, state: 'live' })
    expect(world.ctx.messageTypes.find(world.corpId, 'door')?.version).toBe(1)
    await put({ key: 'door', text: '又改', level: 'urgent' })
    expect((await page('approve', { key: 'door', version: 2 })).retMessage).toContain('已有版本 3')
    expect((await page('approve', { key: 'door', version: 3 })).retCode).toBe('0')
    expect((await page('approve', { key: 'door', version: 3 })).retMessage).toContain('不在等待批准')
    const { versions } = (await as.get('/web/message-types/one', { key: 'door' })).body
    expect(versions).toMatchObject([
      { version: 3, state: 'inForce', madeBy: '报销系统', approvedBy: '张三' },
      { version: 2, state: 'past', approvedBy: '' },
      { version: 1, state: 'past' },
    ])
  })

  it('is a draft before the first, whoever writes it but a super administrator at the console', async () => {
    await useSms(world, 'aliyun')
    const sms = {
      channels: ['sms'],
      templates: { sms: { zh: { templateId: 'code', params: ['{{ code }}', '5'] } } },
    }
    expect((await put({ key: 'sms', ...sms })).body.isInForce).toBe(false)
    expect(await get('sms')).toMatchObject({ state: 'draft', version: 0 })
    manager ??= await managerBy(world)
    const definition = whole({ level: 'must' })
    const byToken = await manager.post('/api/admin/messageType/put', { key: 'must', definition })
    expect(byToken.body).toMatchObject({ state: 'draft', waitsForApproval: true })
    const { list } = (await manager.get('/api/admin/messageTypes')).body
    expect(list.map((one: { key: string }) => one.key)).toContain('must')
    const read = (await manager.get('/api/admin/messageType', { key: 'must' })).body
    expect(read).toMatchObject({ level: 'must', templates: definition.templates })
    expect((await page('save', { key: 'own', definition })).body).toEqual({ key: 'own', version: 1 })
    expect(world.ctx.messageTypes.find(world.corpId, 'own')?.version).toBe(1)
  })
})

describe('administrators', () => {
  it('see how each text looks, with a real member and the samples', async () => {
    const definition = whole({
      channels: ['wecom', 'email'],
      templates: {
        wecom: { zh: { content: '{{ member.name }}：{{ n | money }}' }, en: { content: '{{ n | money }}' } },
        email: { zh: { title: '{{ n | money }}', content: '到账' } },
      },
      sample: { n: 12_850 },
    })
    const { texts, member } = (await page('preview', { definition, userId: 'lisi' })).body
    expect(member).toBe('李四')
    expect(texts).toMatchObject([
      { channel: 'wecom', language: 'zh', preview: { channel: 'wecom' }, why: '' },
      { channel: 'wecom', language: 'en' },
      { channel: 'email', language: 'zh', preview: { subject: '【报销】¥128.50' } },
    ])
    expect(JSON.stringify(texts[0])).toContain('李四：¥128.50')
    const named = whole({ templates: content('{{ constructor }}') })
    const { texts: plain } = (await page('preview', { definition: named })).body
    // The name of a property that every object has gets a placeholder like any other.
    expect(plain[0].preview).toMatchObject({ parts: [{ text: '1' }] })
    expect(JSON.stringify(plain[0].preview)).not.toContain('native code')
    const wrong = (await page('preview', { definition: { ...definition, sample: { n: '三' } } })).body
    expect(wrong.texts[0]).toMatchObject({ preview: null, why: expect.stringContaining('不是数字') })
  })

  it('change, pause, revoke and resume it, by every way', async () => {
    expect((await page('save', { key: 'paid', definition: whole() })).retMessage).toContain('已存在')
    const { newest } = (await as.get('/web/message-types/one', { key: 'paid' })).body.type
    const definition = whole({ name: '报销到账' })
    expect((await page('save', { key: 'paid', version: newest, definition })).retCode).toBe('0')
    expect((await page('save', { key: 'paid', version: newest, definition })).retMessage).toContain('请刷新')
    expect((await page('state', { key: 'paid', state: 'revoked' })).retCode).toBe('0')
    expect((await put({ text: '绕过' })).retCode).toBe('1009')
    manager ??= await managerBy(world)
    const resumed = await manager.post('/api/admin/messageType/state', { key: 'paid', state: 'live' })
    expect(resumed.body).toMatchObject({ state: 'live', name: '报销到账' })
    const { text } = await runCommand(world.ctx, ['message', 'type', 'pause', 'paid'])
    expect(text).toContain('已暂停')
    expect((await runCommand(world.ctx, ['message', 'type', 'list'])).text).toMatch(/paid\s+报销到账.*已暂停/)
    await runCommand(world.ctx, ['message', 'type', 'resume', 'paid'])
    expect((await get()).state).toBe('live')
  })

  it('write the test people of a type, which its developer’s put keeps', async () => {
    await put({ key: 'tried', text: '旧' })
    const definition = whole({ templates: content('旧'), testPeople: ['lisi'] })
    expect((await page('save', { key: 'tried', version: 1, definition })).body.version).toBe(2)
    expect((await page('state', { key: 'tried', state: 'trial' })).retCode).toBe('0')
    // A program that puts its type at each start changes nothing.
    expect((await put({ key: 'tried', text: '旧' })).body.version).toBe(2)
    expect((await put({ key: 'tried', text: '新' })).body.version).toBe(3)
    expect(await get('tried')).toMatchObject({
      state: 'trial',
      testPeople: ['lisi'],
      templates: content('新'),
    })
    expect(world.ctx.messageTypes.find(world.corpId, 'tried')?.definition.testPeople).toEqual(['lisi'])
    const without = whole({ templates: content('新') })
    expect((await page('save', { key: 'tried', version: 3, definition: without })).body.version).toBe(4)
    expect((await get('tried')).testPeople).toBeUndefined()
  })

  it('carry types in the file of settings', async () => {
    const text = await exportSettings(world.ctx, world.corpId)
    const file = JSON.parse(text)
    const paid = file.messageTypes.find((one: { key: string }) => one.key === 'paid')
    expect(paid).toMatchObject({ devId: dev.devId, state: 'live', definition: { name: '报销到账' } })
    const channels = ['wecom', 'email']
    const templates = { ...content('{{ n }} 元'), email: { zh: { title: '到账', content: '{{ n }} 元' } } }
    file.messageTypes = [
      { key: 'paid', definition: whole({ name: '新名', channels, templates }) },
      { key: 'from-file', state: 'paused', definition: whole() },
    ]
    const apply = () =>
      applySettings(world.ctx, 'test', readSettings(world.ctx, JSON.stringify(file), undefined))
    expect((await apply()).length).toBeGreaterThan(0)
    expect(world.ctx.messageTypes.find(world.corpId, 'from-file')?.state).toBe('paused')
    expect((await get()).name).toBe('新名')
    expect(await apply()).toEqual([])
    file.messageTypes[0].definition.channels.reverse()
    expect(await apply()).toHaveLength(1)
    expect((await get()).channels).toEqual(['email', 'wecom'])
    const plan = {
      digest: { at: '09:00', first: true, byAbout: true },
      frequency: { atMost: 2, minutes: 60, rest: 'digest' },
      expiresAfter: 90,
      receipt: true,
      private: true,
    }
    file.messageTypes[1].definition = whole(plan)
    expect(await apply()).toHaveLength(1)
    // What is exported is what was applied, and applying it changes nothing.
    const exported = await exportSettings(world.ctx, world.corpId)
    const planned = JSON.parse(exported).messageTypes.find((one: { key: string }) => one.key === 'from-file')
    expect(planned).toEqual({ key: 'from-file', devId: null, state: 'paused', definition: whole(plan) })
    expect(await applySettings(world.ctx, 'test', readSettings(world.ctx, exported, undefined))).toEqual([])
    file.messageTypes[1].definition = whole()
    expect(await apply()).toHaveLength(1)
    expect(world.ctx.messageTypes.find(world.corpId, 'from-file')?.definition).toEqual(whole())
    file.messageTypes[0].devId = null
    await expect(apply()).rejects.toThrow('devId')
    const byAnother = { key: 'paid', devId: other.devId, definition: whole() }
    expect((await manager.post('/api/admin/messageType/put', byAnother)).retMessage).toContain('devId')
    expect((await get()).devId).toBe(dev.devId)
  })

  it('bring it back with its developer', async () => {
    await put({ key: 'doors', text: '门已开' }, other)
    await put({ key: 'doors', text: '门开了' }, other)
    await removeDeveloper(world.ctx, 'test', world.corpId, other.devId)
    expect(world.ctx.messageTypes.find(world.corpId, 'doors')).toBeUndefined()
    await restoreDeleted(world.ctx, 'test', world.corpId, { kind: 'developer', id: other.devId })
    expect(world.ctx.messageTypes.find(world.corpId, 'doors')).toMatchObject({
      version: 2,
      devId: other.devId,
    })
  })

  it('switch the feature off, which refuses its calls', async () => {
    await switchFeatures(world.ctx, 'test', world.corpId, { 'message-types': false })
    expect(await put({ text: '甲' })).toMatchObject({
      retCode: '1009',
      retMessage: expect.stringContaining('消息类型'),
    })
    await switchFeatures(world.ctx, 'test', world.corpId, { 'message-types': true })
    expect((await get()).state).toBe('live')
  })
})
