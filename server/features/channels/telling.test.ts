import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import {
  dieDuringCall,
  faultSend,
  fresh,
  later,
  sendText,
  statusOf,
  useAgents,
  useSmtp,
  useWecom,
} from '../messages/messages.fixture.ts'
import { adviceOf, keptReason, storedReason, toldIn, wordsOf } from './telling.ts'

const english = { 'accept-language': 'en' }
const han = /[\u4e00-\u9fff]/

/** Our own texts about a message are shown in the reader's language, whenever they were stored. */
describe('reasons in both languages', () => {
  let world: World
  let as: SignedInClient
  let count = 0
  let words: string
  const inEnglish = (name: string, query: Record<string, string>) =>
    call(`${world.server.url}/web/messages/${name}?${new URLSearchParams(query)}`, {
      headers: { cookie: as.cookie, ...english },
    }).then(answer => answer.body)
  const statusInEnglish = async (msgId: string) => {
    const query = new URLSearchParams({ devToken: await fresh(world).token(), msgId })
    return (await call(`${world.server.url}/api/message/status?${query}`, { headers: english })).body
  }
  const ask = async (name: 'preview' | 'test', body: object) =>
    (await as.post(`/web/messages/${name}`, body, english)).body
  const reasonsOf = async (msgId: string): Promise<string[]> =>
    (await inEnglish('receivers', { msgId })).list.map((one: { reason: string }) => one.reason)

  beforeAll(async () => {
    world = await startWorld()
    await useAgents(world)
    await world.control('limits', { perMemberMinute: null })
    const member = { name: '某人', department: [1] }
    await world.admin('user/create', { ...member, userid: 'noaddress', mobile: '13812349999' })
    for (const userid of ['refused', 'refused-too'])
      await world.admin('user/create', { ...member, userid, email: `${userid}@refuse.example` })
    await world.sync()
  })
  beforeEach(async () => {
    words = `words ${++count}`
    await world.control('faults', undefined, 'DELETE')
    await useSmtp(world)
    world.clock.offsetMs += 120_000
    as = await signInAs(world, 'super', 'zhangsan')
  })
  afterAll(() => world.close())

  it("WeCom's refusal, with what to do", async () => {
    await faultSend(world, 'code:81013')
    const { msgId } = await sendText(world, words)
    const inChinese = await statusOf(world, msgId)
    expect(inChinese.failed[0].reason).toMatch(/^企业微信 81013 接收人全部无效或不在应用可见范围内（.+）$/)
    expect(inChinese.attempts[0].answer).toBe(inChinese.failed[0].reason)
    const status = await statusInEnglish(msgId)
    expect(JSON.stringify(status)).not.toMatch(han)
    expect(status.failed[0].reason).toMatch(/^WeCom 81013 all receivers are invalid/)
    const attempts = await inEnglish('attempts', { msgId })
    expect(attempts.list[0]).toMatchObject({ answer: status.failed[0].reason, outcome: 'refused' })
    expect(attempts.list[0].advice).toContain('visible range')
    expect(JSON.stringify(attempts.list)).not.toMatch(han)
    expect(await reasonsOf(msgId)).toEqual([status.failed[0].reason])
    const { list } = (await as.get('/web/messages/attempts', { msgId })).body
    expect(list[0].advice).toContain('加入可见范围')
  })

  it('what nobody knows', async () => {
    await faultSend(world, 'truncated')
    const late = await sendText(world, words)
    await later(world, 5 * 3_600_000)
    as = await signInAs(world, 'super', 'zhangsan')
    await faultSend(world, 'busy')
    const died = await sendText(world, `${words} again`)
    await dieDuringCall(world, died.msgId, 120_000, false)
    await later(world, 0)
    expect((await statusOf(world, died.msgId)).failed[0].reason).toBe('发送过程中服务中断')
    for (const { msgId } of [late, died]) {
      const status = await statusInEnglish(msgId)
      expect(status).toMatchObject({ status: 'unknown', failed: [{ reason: expect.stringMatching(/\w/) }] })
      expect(JSON.stringify([status, await reasonsOf(msgId)])).not.toMatch(han)
    }
  })

  it('who has no address, what was recalled, and that it was', async () => {
    await world.control('faults', { match: 'smtp/rcpt', mode: 'code:451', times: 1 })
    const toUser = 'noaddress|refused|refused-too'
    // Two receivers have an address: one is refused, and the fault delays the other.
    const { msgId } = await sendText(world, words, { sendType: '2', title: 'title', toUser })
    expect((await as.post('/web/messages/recall', { msgId })).body).toEqual({ recalled: 1, unrecalled: 0 })
    const reasons = ['no mail address', 'recalled', expect.stringMatching(/^SMTP 550/)]
    expect(await reasonsOf(msgId)).toEqual(expect.arrayContaining(reasons))
    const status = await statusInEnglish(msgId)
    expect(status.failed).toContainEqual({ userId: 'noaddress', state: 'failed', reason: 'no mail address' })
    expect(JSON.stringify(status)).not.toMatch(han)
    const state = async () => (await inEnglish('one', { msgId })).state
    expect(await state()).toBe('recalled')
    // Restores the form in which rows were stored before both languages were kept.
    await sql`
      update message_part set reason = '已撤回'
      where message_id = ${msgId} and state = 'cancelled'`.execute(world.ctx.db)
    expect(await state()).toBe('recalled')
    expect(await reasonsOf(msgId)).toContain('已撤回')
  })

  it('what is held back', async () => {
    await world.ctx.db.deleteFrom('message_day').execute()
    await useWecom(world, { dailyCap: 1 })
    await sendText(world, words, { toUser: 'wangwu' })
    await faultSend(world, 'busy')
    const { msgId } = await sendText(world, words)
    await useWecom(world, { dailyCap: null })
    const { events } = await inEnglish('one', { msgId })
    expect(events.at(-1)).toMatchObject({ kind: 'held', reason: expect.stringContaining('person-times') })
    expect(events.at(-1).reason).not.toMatch(han)
  })

  it('a forecast', async () => {
    const mail = { toUser: 'noaddress|lisi', sendType: '2', agentName: 'app', title: 'a', content: 'b' }
    const { forecast } = await ask('preview', { ...mail, forecast: '1' })
    expect(forecast).toMatchObject({ unreachable: [{ reason: 'no mail address', persons: 1 }], missing: '' })
    await useSmtp(world, null)
    const without = (await ask('preview', { ...mail, forecast: '1' })).forecast
    expect(without.missing).toBe('no mail server (SMTP) is configured')
  })

  it('a test of a channel, which is written down in Chinese', async () => {
    const tried = () => ask('test', { channel: 'email', userId: 'zhangsan' })
    await useSmtp(world, { password: 'wrong' })
    expect(await tried()).toMatchObject({ ok: false, advice: expect.stringContaining('authorization code') })
    await useSmtp(world, null)
    const unset = await tried()
    expect(unset).toMatchObject({ ok: false, advice: 'Fill in and save the mail server first.' })
    expect(unset.answers).toEqual([expect.stringContaining('no mail server')])
    expect(JSON.stringify(unset)).not.toMatch(han)
    const last = await world.ctx.db
      .selectFrom('audit')
      .select('detail')
      .where('act', '=', 'message.test')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(last.detail).toMatchObject({ answer: expect.stringContaining('未配置邮件服务器（SMTP）') })
  })
})

