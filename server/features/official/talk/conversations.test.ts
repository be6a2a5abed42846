import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { callerWith, type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { readConfig } from '../../../platform/config.ts'
import { type Server, startServer } from '../../../server.ts'
import type { Account } from '../accounts/accounts.ts'
import { grantAccount } from '../accounts/bind.ts'
import { addRules } from '../replies/edit.ts'
import { newRule, say as ruleSays } from '../replies/replies.fixture.ts'
import type { ConversationView } from './conversation-calls.ts'
import type { LineView } from './line-view.ts'

let world: World
let other: Server
let account: Account
let openids: string[]
let me: SignedInClient
let there: SignedInClient
let graded: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 8 })
  account = await world.bindOfficial()
  const { originalId } = account
  const found = await world.control(`official/followers?originalId=${originalId}&limit=30`)
  openids = (found['followers'] as { openid: string }[]).map(one => one.openid)
  const overrides = { log: world.ctx.log, now: world.ctx.now }
  other = await startServer(readConfig(world.env), overrides)
  me = await signInAs(world, 'super', 'lisi')
  there = callerWith(other.url, me.cookie, me.sessionId, me.csrf)
  const departmentId = world.ctx.mirrors.of(world.corpId).tree.order.at(-1)?.department.id ?? 1
  graded = await signInAs(world, 'graded', 'wangwu', [{ departmentId, manage: true }])
})
afterAll(async () => {
  await other?.close()
  await world?.close()
})

const act = (openid: string, what: Record<string, unknown>) =>
  world.control('official/act', { originalId: account.originalId, openid, wait: true, ...what })
/** Does something as a follower, and waits until it has been acted on. */
async function follower(openid: string, what: Record<string, unknown>) {
  await act(openid, what)
  await world.settleOfficial(account)
}
const write = (openid: string, content: string) => follower(openid, { act: 'text', content })
const of = (openid: string) => ({ originalId: account.originalId, openid })
const path = '/web/official/conversation'
const list = async (filter = 'open', search = '', as = me) =>
  (await as.get(`${path}s`, { originalId: account.originalId, filter, search })).body
    .list as ConversationView[]
const inList = async (openid: string, filter = 'open') =>
  (await list(filter)).find(one => one.openid === openid)
const show = async (openid: string, as = me) =>
  (await as.get(path, of(openid))).body as {
    conversation: ConversationView
    lines: LineView[]
    left: { messages: number; ms: number | null; why: string | null }
    more: boolean
  }
let requests = 0
const say = (openid: string, message: object, as = me, requestId = `r${++requests}`) =>
  as.post(`${path}/say`, { ...of(openid), requestId, message })
const text = (content: string) => ({ type: 'text', content })
const lastState = (openid: string) =>
  until('the message is settled', async () => {
    const line = (await show(openid)).lines.at(-1)
    return line?.state === 'sending' ? undefined : line
  })
const revision = async (as: SignedInClient, known?: number) =>
  (
    await as.get(`${path}s/revision`, {
      originalId: account.originalId,
      ...(known === undefined ? {} : { known }),
    })
  ).body.revision as number

