import type { KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { putAgent } from '../../../organisation/corps/corps.ts'
import { resolveAudience } from '../../../organisation/directory/read/audience.ts'
import { viewOf } from '../../../organisation/directory/read/view.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { addApp } from '../../apps/apps.ts'
import { useWecom } from '../messages.fixture.ts'

type Page = {
  channel: string
  to: string[]
  content: Record<string, string>
  msgtype: string
  deduplicated?: boolean
}

describe('sending through WeCom', () => {
  let world: World
  const shown = async (since = 0) => {
    const { messages } = (await world.control(`messages?since=${since}&limit=1000&channel=wecom`)) as {
      messages: Page[]
    }
    return messages
  }
  const send = (body: object) =>
    world.dev.post('/api/message/send', {
      toUser: 'zhangsan',
      sendType: '0',
      msgType: '03',
      agentName: '审批',
      content: '你好',
      ...body,
    })

  beforeAll(async () => {
    world = await startWorld()
    const [agent] = world.sandbox.agents
    if (!agent) throw new Error('the sandbox has agents')
    const { agentId, name, secret } = agent
    await putAgent(world.ctx, 'test', world.corpId, { agentId, name, secret, uses: ['messages'] })
    await useWecom(world, { agentId })
  })
  afterAll(() => world.close())

  it('delivers, and says so', async () => {
    const answer = await send({ content: '第一条' })
    expect(answer).toMatchObject({ status: 200, retCode: '0', body: { status: 'sent', invaliduser: '' } })
    expect((await shown()).at(-1)).toMatchObject({
      to: ['zhangsan'],
      msgtype: 'text',
      content: { content: '第一条' },
    })
    const status = await world.dev.get('/api/message/status', { msgId: answer.body.msgId })
    expect(status.body).toMatchObject({ status: 'sent', receivers: { total: 1, sent: 1, failed: 0 } })
    expect(status.body.attempts).toHaveLength(1)
  })

  it('names unknown receivers in the caller’s own spelling', async () => {
    const answer = await send({
      toUser: 'ZhangSan|NoBody',
      toParty: '1|99999',
      toTag: '424242',
      content: '拼写',
    })
    expect(answer.body).toMatchObject({ status: 'sent', invalidparty: '99999', invalidtag: '424242' })
    expect(answer.body.invaliduser.split('|')).toContain('NoBody')
  })

  it.each([
    [{ toUser: '' }, '1001', 'toUser、toParty、toTag'],
    [{ toUser: '', touser: 'zhangsan' }, '1001', '（收到 touser，应为 toUser）'],
    [{ content: '', requestID: 'r-1' }, '1001', '（收到 requestID，应为 requestId）'],
    [{ toUser: 'nobody1|nobody2' }, '1007', 'nobody1|nobody2'],
    [{ toUser: '', toParty: '99999' }, '1005', '99999'],
    [{ toUser: '', toTag: '99999' }, '1006', '99999'],
    [{ toUser: '@all|zhangsan' }, '1000', '@all'],
    [{ toUser: Array.from({ length: 1001 }, (_, n) => `u${n}`) }, '1000', '最多 1000 个'],
    [{ sendType: '1' }, '1000', 'sendType'],
    [{ msgType: '09' }, '1000', 'msgType'],
    [{ msgType: '04' }, '1001', 'card'],
    [{ msgType: '' }, '1001', 'msgType'],
    [{ agentName: '' }, '1001', 'agentName'],
    [{ content: '' }, '1001', 'content'],
    [{ content: 'a\u0000b' }, '1000', '控制字符'],
    [{ agentId: '424242' }, '1002', '424242'],
    [{ sendType: '2', title: '邮件' }, '1008', 'SMTP'],
  ])('refuses %j', async (given, code, words) => {
    const before = (await shown()).length
    const answer = await send(given)
    expect([answer.retCode, answer.retMessage]).toEqual([code, expect.stringContaining(words)])
    expect(await shown()).toHaveLength(before)
  })

  it('goes by the agents of its own apps only, where an administrator wants it so', async () => {
    const { agentId, name, secret } = world.sandbox.agents[1] as (typeof world.sandbox.agents)[number]
    await putAgent(world.ctx, 'test', world.corpId, { agentId, name, secret, uses: ['messages'] })
    const own = await world.addDeveloper({ ownAgents: true })
    const by = (given: object) =>
      own.post('/api/message/send', {
        toUser: 'zhangsan',
        sendType: '0',
        msgType: '03',
        agentName: '审批',
        content: '你好',
        ...given,
      })
    expect((await by({})).retCode).toBe('0')
    const refused = await by({ agentId })
    expect([refused.retCode, refused.retMessage]).toEqual(['1002', expect.stringContaining('自己的应用')])
    await addApp(world.ctx, 'test', world.corpId, {
      name: '审批',
      devId: own.devId,
      agentId,
      homeUrl: 'https://app.example/',
    })
    expect((await by({ agentId })).retCode).toBe('0')
  })

  it('cuts what is too long for a line, and names it', async () => {
    const long = { agentName: '超'.repeat(33), title: '题'.repeat(1001), btntxt: '按'.repeat(101) }
    const card = await send({ ...long, msgType: '01', url: 'https://app.example/' })
    expect(card).toMatchObject({ retCode: '0', body: { truncated: ['agentName', 'title', 'btntxt'] } })
    const text = await send({ agentName: long.agentName, msgType: 3 })
    expect(text).toMatchObject({ retCode: '0', body: { truncated: ['agentName'] } })
    const kept = await world.ctx.db
      .selectFrom('message')
      .select('agent_name as agentName')
      .where('id', '=', text.body.msgId)
      .executeTakeFirstOrThrow()
    expect(kept.agentName).toBe('超'.repeat(32))
  })

  it('sends equal messages both times', async () => {
    const before = (await shown()).length
    await send({ content: '相同' })
    await send({ content: '相同' })
    expect((await shown()).slice(before).filter(one => !one.deduplicated)).toHaveLength(2)
  })

  it('sends once for one requestId', async () => {
    const before = (await shown()).length
    const first = await send({ content: '幂等', requestId: 'r-1' })
    const again = await send({ content: '幂等', requestId: 'r-1' })
    expect(again.body).toEqual(first.body)
    expect(await shown()).toHaveLength(before + 1)
    expect((await send({ content: '另一条', requestId: 'r-1' })).retCode).toBe('1000')
  })

  it('sends a long text in numbered pieces, in order', async () => {
    const before = (await shown()).length
    const answer = await send({ content: '长'.repeat(1500) })
    expect(answer.body.status).toBe('queued')
    await world.ctx.dispatcher.drain()
    const pieces = (await shown()).slice(before).map(one => one.content['content'])
    expect(pieces.map(piece => piece?.slice(0, 5))).toEqual(['(1/3)', '(2/3)', '(3/3)'])
  })

  it('sends again, once, what was accepted and not answered', async () => {
    const before = (await shown()).length
    await world.control('faults', { match: 'message/send', mode: 'http500', times: 1 })
    await world.control('faults', { match: 'message/send', mode: 'busy', times: 2 })
    const answer = await send({ content: '故障之后' })
    expect(answer.body.status).toBe('queued')
    world.clock.offsetMs += 60_000
    await world.ctx.dispatcher.drain()
    world.clock.offsetMs += 60_000
    await world.ctx.dispatcher.drain()
    world.clock.offsetMs += 60_000
    await world.ctx.dispatcher.drain()
    expect((await shown()).slice(before).filter(one => !one.deduplicated)).toHaveLength(1)
    const status = await world.dev.get('/api/message/status', { msgId: answer.body.msgId })
    expect(status.body.status).toBe('sent')
  })

  it('looks a thousand unknown receivers up at once', async () => {
    const { ctx } = world
    let queries = 0
    const counting: KyselyPlugin = {
      transformQuery({ node }) {
        queries++
        return node
      },
      transformResult: async ({ result }) => result,
    }
    const developer = ctx.developers.get(world.dev.devId) as Caller
    const unknown = Array.from({ length: 999 }, (_, n) => `stranger${n}`)
    const audience = await resolveAudience(
      { ...ctx, db: ctx.db.withPlugin(counting) },
      viewOf(ctx, developer),
      {
        toUser: [...unknown, 'zhangsan'],
        toParty: [],
        toTag: [],
      },
    )
    expect(audience.members.map(one => one.userId)).toEqual(['zhangsan'])
    expect(audience.invalid.users).toEqual(unknown)
    expect(queries).toBe(1)
  })

  it('holds back what WeCom would drop', async () => {
    const before = (await shown()).length
    const answers = await Promise.all(
      Array.from({ length: 35 }, (_, n) => send({ toUser: 'lisi', content: `第 ${n} 条` })),
    )
    const queued = answers.filter(one => one.body.status === 'queued')
    expect(queued).toHaveLength(5)
    expect((await shown()).slice(before)).toHaveLength(30)
    const status = await world.dev.get('/api/message/status', { msgId: queued[0]?.body.msgId })
    expect(status.body.heldUntil).not.toBe('')
  })
})
