import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { World } from '../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import type { Definition } from '../message-types/definition.ts'
import { putType } from '../message-types/put-type.ts'
import { arrived, fresh, shownMail, statusOf, useSmtp } from '../messages/messages.fixture.ts'
import { findMessage } from '../messages/parts/store.ts'
import { cardsOf, press, startCards } from './cards.fixture.ts'

let cards: Awaited<ReturnType<typeof startCards>>
let world: World
let me: SignedInClient
let colleague: SignedInClient
let other: string
let dev: Awaited<ReturnType<World['addDeveloper']>>

beforeAll(async () => {
  cards = await startCards()
  ;({ world } = cards)
  await useSmtp(world)
  dev = await world.addDeveloper({
    scopes: ['directory:read', 'message:send', 'message:type', 'webhook:manage'],
  })
  await dev.post('/api/webhook/create', { url: cards.target.url })
  const there = [...world.ctx.mirrors.of(world.corpId).members.all()].filter(one => one.status === 1)
  other = there.find(one => one.userId !== 'zhangsan' && one.userId !== 'lisi')!.userId
  me = await signIn(world, { userId: 'zhangsan' })
  colleague = await signIn(world, { userId: other })
  await put('asked', { text: '明天 {{ n }} 点停电，请知悉', receipt: true })
  await put('long', { text: `停电{{ n }}${'，请保存好文件'.repeat(20)}`, receipt: true })
  await put('mail', {
    channels: ['email'],
    templates: { email: { zh: { title: '停电 {{ n }}', content: '请知悉' } } },
    receipt: true,
  })
  await put('secret', { text: '工资 {{ n }} 元\n明细', private: true })
  await put('plain', { text: '第 {{ n }} 期简报' })
})
afterAll(() => cards.close())
beforeEach(() => cards.nextMinutes())

const put = (key: string, { text = '', ...more }: { text?: string } & Partial<Definition>) =>
  putType(world.ctx, { actor: 'test', devId: dev.devId }, world.corpId, key, {
    name: '行政',
    level: 'normal',
    channels: ['wecom'],
    templates: { wecom: { zh: { content: text } } },
    ...more,
  })
let n = 100
const notify = async (type: string, body: object = {}): Promise<string> => {
  const given = { type, toUser: `zhangsan|${other}`, data: { n: ++n }, ...body }
  const answer = await fresh(world, dev).post('/api/message/notify', given)
  expect(answer.retCode, answer.retMessage).toBe('0')
  return answer.body.msgId
}
const by = (who: SignedInClient, what: string, body: object) => who.post(`/web/portal/messages/${what}`, body)
const told = (msgId: string, type: string) => cards.told(msgId, type).map(one => one.data['userId'])
const acts = async (msgId: string) => {
  const { read, acknowledged } = (await statusOf(world, msgId, dev)) as unknown as Record<string, number>
  return [read, acknowledged]
}