describe('a conversation', () => {
  it('begins with a message, shows what may be sent until when, and is answered', async () => {
    const openid = openids[0]!
    await write(openid, '在吗')
    expect(await inList(openid)).toMatchObject({
      unread: 1,
      lastText: '在吗',
      subscribed: true,
      assigned: null,
    })
    const { left, lines, conversation } = await show(openid)
    expect(left).toMatchObject({ messages: 5, why: null })
    expect(left.ms).toBeGreaterThan(47 * 3_600_000)
    expect(conversation.unansweredSince).not.toBeNull()
    await me.post(`${path}/read`, { ...of(openid), upTo: lines.at(-1)?.id })
    expect((await say(openid, text('您好'))).retCode).toBe('0')
    expect(await lastState(openid)).toMatchObject({
      text: '您好',
      state: 'sent',
      actor: 'lisi',
      by: 'conversation',
      isFromFollower: false,
    })
    expect(await inList(openid, 'mine')).toMatchObject({ unread: 0, unansweredSince: null, isMine: true })
    expect((await show(openid)).left.messages).toBe(4)
    expect(await inList(openid, 'waiting')).toBeUndefined()
  })

  it('that nobody has read stands before newer ones', async () => {
    const [unread = '', answered = ''] = openids.slice(17)
    await write(unread, '在吗')
    await write(answered, '在吗')
    const { lines } = await show(answered)
    await me.post(`${path}/read`, { ...of(answered), upTo: lines.at(-1)?.id })
    await say(answered, text('您好'))
    await lastState(answered)
    const order = (await list()).map(one => one.openid)
    expect(order.indexOf(unread)).toBeLessThan(order.indexOf(answered))
  })

  it('is told to pages that wait on both nodes, when somebody writes and when it was answered on the other', async () => {
    const openid = openids[1]!
    await write(openid, '一')
    const known = await revision(me)
    const waiting = Promise.all([revision(me, known), revision(there, known)])
    await write(openid, '二')
    const [here, far] = await waiting
    expect(Math.min(here, far)).toBeGreaterThan(known)
    await until('nothing more changes', async () => (await revision(me)) === (await revision(there)))
    const before = await revision(there)
    const told = revision(there, before)
    await say(openid, text('从甲节点'))
    expect(await told).toBeGreaterThan(before)
    await lastState(openid)
    expect((await show(openid, there)).lines.at(-1)).toMatchObject({ text: '从甲节点', state: 'sent' })
  })

  it('takes a message that is submitted twice once', async () => {
    const openid = openids[2]!
    await write(openid, '在吗')
    const first = await say(openid, text('一次'), me, 'same')
    const again = await say(openid, text('一次'), there, 'same')
    expect(again).toMatchObject({ retCode: '0', body: first.body })
    await lastState(openid)
    expect((await show(openid)).lines.filter(line => line.text === '一次')).toHaveLength(1)
  })

  it('takes nothing outside the window, and says why', async () => {
    const silent = openids[3]!
    await follower(silent, { act: 'view', url: 'https://a.example/' })
    expect(await inList(silent)).toBeUndefined()
    expect(await say(silent, text('您好'))).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('48 小时'),
    })
    const openid = openids[4]!
    await follower(openid, { act: 'click', key: 'K' })
    for (const n of [1, 2, 3]) expect((await say(openid, text(`${n}`))).retCode).toBe('0')
    expect((await say(openid, text('4'))).retMessage).toContain('条数已用完')
    await lastState(openid)
    expect((await show(openid)).left).toEqual({ messages: 0, ms: null, why: 'usedUp' })
    world.clock.offsetMs += 61_000
    expect((await show(openid)).left.why).toBe('closed')
    world.clock.offsetMs -= 61_000
  })

  it('whose follower unsubscribes while it is open takes nothing any more', async () => {
    const openid = openids[5]!
    await write(openid, '再见')
    await follower(openid, { act: 'unsubscribe' })
    const { conversation, left, lines } = await show(openid)
    expect([conversation.subscribed, left.messages, lines.at(-1)?.kind]).toEqual([false, 0, 'unsubscribe'])
    expect(await inList(openid, 'waiting')).toBeUndefined()
    expect((await say(openid, text('等等'))).retCode).toBe('1000')
  })

  it("shows WeChat's refusal with its words and rid", async () => {
    const openid = openids[6]!
    await write(openid, '在吗')
    for (const [code, words] of [
      ['45047', '条数'],
      ['45015', '48 小时'],
    ] as const) {
      await world.control('faults', {
        match: 'official/cgi-bin/message/custom/send',
        mode: `code:${code}`,
        times: 1,
      })
      await say(openid, text('您好'))
      const line = await lastState(openid)
      expect(line).toMatchObject({
        state: 'failed',
        id: null,
        rid: expect.stringMatching(/^[0-9a-f-]{20,}$/),
        reason: expect.stringContaining(code),
      })
      expect(line?.reason).toContain(words)
    }
    await world.control('faults', {
      match: 'official/cgi-bin/message/custom/send',
      mode: 'http500',
      times: 1,
    })
    await say(openid, text('再试'))
    expect(await lastState(openid)).toMatchObject({ state: 'unknown' })
  })

  it('is refused what WeChat would refuse', async () => {
    const openid = openids[7]!
    await write(openid, '在吗')
    expect((await say(openid, text('长'.repeat(683)))).retMessage).toContain('2049 字节')
    expect((await say(openid, text('  '))).retCode).toBe('1001')
    const news = { type: 'news', title: '题', description: '', picUrl: '', url: 'javascript:alert(1)' }
    expect((await say(openid, news)).retMessage).toContain('http')
    expect((await say(openid, { type: 'smoke' })).retCode).toBe('1000')
    expect((await say(openid, { type: 'image', hash: 'f'.repeat(64) })).retMessage).toContain('重新上传')
    expect((await say('nobody', text('您好'))).retMessage).toContain('没有粉丝')
    expect((await say(openid, { ...news, url: 'https://a.example/' })).retCode).toBe('0')
    expect(await lastState(openid)).toMatchObject({ state: 'sent', title: '题' })
  })

  it('carries pictures both ways, checked by their content and kept', async () => {
    const openid = openids[8]!
    await follower(openid, { act: 'image' })
    const { lines } = await show(openid)
    const id = lines.at(-1)?.id ?? 0
    const get = (as: SignedInClient, url: string) =>
      fetch(`${url}${path}/media?originalId=${account.originalId}&id=${id}`, {
        headers: { cookie: as.cookie },
      })
    const picture = await get(me, world.server.url)
    expect(picture.headers.get('content-type')).toMatch(/^image\//)
    expect(picture.headers.get('content-security-policy')).toContain('sandbox')
    await world.control('faults', { match: 'official/cgi-bin/media/get', mode: 'http500', times: 5 })
    const kept = await get(there, other.url)
    expect(Buffer.from(await kept.arrayBuffer())).toEqual(Buffer.from(await picture.arrayBuffer()))
    const png = Buffer.from('89504e470d0a1a0a0000', 'hex').toString('base64')
    const { body } = await me.post('/web/files/upload', { use: 'image', content: png })
    expect((await say(openid, { type: 'image', hash: body.hash })).retCode).toBe('0')
    expect(await lastState(openid)).toMatchObject({ state: 'sent', kind: 'image', media: 'image' })
    const sound = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(200)]).toString('base64')
    const voice = (await me.post('/web/files/upload', { use: 'voice', content: sound })).body
    expect((await say(openid, { type: 'voice', hash: voice.hash })).retCode).toBe('0')
    expect(await lastState(openid)).toMatchObject({ state: 'sent', kind: 'voice', media: 'voice' })
    const none = await me.get(`${path}/media`, { originalId: account.originalId, id: 1 })
    expect(none.retCode).toBe('1000')
  })

  it('is assigned, taken over with a note, and answered by the person who has it', async () => {
    const openid = openids[9]!
    await write(openid, '在吗')
    const assign = (userId: string, note = '', as = me) =>
      as.post(`${path}/assign`, { ...of(openid), userId, note })
    expect((await assign('wangwu')).retCode).toBe('1009')
    await grantAccount(world.ctx, 'test', world.corpId, account.originalId, ['wangwu'])
    const people = await me.get(`${path}s/people`, { originalId: account.originalId })
    expect(people.body.list.map((one: { userId: string }) => one.userId).sort()).toEqual(['lisi', 'wangwu'])
    expect((await assign('wangwu')).retCode).toBe('0')
    expect((await say(openid, text('我来'))).status).toBe(409)
    expect((await assign('lisi')).retCode).toBe('1001')
    expect((await assign('lisi', '王五今天请假')).retCode).toBe('0')
    expect((await say(openid, text('我来'))).retCode).toBe('0')
    expect((await lastState(openid))?.actor).toBe('lisi')
    expect((await show(openid)).lines.map(line => [line.kind, line.description])).toEqual([
      ['text', ''],
      ['assigned', ''],
      ['assigned', '王五今天请假'],
      ['text', ''],
    ])
    expect((await inList(openid, 'unassigned'))?.openid).toBeUndefined()
  })

  it('of a member who left the organisation belongs to nobody again', async () => {
    const openid = openids[16]!
    await signInAs(world, 'super', 'zhangsan')
    await write(openid, '在吗')
    await me.post(`${path}/assign`, { ...of(openid), userId: 'zhangsan' })
    expect((await say(openid, text('我来'))).status).toBe(409)
    await world.admin('user/delete', { userid: 'zhangsan' })
    await world.sync()
    expect(await inList(openid, 'unassigned')).toMatchObject({ assigned: null })
    expect((await say(openid, text('我来'))).retCode).toBe('0')
    expect(await inList(openid, 'mine')).toBeDefined()
  })

  it('is closed until the follower writes again', async () => {
    const openid = openids[10]!
    await write(openid, '问题一')
    await me.post(`${path}/close`, of(openid))
    expect([await inList(openid), (await inList(openid, 'closed'))?.openid]).toEqual([undefined, openid])
    await write(openid, '问题二')
    expect(await inList(openid)).toMatchObject({ closedAt: null, unread: 1 })
    expect((await list('open', '问题二')).map(one => one.openid)).toEqual([openid])
    expect(await list('open', '%')).toEqual([])
  })

  it("is shown as WeChat's own customer service's while that has the follower", async () => {
    const openid = openids[11]!
    await write(openid, '人工')
    const kf = (event: string, KfAccount: string) =>
      follower(openid, { act: 'event', event, fields: { KfAccount } })
    await kf('kf_create_session', 'kf1@wisp')
    expect(await inList(openid)).toMatchObject({ kfSince: expect.any(String), kfAccount: 'kf1@wisp' })
    await kf('kf_close_session', 'kf1@wisp')
    expect(await inList(openid)).toMatchObject({ kfSince: null, kfAccount: '' })
  })

  it('that a rule hands over to a person waits for one, and for no other rule', async () => {
    const openid = openids[15]!
    const rule = newRule({ words: ['人工客服'], contents: [...ruleSays('请稍候'), { type: 'person' }] })
    await addRules(world.ctx, { actor: 'test', account }, [rule])
    await write(openid, '人工客服')
    expect(await inList(openid, 'waiting')).toMatchObject({ needsPerson: true, unansweredSince: null })
    const reply = (await show(openid)).lines.at(-1)
    expect(reply).toMatchObject({ text: '请稍候', by: 'reply', actor: '', state: null })
    expect((await list())[0]?.openid).toBe(openid)
    await say(openid, text('我是李四'))
    await lastState(openid)
    expect(await inList(openid, 'waiting')).toBeUndefined()
  })

  it('of an account that was not given is hidden from a graded administrator', async () => {
    await grantAccount(world.ctx, 'test', world.corpId, account.originalId, [])
    await other.ctx.reloadConfig(world.corpId)
    expect((await graded.get(path, of(openids[0]!))).status).toBe(403)
    expect((await say(openids[0]!, text('您好'), graded)).status).toBe(403)
  })

  it('shows typing, however late or often', async () => {
    const openid = openids[12]!
    await write(openid, '在吗')
    const type = async () => (await me.post(`${path}/typing`, of(openid))).retCode
    expect([await type(), await type()]).toEqual(['0', '0'])
    expect((await me.post(`${path}/typing`, of(openids[13]!))).retCode).toBe('0')
  })

  it('is taken out as a file, which formulas cannot start in', async () => {
    const openid = openids[14]!
    await write(openid, '=1+1')
    const answer = await fetch(
      `${world.server.url}${path}/export?originalId=${account.originalId}&openid=${openid}`,
      { headers: { cookie: me.cookie } },
    )
    expect(answer.headers.get('content-type')).toContain('text/csv')
    expect(await answer.text()).toContain(`${openid},text,'=1+1,,`)
  })
})

