import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { operator } from '../../../callers/developers/operator.ts'
import { deleteTemplate } from '../../../upstream/official/calls/templates.ts'
import { forecastOf } from '../../messages/accept/foresee/forecast.ts'
import { submissionOf } from '../../messages/accept/submission.ts'
import { readReceipts } from '../../messages/deliver/receipts.ts'
import { resend } from '../../messages/fate/resend.ts'
import { dieDuringCall, fresh, later, statusOf } from '../../messages/messages.fixture.ts'
import type { Account } from '../../official/accounts/accounts.ts'
import { setAccount } from '../../official/accounts/bind.ts'
import { linkFollower, openidsOf } from '../../official/templates/link.fixture.ts'
import { type FilledField, removeMapping, setMapping } from '../../official/templates/mapping.ts'
import {
  addToAccount,
  keywordsOf,
  pullTemplates,
  removeFromAccount,
} from '../../official/templates/templates.ts'
import { isReady, setChannel } from '../settings/settings.ts'

let world: World
let dev: Caller
let account: Account
let second: Account
let openids: string[]
/** What a message was answered while no account was bound. */
let unbound: Answer
/** 会议通知: thing1 会议主题, time2 会议时间, thing3 会议地点. */
let meeting: string
let notice: string

const fields: FilledField[] = [
  { field: 'thing1', from: 'title' },
  { field: 'time2', from: 'sentAt' },
  { field: 'thing3', from: 'content' },
]

beforeAll(async () => {
  world = await startWorld()
  dev = world.dev
  unbound = await send()
  account = await world.bindOfficial()
  second = await world.bindOfficial('subscription', { verified: true })
  openids = await openidsOf(world, account, 6)
  for (const one of [account, second]) await pullTemplates(world.ctx, one)
  const keywords = (await keywordsOf(account, '47123')).slice(0, 3)
  const add = (to: Account, kind: 'template' | 'subscribe') =>
    addToAccount(world.ctx, 'test', to, { kind, libraryId: '47123', keywords, scene: '会议提醒' })
  meeting = await add(account, 'template')
  notice = await add(second, 'subscribe')
  await linkFollower(world, account, openids[0]!, 'zhangsan')
  await linkFollower(world, account, openids[1]!, 'lisi')
})
afterAll(() => world.close())

const body = { toUser: 'zhangsan', sendType: '3', agentName: '审批', title: '请假', content: '同意' }
const send = (more: object = {}) => fresh(world, dev).post('/api/message/send', { ...body, ...more })
type TemplateMessage = { how: string; content: { url: string; rows: { value: string }[] } }
const received = async (openid: string, of = account): Promise<TemplateMessage[]> => {
  const page = await world.control(`official/messages?originalId=${of.originalId}&openid=${openid}`)
  return (page['messages'] as TemplateMessage[]).filter(
    one => one.how === 'template' || one.how === 'subscribe',
  )
}
const fault = (mode: string, path = 'template/send', times = 1) =>
  world.control('faults', { match: `official/cgi-bin/message/${path}`, mode, times })
const arrived = (openid: string, count: number, of = account) =>
  until('the message', async () => (await received(openid, of)).length >= count)

describe('before there is a mapping', () => {
  it('and an account, a message is refused with 1008', () => {
    expect(unbound).toMatchObject({ retCode: '1008', retMessage: expect.stringContaining('没有绑定公众号') })
  })

  it('a message is refused with 1008, which says what to set', async () => {
    expect(isReady(world.ctx, world.corpId, 'official')).toBe(false)
    const answer = await send()
    expect(answer).toMatchObject({ retCode: '1008' })
    expect(answer.retMessage).toContain('没有设置消息中心使用的模板')
  })

  it('one is refused that leaves a field empty or does not fit', async () => {
    const set = (given: FilledField[]) => setMapping(world.ctx, 'test', account, meeting, given)
    await expect(set(fields.slice(1))).rejects.toThrow(/thing1（会议主题）没有选择内容/)
    await expect(set([...fields.slice(0, 2), { field: 'thing3', from: 'text', text: '' }])).rejects.toThrow(
      /没有填写文字/,
    )
    const late: FilledField = { field: 'time2', from: 'text', text: '下午' }
    await expect(set([fields[0]!, late, fields[2]!])).rejects.toThrow(/时间/)
    await expect(setMapping(world.ctx, 'test', account, notice, fields)).rejects.toMatchObject({
      code: '1000',
    })
  })
})

