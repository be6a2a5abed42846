import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { sampleCards } from '../../../upstream/wecom/card-samples.ts'
import { cardTypes } from '../../../upstream/wecom/template-card.ts'
import { startTarget, type Target } from '../../webhooks/target.fixture.ts'
import { fresh, statusOf, useAgents } from '../messages.fixture.ts'
import { cardsOf, press, seen, sendCard } from './cards.fixture.ts'

let world: World
let agentId: number
let dev: Caller
let target: Target
const hourMs = 3_600_000
const get = async (msgId: string, query: object = {}, by = dev) =>
  await fresh(world, by).get('/api/message/card', { msgId, ...query })
const update = (msgId: string, body: object, by = dev) =>
  fresh(world, by).post('/api/message/card/update', { msgId, ...body })
const send = (kind: (typeof cardTypes)[number], body: object = {}) => sendCard(world, kind, body, dev)
const told = (msgId: string, type = 'message.card.pressed') =>
  target.got.map(one => one.event).filter(one => one.type === type && one.data['msgId'] === msgId)

beforeAll(async () => {
  world = await startWorld({ members: 40, isOneClock: true })
  await useAgents(world)
  agentId = await world.connectAgent()
  dev = await world.addDeveloper({ scopes: ['directory:read', 'message:send', 'webhook:manage'] })
  target = await startTarget()
  await dev.post('/api/webhook/create', { url: target.url })
})
afterAll(async () => {
  await world.close()
  await target.close()
})
// A member gets 30 messages of an agent a minute.
beforeEach(() => {
  world.clock.offsetMs += 120_000
})

