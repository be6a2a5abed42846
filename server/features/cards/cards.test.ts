import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { setDeveloper } from '../../callers/developers/developer-admin.ts'
import { removeAgent } from '../../organisation/corps/corps.ts'
import { sampleCards } from '../../upstream/wecom/cards/card-samples.ts'
import { cardTypes } from '../../upstream/wecom/cards/template-card.ts'
import { fresh, statusOf } from '../messages/messages.fixture.ts'
import { findMessage } from '../messages/parts/store.ts'
import { cardsOf, press, seen, sendCard, startCards } from './cards.fixture.ts'

let cards: Awaited<ReturnType<typeof startCards>>
let world: World
beforeAll(async () => {
  cards = await startCards()
  ;({ world } = cards)
})
afterAll(() => cards.close())
beforeEach(() => cards.nextMinutes())

describe('sending', () => {
  it.each(cardTypes)('a %s arrives as it was given, under a task_id of its own', async kind => {
    const { retCode, retMessage, body } = await cards.send(kind)
    expect([retCode, retMessage]).toEqual(['0', '成功'])
    expect(body).toMatchObject({ status: 'sent', invaliduser: '' })
    expect(body.warnings).toBeUndefined()
    const [shown] = await cardsOf(world, body.msgId)
    expect(shown?.content).toEqual({ ...sampleCards[kind], task_id: `${body.msgId}@1` })
  })

  it('takes the card as text, names its source, and warns of what WeCom cuts', async () => {
    const { source: _, ...card } = sampleCards.vote_interaction
    const long = { ...card, main_title: { title: '长'.repeat(37), desc: '<b>粗</b>' } }
    const { body } = await cards.send('vote_interaction', { card: JSON.stringify(long) })
    expect(body.warnings).toEqual([
      { path: 'card.main_title.title', message: '建议不超过 36 个字，现有 37 个，超出的部分可能不显示' },
      { path: 'card.main_title.desc', message: '不支持 HTML，标签会原样显示' },
    ])
    const [shown] = await cardsOf(world, body.msgId)
    expect(shown?.content).toMatchObject({ source: { desc: '审批' } })
    const english = await fresh(world, cards.dev).post(
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
    ['firstPressWins that is no yes', { firstPressWins: 'yes' }, '1000', /firstPressWins 应为 true 或 false/],
    ['no agentName', { agentName: '' }, '1001', /agentName/],
  ])('refuses %s, and stores nothing', async (_name, body, code, reason) => {
    const count = () => world.ctx.db.selectFrom('message').select('id').execute()
    const before = (await count()).length
    const answer = await cards.send('button_interaction', body)
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
      const answer = await cards.send(kind, { agentId: String(deaf) })
      expect(answer.retCode).toBe('1008')
      expect(answer.retMessage).toContain(`企业微信应用 ${deaf} 还没有设置接收消息`)
    }
    expect((await cards.send('news_notice', { agentId: String(deaf) })).retCode).toBe('0')
  })

  it('answers a repeated requestId with the same message and its warnings', async () => {
    const card = { ...sampleCards.vote_interaction, main_title: { title: '长'.repeat(40) } }
    const first = await cards.send('vote_interaction', { card, requestId: 'card-1' })
    // As a language writes it whose maps have no order.
    const turned = Object.fromEntries(Object.entries(card).reverse())
    const again = await cards.send('vote_interaction', { card: turned, requestId: 'card-1' })
    expect(again.body).toEqual(first.body)
    expect(await cardsOf(world, first.body.msgId)).toHaveLength(1)
    const other = await cards.send('vote_interaction', { requestId: 'card-1' })
    expect(other).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('card-1') })
  })

  it('two equal cards are two cards, and an unclear one is not sent twice', async () => {
    const [one, two] = [await cards.send('news_notice'), await cards.send('news_notice')]
    expect(await cardsOf(world, one.body.msgId)).toHaveLength(1)
    expect(await cardsOf(world, two.body.msgId)).toHaveLength(1)
    await world.control('faults', { match: 'message/send', mode: 'http500', times: 1 })
    const third = await cards.send('vote_interaction')
    expect(third.body.status).toBe('queued')
    world.clock.offsetMs += 10_000
    await world.ctx.dispatcher.drain()
    expect((await statusOf(world, third.body.msgId, cards.dev)).status).toBe('sent')
    expect(await cardsOf(world, third.body.msgId)).toHaveLength(1)
  })

  it('perPerson makes a call for each receiver', async () => {
    const { body } = await cards.send('vote_interaction', { toUser: 'zhangsan|lisi|wangwu', perPerson: '1' })
    const shown = await cardsOf(world, body.msgId)
    expect(shown.map(one => one.to)).toEqual([['zhangsan'], ['lisi'], ['wangwu']])
    expect(new Set(shown.map(one => one.content['task_id'])).size).toBe(3)
  })
})

