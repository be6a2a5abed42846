import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'

let world: World
let dev: Caller
let other: Caller
let admin: SignedInClient
const ids: Record<string, string> = {}
beforeAll(async () => {
  world = await startWorld({ members: 10, isOneClock: true })
  dev = await world.addDeveloper({ name: '监控系统', scopes: ['message:send'] })
  other = await world.addDeveloper({ name: '别的系统', scopes: ['message:send'] })
  admin = await signInAs(world, 'super')
  for (const { vendor, address, secret } of world.sandbox.robots) {
    const given = {
      name: `${vendor} 告警群`,
      vendor,
      address,
      devIds: [dev.devId],
      ...(secret ? { secret } : {}),
    }
    const answer = await admin.post('/web/messages/robots/save', given)
    expect(answer.retCode, answer.retMessage).toBe('0')
    ids[vendor] = answer.body.id
  }
})
afterAll(() => world.close())

type Post = { vendor: string; body: Record<string, unknown> }
const posts = async () => (await world.control('robots', undefined, 'GET'))['posts'] as Post[]
const alarm = {
  sendType: '5',
  agentName: '监控',
  title: '温度过高',
  content: '机房 **41 度**，[处理](https://oa.example.com/1)',
}
const send = (body: object, by = dev) => by.post('/api/message/send', { ...alarm, ...body })
const pass = (ms: number) => {
  world.clock.offsetMs += ms
  world.ctx.queue.kick(world.corpId)
}
const status = async (msgId: string) => (await dev.get('/api/message/status', { msgId })).body