describe('a stored reason', () => {
  it('is a code with its parameters, of which long texts are cut', () => {
    const kept = keptReason({ code: 'wecomSilent', why: 'x'.repeat(2000) })
    expect(storedReason(kept)).toEqual({ code: 'wecomSilent', why: 'x'.repeat(1000) })
    expect(toldIn('en', kept, 500)).toBe(`WeCom does not answer (${'x'.repeat(500 - 23)}`)
    expect(keptReason('5'.repeat(2000))).toHaveLength(1000)
  })

  it('that was stored before reasons had codes keeps its text and its advice', () => {
    const words = { zh: '企业微信 60020 服务器 IP 不在企业可信 IP 中（x）', en: 'WeCom 60020 …' }
    const kept = JSON.stringify(words)
    expect([toldIn('zh', kept), toldIn('en', kept)]).toEqual([words.zh, words.en])
    expect(adviceOf('wecom', storedReason(kept))?.zh).toContain('企业可信 IP')
    expect(adviceOf('wecom', '企业微信：成员没有接口许可')?.en).toContain('licence')
    expect(adviceOf('email', 'SMTP 535 Error: authentication failed')?.zh).toContain('授权码')
    expect(adviceOf('email', storedReason('{"zh":"没有邮箱地址","en":"no mail address"}'))?.en).toContain(
      'type an',
    )
    expect(adviceOf('sms', 'isv.AMOUNT_NOT_ENOUGH 余额不足')?.zh).toContain('充值')
    expect(toldIn('en', '以前的')).toBe('以前的')
  })

  it('whose code is unknown, or that is JSON of somebody else, is shown as it is', () => {
    for (const text of ['{"code":"constructor"}', '{"code":"x', '{"code":"isv.LIMIT","message":"m"}'])
      expect(toldIn('zh', text)).toBe(text)
  })

  it('is told, and advised on, by its code', () => {
    const refused = { code: 'wecomRefused', errcode: 60020, errmsg: 'not allow' }
    expect(wordsOf(refused)).toEqual({
      zh: '企业微信 60020 服务器 IP 不在企业可信 IP 中（not allow）',
      en: "WeCom 60020 the server's IP is not among the company's trusted IPs (not allow)",
    })
    expect(adviceOf('wecom', refused)?.zh).toContain('企业可信 IP')
    const answer = { code: 'smsAnswer', answer: 'FailedOperation.PhoneNumberInBlacklist', said: '号码' }
    expect(wordsOf(answer)).toBe('FailedOperation.PhoneNumberInBlacklist 号码')
    expect(adviceOf('sms', answer)?.zh).toContain('黑名单')
  })
})
