import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { soak } from '../../../test/soak.ts'
import { pngOf } from '../branding/logo.fixture.ts'
import { setBrand } from '../branding/set-brand.ts'
import { readReceipts } from '../messages/deliver/receipts.ts'
import { resend } from '../messages/fate/resend.ts'
import {
  fresh,
  later,
  shownMail,
  shownSms,
  statusOf,
  useSms,
  useSmtp,
  vendors,
} from '../messages/messages.fixture.ts'
import { inPieces } from './email/in-pieces.ts'
import { deliverSms } from './sms/deliver.ts'
import type { SmsSettings } from './sms/settings.ts'
import { putTemplate, removeTemplate } from './sms/templates.ts'
import type { SmsTemplates } from './sms/templates-store.ts'

/** An answer that is cut off leaves as unclear what became of a call as one that comes later than anybody waits, which takes half a minute. */
const notAnswered = soak({ mode: 'truncated' }, { mode: 'acceptedThenTimeout', delayMs: 20_000 })

describe('mail', () => {
  let world: World
  let dev: Caller
  const send = (body: object) =>
    dev.post('/api/message/send', {
      toUser: 'zhangsan',
      sendType: '2',
      agentName: '审批',
      title: '请假',
      content: '一\n<b>二</b>',
      ...body,
    })
  beforeAll(async () => {
    world = await startWorld()
    dev = world.dev
    await useSmtp(world)
  })
  afterAll(() => world.close())

  it('arrives as text and as HTML in which nothing of the text is markup', async () => {
    const { msgId, invaliduser } = (await send({ url: 'https://example.com/a?b=1&c="2"' })).body
    expect(invaliduser).toBe('')
    // The first of a worker loads what writes mails, on a busy machine for longer than an answer waits.
    await expect.poll(() => statusOf(world, msgId)).toMatchObject({ status: 'sent' })
    const mail = (await shownMail(world)).at(-1)
    expect(mail?.subject).toBe('【审批】请假')
    expect(mail?.text).toContain('<b>二</b>')
    expect(mail?.html).not.toContain('<b>二</b>')
    expect(mail?.html).toContain('详情')
  })

  it('of nearly a megabyte arrives whole, and is encoded in pieces between which others get their turn', async () => {
    const content = `${'您有一份合同等待审批。'.repeat(9)}\n`.repeat(3000).slice(0, 300_000)
    expect((await send({ content })).body).toMatchObject({ status: 'sent' })
    const mail = (await shownMail(world)).at(-1)
    expect(mail?.text.trimEnd()).toBe(content.trimEnd())
    expect(mail?.html).toContain(content.trimEnd().split('\n').join('<br>'))
    let turns = 0
    const count = setInterval(() => turns++, 0)
    const seen: number[] = []
    const bytes: Buffer[] = []
    for await (const piece of inPieces(content)) {
      bytes.push(Buffer.from(piece))
      seen.push(turns)
      const until = performance.now() + 2
      while (performance.now() < until);
    }
    clearInterval(count)
    expect(Buffer.concat(bytes).toString()).toBe(content)
    expect(Math.max(...bytes.map(one => one.length))).toBeLessThanOrEqual(65_536)
    expect(new Set(seen).size).toBeGreaterThan(seen.length / 2)
  })

  it('bears the organisation’s name, logo and colour', async () => {
    const brand = { name: '华宇 <i>大学</i>', colour: '#ffd400', logo: pngOf({ width: 64, height: 32 }) }
    await setBrand(world.ctx, 'test', world.corpId, brand)
    await send({ content: '有标志', url: 'https://example.com/' })
    const html = (await shownMail(world)).at(-1)?.html ?? ''
    expect(html).toContain('<bdi>华宇 &#60;i&#62;大学&#60;/i&#62;</bdi>')
    expect(html).toContain('background:#8c7500')
    const [, logo = '', size] = /<img src="([^"]+)" alt="" (width="\d+" height="\d+")/.exec(html) ?? []
    expect(size).toBe('width="64" height="32"')
    expect((await fetch(logo)).headers.get('content-type')).toBe('image/png')
  })

  it('goes to each receiver once and names those without an address', async () => {
    const before = (await shownMail(world)).length
    const answer = await send({ toUser: 'zhangsan|lisi|wangwu', toParty: '1', content: '群发' })
    await world.ctx.dispatcher.drain()
    const mails = (await shownMail(world)).slice(before)
    const addresses = mails.map(mail => JSON.stringify(mail.to))
    expect(new Set(addresses).size).toBe(addresses.length)
    const status = await dev.get('/api/message/status', { msgId: answer.body.msgId })
    expect(status.body.receivers.sent).toBe(mails.length)
    expect(status.body.receivers.total).toBe(mails.length + status.body.receivers.failed)
  })

  it('is refused for good, put off, or unclear, as the server says', async () => {
    await world.control('faults', { match: 'smtp/rcpt', mode: 'code:451', times: 1 })
    const later = await send({ content: '稍后' })
    expect(later.body.status).toBe('queued')
    world.clock.offsetMs += 60_000
    await world.ctx.dispatcher.drain()
    expect((await dev.get('/api/message/status', { msgId: later.body.msgId })).body.status).toBe('sent')

    const before = (await shownMail(world)).length
    await world.control('faults', { match: 'smtp/data', mode: 'acceptedThenTimeout', times: 1 })
    const unclear = await send({ content: '不明' })
    await world.ctx.dispatcher.drain()
    const status = await dev.get('/api/message/status', { msgId: unclear.body.msgId })
    expect(status.body.status).toBe('unknown')
    expect(await shownMail(world)).toHaveLength(before + 1)
  })

  it('says 1008 when the server refuses the password', async () => {
    await useSmtp(world, { password: 'wrong' })
    const answer = await send({ content: '密码' })
    expect([answer.retCode, answer.retMessage]).toEqual(['1008', expect.stringContaining('SMTP')])
    await useSmtp(world)
  })

  it('is put off when the server cannot check the password just now', async () => {
    // Another sender needs its own connection, which has to sign in first.
    await useSmtp(world, { from: 'busy@example.com' })
    await world.control('faults', { match: 'smtp/auth', mode: 'busy', times: 1 })
    const { body } = await send({ content: '登录繁忙' })
    expect(body.status).toBe('queued')
    world.clock.offsetMs += 60_000
    await world.ctx.dispatcher.drain()
    expect((await dev.get('/api/message/status', { msgId: body.msgId })).body.status).toBe('sent')
    await useSmtp(world)
  })

  it('does not go out over TLS that cannot be trusted', async () => {
    const before = (await shownMail(world)).length
    await useSmtp(world, { ca: '' })
    const answer = await send({ content: '证书' })
    expect(answer.body?.status ?? answer.retCode).toMatch(/queued|1008/)
    expect(await shownMail(world)).toHaveLength(before)
    await useSmtp(world)
  })
})