describe('presses', () => {
  it('change the card at once, are told once and counted, however often they come', async () => {
    const requestId = 'pressed-once'
    const { body } = await cards.send('button_interaction', { toUser: 'zhangsan|lisi', requestId })
    await world.control('faults', { match: 'callback/agent', mode: 'duplicateCallback', times: 1 })
    const selected = { deputy: ['zhaoliu'] }
    const pressed = await press(world, body.msgId, 'zhangsan', 'agree', { selected })
    expect(pressed).toMatchObject({ state: 'answered', note: '', reply: { MsgType: 'update_button' } })
    expect((await seen(world, body.msgId, 'zhangsan')).replaced).toBe('已提交')
    expect((await seen(world, body.msgId, 'lisi')).replaced).toBeNull()
    const event = await until('the event', () => cards.told(body.msgId)[0])
    expect(event.data).toMatchObject({
      msgId: body.msgId,
      requestId,
      userId: 'zhangsan',
      key: 'agree',
      cardType: 'button_interaction',
      accepted: true,
      selected: [{ questionKey: 'deputy', optionIds: ['zhaoliu'] }],
      at: expect.stringMatching(/^20.*Z$/),
    })
    const { body: answers } = await cards.answers(body.msgId)
    expect(answers).toMatchObject({
      msgId: body.msgId,
      cardType: 'button_interaction',
      firstUserId: '',
      total: 1,
      updatable: 2,
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
    const open = await cards.answers(body.msgId, { state: 'unanswered' })
    expect(open.body.list).toEqual([{ userId: 'lisi', key: '', selected: [], accepted: false, at: '' }])
    await world.settleAgent(cards.agentId)
    expect(cards.told(body.msgId)).toHaveLength(1)
  })

  it('a vote counts the newest answer of each person', async () => {
    const onPress = { card: sampleCards.vote_interaction }
    const { body } = await cards.send('vote_interaction', { toUser: 'zhangsan|lisi', onPress })
    await press(world, body.msgId, 'zhangsan', 'submit', { selected: { day: ['d1', 'd3'] } })
    expect((await seen(world, body.msgId, 'zhangsan')).card).toEqual(sampleCards.vote_interaction)
    world.clock.offsetMs += 2000
    await press(world, body.msgId, 'zhangsan', 'submit', { selected: { day: ['d2'] } })
    await press(world, body.msgId, 'lisi', 'submit', { selected: { day: ['d2', 'd3'] } })
    const { questions, list } = (await cards.answers(body.msgId)).body
    expect(questions[0].options.map((one: { persons: number }) => one.persons)).toEqual([0, 2, 1])
    expect(list.map((one: { userId: string }) => one.userId)).toEqual(['lisi', 'zhangsan'])
    await until('three events', () => cards.told(body.msgId).length === 3)
  })

  it('a notice is answered by its menu, whose lines are events of their own', async () => {
    const onPress = {
      card: { ...sampleCards.text_notice, main_title: { title: '已取消' } },
      replaceText: '已取消',
    }
    const { body } = await cards.send('text_notice', { onPress })
    const pressed = await press(world, body.msgId, 'zhangsan', 'cancel', { menu: true })
    expect(pressed).toMatchObject({ note: '', reply: { MsgType: 'update_template_card' } })
    expect((await seen(world, body.msgId, 'zhangsan')).card).toEqual(onPress.card)
    const event = await until('the event', () => cards.told(body.msgId, 'message.card.menu')[0])
    expect(event.data).toMatchObject({ userId: 'zhangsan', key: 'cancel', cardType: 'text_notice' })
    expect(event.data).not.toHaveProperty('selected')
    expect((await cards.answers(body.msgId)).body).toMatchObject({
      counts: { answered: 1 },
      keys: [{ key: 'cancel', persons: 1 }, { persons: 0 }],
    })
  })

  it('the first press ends it for all: the others see who it was, also those whose card was on its way', async () => {
    const { body } = await cards.send('button_interaction', {
      toUser: 'zhangsan|lisi|wangwu',
      firstPressWins: '1',
      onPress: { replaceName: '已同意' },
    })
    // Two people at once.
    const both = await Promise.all([
      press(world, body.msgId, 'zhangsan', 'agree'),
      press(world, body.msgId, 'lisi', 'reject', { force: true }),
    ])
    expect(both.map(one => one.note)).toEqual(['', ''])
    const events = await until('both events', () => {
      const own = cards.told(body.msgId)
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
    const { body: answers } = await cards.answers(body.msgId)
    expect(answers).toMatchObject({ firstUserId: first, counts: { answered: 3 } })
    expect(answers.keys.reduce((sum: number, one: { persons: number }) => sum + one.persons, 0)).toBe(1)
    // The winner once more.
    const again = await press(world, body.msgId, String(first), 'reject', { force: true })
    expect(again.reply).toMatchObject({ Button: { ReplaceName: `${name}已同意` } })
    expect(
      (await cards.answers(body.msgId)).body.list.find((one: { userId: string }) => one.userId === first)
        .accepted,
    ).toBe(true)
  })

  it('change the cards of the others also where a node died while it was doing that', async () => {
    const { body } = await cards.send('button_interaction', { toUser: 'zhangsan|lisi', firstPressWins: '1' })
    const claimed = { state: 'claimed' as const, claimed_until: new Date(world.ctx.now() + 60_000) }
    const ofCall = world.ctx.db.updateTable('card_code').where('message_id', '=', body.msgId)
    await ofCall.set(claimed).execute()
    await press(world, body.msgId, 'zhangsan', 'agree')
    await until('the event', () => cards.told(body.msgId)[0])
    expect((await seen(world, body.msgId, 'lisi')).replaced).toBeNull()
    world.clock.offsetMs += 70_000
    world.ctx.queue.kick()
    await until('the other', async () => (await seen(world, body.msgId, 'lisi')).replaced === '张三已提交')
  })

  it('are kept and told of a card that was recalled, is too old, or whose agent is gone', async () => {
    const { body } = await cards.send('vote_interaction')
    await fresh(world, cards.dev).post('/api/message/recall', { msgId: body.msgId })
    const late = await press(world, body.msgId, 'zhangsan', 'submit', { force: true })
    expect(late.state).toBe('answered')
    await until('the event', () => cards.told(body.msgId)[0])
    expect((await cards.update(body.msgId, { replaceName: '好' })).retMessage).toContain(
      '没有发出，或已经撤回',
    )
  })

  it('of somebody who was renamed or left still count, under the name of now', async () => {
    await world.connectCallback()
    const [renamed, left] = [...world.ctx.mirrors.of(world.corpId).members.all()]
      .filter(one => one.status === 1 && !['zhangsan', 'lisi', 'wangwu'].includes(one.userId))
      .map(one => one.userId) as [string, string]
    const { body } = await cards.send('vote_interaction', { toUser: [renamed, left] })
    await world.admin('user/rename', { userid: renamed, new_userid: 'zhao6' })
    // The news of it may not have come yet.
    await press(world, body.msgId, 'zhao6', 'submit')
    await world.settle()
    await press(world, body.msgId, left, 'submit')
    await world.admin('user/delete', { userid: left })
    await world.settle()
    const { list } = (await cards.answers(body.msgId)).body
    expect(list.map((one: { userId: string }) => one.userId).sort()).toEqual([left, 'zhao6'].sort())
    const answers = await cards.answers(body.msgId)
    expect(answers.body.counts).toEqual({ receivers: 2, answered: 2, unanswered: 0 })
    await until('both events', () => cards.told(body.msgId).length === 2)
  })

  it('from outside the data scope are kept, and told to nobody', async () => {
    const scoped = await world.addDeveloper({
      scopes: ['directory:read', 'message:send', 'webhook:manage'],
    })
    await scoped.post('/api/webhook/create', { url: cards.target.url })
    const { body } = await sendCard(world, 'vote_interaction', { toUser: 'zhangsan|lisi' }, scoped)
    const lisi = world.ctx.mirrors.of(world.corpId).members.byKey('lisi')!
    const departments = [lisi.departments[0]!]
    await setDeveloper(world.ctx, 'test', scoped.devId, { dataScope: { departments, tags: [] } } as never)
    const zhangsan = world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!
    expect(zhangsan.departments).not.toContain(departments[0])
    await press(world, body.msgId, 'zhangsan', 'submit')
    await press(world, body.msgId, 'lisi', 'submit')
    await until('the event', () => cards.told(body.msgId)[0])
    expect(cards.told(body.msgId).map(one => one.data['userId'])).toEqual(['lisi'])
    const answers = await cards.answers(body.msgId, {}, scoped)
    expect(answers.body).toMatchObject({ counts: { receivers: 1, answered: 1 } })
    const kept = await world.ctx.db
      .selectFrom('card_press')
      .select('user_id')
      .where('asked', '=', body.msgId)
      .execute()
    expect(kept).toHaveLength(2)
  })

  it('of a card that wisp did not send go the way of all pushes', async () => {
    const { body } = await cards.send('vote_interaction')
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
        agentId: cards.agentId,
        fields: { ...foreign, TaskId, ResponseCode },
      })
      expect(pushed).toMatchObject({ state: 'answered', reply: null })
    }
    // The task_id of another agent's message.
    const other = await world.connectAgent(world.sandbox.agents[1]!.agentId)
    const fields = { ...foreign, TaskId: String(shown?.content['task_id']), ResponseCode: 'foreign-3' }
    expect(await world.control('agents/push', { agentId: other, fields })).toMatchObject({ reply: null })
    expect((await cards.answers(body.msgId)).body.counts.answered).toBe(0)
  })
})

it('a card that waited for its time is answered by the id that its send was told', async () => {
  const sendAt = new Date(world.ctx.now() + 600_000).toISOString()
  const { body } = await cards.send('button_interaction', { sendAt, requestId: 'waited' })
  expect(body.status).toBe('queued')
  expect((await cards.answers(body.msgId)).retCode).toBe('1000')
  world.clock.offsetMs += 601_000
  world.ctx.queue.kick()
  const left = await until('it has left', async () => {
    const status = await statusOf(world, body.msgId, cards.dev)
    const message = await findMessage(world.ctx.db, { corpId: world.corpId, id: body.msgId })
    return status.status === 'sent' && message?.children?.[0]
  })
  await press(world, left, 'zhangsan', 'agree', { selected: { deputy: ['zhaoliu'] } })
  const event = await until('the event', () => cards.told(body.msgId)[0])
  expect(event.data).toMatchObject({ msgId: body.msgId, requestId: 'waited', userId: 'zhangsan' })
  const { body: answers } = await cards.answers(body.msgId)
  expect(answers).toMatchObject({ msgId: body.msgId, counts: { answered: 1 } })
})

it('an agent that is gone: a press that was on its way is kept and told, and nothing can be changed', async () => {
  const { agentId } = world.sandbox.agents[1]!
  await world.connectAgent(agentId)
  const { body } = await cards.send('vote_interaction', { agentId: String(agentId) })
  await removeAgent(world.ctx, 'test', world.corpId, agentId)
  const { corpId } = world
  const common = { corpId, agentId, userId: 'zhangsan', cardType: 'vote_interaction', isMenu: false }
  const plain = '<xml></xml>'
  const stored = { payloadHash: 'h', raw: plain, plain, kind: 'own_card_event', entity: 'user:zhangsan' }
  const accepted = await world.ctx.offered.cardPressed(
    {
      ...common,
      taskId: `${body.msgId}@1`,
      key: 'submit',
      responseCode: 'gone',
      selected: [],
      pressedAt: new Date(world.ctx.now()),
    },
    { corpId, stream: 'agent', account: String(agentId), dedupeKey: `${agentId} press gone`, ...stored },
  )
  expect(accepted).toMatchObject({ outcome: 'stored', answer: { xml: expect.stringContaining('已提交') } })
  await until('the event', () => cards.told(body.msgId)[0])
  const answer = await cards.update(body.msgId, { replaceName: '好' })
  expect(answer).toMatchObject({ retCode: '1008', retMessage: expect.stringContaining('已移除') })
})