describe('a receipt', () => {
  it('is given by a button of a card, once, and is no answer to a card', async () => {
    const msgId = await notify('asked')
    const [card] = await cardsOf(world, msgId)
    expect(card?.content).toMatchObject({
      card_type: 'button_interaction',
      main_title: { title: '行政' },
      sub_title_text: `明天 ${n} 点停电，请知悉`,
      button_list: [{ text: '收到' }],
    })
    const pressed = await press(world, msgId, 'zhangsan', 'received')
    expect(pressed.reply).toBeTruthy()
    // Who has pressed it may still press 收到 in the list of messages.
    expect((await by(me, 'acknowledge', { msgId })).retCode).toBe('0')
    expect(await acts(msgId)).toEqual([1, 1])
    await until('the developer is told', () => told(msgId, 'message.acknowledged').length > 0)
    await press(world, msgId, other, 'received')
    await until('of both', () => told(msgId, 'message.acknowledged').length > 1)
    expect(told(msgId, 'message.acknowledged')).toEqual(['zhangsan', other])
    expect(told(msgId, 'message.read')).toEqual(['zhangsan', other])
    expect(told(msgId, 'message.card.pressed')).toEqual([])
  })

  it('is given in the list of messages, and on the page that a mail leads to', async () => {
    const long = await notify('long')
    const [text] = await arrived(world, `停电${n}`)
    expect(text?.msgtype).toBe('text')
    expect(text?.content['content']).toContain(`/mobile?message=${long}">收到</a>`)
    const mailed = await notify('mail', { link: 'https://example.com/notice' })
    const mail = (await shownMail(world)).find(one => one.subject.includes(`停电 ${n}`))
    expect(mail?.text).toContain(`/mobile?message=${mailed}`)
    for (const msgId of [long, mailed]) {
      expect((await by(me, 'open', { msgId })).body).toMatchObject({
        id: msgId,
        receipt: 'asked',
        isRead: true,
      })
      expect(await acts(msgId)).toEqual([1, 0])
      for (let at = 0; at < 2; at++) expect((await by(me, 'acknowledge', { msgId })).retCode).toBe('0')
      expect(await acts(msgId)).toEqual([1, 1])
    }
    const { list } = (await me.get('/web/portal/messages')).body
    expect(list.find((one: { id: string }) => one.id === long)).toMatchObject({
      receipt: 'given',
      isRead: true,
    })
  })

  it('is refused to others, for what asks for none, and for what was recalled', async () => {
    const asked = await notify('asked', { toUser: other })
    expect((await by(me, 'acknowledge', { msgId: asked })).retMessage).toContain(asked)
    expect((await by(me, 'open', { msgId: asked })).retCode).toBe('1000')
    expect((await by(me, 'place', { msgId: asked, place: 'archived' })).retCode).toBe('1000')
    expect(await acts(asked)).toEqual([0, 0])
    const plain = await notify('plain')
    expect((await by(me, 'acknowledge', { msgId: plain })).retMessage).toContain('没有要求回执')
    const gone = await notify('asked')
    await fresh(world, dev).post('/api/message/recall', { msgId: gone })
    expect((await by(me, 'acknowledge', { msgId: gone })).retMessage).toContain('已撤回')
    // It has no words any more that could be read.
    expect((await by(me, 'open', { msgId: gone })).body).toMatchObject({ state: 'recalled', text: '' })
    expect(await acts(gone)).toEqual([0, 0])
    // A press may be on its way while a message is recalled.
    const late = await notify('asked')
    const recalledAt = new Date(world.ctx.now())
    await world.ctx.db
      .updateTable('message')
      .set({ recalled_at: recalledAt })
      .where('id', '=', late)
      .execute()
    await press(world, late, 'zhangsan', 'received')
    expect(await acts(late)).toEqual([0, 0])
  })

  it('is counted per person over all texts of a call', async () => {
    const rows = ['zhangsan', other].map((userId, at) => ({ userId, data: { n: `${n}-${at}` } }))
    const msgId = await notify('asked', { toUser: undefined, data: undefined, rows })
    const mine = await until('the message', async () =>
      (await me.get('/web/portal/messages')).body.list.find((one: { id: string }) => one.id === msgId),
    )
    expect(mine.text).toContain(`${n - 1}-0`)
    await by(me, 'open', { msgId })
    expect(await acts(msgId)).toEqual([1, 0])
    // The id of the text that a person got is not told to them, and means the same.
    const whole = await findMessage(world.ctx.db, { corpId: world.corpId, id: msgId })
    for (const id of whole?.children ?? [])
      await by(me, 'acknowledge', { msgId: id }).then(() => by(me, 'open', { msgId: id }))
    expect(await acts(msgId)).toEqual([1, 1])
    const marked = await world.ctx.db.selectFrom('message_mark').select('message_id').execute()
    expect(marked.filter(one => whole?.children?.includes(one.message_id))).toEqual([])
  })

  it('is urged, and not reminded of as a card is', async () => {
    const msgId = await notify('asked')
    const reminded = await fresh(world, dev).post('/api/message/card/remind', { msgId })
    expect([reminded.retCode, reminded.retMessage]).toEqual(['1000', expect.stringContaining('催办')])
  })
})

