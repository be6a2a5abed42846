import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { addTemplate } from '../../../upstream/official/calls/templates.ts'
import type { Account } from '../accounts/accounts.ts'
import { eventFields, pushTo, pushXml } from '../callback/push.fixture.ts'
import { linkFollower } from './link.fixture.ts'
import { sendChecked } from './sends/send-checked.ts'
import { listSends } from './sends/send-store.ts'
import { allTemplates, tickCounts } from './store.ts'
import {
  addToAccount,
  blockedOf,
  categoriesOf,
  keywordsOf,
  libraryOf,
  pullTemplates,
  removeFromAccount,
  templateOf,
} from './templates.ts'

let world: World
let account: Account
let unverified: Account
let openids: string[]
/** 会议通知: thing1, time2, thing3. */
let meeting: string
let notice: string
const old = 'ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY'

beforeAll(async () => {
  world = await startWorld({ members: 5 })
  account = await world.bindOfficial()
  unverified = await world.bindOfficial('subscription', { verified: false })
  const found = await world.control(`official/followers?originalId=${account.originalId}&limit=12`)
  openids = (found['followers'] as { openid: string }[]).map(one => one.openid)
  await pullTemplates(world.ctx, account)
  const keywords = await keywordsOf(account, '47123')
  const add = (kind: 'template' | 'subscribe') =>
    addToAccount(world.ctx, 'test', account, {
      kind,
      libraryId: '47123',
      keywords: keywords.slice(0, 3),
      scene: kind === 'subscribe' ? '会议提醒' : '',
    })
  meeting = await add('template')
  notice = await add('subscribe')
})
afterAll(() => world.close())

const values = { thing1: '季度例会', time2: '2026年11月26日 15:01', thing3: '三楼会议室' }
let keys = 0
const send = (
  openid: string,
  templateId: string,
  more: Partial<Parameters<typeof sendChecked>[2]> = {},
  key = '',
) =>
  sendChecked(
    world.ctx,
    account,
    { openid, templateId, values, url: '', ...more },
    { origin: 'api', key: key || `key ${++keys}` },
  )
const act = (act: string, openid: string, body: object = {}) =>
  world.control('official/act', { originalId: account.originalId, openid, act, wait: true, ...body })
const rules = (body: object) => world.control('official/rules', body)
const stateOf = async (openid: string) =>
  (await listSends(world.ctx.db, account, { limit: 100, offset: 0 })).list.find(one => one.openid === openid)
const received = async (openid: string) => {
  const page = await world.control(`official/messages?originalId=${account.originalId}&openid=${openid}`)
  return page['messages'] as { how: string; content: { rows: { value: string }[]; url?: string } }[]
}

describe('templates', () => {
  it('are listed with their kind, and added from the library by their keywords', async () => {
    const [category] = await categoriesOf(account)
    const library = await libraryOf(account, category!.id, 1)
    expect(library.list).toContainEqual({ id: '47123', title: '会议通知', isLongTerm: false })
    const list = await allTemplates(world.ctx.db, account)
    expect(list.map(one => [one.kind, one.id])).toEqual(
      expect.arrayContaining([
        ['template', old],
        ['template', meeting],
        ['subscribe', notice],
      ]),
    )
  })

  it('are no longer added from the old library, nor without a purpose or keywords', async () => {
    const add = (given: object) =>
      addToAccount(world.ctx, 'test', account, {
        kind: 'template',
        libraryId: 'TM00015',
        keywords: [{ id: 1, name: '时间' }],
        scene: '',
        ...given,
      })
    await expect(add({})).rejects.toMatchObject({ code: '1011', message: expect.stringMatching(/40247/) })
    await expect(add({ keywords: [] })).rejects.toMatchObject({ code: '1000' })
    const two = [
      { id: 1, name: '会议主题' },
      { id: 2, name: '会议时间' },
    ]
    await expect(add({ kind: 'subscribe', libraryId: '47123', keywords: two })).rejects.toThrow(/场景说明/)
    await expect(
      add({ kind: 'subscribe', libraryId: '47123', keywords: two.slice(1), scene: '会议' }),
    ).rejects.toThrow(/2 到 5/)
  })

  it('are deleted at WeChat too', async () => {
    const id = await addToAccount(world.ctx, 'test', account, {
      kind: 'template',
      libraryId: '43216',
      keywords: [{ id: 2, name: '审批结果' }],
      scene: '',
    })
    await removeFromAccount(world.ctx, 'test', account, id)
    await pullTemplates(world.ctx, account)
    await expect(templateOf(world.ctx, account, id)).rejects.toMatchObject({ code: '1000' })
  })

  it('of an account that may have none are refused before WeChat is asked', async () => {
    await expect(pullTemplates(world.ctx, unverified)).rejects.toMatchObject({ code: '1009' })
    await expect(categoriesOf(unverified)).rejects.toMatchObject({ code: '1009' })
  })
})

