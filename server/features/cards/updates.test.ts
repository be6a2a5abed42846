import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { World } from '../../../test/harness.ts'
import { signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { commands } from '../../cli/commands.ts'
import { readParts } from '../../platform/command/command.ts'
import { sampleCards } from '../../upstream/wecom/cards/card-samples.ts'
import { fresh } from '../messages/messages.fixture.ts'
import { cardsOf, press, seen, startCards } from './cards.fixture.ts'

const hourMs = 3_600_000

let cards: Awaited<ReturnType<typeof startCards>>
let world: World
beforeAll(async () => {
  cards = await startCards()
  ;({ world } = cards)
})
afterAll(() => cards.close())
beforeEach(() => cards.nextMinutes())

describe('updates', () => {
  it('use the code of the send for all, then the codes of presses, and say when none is left', async () => {
    const { body } = await cards.send('vote_interaction', { toUser: 'zhangsan|lisi' })
    const all = await cards.update(body.msgId, { replaceName: '已截止' })
    expect(all.body).toEqual({ updated: 2, invaliduser: '', failed: [] })
    for (const user of ['zhangsan', 'lisi'])
      expect((await seen(world, body.msgId, user)).replaced).toBe('已截止')
    const none = await cards.update(body.msgId, { replaceName: '再一次' })
    expect(none.retCode).toBe('1000')
    expect(none.retMessage).toContain('这次发送的更新 code 已经用过')
    await press(world, body.msgId, 'lisi', 'submit', { force: true })
    const card = { ...sampleCards.text_notice, main_title: { title: '投票结果' } }
    const some = await cards.update(body.msgId, { card, replaceText: '已结束' })
    expect(some.body).toMatchObject({ updated: 1, failed: [{ userId: 'zhangsan' }] })
    expect((await seen(world, body.msgId, 'lisi')).card).toEqual({ ...card, replace_text: '已结束' })
  })

  it('of some people use what their presses brought first', async () => {
    const { body } = await cards.send('vote_interaction', { toUser: 'zhangsan|lisi|wangwu' })
    await press(world, body.msgId, 'zhangsan', 'submit')
    expect((await cards.update(body.msgId, { userIds: 'zhangsan', replaceName: '张' })).body.updated).toBe(1)
    expect((await cards.update(body.msgId, { replaceName: '都' })).body.updated).toBe(3)
    const apart = await cards.send('vote_interaction', { toUser: 'zhangsan|lisi', perPerson: '1' })
    expect(
      (await cards.update(apart.body.msgId, { userIds: ['lisi'], replaceName: '李' })).body.updated,
    ).toBe(1)
    expect(
      (await cards.update(apart.body.msgId, { userIds: ['zhangsan'], replaceName: '张' })).body.updated,
    ).toBe(1)
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
    const { body: sent } = await cards.send('vote_interaction')
    const answer = await cards.update(sent.msgId, body)
    expect(answer.retCode).toBe(code)
    expect(answer.retMessage).toMatch(reason)
    expect((await cards.update(sent.msgId, { replaceName: '还在' })).retCode).toBe('0')
  })

  it("treat another developer's message as unknown, and refuse what is no card or cannot be changed", async () => {
    const other = await world.addDeveloper({ scopes: ['message:send'] })
    const { body } = await cards.send('vote_interaction')
    const { msgId } = body
    for (const answer of [
      await fresh(world, other).post('/api/message/card/update', { msgId, replaceName: 'x' }),
      await fresh(world, other).get('/api/message/card', { msgId }),
      await fresh(world, other).post('/api/message/card/remind', { msgId }),
      await cards.update('unknown', { replaceName: 'x' }),
    ])
      expect(answer).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('没有消息') })
    const text = { toUser: 'zhangsan', sendType: '0', msgType: '03', agentName: '审批', content: 'x' }
    const plain = await fresh(world, cards.dev).post('/api/message/send', text)
    expect((await cards.answers(plain.body.msgId)).retMessage).toContain('不是卡片')
    const notice = await cards.send('news_notice')
    expect((await cards.update(notice.body.msgId, { card: sampleCards.text_notice })).retMessage).toContain(
      '企业微信不能更新',
    )
    const menu = await cards.send('text_notice')
    expect((await cards.update(menu.body.msgId, { replaceName: 'x' })).retMessage).toContain(
      'replaceName 不能用于',
    )
  })

  it('two at once lose nothing: one changes it, the other says that no code is left', async () => {
    const { body } = await cards.send('vote_interaction')
    const both = await Promise.all(['一', '二'].map(replaceName => cards.update(body.msgId, { replaceName })))
    expect(both.map(one => one.retCode).sort()).toEqual(['0', '1000'])
    expect(both.find(one => one.retCode === '1000')?.retMessage).toMatch(/正在使用它的 code|已经用过/)
    const { replaced } = await seen(world, body.msgId, 'zhangsan')
    expect(replaced).toBe(['一', '二'][both.findIndex(one => one.retCode === '0')])
  })

  it('that are unclear are asked for once more with the same code', async () => {
    const { body } = await cards.send('vote_interaction')
    await world.control('faults', { match: 'update_template_card', mode: 'truncated', times: 1 })
    expect((await cards.update(body.msgId, { replaceName: '一次' })).body.updated).toBe(1)
    expect((await seen(world, body.msgId, 'zhangsan')).replaced).toBe('一次')
    const next = await cards.send('vote_interaction')
    await world.control('faults', { match: 'update_template_card', mode: 'busy', times: 1 })
    expect((await cards.update(next.body.msgId, { replaceName: '忙' })).retCode).toBe('1008')
    expect((await cards.update(next.body.msgId, { replaceName: '好了' })).retCode).toBe('0')
  })

  it('begun by a node that died are tried again after a minute, because nobody knows', async () => {
    const { body } = await cards.send('vote_interaction')
    const dead = { state: 'claimed' as const, claimed_until: new Date(world.ctx.now() + 60_000) }
    await world.ctx.db.updateTable('card_code').set(dead).where('message_id', '=', body.msgId).execute()
    expect((await cards.update(body.msgId, { replaceName: '等' })).retMessage).toContain(
      '不知是否生效，请一分钟后再试',
    )
    world.clock.offsetMs += 61_000
    expect((await cards.update(body.msgId, { replaceName: '好' })).body.updated).toBe(1)
  })

  it('have 72 hours', async () => {
    const { body } = await cards.send('vote_interaction')
    world.clock.offsetMs += 73 * hourMs
    const late = await cards.update(body.msgId, { replaceName: '晚' })
    expect(late).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('超过 72 小时') })
    expect((await cards.answers(body.msgId)).body.updatable).toBe(0)
  })
})