describe('sending', () => {
  it.each(cardTypes)('a %s arrives as it was given, under a task_id of its own', async kind => {
    const { retCode, retMessage, body } = await send(kind)
    expect([retCode, retMessage]).toEqual(['0', '成功'])
    expect(body).toMatchObject({ status: 'sent', invaliduser: '' })
    expect(body.warnings).toBeUndefined()
    const [shown] = await cardsOf(world, body.msgId)
    expect(shown?.content).toEqual({ ...sampleCards[kind], task_id: `${body.msgId}@1` })
  })

  it('takes the card as text, names its source, and warns of what WeCom cuts', async () => {
    const { source: _, ...card } = sampleCards.vote_interaction
    const long = { ...card, main_title: { title: '长'.repeat(37), desc: '<b>粗</b>' } }
    const { body } = await send('vote_interaction', { card: JSON.stringify(long) })
    expect(body.warnings).toEqual([
      { path: 'card.main_title.title', message: '建议不超过 36 个字，现有 37 个，超出的部分可能不显示' },
      { path: 'card.main_title.desc', message: '不支持 HTML，标签会原样显示' },
    ])
    const [shown] = await cardsOf(world, body.msgId)
    expect(shown?.content).toMatchObject({ source: { desc: '审批' } })
    const english = await fresh(world, dev).post(
      '/api/message/send',
      { toUser: 'lisi', sendType: '0', msgType: '04', agentName: '审批', card: long },
      { 'accept-language': 'en' },
    )
    expect(english.body.warnings[1].message).toBe('there is no HTML here: tags are shown as they stand')
  })

  it.each<[string, object, string, RegExp]>([
    ['no card', { card: undefined }, '1001', /card/],
    ['a card that is no JSON', { card: '{' }, '1000', /card 不是正确的 JSON/],
    ['a card that is a list', { card: [1] }, '1000', /card 应为 JSON 对象/],
    [
      'a wrong card',
      { card: { ...sampleCards.text_notice, card_action: {} } },
      '1000',
      /card\.card_action\.type 没有填写/,
    ],
    [
      'a given task_id',
      { card: { ...sampleCards.vote_interaction, task_id: 't' } },
      '1000',
      /card\.task_id 由平台生成/,
    ],
    ['a card beside another kind', { msgType: '03', content: 'x' }, '1000', /card 只在 msgType 为 04 时使用/],
    ['an unknown field of onPress', { onPress: { name: 'x' } }, '1000', /onPress\.name 不是 onPress 的字段/],
    [
      'onPress with both',
      { onPress: { replaceName: '好', card: sampleCards.text_notice } },
      '1000',
      /onPress\.replaceName 与 onPress\.card 填一个/,
    ],
    ['an empty onPress', { onPress: {} }, '1001', /onPress\.replaceName 与 onPress\.card 填一个/],
    [
      'a replaceName that is too long',
      { onPress: { replaceName: '长'.repeat(33) } },
      '1000',
      /onPress\.replaceName 最长 32/,
    ],
    [
      'a wrong card in onPress',
      { onPress: { card: { card_type: 'text_notice' } } },
      '1000',
      /onPress\.card\.card_action 没有填写/,
    ],
    [
      'replaceName for a notice',
      { card: sampleCards.text_notice, onPress: { replaceName: '好' } },
      '1000',
      /onPress\.replaceName 不能用于没有按钮的 text_notice/,
    ],
    [
      'firstPressWins for a notice',
      { card: sampleCards.text_notice, firstPressWins: '1' },
      '1000',
      /firstPressWins 只用于/,
    ],
    ['firstPressWins that is no flag', { firstPressWins: 'true' }, '1000', /firstPressWins 应为 0 或 1/],
    ['no agentName', { agentName: '' }, '1001', /agentName/],
  ])('refuses %s, and stores nothing', async (_name, body, code, reason) => {
    const count = () => world.ctx.db.selectFrom('message').select('id').execute()
    const before = (await count()).length
    const answer = await send('button_interaction', body)
    expect(answer.retCode).toBe(code)
    expect(answer.retMessage).toMatch(reason)
    expect((await count()).length).toBe(before)
  })

  it('needs the callback of the agent for what can be answered, and says where to set it up', async () => {
    const deaf = world.sandbox.agents[1]!.agentId
    for (const kind of [
      'button_interaction',
      'vote_interaction',
      'multiple_interaction',
      'text_notice',
    ] as const) {
      const answer = await send(kind, { agentId: String(deaf) })
      expect(answer.retCode).toBe('1008')
      expect(answer.retMessage).toContain(`企业微信应用 ${deaf} 还没有设置接收消息`)
    }
    expect((await send('news_notice', { agentId: String(deaf) })).retCode).toBe('0')
  })

  it('answers a repeated requestId with the same message and its warnings', async () => {
    const card = { ...sampleCards.vote_interaction, main_title: { title: '长'.repeat(40) } }
    const first = await send('vote_interaction', { card, requestId: 'card-1' })
    // As a language writes it whose maps have no order.
    const turned = Object.fromEntries(Object.entries(card).reverse())
    const again = await send('vote_interaction', { card: turned, requestId: 'card-1' })
    expect(again.body).toEqual(first.body)
    expect(await cardsOf(world, first.body.msgId)).toHaveLength(1)
    const other = await send('vote_interaction', { requestId: 'card-1' })
    expect(other).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('card-1') })
  })

  it('two equal cards are two cards, and an unclear one is not sent twice', async () => {
    const [one, two] = [await send('news_notice'), await send('news_notice')]
    expect(await cardsOf(world, one.body.msgId)).toHaveLength(1)
    expect(await cardsOf(world, two.body.msgId)).toHaveLength(1)
    await world.control('faults', { match: 'message/send', mode: 'http500', times: 1 })
    const third = await send('vote_interaction')
    expect(third.body.status).toBe('queued')
    world.clock.offsetMs += 10_000
    await world.ctx.dispatcher.drain()
    expect((await statusOf(world, third.body.msgId, dev)).status).toBe('sent')
    expect(await cardsOf(world, third.body.msgId)).toHaveLength(1)
  })

  it('perPerson makes a call for each receiver', async () => {
    const { body } = await send('vote_interaction', { toUser: 'zhangsan|lisi|wangwu', perPerson: '1' })
    const shown = await cardsOf(world, body.msgId)
    expect(shown.map(one => one.to)).toEqual([['zhangsan'], ['lisi'], ['wangwu']])
    expect(new Set(shown.map(one => one.content['task_id'])).size).toBe(3)
  })
})