describe('urging', () => {
  it('reminds those who did nothing, thrice at most and not within 30 minutes', async () => {
    const msgId = await notify('asked')
    await by(me, 'acknowledge', { msgId })
    const urge = () => fresh(world, dev).post('/api/message/urge', { msgId })
    const first = await urge()
    expect(first.body).toMatchObject({ receivers: 1, left: 0 })
    const [card] = (await arrived(world, '请查收：')).filter(one => one.content['url']?.includes(msgId))
    expect(card?.to).toEqual([other])
    expect((await urge()).retMessage).toContain('30 分钟内已催办过')
    for (let at = 0; at < 2; at++) {
      world.clock.offsetMs += 31 * 60_000
      expect((await urge()).retCode).toBe('0')
    }
    world.clock.offsetMs += 31 * 60_000
    expect((await urge()).retMessage).toContain('都已催办 3 次')
    expect((await fresh(world).post('/api/message/urge', { msgId })).retCode).toBe('1000')
    const acted = await world.ctx.db
      .selectFrom('audit')
      .select('detail')
      .where('act', '=', 'message.urge')
      .where('target', '=', msgId)
      .execute()
    expect(acted.map(one => one.detail)).toEqual([{ receivers: 1 }, { receivers: 1 }, { receivers: 1 }])
  })

  it('by two at once reminds once', async () => {
    const msgId = await notify('asked')
    const answers = await Promise.all(
      [1, 2, 3].map(() => fresh(world, dev).post('/api/message/urge', { msgId })),
    )
    expect(answers.filter(one => one.retCode === '0')).toHaveLength(1)
    const cards = (await arrived(world, '请查收：')).filter(one => one.content['url']?.includes(msgId))
    expect(cards).toHaveLength(1)
    await by(me, 'acknowledge', { msgId })
    await by(colleague, 'acknowledge', { msgId })
    expect((await fresh(world, dev).post('/api/message/urge', { msgId })).retMessage).toContain(
      '没有需要催办的人',
    )
  })
})

describe('the console', () => {
  it('shows and exports who did what, and urges', async () => {
    const msgId = await notify('asked')
    const admin = await signInAs(world, 'super', 'lisi')
    await me.post('/web/portal/messages/read', { upTo: new Date(world.ctx.now()).toISOString() })
    await by(me, 'acknowledge', { msgId })
    const { body } = await admin.get('/web/messages/marks', { msgId, lack: 'acknowledged' })
    expect(body).toMatchObject({
      counts: { people: 2, shown: 1, read: 1, acknowledged: 1 },
      asked: 'acknowledged',
      canUrge: true,
      list: [{ userId: other, isShown: false, readAt: '', acknowledgedAt: '', urged: 0 }],
      total: 1,
    })
    expect((await admin.post('/web/messages/urge', { msgId })).body).toMatchObject({ receivers: 1, left: 0 })
    const file = await (
      await fetch(`${world.server.url}/web/messages/marks/export?msgId=${msgId}&language=en`, {
        headers: { cookie: admin.cookie },
      })
    ).text()
    expect(file).toMatch(/^Member,Name,Shown,Opened,Acknowledged,Times urged,Last urged\r\n/)
    expect(file.trim().split('\r\n')).toHaveLength(3)
    expect(file).toMatch(new RegExp(`${other},[^,]*,no,,,1,2`))
  })

  it('shows nobody but sender and receivers what is private', async () => {
    const msgId = await notify('secret')
    const admin = await signInAs(world, 'super', 'lisi')
    const [listed] = (await admin.get('/web/messages/list', { msgId })).body.list
    expect(listed).toMatchObject({ msgId, subject: '', agentName: '行政' })
    const detail = (await admin.get('/web/messages/one', { msgId })).body
    expect(detail).toMatchObject({ title: '', isPrivate: true })
    const content = await admin.post('/web/messages/content', { msgId })
    expect([content.retCode, content.retMessage]).toEqual(['1009', expect.stringContaining('私密')])
    const helper = await signInAs(world, 'helpDesk', other)
    const found = await helper.get('/web/help-desk/person', { userId: 'zhangsan' })
    expect(found.body.messages[0]).toMatchObject({ id: msgId, title: '' })
    const [mine] = (await me.get('/web/portal/messages')).body.list
    expect(mine.text + mine.title).toContain(`工资 ${n} 元`)
  })

  it('hides a private card with a receipt as well', async () => {
    await put('secret-card', { text: '奖金 {{ n }} 元', private: true, receipt: true })
    const msgId = await notify('secret-card')
    expect(await cardsOf(world, msgId)).toHaveLength(1)
    const admin = await signInAs(world, 'super', 'lisi')
    const answers = await admin.get('/web/messages/card/answers', { msgId, state: 'unanswered' })
    const file = await admin.get('/web/messages/card/export', { msgId })
    for (const one of [answers, file])
      expect([one.retCode, one.retMessage]).toEqual(['1009', expect.stringContaining('私密')])
    expect((await admin.get('/web/messages/marks', { msgId })).body.counts.people).toBe(2)
  })
})