describe.each(vendors)('SMS by %s', vendor => {
  let world: World
  let dev: Caller
  const send = (body: object) =>
    fresh(world).post('/api/message/sms', {
      toUser: 'zhangsan',
      templateId: 'code',
      params: ['666666', '5'],
      agentName: '审批',
      ...body,
    })
  const refuse = (refuse: Record<string, string> | null) => world.control('sms', { refuse })
  const mobileOf = async (userId: string) =>
    (await sql<{ mobile: string }>`select mobile from member where user_id = ${userId}`.execute(world.ctx.db))
      .rows[0]?.mobile ?? ''
  beforeAll(async () => {
    world = await startWorld()
    dev = world.dev
    await useSms(world, vendor)
  })
  beforeEach(() => refuse(null))
  afterAll(() => world.close())

  it('arrives with its parameters', async () => {
    const { retCode, body } = await send({})
    expect([retCode, body.invaliduser]).toEqual(['0', ''])
    // The first of a worker loads the vendor's SDK, on a busy machine for longer than an answer waits.
    await expect.poll(() => statusOf(world, body.msgId)).toMatchObject({ status: 'sent' })
    const sms = (await shownSms(world)).at(-1)
    expect(sms?.vendor).toBe(vendor)
    expect(sms?.phone).toMatch(/^\+861\d{10}$/)
    expect(sms?.text).toContain('666666')
  })

  it.each([
    [{ templateId: 'none' }, '1000', '没有短信模板 none，没有发送；模板见消息中心 → 短信'],
    [{ params: ['1'] }, '1000', '2 个变量'],
    [{ params: undefined }, '1001', 'params'],
    [{ params: [] }, '1001', 'params'],
    [{ params: '666666' }, '1000', 'params 应为数组'],
    [{ templateId: '' }, '1001', 'templateId'],
    [{ toUser: 'nobody' }, '1007', 'nobody'],
  ])('refuses %j', async (given, code, words) => {
    const answer = await send(given)
    expect([answer.retCode, answer.retMessage]).toEqual([code, expect.stringContaining(words)])
  })

  it('reaches everybody in batches, and says how far it is', async () => {
    const before = (await shownSms(world)).length
    const answer = await send({ toUser: '@all' })
    expect(answer.body.status).toBe('queued')
    await expect
      .poll(async () => (await dev.get('/api/message/status', { msgId: answer.body.msgId })).body.status, {
        timeout: 20_000,
      })
      .toBe('sent')
    const { body } = await dev.get('/api/message/status', { msgId: answer.body.msgId })
    expect((await shownSms(world)).length - before).toBe(body.receivers.sent)
    expect(body.receivers.total).toBe(body.receivers.sent + body.receivers.failed)
  })

  it('asks the vendor what became of a call that was not answered', async () => {
    const before = (await shownSms(world)).length
    await world.control('faults', { match: `sms/${vendor}/SendSms`, times: 1, ...notAnswered })
    const answer = await send({ toUser: 'lisi' })
    expect(answer.body.status).toBe('queued')
    await expect
      .poll(
        async () => {
          world.clock.offsetMs += 1000
          return (await dev.get('/api/message/status', { msgId: answer.body.msgId })).body.status
        },
        { timeout: 40_000, interval: 500 },
      )
      .toBe('sent')
    expect(await shownSms(world)).toHaveLength(before + 1)
  })

  it('names those whose numbers the vendor refuses; the others get it', async () => {
    const refused =
      vendor === 'tencent' ? 'FailedOperation.PhoneNumberInBlacklist' : 'isv.MOBILE_NUMBER_ILLEGAL'
    await refuse({ [await mobileOf('wangwu')]: refused })
    const before = (await shownSms(world)).length
    const { body } = await send({ toUser: 'zhangsan|lisi|wangwu' })
    await later(world, 0)
    expect(
      (await shownSms(world))
        .slice(before)
        .map(one => one.userid)
        .sort(),
    ).toEqual(['lisi', 'zhangsan'])
    expect(await statusOf(world, body.msgId)).toMatchObject({
      status: 'sent',
      receivers: { total: 3, sent: 2, failed: 1 },
      failed: [{ userId: 'wangwu', state: 'failed', reason: expect.stringContaining(refused) }],
    })
    if (vendor === 'tencent') expect(body.invaliduser).toBe('wangwu')
    await refuse(null)
    expect(await resend(world.ctx, 'test', world.corpId, body.msgId)).toEqual({ receivers: 1 })
    await later(world, 0)
    expect((await shownSms(world)).at(-1)?.userid).toBe('wangwu')
    expect(await statusOf(world, body.msgId)).toMatchObject({ receivers: { sent: 3, failed: 0 } })
  })

  if (vendor === 'tencent')
    it('notes receipts of all who share a number, and passes over those of others', async () => {
      for (const userid of ['shares1', 'shares2'])
        await world.admin('user/create', {
          userid,
          name: '同号',
          department: [1],
          status: 1,
          mobile: `1381234999${userid.at(-1)}`,
        })
      await world.sync()
      // As an import may bring it; WeCom itself lets no two members have one number.
      await sql`update member set mobile = '13812349990' where user_key like 'shares_'`.execute(world.ctx.db)
      const setup = world.ctx.messageSettings.setupOf<SmsSettings, SmsTemplates>(world.corpId, 'sms')
      const foreign = (context: string) =>
        deliverSms(world.ctx, world.corpId, setup, setup.extra!.get('code')!, {
          phones: ['+8613812348888'],
          params: ['1', '5'],
          context,
        })
      for (const context of ['', 'somebody-else', 'x.NaN', 'x.99999999999999999999']) await foreign(context)
      const { body } = await send({ toUser: 'shares1|shares2' })
      await readReceipts(world.ctx)
      const noted = await world.ctx.db
        .selectFrom('message_result')
        .select(['user_id as userId', 'state'])
        .where('message_id', '=', body.msgId)
        .orderBy('user_id')
        .execute()
      expect(noted).toEqual(['shares1', 'shares2'].map(userId => ({ userId, state: 'delivered' })))
      expect(await world.ctx.db.selectFrom('message_receipt').select('id').execute()).toEqual([])
    })

  it('fails for good when the vendor refuses all numbers, each with its reason', async () => {
    const refused =
      vendor === 'tencent' ? 'LimitExceeded.PhoneNumberDailyLimit' : 'isv.BUSINESS_LIMIT_CONTROL'
    await refuse({ [await mobileOf('zhangsan')]: refused, [await mobileOf('lisi')]: refused })
    const before = (await shownSms(world)).length
    const { retCode, body } = await send({ toUser: 'zhangsan|lisi' })
    await later(world, 0)
    expect(retCode).toBe('0')
    const status = await statusOf(world, body.msgId)
    expect(status).toMatchObject({ status: 'failed', receivers: { total: 2, sent: 0, failed: 2 } })
    expect(status.failed.map((one: { reason: string }) => one.reason.split(' ')[0])).toEqual([
      refused,
      refused,
    ])
    expect(await shownSms(world)).toHaveLength(before)
  })

  it('says 1008 when key, signature or template are wrong, and does not send it later', async () => {
    const before = (await shownSms(world)).length
    const code = vendor === 'tencent' ? 'AuthFailure.SignatureFailure' : 'SignatureDoesNotMatch'
    await world.control('faults', { match: 'SendSms', mode: `code:${code}`, times: 1 })
    expect(await send({})).toMatchObject({ retCode: '1008', retMessage: expect.stringContaining(code) })
    await putTemplate(world.ctx, 'test', world.corpId, {
      id: 'wrong',
      vendorId: '404',
      signName: '',
      text: '',
      params: [],
    })
    expect(await send({ templateId: 'wrong', params: [] })).toMatchObject({
      retCode: '1008',
      retMessage: expect.stringMatching(/Template|TEMPLATE/),
    })
    await later(world, 60_000)
    expect(await shownSms(world)).toHaveLength(before)
  })

  it('names members without a mobile at once, and those who lost theirs or left before it went out', async () => {
    for (const [userid, mobile] of [
      ['nophone', ''],
      ['loser', '13812340001'],
      ['leaver', '13812340002'],
    ])
      await world.admin('user/create', {
        userid,
        name: userid,
        department: [1],
        ...(mobile ? { mobile } : { email: 'nophone@example.com' }),
      })
    await world.sync()
    await world.control('faults', { match: 'SendSms', mode: 'rateLimit', times: 1 })
    const { body } = await send({ toUser: 'nophone|loser|leaver|zhangsan' })
    expect(body).toMatchObject({ status: 'queued', invaliduser: 'nophone' })
    await sql`update member set mobile = '' where user_id = 'loser'`.execute(world.ctx.db)
    await sql`update member set left_at = now() where user_id = 'leaver'`.execute(world.ctx.db)
    const before = (await shownSms(world)).length
    await later(world, 5000)
    expect((await shownSms(world)).slice(before).map(one => one.userid)).toEqual(['zhangsan'])
    const status = await statusOf(world, body.msgId)
    expect(status).toMatchObject({ status: 'sent', receivers: { total: 4, sent: 1, failed: 3 } })
    expect(status.failed.map((one: { userId: string }) => one.userId)).toEqual(['leaver', 'loser', 'nophone'])
  })

  it('waits for a template that was taken away, and does not go out with a variable that is missing', async () => {
    const template = { id: 'passing', signName: '', text: '', params: ['code', 'minute'] }
    const { tencent, aliyun } = world.sandbox.sms
    const vendorId = (vendor === 'tencent' ? tencent.templates[0]?.id : aliyun.templates[0]?.code) ?? ''
    await putTemplate(world.ctx, 'test', world.corpId, { ...template, vendorId })
    await world.control('faults', { match: 'SendSms', mode: 'rateLimit', times: 1 })
    const { body } = await send({ templateId: 'passing' })
    const before = (await shownSms(world)).length
    await putTemplate(world.ctx, 'test', world.corpId, {
      ...template,
      params: ['code', 'minute', 'more'],
      vendorId,
    })
    await later(world, 5000)
    await removeTemplate(world.ctx, 'test', world.corpId, 'passing')
    await later(world, 10_000)
    expect(await shownSms(world)).toHaveLength(before)
    expect((await statusOf(world, body.msgId)).status).toBe('queued')
    await putTemplate(world.ctx, 'test', world.corpId, { ...template, vendorId })
    await later(world, 60_000)
    expect(await shownSms(world)).toHaveLength(before + 1)
  })

  it('is unknown when the vendor’s record does not know it either, and cannot be recalled', async () => {
    await world.control('faults', { match: 'SendSms', mode: 'http500', times: 1 })
    const { body } = await send({})
    expect(body.status).toBe('queued')
    for (let n = 0; n < 5; n++) await later(world, 30_000)
    expect((await statusOf(world, body.msgId)).status).toBe('unknown')
    const recalled = await fresh(world).post('/api/message/recall', { msgId: body.msgId })
    expect([recalled.retCode, recalled.retMessage]).toEqual(['1000', expect.stringContaining('不能撤回')])
  })
})