describe('quick replies', () => {
  const save = (given: object) =>
    me.post('/web/official/quick-replies/save', { originalId: account.originalId, ...given })
  const all = async () =>
    (await there.get('/web/official/quick-replies', { originalId: account.originalId })).body.list

  it('are kept per account under shortcuts of their own', async () => {
    const { body } = await save({ shortcut: 'hi', content: '您好，请问有什么可以帮您？' })
    expect((await save({ shortcut: ' hi ', content: '重复' })).retMessage).toContain('已存在')
    expect((await save({ shortcut: 'x', content: '长'.repeat(700) })).retCode).toBe('1000')
    expect((await save({ id: body.id, shortcut: 'hello', content: '您好' })).retCode).toBe('0')
    const [stored] = await all()
    expect(stored).toMatchObject({ id: body.id, shortcut: 'hello', content: '您好' })
    const { version } = stored
    expect((await save({ id: body.id, shortcut: 'hello', content: '您好！', version })).retCode).toBe('0')
    const late = await save({ id: body.id, shortcut: 'hello', content: '早', version })
    expect(late).toMatchObject({ status: 409, retMessage: expect.stringContaining('已被他人修改') })
    expect(await all()).toMatchObject([{ content: '您好！' }])
    expect((await save({ id: 999, shortcut: 'none', content: '无' })).retCode).toBe('1000')
    const remove = () =>
      me.post('/web/official/quick-replies/remove', { originalId: account.originalId, id: body.id })
    expect([(await remove()).retCode, (await remove()).retCode]).toEqual(['0', '1000'])
    expect(await all()).toEqual([])
  })
})
