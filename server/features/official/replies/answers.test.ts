import { decrypt as foreignDecrypt } from '@wecom/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { parseXml } from '../../../upstream/transport/xml.ts'
import type { Account } from '../accounts/accounts.ts'
import { bindAccount, type NewAccount, removeAccount, setAccount } from '../accounts/bind.ts'
import type { PushReply } from '../callback/answer.ts'
import { eventFields, pushTo, pushXml, textFields } from '../callback/push.fixture.ts'
import { addFlow, addRules, removeFlow, setFlow, setRule } from './edit.ts'
import { newRule, say, textOf } from './replies.fixture.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 5 })
})
afterAll(() => world.close())

const bind = (originalId: string, settings: Partial<NewAccount> = {}) =>
  bindAccount(world.ctx, 'test', world.corpId, {
    originalId,
    name: '示例公众号',
    appId: 'wxba5fad812f8e6fb9',
    secret: 'made up',
    mode: 'plain',
    ...settings,
  })
const by = (account: Account) => ({ actor: 'test', account })
const push = async (account: Account, plain: string) => (await pushTo(world.server.url, account, plain)).body
let ids = 1000
const send = (account: Account, text: string, msgId = String(ids++), from = 'oFollower1') =>
  push(account, pushXml(account.originalId, { from, msgId, fields: textFields(text) })).then(textOf)
const click = (account: Account, event: string, key?: string) =>
  push(account, pushXml(account.originalId, { fields: eventFields(event, key) })).then(textOf)
const stored = (account: Account) =>
  world.ctx.db
    .selectFrom('inbox_event')
    .select(['dedupe_key', 'answer'])
    .where('account', '=', account.originalId)
    .orderBy('id')
    .execute()
const places = (account: Account) =>
  world.ctx.db
    .selectFrom('official_flow_state')
    .selectAll()
    .where('original_id', '=', account.originalId)
    .execute()