describe('a message by an official account', () => {
  beforeAll(async () => {
    await setMapping(world.ctx, 'test', account, meeting, fields)
  })

  it('reaches linked followers as a template message; others are invalid with the reason', async () => {
    expect(isReady(world.ctx, world.corpId, 'official')).toBe(true)
    const before = (await received(openids[0]!)).length
    const answer = await send({ toUser: 'zhangsan|wangwu|ghost', url: 'https://example.com/1' })
    expect(answer.body).toMatchObject({ status: 'sent' })
    expect(answer.body.invaliduser.split('|').sort()).toEqual(['ghost', 'wangwu'])
    await arrived(openids[0]!, before + 1)
    expect((await received(openids[0]!)).at(-1)).toMatchObject({
      how: 'template',
      content: {
        url: 'https://example.com/1',
        rows: [
          { value: '【审批】请假' },
          { value: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/) },
          { value: '同意' },
        ],
      },
    })
    const status = await statusOf(world, answer.body.msgId)
    expect(status.failed).toEqual([
      expect.objectContaining({ userId: 'wangwu', reason: expect.stringContaining('没有绑定公众号') }),
    ])
  })

  it('is delivered once the event says so, or failed with its reason', async () => {
    await world.control('official/follower', {
      originalId: account.originalId,
      openid: openids[1],
      refusesTemplates: true,
    })
    const { msgId } = (await send({ toUser: 'zhangsan|lisi' })).body
    await until('the results', async () => {
      await readReceipts(world.ctx)
      return (await statusOf(world, msgId)).failed.length > 0
    })
    expect((await statusOf(world, msgId)).failed).toEqual([
      { userId: 'lisi', state: 'failed', reason: '对方拒收该公众号的消息' },
    ])
    const delivered = () =>
      world.ctx.db
        .selectFrom('message_result')
        .select(['user_id', 'state'])
        .where('message_id', '=', msgId)
        .where('state', '=', 'delivered')
        .execute()
    await until('the delivery', async () => {
      await readReceipts(world.ctx)
      return (await delivered()).length > 0
    })
    expect(await delivered()).toEqual([{ user_id: 'zhangsan', state: 'delivered' }])
    await world.control('official/follower', {
      originalId: account.originalId,
      openid: openids[1],
      refusesTemplates: false,
    })
    const before = (await received(openids[1]!)).length
    expect(await resend(world.ctx, 'test', world.corpId, msgId)).toEqual({ receivers: 1 })
    await world.ctx.dispatcher.drain()
    await arrived(openids[1]!, before + 1)
  })

  it('to nobody who is linked is refused with 1007, and nothing is sent', async () => {
    const answer = await send({ toUser: 'wangwu' })
    expect(answer).toMatchObject({ retCode: '1007' })
    expect(answer.retMessage).toContain('wangwu')
  })

  it('says what was cut, and drops emoji and line breaks', async () => {
    const before = (await received(openids[0]!)).length
    const answer = await send({ content: `第一行\n🎉${'长'.repeat(40)}`, title: '短' })
    expect(answer.body.truncated).toEqual(['content'])
    await arrived(openids[0]!, before + 1)
    const [, , place] = (await received(openids[0]!)).at(-1)!.content.rows
    expect(place?.value).toBe(`第一行 ${'长'.repeat(15)}…`)
  })

  it.each<[input: object, code: string, why: string]>([
    [{ content: '' }, '1001', 'content'],
    [{ content: '🎉' }, '1000', 'thing3（会议地点）'],
    [{ title: '' }, '1001', 'title'],
    [{ agentName: '' }, '1001', 'agentName'],
    [{ url: 'javascript:alert(1)' }, '1000', 'url'],
    [{ agentId: 'gh_unknown' }, '1002', 'gh_unknown'],
    [{ sendType: '99' }, '1000', 'sendType'],
    [{ toUser: '' }, '1001', 'toUser'],
    [{ toUser: 'ghost' }, '1007', 'ghost'],
    [{ toUser: '', toParty: '4711' }, '1005', '4711'],
    [{ toUser: '', toTag: '4711' }, '1006', '4711'],
    [{ toUser: Array.from({ length: 1001 }, (_, n) => `u${n}`) }, '1000', '1000'],
  ])('with %j is refused with %s', async (input, code, why) => {
    const answer = await send(input)
    expect(answer).toMatchObject({ retCode: code, retMessage: expect.stringContaining(why) })
  })

  it('to everybody reaches those who are linked', async () => {
    const before = (await received(openids[0]!)).length
    const { body: answer } = await send({ toUser: '@all' })
    await world.ctx.dispatcher.drain()
    await arrived(openids[0]!, before + 1)
    const { failed } = await statusOf(world, answer.msgId)
    expect(failed.some((one: { userId: string }) => one.userId === 'zhangsan' || one.userId === 'lisi')).toBe(
      false,
    )
    expect(failed[0]?.reason).toContain('没有绑定公众号')
  })

  it('to a member outside the data scope of the developer is refused with 1007', async () => {
    const outside = world.ctx.mirrors.of(world.corpId).tree.order.at(-1)?.department.id ?? 0
    const dataScope = { departments: [outside], tags: [] }
    const limited = await world.addDeveloper({ scopes: ['message:send'], dataScope })
    expect((await fresh(world, limited).post('/api/message/send', body)).retCode).toBe('1007')
  })

  it('cannot be recalled', async () => {
    const before = (await received(openids[0]!)).length
    const { msgId } = (await send()).body
    await arrived(openids[0]!, before + 1)
    expect((await dev.post('/api/message/recall', { msgId })).retCode).toBe('1000')
  })

  it('under a requestId is sent once', async () => {
    const before = (await received(openids[0]!)).length
    const first = await send({ requestId: 'r1' })
    expect((await send({ requestId: 'r1' })).body).toEqual(first.body)
    await arrived(openids[0]!, before + 1)
    expect(await received(openids[0]!)).toHaveLength(before + 1)
  })

  it('whose answer was lost is repeated under its client_msg_id and arrives once', async () => {
    const before = (await received(openids[0]!)).length
    await fault('truncated')
    const { msgId, status } = (await send()).body
    expect(status).toBe('queued')
    await later(world, 3000)
    expect((await statusOf(world, msgId)).status).toBe('sent')
    await arrived(openids[0]!, before + 1)
    expect(await received(openids[0]!)).toHaveLength(before + 1)
  })

  it.each([
    ['40003', 'failed'],
    ['43004', 'failed'],
    ['47003', 'failed'],
    ['43116', 'failed'],
    ['45009', 'queued'],
    ['43117', 'queued'],
    ['busy', 'sent'],
    ['tokenExpired', 'sent'],
  ])('that WeChat answers with %s is %s', async (code, state) => {
    await fault(/^\d/.test(code) ? `code:${code}` : code)
    const { msgId, status } = (await send()).body
    expect(status).toBe(state)
    if (state === 'queued') await later(world, 61_000)
    expect((await statusOf(world, msgId)).status).toBe(state === 'failed' ? 'failed' : 'sent')
  })

  it('whose token is dead again when it has been renewed is sent later', async () => {
    await fault('code:42001', 'template/send', 2)
    const { msgId, status } = (await send()).body
    expect(status).toBe('queued')
    await later(world, 3000)
    expect((await statusOf(world, msgId)).status).toBe('sent')
  })

  it.each(['48001', '40037', '40164'])(
    'that WeChat refuses because of the account (%s) is refused with 1008 and the reason',
    async code => {
      await fault(`code:${code}`)
      const answer = await send()
      expect(answer).toMatchObject({ retCode: '1008', retMessage: expect.stringContaining(code) })
    },
  )

  it('is forecast with who is linked', async () => {
    const input = { toUser: ['zhangsan', 'lisi', 'wangwu'], toParty: [], toTag: [], requestId: undefined }
    const given = { ...input, agentName: '审批', title: '请假', content: '同意' }
    const submission = submissionOf(world.ctx, world.corpId, 'official', given)
    const forecast = await world.ctx.mirrors.during(world.corpId, () =>
      forecastOf(world.ctx, operator(world.corpId), submission, 'zh'),
    )
    expect(forecast).toMatchObject({
      persons: 3,
      calls: 2,
      missing: '',
      unreachable: [{ persons: 1, reason: expect.stringContaining('没有绑定公众号') }],
    })
  })

  it('is not sent by an account that is disabled, and its template is not deleted during that time', async () => {
    const { originalId } = account
    await expect(removeFromAccount(world.ctx, 'test', account, meeting)).rejects.toThrow(/消息中心正在使用/)
    const { name, appId, kind, verified, mode } = account
    const settings = { name, appId, kind, verified, mode }
    await setAccount(world.ctx, 'test', world.corpId, originalId, { ...settings, enabled: false })
    expect(await send()).toMatchObject({ retCode: '1008', retMessage: expect.stringContaining('停用') })
    const lapsed = { ...settings, enabled: true, verified: false }
    await setAccount(world.ctx, 'test', world.corpId, originalId, lapsed)
    expect(await send()).toMatchObject({ retCode: '1008', retMessage: expect.stringContaining('认证') })
    await setAccount(world.ctx, 'test', world.corpId, originalId, { ...settings, enabled: true })
  })
})