describe('presses', () => {
  it('change the card at once, are told once and counted, however often they come', async () => {
    const { body } = await send('button_interaction', { toUser: 'zhangsan|lisi' })
    await world.control('faults', { match: 'callback/agent', mode: 'duplicateCallback', times: 1 })
    const selected = { deputy: ['zhaoliu'] }
    const pressed = await press(world, body.msgId, 'zhangsan', 'agree', { selected })
    expect(pressed).toMatchObject({ state: 'answered', note: '', reply: { MsgType: 'update_button' } })
    expect((await seen(world, body.msgId, 'zhangsan')).replaced).toBe('已提交')
    expect((await seen(world, body.msgId, 'lisi')).replaced).toBeNull()
    const event = await until('the event', () => told(body.msgId)[0])
    expect(event.data).toMatchObject({
      ...{
        msgId: body.msgId,
        userId: 'zhangsan',
        key: 'agree',
        cardType: 'button_interaction',
        accepted: true,
      },
      selected: [{ questionKey: 'deputy', optionIds: ['zhaoliu'] }],
      at: expect.stringMatching(/^20.*Z$/),
    })
    const { body: answers } = await get(body.msgId)
    expect(answers).toMatchObject({
      ...{ msgId: body.msgId, cardType: 'button_interaction', firstUserId: '', total: 1, updatable: 2 },
      counts: { receivers: 2, answered: 1, unanswered: 1 },
      keys: [
        { key: 'agree', text: '同意', persons: 1 },
        { key: 'reject', text: '驳回', persons: 0 },
      ],
      questions: [
        {
          questionKey: 'deputy',
          title: '代理人',
          options: [
            { id: 'wangwu', text: '王五', persons: 0 },
            { id: 'zhaoliu', text: '赵六', persons: 1 },
          ],
        },
      ],
      list: [{ userId: 'zhangsan', key: 'agree', accepted: true }],
    })
    const open = await get(body.msgId, { state: 'unanswered' })
    expect(open.body.list).toEqual([{ userId: 'lisi', key: '', selected: [], accepted: false, at: '' }])
    await world.settleAgent(agentId)
    expect(told(body.msgId)).toHaveLength(1)
  })

  it('a vote counts the newest answer of each person', async () => {
    const onPress = { card: sampleCards.vote_interaction }
    const { body } = await send('vote_interaction', { toUser: 'zhangsan|lisi', onPress })
    await press(world, body.msgId, 'zhangsan', 'submit', { selected: { day: ['d1', 'd3'] } })
    expect((await seen(world, body.msgId, 'zhangsan')).card).toEqual(sampleCards.vote_interaction)
    world.clock.offsetMs += 2000
    await press(world, body.msgId, 'zhangsan', 'submit', { selected: { day: ['d2'] } })
    await press(world, body.msgId, 'lisi', 'submit', { selected: { day: ['d2', 'd3'] } })
    const { questions, list } = (await get(body.msgId)).body
    expect(questions[0].options.map((one: { persons: number }) => one.persons)).toEqual([0, 2, 1])
    expect(list.map((one: { userId: string }) => one.userId)).toEqual(['lisi', 'zhangsan'])
    await until('three events', () => told(body.msgId).length === 3)
  })

  it('a notice is answered by its menu, whose lines are events of their own', async () => {
    const onPress = {
      card: { ...sampleCards.text_notice, main_title: { title: '已取消' } },
      replaceText: '已取消',
    }
    const { body } = await send('text_notice', { onPress })
    const pressed = await press(world, body.msgId, 'zhangsan', 'cancel', { menu: true })
    expect(pressed).toMatchObject({ note: '', reply: { MsgType: 'update_template_card' } })
    expect((await seen(world, body.msgId, 'zhangsan')).card).toEqual(onPress.card)
    const event = await until('the event', () => told(body.msgId, 'message.card.menu')[0])
    expect(event.data).toMatchObject({ userId: 'zhangsan', key: 'cancel', cardType: 'text_notice' })
    expect(event.data).not.toHaveProperty('selected')
    expect((await get(body.msgId)).body).toMatchObject({
      counts: { answered: 1 },
      keys: [{ key: 'cancel', persons: 1 }, { persons: 0 }],
    })
  })

  it('the first press ends it for all: the others see who it was, also those whose card was on its way', async () => {
    const { body } = await send('button_interaction', {
      ...{ toUser: 'zhangsan|lisi|wangwu', firstPressWins: '1', onPress: { replaceName: '已同意' } },
    })
    // Two people at once.
    const both = await Promise.all([
      press(world, body.msgId, 'zhangsan', 'agree'),
      press(world, body.msgId, 'lisi', 'reject', { force: true }),
    ])
    expect(both.map(one => one.note)).toEqual(['', ''])
    const events = await until('both events', () => {
      const own = told(body.msgId)
      return own.length === 2 ? own : undefined
    })
    const first = events.find(one => one.data['accepted'])!.data['userId']
    expect(events.filter(one => one.data['accepted'])).toHaveLength(1)
    const name = first === 'zhangsan' ? '张三' : '李四'
    await until(
      'the others',
      async () => (await seen(world, body.msgId, 'wangwu')).replaced === `${name}已同意`,
    )
    const loser = first === 'zhangsan' ? 'lisi' : 'zhangsan'
    expect((await seen(world, body.msgId, String(first))).replaced).toBe('已同意')
    expect((await seen(world, body.msgId, loser)).replaced).toBe(`${name}已同意`)
    const late = await press(world, body.msgId, 'wangwu', 'agree', { force: true })
    expect(late.reply).toMatchObject({ Button: { ReplaceName: `${name}已同意` } })
    const { body: answers } = await get(body.msgId)
    expect(answers).toMatchObject({ firstUserId: first, counts: { answered: 3 } })
    expect(answers.keys.reduce((sum: number, one: { persons: number }) => sum + one.persons, 0)).toBe(1)
    // The winner once more.
    const again = await press(world, body.msgId, String(first), 'reject', { force: true })
    expect(again.reply).toMatchObject({ Button: { ReplaceName: `${name}已同意` } })
    expect(
      (await get(body.msgId)).body.list.find((one: { userId: string }) => one.userId === first).accepted,
    ).toBe(true)
  })

  it('are kept and told of a card that was recalled, is too old, or whose agent is gone', async () => {
    const { body } = await send('vote_interaction')
    await fresh(world, dev).post('/api/message/recall', { msgId: body.msgId })
    const late = await press(world, body.msgId, 'zhangsan', 'submit', { force: true })
    expect(late.state).toBe('answered')
    await until('the event', () => told(body.msgId)[0])
    expect((await update(body.msgId, { replaceName: '好' })).retMessage).toContain('没有发出，或已经撤回')
  })

  it('of somebody who was renamed or left still count, under the name of now', async () => {
    const [renamed, left] = [...world.ctx.mirrors.of(world.corpId).members.all()]
      .filter(one => one.status === 1 && !['zhangsan', 'lisi', 'wangwu'].includes(one.userId))
      .map(one => one.userId) as [string, string]
    const { body } = await send('vote_interaction', { toUser: [renamed, left] })
    await world.admin('user/rename', { userid: renamed, new_userid: 'zhao6' })
    // The news of it has not come yet.
    await press(world, body.msgId, 'zhao6', 'submit')
    await world.sync()
    await press(world, body.msgId, left, 'submit')
    await world.admin('user/delete', { userid: left })
    await world.sync()
    const { list } = (await get(body.msgId)).body
    expect(list.map((one: { userId: string }) => one.userId).sort()).toEqual([left, 'zhao6'].sort())
    await until('both events', () => told(body.msgId).length === 2)
  })

  it('from outside the data scope are kept, and told to nobody', async () => {
    const scoped = await world.addDeveloper({
      scopes: ['directory:read', 'message:send', 'webhook:manage'],
    })
    await scoped.post('/api/webhook/create', { url: target.url })
    const { body } = await sendCard(world, 'vote_interaction', { toUser: 'zhangsan|lisi' }, scoped)
    const { setDeveloper } = await import('../../../callers/developers/developer-admin.ts')
    const lisi = world.ctx.mirrors.of(world.corpId).members.byKey('lisi')!
    const departments = [lisi.departments[0]!]
    await setDeveloper(world.ctx, 'test', scoped.devId, { dataScope: { departments, tags: [] } } as never)
    const zhangsan = world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!
    expect(zhangsan.departments).not.toContain(departments[0])
    await press(world, body.msgId, 'zhangsan', 'submit')
    await press(world, body.msgId, 'lisi', 'submit')
    await until('the event', () => told(body.msgId)[0])
    expect(told(body.msgId).map(one => one.data['userId'])).toEqual(['lisi'])
    const answers = await get(body.msgId, {}, scoped)
    expect(answers.body).toMatchObject({ counts: { receivers: 1, answered: 1 } })
    const kept = await world.ctx.db
      .selectFrom('card_press')
      .select('user_id')
      .where('asked', '=', body.msgId)
      .execute()
    expect(kept).toHaveLength(2)
  })

  it('of a card that wisp did not send go the way of all pushes', async () => {
    const { body } = await send('vote_interaction')
    const [shown] = await cardsOf(world, body.msgId)
    const foreign = {
      FromUserName: 'zhangsan',
      Event: 'template_card_event',
      EventKey: 'k',
      CardType: 'vote_interaction',
    }
    for (const [TaskId, ResponseCode] of [
      ['other', 'foreign-1'],
      [`${'x'.repeat(32)}@1`, 'foreign-2'],
    ]) {
      const pushed = await world.control('agents/push', {
        agentId,
        fields: { ...foreign, TaskId, ResponseCode },
      })
      expect(pushed).toMatchObject({ state: 'answered', reply: null })
    }
    // The task_id of another agent's message.
    const other = await world.connectAgent(world.sandbox.agents[1]!.agentId)
    const fields = { ...foreign, TaskId: String(shown?.content['task_id']), ResponseCode: 'foreign-3' }
    expect(await world.control('agents/push', { agentId: other, fields })).toMatchObject({ reply: null })
    expect((await get(body.msgId)).body.counts.answered).toBe(0)
  })
})