describe('a template message', () => {
  it('is delivered, as its event says, under an id beyond 2^53', async () => {
    const openid = openids[0]!
    const sent = await send(openid, meeting, { url: 'https://example.com/m' })
    expect(sent).toMatchObject({ state: 'sent', kind: 'template' })
    expect(BigInt(sent.msgId)).toBeGreaterThan(2n ** 53n)
    await until('the event', async () => (await stateOf(openid))?.state === 'delivered')
    expect((await received(openid)).at(-1)).toMatchObject({
      how: 'template',
      content: { url: 'https://example.com/m', rows: [{ value: '季度例会' }, {}, { value: '三楼会议室' }] },
    })
  })

  it('to a follower who refuses is blocked', async () => {
    const openid = openids[1]!
    await world.control('official/follower', {
      originalId: account.originalId,
      openid,
      refusesTemplates: true,
    })
    await send(openid, meeting)
    await until('the event', async () => (await stateOf(openid))?.state === 'blocked')
    expect(await stateOf(openid)).toMatchObject({ status: 'failed:user block' })
  })

  it.each([false, true])(
    'that WeChat held back is looked up, as a list or as an object (%s)',
    async asObject => {
      const openid = openids[asObject ? 2 : 3]!
      await rules({ templateBlockedWords: ['大减价'], blockedAsObject: asObject })
      await send(openid, meeting, { values: { ...values, thing1: '大减价' } })
      await until('the event', async () => (await stateOf(openid))?.state === 'blocked')
      const blocked = await blockedOf(world.ctx, account, meeting)
      expect(blocked[0]?.content).toContain('大减价')
      await rules({ templateBlockedWords: [], blockedAsObject: false })
    },
  )

  it('under a key is sent once, and another one under it is refused', async () => {
    const openid = openids[4]!
    const first = await send(openid, meeting, {}, 'once')
    expect(await send(openid, meeting, {}, 'once')).toEqual(first)
    await expect(send(openid, meeting, { url: 'https://a.cn' }, 'once')).rejects.toMatchObject({
      code: '1000',
    })
    await until('the event', async () => (await stateOf(openid))?.state === 'delivered')
    expect((await received(openid)).filter(one => one.how === 'template')).toHaveLength(1)
  })

  it('whose answer was lost is repeated under its key and arrives once', async () => {
    const openid = openids[5]!
    const lost = { match: 'official/cgi-bin/message/template/send', mode: 'truncated', times: 1 }
    await world.control('faults', lost)
    expect(await send(openid, meeting, {}, 'lost')).toMatchObject({ state: 'unknown' })
    expect(await send(openid, meeting, {}, 'lost')).toMatchObject({ state: 'sent' })
    await until('the event', async () => (await stateOf(openid))?.state === 'delivered')
    expect((await received(openid)).filter(one => one.how === 'template')).toHaveLength(1)
  })

  it('that is unclear for longer than WeChat remembers is not repeated', async () => {
    const openid = openids[6]!
    const lost = { match: 'official/cgi-bin/message/template/send', mode: 'truncated', times: 1 }
    await world.control('faults', lost)
    await send(openid, meeting, {}, 'late')
    world.clock.offsetMs += 600_000
    expect(await send(openid, meeting, {}, 'late')).toMatchObject({ state: 'unknown' })
    world.clock.offsetMs -= 600_000
  })

  it('to who does not follow is told as such (43004), and may be tried again', async () => {
    const openid = openids[7]!
    await act('unsubscribe', openid)
    await expect(send(openid, meeting, {}, 'left')).rejects.toMatchObject({
      code: '1011',
      message: expect.stringMatching(/43004 对方没有关注公众号/),
    })
    await act('subscribe', openid)
    expect(await send(openid, meeting, {}, 'left')).toMatchObject({ state: 'sent' })
  })

  it('with the id of the other kind is refused by name, without asking WeChat', async () => {
    const wrong = send(openids[0]!, notice, { kind: 'template' })
    await expect(wrong).rejects.toMatchObject({
      code: '1000',
      message: expect.stringMatching(/订阅通知的模板（kind 应为 subscribe）/),
    })
    await expect(send(openids[0]!, meeting, { kind: 'subscribe' })).rejects.toThrow(/模板消息的模板/)
  })

  it('whose template was deleted on the site is explained (40037)', async () => {
    const fault = { match: 'official/cgi-bin/message/template/send', mode: 'code:40037', times: 1 }
    await world.control('faults', fault)
    await expect(send(openids[0]!, meeting)).rejects.toMatchObject({
      code: '1011',
      message: expect.stringMatching(/40037 模板 ID 无效/),
    })
  })

  it('names the fields that WeChat would refuse (47003)', async () => {
    const bad = { ...values, thing1: '长'.repeat(21), time2: '下午三点' }
    await expect(send(openids[0]!, meeting, { values: bad })).rejects.toMatchObject({
      code: '1000',
      message: expect.stringMatching(/thing1（会议主题）应为1 到 20 个字；time2/),
    })
    const fault = { match: 'official/cgi-bin/message/template/send', mode: 'code:47003', times: 1 }
    await world.control('faults', fault)
    await expect(send(openids[0]!, meeting)).rejects.toThrow(/47003 模板字段的值不合法/)
  })

  it('of an unverified account is refused (48001) before WeChat is asked', async () => {
    await world.ctx.db
      .insertInto('official_template')
      .values({
        corp_id: world.corpId,
        original_id: unverified.originalId,
        template_id: 'before',
        kind: 'template',
        title: '',
        content: '{{thing1.DATA}}',
        example: '',
        is_long_term: false,
        choices: '{}',
      })
      .execute()
    const given = { openid: 'o1', templateId: 'before', values: { thing1: '一' }, url: '' }
    const sent = sendChecked(world.ctx, unverified, given, { origin: 'api', key: '1' })
    await expect(sent).rejects.toMatchObject({ code: '1009' })
  })
})