describe('a message as 订阅通知', () => {
  let openid: string
  beforeAll(async () => {
    await setMapping(world.ctx, 'test', second, notice, fields)
    openid = (await openidsOf(world, second, 1))[0]!
    await linkFollower(world, second, openid, 'zhangsan')
  })
  const tick = () =>
    world.control('official/act', {
      originalId: second.originalId,
      openid,
      act: 'subscribe_msg',
      templateId: notice,
      wait: true,
    })

  it('is refused by an account that the developer may not use, on both ways', async () => {
    const scopes = ['message:send', 'official:write'] as const
    const limited = await world.addDeveloper({ scopes: [...scopes], accounts: [second.originalId] })
    const call = fresh(world, limited)
    expect((await call.post('/api/message/send', { ...body, agentId: account.originalId })).retCode).toBe(
      '1002',
    )
    expect((await call.post('/api/message/send', body)).retCode).toBe('1002')
    const template = { originalId: account.originalId, openid: openids[0], templateId: meeting, data: {} }
    expect((await call.post('/api/official/template/send', template)).retCode).toBe('1000')
  })

  it('goes out by the account that agentId names, to who agreed (43101)', async () => {
    const refused = await send({ agentId: second.originalId })
    expect(refused.body).toMatchObject({ status: 'failed', invaliduser: 'zhangsan' })
    await tick()
    expect((await send({ agentId: second.originalId })).body.status).toBe('sent')
    await arrived(openid, 1, second)
  })

  it('that is unclear is unknown, and never repeated', async () => {
    await tick()
    await fault('truncated', 'subscribe/bizsend')
    const { msgId, status } = (await send({ agentId: second.originalId })).body
    expect(status).toBe('unknown')
    await later(world, 60_000)
    expect((await statusOf(world, msgId)).status).toBe('unknown')
    expect(await received(openid, second)).toHaveLength(2)
  })

  it('goes out by the default account of the corp when a call names none', async () => {
    await tick()
    const settings = { originalId: second.originalId }
    await setChannel(world.ctx, 'test', world.corpId, 'official', settings)
    await send()
    await arrived(openid, 3, second)
    const unknown = setChannel(world.ctx, 'test', world.corpId, 'official', { originalId: 'gh_unknown' })
    await expect(unknown).rejects.toMatchObject({ code: '1000' })
    await removeMapping(world.ctx, 'test', second)
    expect((await send()).retCode).toBe('1008')
    await setChannel(world.ctx, 'test', world.corpId, 'official', {})
  })
})

it('a node that died during the call repeats it, or leaves it unknown when WeChat has forgotten it', async () => {
  await fault('code:45009')
  const { msgId } = (await send()).body
  await dieDuringCall(world, msgId, 120_000)
  await world.ctx.dispatcher.drain()
  await later(world, 20_000)
  expect((await statusOf(world, msgId)).status).toBe('sent')
  await fault('code:45009')
  const late = (await send()).body.msgId
  await dieDuringCall(world, late, 900_000)
  await world.ctx.dispatcher.drain()
  expect((await statusOf(world, late)).status).toBe('unknown')
})

it('whose template was deleted on the site is refused with 1008', async () => {
  await deleteTemplate(account.client, 'template', meeting)
  await pullTemplates(world.ctx, account)
  expect(await send()).toMatchObject({ retCode: '1008', retMessage: expect.stringContaining('已被删除') })
})