describe('reminders', () => {
  it('go to those who have not answered, count for the first message, and once in four hours', async () => {
    const { body } = await cards.send('vote_interaction', { toUser: 'zhangsan|lisi|wangwu' })
    await press(world, body.msgId, 'zhangsan', 'submit')
    const remind = () => cards.remind(body.msgId)
    const first = await remind()
    expect(first.body).toEqual({ msgId: expect.any(String), receivers: 2 })
    const [again] = await cardsOf(world, first.body.msgId)
    expect(again?.to).toEqual(['lisi', 'wangwu'])
    const soon = await remind()
    expect(soon).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('4 小时内已提醒过') })
    await press(world, first.body.msgId, 'lisi', 'submit', { selected: { day: ['d3'] } })
    const { body: answers } = await cards.answers(body.msgId)
    expect(answers).toMatchObject({ counts: { receivers: 3, answered: 2 }, reminders: [{ receivers: 2 }] })
    expect((await cards.answers(first.body.msgId)).body.msgId).toBe(body.msgId)
    const event = await until('the event', () =>
      cards.told(body.msgId).find(one => one.data['userId'] === 'lisi'),
    )
    expect(event.data['msgId']).toBe(body.msgId)
    expect((await cards.update(body.msgId, { replaceName: '结束' })).body.updated).toBe(3)
    expect((await seen(world, first.body.msgId, 'wangwu')).replaced).toBe('结束')
    world.clock.offsetMs += 4 * hourMs
    const both = await Promise.all([remind(), remind()])
    expect(both.filter(one => one.retCode === '0').map(one => one.body.receivers)).toContain(1)
    expect((await cards.answers(body.msgId)).body.reminders).toHaveLength(2)
    await press(world, body.msgId, 'wangwu', 'submit', { force: true })
    world.clock.offsetMs += 4 * hourMs
    expect((await remind()).retMessage).toContain('所有人都已回答')
  })

  it('are refused where there is nothing to answer, or it is over', async () => {
    const { remind } = cards
    const notice = await cards.send('news_notice')
    expect((await remind(notice.body.msgId)).retMessage).toContain('不需要回答')
    const first = await cards.send('button_interaction', { toUser: 'zhangsan|lisi', firstPressWins: '1' })
    await press(world, first.body.msgId, 'zhangsan', 'agree')
    expect((await remind(first.body.msgId)).retMessage).toContain('已有人回答')
    const back = await cards.send('vote_interaction')
    await fresh(world, cards.dev).post('/api/message/recall', { msgId: back.body.msgId })
    expect((await remind(back.body.msgId)).retMessage).toContain('已撤回')
  })
})