describe('a subscription notice', () => {
  const ticks = async () =>
    (await tickCounts(world.ctx.db, account, new Date(0))).find(one => one.templateId === notice)

  it('reaches who agreed, once for each tick (43101)', async () => {
    const openid = openids[8]!
    await expect(send(openid, notice)).rejects.toThrow(/43101 用户没有订阅/)
    await act('subscribe_msg', openid, { templateId: notice })
    await world.settleOfficial(account)
    expect(await ticks()).toMatchObject({ accepted: 1, rejected: 0, people: 1 })
    expect(await send(openid, notice)).toMatchObject({ state: 'sent', msgId: '' })
    await until('the event', async () => (await stateOf(openid))?.state === 'delivered')
    await expect(send(openid, notice)).rejects.toThrow(/43101/)
  })

  it('that is unclear is not repeated, because WeChat recognises nothing', async () => {
    const openid = openids[9]!
    await act('subscribe_msg', openid, { templateId: notice })
    await act('subscribe_msg', openid, { templateId: notice })
    await world.control('faults', {
      match: 'official/cgi-bin/message/subscribe/bizsend',
      mode: 'truncated',
      times: 1,
    })
    expect(await send(openid, notice, {}, 'notice')).toMatchObject({ state: 'unknown' })
    expect(await send(openid, notice, {}, 'notice')).toMatchObject({ state: 'unknown' })
    await until('the event', async () => (await stateOf(openid))?.state === 'delivered')
    expect((await received(openid)).filter(one => one.how === 'subscribe')).toHaveLength(1)
  })

  it.each(['SubscribeMsgPopupEvent', 'SubscribeMsgChangeEvent'])(
    'that a follower refuses afterwards is counted, whatever wraps it (%s)',
    async subscribeChangeWrapper => {
      await rules({ subscribeChangeWrapper })
      const before = (await ticks())?.rejected ?? 0
      await act('subscribe_msg_change', openids[8]!, { templateId: notice })
      await world.settleOfficial(account)
      expect((await ticks())?.rejected).toBe(before + 1)
      await rules({ rules: null })
    },
  )

  it('is counted once from JSON, with a single object for a list, however often it is delivered', async () => {
    const before = (await ticks())?.accepted ?? 0
    const at = Math.floor(Date.now() / 1000)
    const entry = { TemplateId: notice, SubscribeStatusString: 'accept', PopupScene: '2' }
    const push = JSON.stringify({
      ToUserName: account.originalId,
      FromUserName: openids[10],
      CreateTime: at,
      MsgType: 'event',
      Event: 'subscribe_msg_popup_event',
      List: entry,
    })
    await pushTo(world.server.url, account, push)
    await pushTo(world.server.url, account, push)
    const rows = `<List><TemplateId>${notice}</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>`
    const fields = `${eventFields('subscribe_msg_popup_event')}<SubscribeMsgPopupEvent>${rows}${rows}</SubscribeMsgPopupEvent>`
    await pushTo(world.server.url, account, pushXml(account.originalId, { from: openids[11]!, fields }))
    await until('the ticks', async () => ((await ticks())?.accepted ?? 0) >= before + 3)
    expect((await ticks())?.accepted).toBe(before + 3)
  })

  it('is agreed to on a page that is signed for its own address', async () => {
    const address = `${world.server.url}/official/subscribe/${account.originalId}?templates=${notice}`
    const page = await fetch(address)
    const html = await page.text()
    expect(page.status).toBe(200)
    expect(html).toContain(`<wx-open-subscribe id="ask" template="${notice}"`)
    expect(html).toMatch(/"signature":"[0-9a-f]{40}"/)
    // Within WeChat the tag does not appear under a policy that says anything of frames.
    expect(page.headers.get('content-security-policy')).not.toMatch(/default-src|frame-src|child-src/)
    const missing = [meeting, 'none'].map(id => `${address.split('=')[0]}=${id}`)
    missing.push(address.replace(account.originalId, unverified.originalId))
    for (const one of missing) expect((await fetch(one)).status).toBe(404)
  })
})