describe('a message to group robots', () => {
  it('is posted to each in its dialect, and says which may not be used', async () => {
    const answer = await send({ toRobot: [...Object.values(ids), 'robot:strange'], mention: ['zhangsan'] })
    expect(answer.body, answer.retMessage).toMatchObject({
      status: 'sent',
      invaliduser: '',
      invalidrobot: 'robot:strange',
    })
    const got = await posts()
    expect(got.map(one => one.vendor).sort()).toEqual(['dingtalk', 'feishu', 'wecom'])
    const text = JSON.stringify(got)
    expect(text).toContain(
      '**【监控】温度过高**\\n机房 **41 度**，[处理](https://oa.example.com/1)\\n<@zhangsan>',
    )
    // No mobile number is given to DingTalk unless an administrator allowed it.
    expect(got.find(one => one.vendor === 'dingtalk')?.body['at']).toEqual({ atMobiles: [], isAtAll: false })
    expect((await status(answer.body.msgId)).receivers).toMatchObject({ total: 3, sent: 3 })
    const [row] = (await admin.get('/web/messages/list')).body.list
    expect(row).toMatchObject({ channel: 'robot', to: 'wecom 告警群' })
  })

  it('is written by administrators too, who see each dialect, and what is too long before it leaves', async () => {
    const { channels } = (await admin.get('/web/messages/choices')).body
    const { places } = channels.find((one: { name: string }) => one.name === 'robot')
    expect(places).toEqual({
      input: 'toRobot',
      all: expect.arrayContaining([{ id: ids['feishu'], name: 'feishu 告警群' }]),
    })
    const toRobot = [ids['wecom'], ids['feishu']]
    const composed = { ...alarm, toUser: [], toRobot, mention: ['lisi'] }
    const foresee = (more: object) =>
      admin.post('/web/messages/preview', { ...composed, forecast: '1', ...more })
    const { body, retMessage } = await foresee({})
    expect(body, retMessage).toMatchObject({
      preview: {
        channel: 'robot',
        title: '【监控】温度过高',
        dialects: [
          { vendor: 'wecom', names: ['wecom 告警群'], text: expect.stringContaining('**41 度**') },
          { vendor: 'feishu', text: expect.stringContaining('处理（https://oa.example.com/1）') },
        ],
      },
      forecast: { persons: 2, calls: 2, missing: '' },
    })
    const long = await foresee({ content: '长'.repeat(1400) })
    expect([long.retCode, long.retMessage]).toEqual([
      '1000',
      expect.stringContaining('企业微信最多 4096 字节'),
    ])
    const mixed = await foresee({ toUser: ['zhangsan'] })
    expect([mixed.retCode, mixed.retMessage]).toEqual(['1000', expect.stringContaining('只填 toRobot')])
    const before = (await posts()).length
    const sent = await admin.post('/web/messages/send', { ...composed, requestId: 'composed-1' })
    expect(sent.body, sent.retMessage).toMatchObject({ status: 'sent' })
    expect(
      (await posts())
        .slice(before)
        .map(one => one.vendor)
        .sort(),
    ).toEqual(['feishu', 'wecom'])
    const tested = await admin.post('/web/messages/test', { channel: 'robot', placeId: ids['dingtalk'] })
    expect(tested.body, tested.retMessage).toMatchObject({ ok: true, answers: ['sent ok'] })
    const none = await admin.post('/web/messages/test', { channel: 'robot' })
    expect([none.retCode, none.retMessage]).toEqual(['1001', expect.stringContaining('toRobot')])
  })

  it('gives DingTalk mobile numbers once an administrator allowed it', async () => {
    const { list } = (await admin.get('/web/messages/robots')).body
    const { version, name, vendor, devIds } = list.find((one: { id: string }) => one.id === ids['dingtalk'])
    const saved = { id: ids['dingtalk'], version, name, vendor, devIds, givesMobiles: '1' }
    expect((await admin.post('/web/messages/robots/save', saved)).retCode).toBe('0')
    expect((await admin.post('/web/messages/robots/save', saved)).status).toBe(409)
    const { rows } = await sql<{
      mobile: string
    }>`select mobile from member where user_id = 'zhangsan'`.execute(world.ctx.db)
    await send({ toRobot: [ids['dingtalk']], mention: ['zhangsan'] })
    expect((await posts()).at(-1)?.body['at']).toEqual({ atMobiles: [rows[0]?.mobile], isAtAll: false })
  })

  it('is refused with a clear reason before anything is stored', async () => {
    const refused = async (body: object, by = dev) => {
      const { retCode, retMessage } = await send(body, by)
      return `${retCode} ${retMessage}`
    }
    expect(await refused({})).toMatch(/^1001 .*toRobot/)
    expect(await refused({ toRobot: [ids['wecom']] }, other)).toMatch(/^1000 .*没有可用的群机器人/)
    expect(await refused({ toRobot: [ids['wecom']], toUser: ['zhangsan'] })).toMatch(/^1000 .*只填 toRobot/)
    expect(await refused({ toRobot: [ids['wecom']], mention: ['nobody'] })).toMatch(/^1007 .*mention nobody/)
    expect(await refused({ toRobot: [ids['wecom']], content: '长'.repeat(1400) })).toMatch(
      /^1000 .*wecom 告警群.*最多 4,?096 字节/,
    )
    const toPeople = { sendType: '0', msgType: '03', toUser: ['zhangsan'], toRobot: [ids['wecom']] }
    expect(await refused(toPeople)).toMatch(/^1000 .*toRobot 只在 sendType 为 5 时使用/)
  })

  it('waits for its time as others do', async () => {
    const before = (await posts()).length
    const sendAt = new Date(world.ctx.now() + 3_600_000).toISOString()
    const { body } = await send({ toRobot: [ids['feishu']], sendAt })
    expect(body.status).toBe('queued')
    pass(3_601_000)
    await until('it left', async () => (await posts()).length === before + 1)
    await until('it is known', async () => (await status(body.msgId)).status === 'sent')
  })

  it('keeps the rate of each robot, and loses nothing', async () => {
    pass(120_000)
    const before = (await posts()).filter(one => one.vendor === 'wecom').length
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, n) => send({ toRobot: [ids['wecom']], content: `第 ${n} 条` })),
    )
    expect(answers.every(one => ['sent', 'queued'].includes(one.body.status))).toBe(true)
    const arrived = async () => (await posts()).filter(one => one.vendor === 'wecom').length - before
    await until('a minute is full', async () => (await arrived()) === 18)
    const waiting = answers.filter(one => one.body.status === 'queued')
    await until('the others wait', async () => {
      const states = await Promise.all(waiting.map(one => status(one.body.msgId)))
      return states.filter(one => one.status === 'queued').length === 7
    })
    pass(66_000)
    await until('all left', async () => (await arrived()) === 25)
    const faults = await world.control('calls', undefined, 'GET')
    expect(JSON.stringify(faults)).not.toContain('45009')
  })

  it('is unknown when the vendor did not answer, and is not sent again', async () => {
    pass(120_000)
    const before = (await posts()).length
    await world.control('faults', { match: 'robot/feishu', mode: 'truncated', times: 1 })
    const { body } = await send({ toRobot: [ids['feishu']] })
    expect(body.status).toBe('unknown')
    expect((await posts()).length).toBe(before + 1)
  })

  it('is not sent by a robot that was taken from its developer while it waited', async () => {
    pass(120_000)
    const { address } = world.sandbox.robots.find(one => one.vendor === 'feishu')!
    const given = { name: '借用的', vendor: 'feishu', address, devIds: [dev.devId] }
    const secret = world.sandbox.robots.find(one => one.vendor === 'feishu')!.secret ?? ''
    const { id } = (await admin.post('/web/messages/robots/save', { ...given, secret })).body
    await world.control('faults', { match: 'robot/feishu', mode: 'rateLimit', times: 1 })
    const { body } = await send({ toRobot: [id] })
    expect((await status(body.msgId)).status).toBe('queued')
    const sendAt = new Date(world.ctx.now() + 60_000).toISOString()
    const timed = (await send({ toRobot: [id, ids['dingtalk']], sendAt })).body.msgId
    const before = (await posts()).length
    const { version } = (await admin.get('/web/messages/robots')).body.list.find(
      (one: { id: string }) => one.id === id,
    )
    const { retCode } = await admin.post('/web/messages/robots/save', {
      ...given,
      id,
      version,
      address: '',
      devIds: [],
    })
    expect(retCode).toBe('0')
    pass(120_000)
    await until('it ended', async () => (await status(body.msgId)).status === 'failed')
    expect(JSON.stringify(await status(body.msgId))).toContain('开发者已无权使用这个群机器人')
    await until('the other robot sent', async () => (await status(timed)).status === 'sent')
    expect((await status(timed)).receivers).toMatchObject({ total: 2, sent: 1, cancelled: 1 })
    expect((await posts()).slice(before).map(one => one.vendor)).toEqual(['dingtalk'])
  })

  it('is refused while an older node lives, which would not know what to do with it', async () => {
    await sql`insert into node (id, name, place, version, migrations, seen_at)
      values ('older', 'older', '10.0.0.9', '0.4.0', '{}', now())`.execute(world.ctx.db)
    const answer = await send({ toRobot: [ids['wecom']] })
    await sql`delete from node where id = 'older'`.execute(world.ctx.db)
    expect(`${answer.retCode} ${answer.retMessage}`).toMatch(/^1013 .*10\.0\.0\.9/)
  })

  it('says why a robot refused, also to its administrator who tests it', async () => {
    const { address } = world.sandbox.robots.find(one => one.vendor === 'dingtalk')!
    const wrong = { name: '错的', vendor: 'dingtalk', address, secret: 'SECwrong', devIds: [dev.devId] }
    const { id } = (await admin.post('/web/messages/robots/save', wrong)).body
    const answer = await send({ toRobot: [id] })
    expect(`${answer.retCode} ${answer.retMessage}`).toMatch(/^1008 .*钉钉应答 310000/)
    const test = await admin.post('/web/messages/robots/test', { id })
    expect(test.body).toMatchObject({ isSent: false, answer: expect.stringContaining('310000') })
    expect((await admin.post('/web/messages/robots/test', { id: ids['feishu'] })).body.isSent).toBe(true)
    expect((await admin.post('/web/messages/robots/remove', { id })).retCode).toBe('0')
    expect((await send({ toRobot: [id] })).retCode).toBe('1000')
  })
})