describe('administrators', () => {
  it('send notices that collect, see who answered what, remind, change and export', async () => {
    const as = await signInAs(world, 'super', 'zhangsan')
    const page = (name: string, body?: object, query: Record<string, string> = {}) =>
      body ? as.post(`/web/messages/${name}`, body) : as.get(`/web/messages/${name}`, query)
    const { samples } = (await page('card/samples')).body
    const notice = samples.find((one: { id: string }) => one.id === 'received')
    expect(samples.filter((one: { isNotice: boolean }) => one.isNotice)).toHaveLength(3)
    const form = {
      toUser: 'zhangsan|lisi|wangwu',
      sendType: '0',
      msgType: '04',
      agentName: '行政',
      card: notice.card,
      onPress: notice.onPress,
      firstPressWins: '0',
      perPerson: '0',
    }
    const preview = await page('preview', { ...form, forecast: '1' })
    expect(preview.body).toMatchObject({
      preview: { kind: 'template_card', card: { source: { desc: '行政' } }, onPress: notice.onPress },
      warnings: [],
      forecast: { persons: 3, calls: 1, missing: '' },
    })
    const wrong = await page('preview', { ...form, card: { ...notice.card, button_list: [] } })
    expect(wrong).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('card.button_list 没有填写'),
    })
    const sent = await page('send', { ...form, requestId: 'notice-1' })
    const { msgId } = sent.body
    await press(world, msgId, 'lisi', 'received')
    const one = await page('one', undefined, { msgId })
    expect(one.body).toMatchObject({ isAnswerable: true })
    const answers = await page('card/answers', undefined, { msgId, state: 'answered' })
    expect(answers.body).toMatchObject({
      msgId,
      agentName: '行政',
      firstPressWins: false,
      canRemind: true,
      remindableAt: '',
      total: 1,
      counts: { receivers: 3, answered: 1, unanswered: 2 },
      keys: [{ key: 'received', text: '收到', persons: 1 }],
      first: null,
      list: [{ userId: 'lisi', userName: '李四', text: '收到', isAccepted: true, hasLeft: false }],
    })
    const open = await page('card/answers', undefined, { msgId, state: 'unanswered', pageSize: '1' })
    expect(open.body).toMatchObject({ total: 2, list: [{ isAnswered: false, at: '' }] })
    const reminded = await page('card/remind', { msgId })
    expect(reminded.body.receivers).toBe(2)
    const later = await page('card/answers', undefined, { msgId, state: 'answered' })
    expect(later.body).toMatchObject({
      canRemind: false,
      whyNotRemind: expect.stringContaining('4 小时内已提醒过'),
    })
    expect((await page('card/update', { msgId, replaceName: '已截止' })).body.updated).toBe(3)
    const csv = await fetch(`${world.server.url}/web/messages/card/export?msgId=${msgId}&language=zh`, {
      headers: { cookie: as.cookie },
    })
    const lines = (await csv.text()).split('\r\n')
    expect(lines[0]).toBe('成员,姓名,部门,状态,按钮,选择,是否有效,时间')
    expect(lines[1]).toMatch(/^lisi,李四,.*,已回答,收到,,是,20/)
    expect(lines.slice(2, 4).every(line => line.includes('未回答'))).toBe(true)
    expect(later.body.recalledAt).toBe('')
    await page('recall', { msgId })
    const back = await page('card/answers', undefined, { msgId, state: 'answered' })
    expect(back.body).toMatchObject({ recalledAt: expect.stringMatching(/^20/), total: 1, canRemind: false })
    expect(cards.told(msgId)).toEqual([])
  })

  it('do the same from the command line', async () => {
    const { body } = await cards.send('vote_interaction', { toUser: 'zhangsan|lisi' })
    await press(world, body.msgId, 'zhangsan', 'submit', { selected: { day: ['d1'] } })
    const shown = await run('message card show', { id: body.msgId })
    expect(shown.data).toMatchObject({ counts: { answered: 1 }, unanswered: ['lisi'] })
    expect(shown.text).toMatch(/年会选哪一天？\s+12 月 19 日\s+1/)
    expect((await run('message card remind', { id: body.msgId })).text).toMatch(/已提醒 1 人/)
    const changed = await run('message card update', {
      id: body.msgId,
      replaceName: '结束',
      userIds: 'zhangsan',
    })
    expect(changed.data).toMatchObject({ updated: 1 })
    await expect(run('message card update', { id: body.msgId })).rejects.toThrow(/replaceName/)
  })
})

async function run(path: string, raw: Record<string, string | boolean>) {
  const found = commands.find(one => one.path === path)
  if (found?.needs !== 'context') throw new Error(`no command ${path}`)
  const io = {
    say: () => {},
    note: () => {},
    output: () => process.stdout,
    signal: new AbortController().signal,
  }
  return found.run(world.ctx, readParts(found.parts, raw), io)
}