describe('POST /api/official/template/send', () => {
  let dev: Caller
  const path = '/api/official/template/send'
  const post = (body: object) =>
    dev.post(path, { originalId: account.originalId, templateId: meeting, data: values, ...body })
  beforeAll(async () => {
    dev = await world.addDeveloper({ scopes: ['official:write'] })
  })

  it('sends once under a requestId', async () => {
    const openid = openids[10]!
    const { body } = await post({ openid, requestId: 'one', kind: 'template' })
    expect(body).toMatchObject({
      status: 'sent',
      kind: 'template',
      msgId: expect.stringMatching(/^\d{16,}$/),
    })
    const data = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]))
    expect((await post({ openid, requestId: 'one', data })).body).toEqual(body)
    await until('the event', async () => (await stateOf(openid))?.state === 'delivered')
    expect((await received(openid)).filter(one => one.how === 'template')).toHaveLength(1)
  })

  it('finds a template that was added on the site just now', async () => {
    const added = await addTemplate(account.client, '43216', ['审批结果'])
    const answer = await post({ openid: openids[10]!, templateId: added, data: { phrase2: '同意' } })
    expect(answer.body).toMatchObject({ status: 'sent', kind: 'template' })
  })

  it('reaches members who are linked followers', async () => {
    const openid = openids[11]!
    expect(await post({ userId: 'zhangsan' })).toMatchObject({ retCode: '1007' })
    await linkFollower(world, account, openid, 'zhangsan')
    expect((await post({ userId: 'zhangsan' })).body).toMatchObject({ status: 'sent' })
    await until('the event', async () => (await stateOf(openid))?.state === 'delivered')
  })

  it('refuses what cannot be meant', async () => {
    const openid = openids[10]!
    const refused = async (body: object) => (await post({ openid, ...body })).retCode
    expect(await refused({ userId: 'zhangsan' })).toBe('1000')
    expect(await refused({ openid: '' })).toBe('1001')
    expect(await refused({ openid: '', userId: 'nobody' })).toBe('1007')
    expect(await refused({ originalId: 'gh_unknown' })).toBe('1000')
    expect(await refused({ originalId: unverified.originalId })).toBe('1000')
    expect(await refused({ templateId: 'unknown' })).toBe('1000')
    expect(await refused({ kind: 'subscribe' })).toBe('1000')
    expect(await refused({ data: {} })).toBe('1000')
    expect(await refused({ requestId: 'one', url: 'https://a.cn' })).toBe('1000')
    expect((await world.dev.post(path, { originalId: 'gh_x', templateId: 'x', data: {} })).retCode).toBe(
      '1009',
    )
  })
})