describe('updates', () => {
  it('use the code of the send for all, then the codes of presses, and say when none is left', async () => {
    const { body } = await send('vote_interaction', { toUser: 'zhangsan|lisi' })
    const all = await update(body.msgId, { replaceName: '已截止' })
    expect(all.body).toEqual({ updated: 2, invaliduser: '', failed: [] })
    for (const user of ['zhangsan', 'lisi'])
      expect((await seen(world, body.msgId, user)).replaced).toBe('已截止')
    const none = await update(body.msgId, { replaceName: '再一次' })
    expect(none.retCode).toBe('1000')
    expect(none.retMessage).toContain('这次发送的更新 code 已经用过')
    await press(world, body.msgId, 'lisi', 'submit', { force: true })
    const card = { ...sampleCards.text_notice, main_title: { title: '投票结果' } }
    const some = await update(body.msgId, { card, replaceText: '已结束' })
    expect(some.body).toMatchObject({ updated: 1, failed: [{ userId: 'zhangsan' }] })
    expect((await seen(world, body.msgId, 'lisi')).card).toEqual({ ...card, replace_text: '已结束' })
  })

  it('of some people use what their presses brought first', async () => {
    const { body } = await send('vote_interaction', { toUser: 'zhangsan|lisi|wangwu' })
    await press(world, body.msgId, 'zhangsan', 'submit')
    expect((await update(body.msgId, { userIds: 'zhangsan', replaceName: '张' })).body.updated).toBe(1)
    expect((await update(body.msgId, { replaceName: '都' })).body.updated).toBe(3)
    const apart = await send('vote_interaction', { toUser: 'zhangsan|lisi', perPerson: '1' })
    expect((await update(apart.body.msgId, { userIds: ['lisi'], replaceName: '李' })).body.updated).toBe(1)
    expect((await update(apart.body.msgId, { userIds: ['zhangsan'], replaceName: '张' })).body.updated).toBe(
      1,
    )
    expect((await seen(world, apart.body.msgId, 'zhangsan')).replaced).toBe('张')
  })

  it.each<[string, object, string, RegExp]>([
    ['nothing to change it into', {}, '1001', /replaceName.*card/],
    ['both', { replaceName: 'x', card: sampleCards.text_notice }, '1000', /replaceName 与 card 填一个/],
    [
      'replaceText without a card',
      { replaceName: 'x', replaceText: 'y' },
      '1000',
      /replaceText 只与 card 一起使用/,
    ],
    ['a wrong card', { card: { card_type: 'vote' } }, '1000', /card\.card_type 应为/],
    [
      'people who never got it',
      { userIds: 'zhangsan|lisi|nobody', replaceName: 'x' },
      '1000',
      /没有收到这张卡片：lisi\|nobody/,
    ],
  ])('refuse %s', async (_name, body, code, reason) => {
    const { body: sent } = await send('vote_interaction')
    const answer = await update(sent.msgId, body)
    expect(answer.retCode).toBe(code)
    expect(answer.retMessage).toMatch(reason)
    expect((await update(sent.msgId, { replaceName: '还在' })).retCode).toBe('0')
  })

  it("treat another developer's message as unknown, and refuse what is no card or cannot be changed", async () => {
    const other = await world.addDeveloper({ scopes: ['message:send'] })
    const { body } = await send('vote_interaction')
    for (const answer of [
      await update(body.msgId, { replaceName: 'x' }, other),
      await get(body.msgId, {}, other),
      await fresh(world, other).post('/api/message/card/remind', { msgId: body.msgId }),
      await update('unknown', { replaceName: 'x' }),
    ])
      expect(answer).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('没有消息') })
    const text = { toUser: 'zhangsan', sendType: '0', msgType: '03', agentName: '审批', content: 'x' }
    const plain = await fresh(world, dev).post('/api/message/send', text)
    expect((await get(plain.body.msgId)).retMessage).toContain('不是卡片')
    const notice = await send('news_notice')
    expect((await update(notice.body.msgId, { card: sampleCards.text_notice })).retMessage).toContain(
      '企业微信不能更新',
    )
    const menu = await send('text_notice')
    expect((await update(menu.body.msgId, { replaceName: 'x' })).retMessage).toContain('replaceName 不能用于')
  })

  it('two at once lose nothing: one changes it, the other says that no code is left', async () => {
    const { body } = await send('vote_interaction')
    const both = await Promise.all(['一', '二'].map(replaceName => update(body.msgId, { replaceName })))
    expect(both.map(one => one.retCode).sort()).toEqual(['0', '1000'])
    expect(both.find(one => one.retCode === '1000')?.retMessage).toMatch(/正在使用它的 code|已经用过/)
    const { replaced } = await seen(world, body.msgId, 'zhangsan')
    expect(replaced).toBe(['一', '二'][both.findIndex(one => one.retCode === '0')])
  })

  it('that are unclear are asked for once more with the same code', async () => {
    const { body } = await send('vote_interaction')
    await world.control('faults', { match: 'update_template_card', mode: 'truncated', times: 1 })
    expect((await update(body.msgId, { replaceName: '一次' })).body.updated).toBe(1)
    expect((await seen(world, body.msgId, 'zhangsan')).replaced).toBe('一次')
    const next = await send('vote_interaction')
    await world.control('faults', { match: 'update_template_card', mode: 'busy', times: 1 })
    expect((await update(next.body.msgId, { replaceName: '忙' })).retCode).toBe('1008')
    expect((await update(next.body.msgId, { replaceName: '好了' })).retCode).toBe('0')
  })

  it('begun by a node that died are tried again after a minute, because nobody knows', async () => {
    const { body } = await send('vote_interaction')
    const dead = { state: 'claimed' as const, claimed_until: new Date(world.ctx.now() + 60_000) }
    await world.ctx.db.updateTable('card_code').set(dead).where('message_id', '=', body.msgId).execute()
    expect((await update(body.msgId, { replaceName: '等' })).retMessage).toContain(
      '不知是否生效，请一分钟后再试',
    )
    world.clock.offsetMs += 61_000
    expect((await update(body.msgId, { replaceName: '好' })).body.updated).toBe(1)
  })

  it('have 72 hours', async () => {
    const { body } = await send('vote_interaction')
    world.clock.offsetMs += 73 * hourMs
    const late = await update(body.msgId, { replaceName: '晚' })
    expect(late).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('超过 72 小时') })
    expect((await get(body.msgId)).body.updatable).toBe(0)
  })
})