describe('the address of a robot', () => {
  it('is that of its vendor, and is never shown again', async () => {
    const save = (given: object) =>
      admin.post('/web/messages/robots/save', { name: 'x', devIds: [], ...given })
    for (const address of [
      'https://evil.example.com/cgi-bin/webhook/send?key=1',
      'https://qyapi.weixin.qq.com/cgi-bin/message/send?key=1',
      'https://qyapi.weixin.qq.com/cgi-bin/webhook/send',
      'javascript:alert(1)',
    ])
      expect((await save({ vendor: 'wecom', address })).retMessage, address).toContain(
        'address 应为企业微信群机器人的地址',
      )
    const real = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1'
    expect((await save({ vendor: 'wecom', address: real, secret: 's' })).retMessage).toContain('没有签名密钥')
    expect((await save({ vendor: 'feishu', address: real })).retMessage).toContain('飞书')
    expect(JSON.stringify((await admin.get('/web/messages/robots')).body)).not.toContain('webhook/send')
  })

  it('is given by the command line as well', async () => {
    const [, first] = world.sandbox.robots
    const run = (...words: string[]) =>
      runCommand(world.ctx, ['message', 'robot', ...words, '--corp', world.corpId])
    const made = await run('add', '命令行', '--vendor', first!.vendor, '--address', first!.address)
    const { id } = made.data as { id: string }
    expect(made.text).toContain(id)
    expect((await run('list')).text).toContain('命令行')
    await run('set', id, '--name', '改名', '--developers', dev.devId)
    expect((await run('list')).text).toMatch(/改名.*监控系统/)
    await run('remove', id)
    expect((await run('list')).text).not.toContain('改名')
  })

  it('is given by programs of management as well', async () => {
    const manager = await managerBy(world)
    const robot = { name: '程序', address: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=2' }
    const { id } = (await manager.post('/api/admin/groupRobot/add', { vendor: 'wecom', robot })).body
    const set = await manager.post('/api/admin/groupRobot/set', { id, robot: { devIds: [dev.devId] } })
    expect(set.body).toMatchObject({ name: '程序', devIds: [dev.devId] })
    expect(JSON.stringify((await manager.get('/api/admin/groupRobots')).body)).not.toContain('key=2')
    expect((await manager.post('/api/admin/groupRobot/remove', { id })).body).toEqual({ id })
    const { list } = (await manager.get('/api/admin/messageChannels')).body
    expect(list).toContainEqual(expect.objectContaining({ name: 'robot', state: 'ready' }))
    const listed = await runCommand(world.ctx, ['channel', 'list', '--corp', world.corpId])
    expect(listed.data).toEqual(list)
  })
})