describe('a message is answered', () => {
  it('by its keyword, by its type, or by the default', async () => {
    const account = await bind('gh_kinds')
    await addRules(world.ctx, by(account), [
      newRule({ words: ['营业时间'], contents: say('九点到六点') }),
      newRule({ match: 'contains', words: ['发票'], contents: say('开票请发抬头') }),
      newRule({ match: 'regex', words: ['^查?\\d{6}$'], contents: say('订单已发货') }),
      newRule({ kind: 'type', words: ['image'], contents: say('收到图片') }),
      newRule({ kind: 'menu', words: ['HELP'], contents: say('帮助') }),
      newRule({ kind: 'subscribe', contents: say('欢迎') }),
      newRule({ kind: 'default', contents: say('稍后回复您') }),
    ])
    expect(await send(account, ' 营业时间 ')).toBe('九点到六点')
    expect(await send(account, '我要开发票！')).toBe('开票请发抬头')
    expect(await send(account, '查123456')).toBe('订单已发货')
    expect(await send(account, '别的')).toBe('稍后回复您')
    expect(await click(account, 'CLICK', 'HELP')).toBe('帮助')
    expect(await click(account, 'CLICK', 'OTHER')).toBe('success')
    expect(await click(account, 'subscribe')).toBe('欢迎')
    expect(await click(account, 'unsubscribe')).toBe('success')
    const image = pushXml('gh_kinds', {
      msgId: '1',
      fields: '<MsgType>image</MsgType><MediaId>m</MediaId>',
    })
    expect(textOf(await push(account, image))).toBe('收到图片')
  })

  it('encrypted in secure mode, so that a client of nobody here reads it', async () => {
    const account = await bind('gh_sealed', { mode: 'secure' })
    await addRules(world.ctx, by(account), [newRule({ words: ['你好'], contents: say(']]> <您好> 😀') })])
    const body = await push(account, pushXml('gh_sealed', { msgId: '5', fields: textFields('你好') }))
    const outer = parseXml(body)
    const { message, id } = foreignDecrypt(account.callback.encodingAesKey, String(outer['Encrypt']))
    expect(id).toBe(account.appId)
    expect(parseXml(message)).toMatchObject({
      ToUserName: 'oFollower1',
      FromUserName: 'gh_sealed',
      MsgType: 'text',
      Content: ']]> <您好> 😀',
    })
  })

  it('with the first of several messages; the others are stored to be sent', async () => {
    const account = await bind('gh_several')
    const news = {
      type: 'news',
      title: '标题',
      description: '',
      picUrl: '',
      url: 'https://a.example/',
    } as const
    await addRules(world.ctx, by(account), [
      newRule({ words: ['几条'], contents: [...say('一'), news, { type: 'person' }, ...say('三')] }),
      newRule({ words: ['图'], contents: [{ type: 'image', mediaId: 'm-1_a' }, ...say('看图')] }),
      newRule({ words: ['人工'], contents: [...say('正在转接'), { type: 'transfer' }] }),
    ])
    expect(await send(account, '几条')).toBe('一')
    const picture = pushXml('gh_several', { msgId: '8', fields: textFields('图') })
    expect(await push(account, picture)).toContain('<Image><MediaId><![CDATA[m-1_a]]>')
    const [several] = (await stored(account)).map(row => row.answer as PushReply)
    expect(several).toEqual({
      passive: { type: 'text', content: '一' },
      later: [news, { type: 'text', content: '三' }],
      by: '几条',
      person: true,
    })
    expect(await push(account, pushXml('gh_several', { msgId: '9', fields: textFields('人工') }))).toContain(
      'transfer_customer_service',
    )
  })

  it('with a picture, a voice or an article at once', async () => {
    const account = await bind('gh_media')
    const news = {
      type: 'news',
      title: '<开放日> & 更多',
      description: ']]>',
      picUrl: 'https://a.example/p.png',
      url: 'https://a.example/?a=1&b=2',
    } as const
    await addRules(world.ctx, by(account), [
      newRule({ words: ['图'], contents: [{ type: 'image', mediaId: 'm-1' }] }),
      newRule({ words: ['声'], contents: [{ type: 'voice', mediaId: 'v-1' }] }),
      newRule({ words: ['文'], contents: [news] }),
    ])
    const answer = async (text: string) =>
      parseXml(await push(account, pushXml('gh_media', { msgId: text, fields: textFields(text) })))
    expect(await answer('图')).toMatchObject({ MsgType: 'image', Image: { MediaId: 'm-1' } })
    expect(await answer('声')).toMatchObject({ MsgType: 'voice', Voice: { MediaId: 'v-1' } })
    const item = { Title: news.title, Description: ']]>', PicUrl: news.picUrl, Url: news.url }
    expect(await answer('文')).toMatchObject({ MsgType: 'news', ArticleCount: '1', Articles: { item } })
  })

  it('later, when it is too late for WeChat', async () => {
    const account = await bind('gh_late')
    await addRules(world.ctx, by(account), [
      newRule({ words: ['你好'], contents: say('您好') }),
      newRule({ words: ['人工'], contents: [{ type: 'transfer' }] }),
    ])
    const late = (text: string, n: number) => {
      const event = {
        corpId: world.corpId,
        stream: 'official',
        account: 'gh_late',
        kind: 'text',
        entity: 'e',
      } as const
      const plain = pushXml('gh_late', { fields: textFields(text) })
      const one = { ...event, dedupeKey: `late ${n}`, payloadHash: 'x', raw: plain, plain }
      const message = {
        toUserName: 'gh_late',
        fromUserName: 'o1',
        createTime: 1,
        msgType: 'text',
        fields: { Content: text },
      }
      return world.ctx.answers.store(account, message, one, () => true)
    }
    expect((await late('你好', 1)).answer).toEqual({
      passive: null,
      later: [{ type: 'text', content: '您好' }],
      by: '你好',
    })
    expect((await late('人工', 2)).answer).toEqual({ passive: null, later: [], by: '人工', person: true })
  })

  it('the same again when it is repeated, whatever has changed since', async () => {
    const account = await bind('gh_again')
    const rule = newRule({ words: ['价格'], contents: say('一百') })
    const [id] = await addRules(world.ctx, by(account), [rule])
    expect(await send(account, '价格', '77')).toBe('一百')
    await setRule(world.ctx, by(account), id as number, { ...rule, contents: say('两百') })
    expect(await send(account, '价格', '77')).toBe('一百')
    expect(await send(account, '价格', '78')).toBe('两百')
    expect(await stored(account)).toHaveLength(2)
  })

  it('and nothing, when a rule is disabled or holds at other hours', async () => {
    const account = await bind('gh_hours')
    const today = new Date(Date.now() + 8 * 3_600_000).getUTCDay() || 7
    const hours = { days: [(today % 7) + 1], from: '00:00', to: '23:59' }
    await addRules(world.ctx, by(account), [
      newRule({ words: ['a'], contents: say('x'), enabled: false }),
      newRule({ words: ['b'], contents: say('x'), hours }),
    ])
    expect([await send(account, 'a'), await send(account, 'b')]).toEqual(['success', 'success'])
    expect((await stored(account)).map(row => row.answer)).toEqual([null, null])
  })

  it('in linear time by an expression that would never end elsewhere', async () => {
    const account = await bind('gh_linear')
    await addRules(world.ctx, by(account), [
      newRule({ match: 'regex', words: ['(a+)+$', '(x+x+)+y', '^(\\w+\\s?)*$'], contents: say('!') }),
    ])
    const text = `${'a'.repeat(300)}!${'x'.repeat(300)}`
    const started = performance.now()
    expect(await send(account, text)).toBe('success')
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('a flow', () => {
  const survey = {
    name: '报名',
    minutes: 30,
    timeoutText: '',
    enabled: true,
    steps: [
      {
        id: 'ask',
        contents: say('参加哪一场？1 上午 2 下午'),
        next: {
          type: 'wait' as const,
          branches: [
            { match: 'exact' as const, words: ['1', '上午'], to: 'name' },
            { match: 'contains' as const, words: ['2', '下午'], to: 'full' },
            { match: 'exact' as const, words: ['取消'], to: 'end' },
          ],
          otherwise: 'again',
        },
      },
      { id: 'full', contents: say('下午已满'), next: { type: 'go' as const, to: 'ask' } },
      {
        id: 'name',
        contents: say('请留下姓名'),
        next: { type: 'wait' as const, branches: [], otherwise: 'thanks' },
      },
      { id: 'thanks', contents: say('已登记'), next: { type: 'end' as const } },
    ],
  }
  async function withFlow(originalId: string) {
    const account = await bind(originalId)
    const flowId = await addFlow(world.ctx, by(account), survey)
    await addRules(world.ctx, by(account), [
      newRule({ words: ['报名'], contents: say('欢迎报名'), flowId }),
      newRule({ kind: 'default', contents: say('默认') }),
    ])
    return { account, flowId }
  }

  it('asks, waits, branches and ends', async () => {
    const { account } = await withFlow('gh_flow')
    expect(await send(account, '报名')).toBe('欢迎报名')
    expect(await send(account, '不知道')).toBe('参加哪一场？1 上午 2 下午')
    expect(await send(account, '下午')).toBe('下午已满')
    expect(await send(account, '上午')).toBe('请留下姓名')
    expect(await send(account, '李四', undefined, 'oAnother')).toBe('默认')
    expect(await send(account, '张三')).toBe('已登记')
    expect(await send(account, '张三')).toBe('默认')
    expect(await places(account)).toEqual([])
  })

  it('takes a step once, however often and wherever the message arrives at a time', async () => {
    const { account } = await withFlow('gh_parallel')
    await send(account, '报名')
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(account, '上午', '4242')))
    expect(new Set(answers)).toEqual(new Set(['请留下姓名']))
    expect(await places(account)).toMatchObject([{ step_id: 'name', taken: 2 }])
    expect(await stored(account)).toHaveLength(2)
  })

  it('is over when time is up, when the follower leaves, and when its step is gone', async () => {
    const { account, flowId } = await withFlow('gh_over')
    await send(account, '报名')
    world.clock.offsetMs = 31 * 60_000
    try {
      const late = pushXml('gh_over', {
        msgId: '1',
        at: Math.floor((Date.now() + world.clock.offsetMs) / 1000),
        fields: textFields('上午'),
      })
      const timestamp = Math.floor((Date.now() + world.clock.offsetMs) / 1000)
      expect(textOf((await pushTo(world.server.url, account, late, { timestamp })).body)).toBe('默认')
    } finally {
      world.clock.offsetMs = 0
    }
    await send(account, '报名')
    await click(account, 'unsubscribe')
    expect(await places(account)).toEqual([])
    expect(await send(account, '上午')).toBe('默认')
    await send(account, '报名')
    await setFlow(world.ctx, by(account), flowId, { ...survey, steps: survey.steps.slice(3) })
    expect(await send(account, '上午')).toBe('默认')
    await expect(removeFlow(world.ctx, by(account), flowId)).rejects.toThrow('规则“报名”会进入这个流程')
  })

  it('that goes round and round is cut', async () => {
    const { account } = await withFlow('gh_round')
    await send(account, '报名')
    const answers: string[] = []
    for (let n = 0; n < 40 && answers.at(-1) !== '默认'; n++) answers.push(await send(account, '下午'))
    expect(answers.at(-1)).toBe('默认')
    expect(answers.length).toBeLessThan(20)
    expect(await places(account)).toEqual([])
  })
})

it('rules and flows go with their account', async () => {
  const account = await bind('gh_gone')
  const step = {
    id: 'a',
    contents: say('?'),
    next: { type: 'wait' as const, branches: [], otherwise: 'end' },
  }
  const flowId = await addFlow(world.ctx, by(account), {
    name: 'f',
    minutes: 5,
    timeoutText: '',
    enabled: true,
    steps: [step],
  })
  await addRules(world.ctx, by(account), [newRule({ words: ['a'], flowId })])
  expect(await send(account, 'a')).toBe('?')
  await removeAccount(world.ctx, 'test', world.corpId, 'gh_gone')
  for (const table of ['official_rule', 'official_flow', 'official_flow_state'] as const) {
    const rows = await world.ctx.db
      .selectFrom(table)
      .where('original_id', '=', 'gh_gone')
      .select('original_id')
      .execute()
    expect(rows).toEqual([])
  }
})

it('a disabled account is answered nothing', async () => {
  const account = await bind('gh_off')
  await addRules(world.ctx, by(account), [newRule({ kind: 'default', contents: say('x') })])
  await setAccount(world.ctx, 'test', world.corpId, 'gh_off', { enabled: false })
  expect(await send(account, 'x')).not.toContain('x')
})