describe('reminders', () => {
  it('go to those who have not answered, count for the first message, and once in four hours', async () => {
    const { body } = await send('vote_interaction', { toUser: 'zhangsan|lisi|wangwu' })
    await press(world, body.msgId, 'zhangsan', 'submit')
    const remind = () => fresh(world, dev).post('/api/message/card/remind', { msgId: body.msgId })
    const first = await remind()
    expect(first.body).toEqual({ msgId: expect.any(String), receivers: 2 })
    const [again] = await cardsOf(world, first.body.msgId)
    expect(again?.to).toEqual(['lisi', 'wangwu'])
    const soon = await remind()
    expect(soon).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('4 小时内已提醒过') })
    await press(world, first.body.msgId, 'lisi', 'submit', { selected: { day: ['d3'] } })
    const { body: answers } = await get(body.msgId)
    expect(answers).toMatchObject({ counts: { receivers: 3, answered: 2 }, reminders: [{ receivers: 2 }] })
    expect((await get(first.body.msgId)).body.msgId).toBe(body.msgId)
    const event = await until('the event', () => told(body.msgId).find(one => one.data['userId'] === 'lisi'))
    expect(event.data['msgId']).toBe(body.msgId)
    expect((await update(body.msgId, { replaceName: '结束' })).body.updated).toBe(3)
    expect((await seen(world, first.body.msgId, 'wangwu')).replaced).toBe('结束')
    world.clock.offsetMs += 4 * hourMs
    const both = await Promise.all([remind(), remind()])
    expect(both.filter(one => one.retCode === '0').map(one => one.body.receivers)).toContain(1)
    expect((await get(body.msgId)).body.reminders).toHaveLength(2)
    await press(world, body.msgId, 'wangwu', 'submit', { force: true })
    world.clock.offsetMs += 4 * hourMs
    expect((await remind()).retMessage).toContain('所有人都已回答')
  })

  it('are refused where there is nothing to answer, or it is over', async () => {
    const remind = (msgId: string) => fresh(world, dev).post('/api/message/card/remind', { msgId })
    const notice = await send('news_notice')
    expect((await remind(notice.body.msgId)).retMessage).toContain('不需要回答')
    const first = await send('button_interaction', { toUser: 'zhangsan|lisi', firstPressWins: '1' })
    await press(world, first.body.msgId, 'zhangsan', 'agree')
    expect((await remind(first.body.msgId)).retMessage).toContain('已有人回答')
    const back = await send('vote_interaction')
    await fresh(world, dev).post('/api/message/recall', { msgId: back.body.msgId })
    expect((await remind(back.body.msgId)).retMessage).toContain('已撤回')
  })
})