describe('where a person puts a message', () => {
  const ids = async (shelf: string) =>
    ((await me.get('/web/portal/messages', { shelf, pageSize: 100 })).body.list as { id: string }[]).map(
      one => one.id,
    )

  it('is the archive, later, or the inbox again', async () => {
    const msgId = await notify('plain')
    expect(await ids('unread')).toContain(msgId)
    await by(me, 'open', { msgId })
    expect(await ids('unread')).not.toContain(msgId)
    await by(me, 'place', { msgId, place: 'archived' })
    expect([await ids('inbox'), await ids('archived')]).toEqual([
      expect.not.arrayContaining([msgId]),
      [msgId],
    ])
    const until = new Date(world.ctx.now() + 3_600_000).toISOString()
    await by(me, 'place', { msgId, place: 'later', until })
    expect([await ids('archived'), await ids('later')]).toEqual([[], [msgId]])
    const newer = await notify('plain')
    world.clock.offsetMs += 3_600_000
    expect((await ids('inbox')).slice(0, 2)).toEqual([msgId, newer])
    await by(me, 'open', { msgId })
    expect((await ids('inbox')).filter(one => one === msgId)).toHaveLength(1)
    expect((await ids('inbox'))[0]).toBe(newer)
  })

  it('is the inbox for all that come back at once', async () => {
    const sent: string[] = []
    for (let at = 0; at < 22; at++) sent.push(await notify('plain', { toUser: 'zhangsan' }))
    const until = new Date(world.ctx.now() + 3_600_000).toISOString()
    for (const msgId of sent) await by(me, 'place', { msgId, place: 'later', until })
    expect(await ids('later')).toEqual([...sent].reverse())
    world.clock.offsetMs += 3_600_000
    const found: string[] = []
    for (let after = ''; ; ) {
      const query = { pageSize: 10, ...(after ? { after } : {}) }
      const { list, next } = (await me.get('/web/portal/messages', query)).body
      found.push(...list.map((one: { id: string }) => one.id))
      if (!next) break
      after = next
    }
    expect(found.filter(one => sent.includes(one)).sort()).toEqual([...sent].sort())
    expect(await ids('unread')).toEqual(expect.arrayContaining(sent))
  })

  it.each([
    ['later without a time', { place: 'later' }, '1001'],
    ['a time in the past', { place: 'later', until: '2020-01-01T00:00:00Z' }, '1000'],
    ['a time in a year', { place: 'later', until: '2030-01-01T00:00:00Z' }, '1000'],
    ['a time beside the archive', { place: 'archived', until: '2030-01-01T00:00:00Z' }, '1000'],
    ['another place', { place: 'bin' }, '1000'],
  ])('is not %s', async (_name, body, code) => {
    const [msgId = ''] = await ids('inbox')
    expect((await by(me, 'place', { msgId, ...body })).retCode).toBe(code)
  })

  it('pages through many of which few fit', async () => {
    const found: string[] = []
    for (let after = ''; ; ) {
      const query = { shelf: 'unread', pageSize: 1, ...(after ? { after } : {}) }
      const { list, next } = (await me.get('/web/portal/messages', query)).body
      found.push(...list.map((one: { id: string }) => one.id))
      if (!next) break
      after = next
    }
    expect(found).toEqual(await ids('unread'))
  })
})
