import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, databases, startWorld, type World } from '../../test/harness.ts'
import { changeSettings, putTemplate, type SmsSettings } from './settings.ts'

type Mail = { to: string; subject: string; html: string; text: string }
type Sms = { vendor: string; phone: string; text: string; templateId: string }

async function entries<T>(world: World, channel: string, since = 0): Promise<T[]> {
  const { messages } = await world.control(`messages?channel=${channel}&limit=1000&since=${since}`)
  return messages as T[]
}

function smtpOf(world: World) {
  const { host, port, user, password, ca } = world.sandbox.smtp
  return {
    host,
    port,
    user,
    password,
    ca,
    security: 'starttls' as const,
    from: '消息中心 <noreply@huayu.example>',
  }
}

function vendorsOf(world: World): Record<'tencent' | 'aliyun', SmsSettings> {
  const { tencent, aliyun, endpoint } = world.sandbox.sms
  return {
    tencent: {
      vendor: 'tencent',
      secretId: tencent.secretId,
      secretKey: tencent.secretKey,
      sdkAppId: tencent.sdkAppId,
      region: 'ap-guangzhou',
      signName: tencent.signName,
      endpoint,
    },
    aliyun: {
      vendor: 'aliyun',
      accessKeyId: aliyun.accessKeyId,
      accessKeySecret: aliyun.accessKeySecret,
      signName: aliyun.signName,
      endpoint,
    },
  }
}

describe.each(databases)('mail on %s', database => {
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
    world = await startWorld({ database })
    dev = world.dev
    await changeSettings(world.ctx, 'test', world.corpId, { smtp: smtpOf(world) })
  })
  afterAll(() => world.close())

  it('arrives as text and as HTML in which nothing of the text is markup', async () => {
    const answer = await send({ url: 'https://example.com/a?b=1&c="2"' })
    expect(answer.body).toMatchObject({ status: 'sent', invaliduser: '' })
    const mail = (await entries<Mail>(world, 'mail')).at(-1)
    expect(mail?.subject).toBe('【审批】请假')
    expect(mail?.text).toContain('<b>二</b>')
    expect(mail?.html).not.toContain('<b>二</b>')
    expect(mail?.html).toContain('详情')
  })

  it('goes to each receiver once and names those without an address', async () => {
    const before = (await entries(world, 'mail')).length
    const answer = await send({ toUser: 'zhangsan|lisi|wangwu', toParty: '1', content: '群发' })
    await world.ctx.dispatcher.drain()
    const mails = (await entries<Mail>(world, 'mail')).slice(before)
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

    const before = (await entries(world, 'mail')).length
    await world.control('faults', { match: 'smtp/data', mode: 'acceptedThenTimeout', times: 1 })
    const unclear = await send({ content: '不明' })
    await world.ctx.dispatcher.drain()
    const status = await dev.get('/api/message/status', { msgId: unclear.body.msgId })
    expect(status.body.status).toBe('unknown')
    expect(await entries(world, 'mail')).toHaveLength(before + 1)
  })

  it('says 1008 when the server refuses the password', async () => {
    await changeSettings(world.ctx, 'test', world.corpId, { smtp: { ...smtpOf(world), password: 'wrong' } })
    const answer = await send({ content: '密码' })
    expect([answer.retCode, answer.retMessage]).toEqual(['1008', expect.stringContaining('SMTP')])
    await changeSettings(world.ctx, 'test', world.corpId, { smtp: smtpOf(world) })
  })

  it('does not go out over TLS that cannot be trusted', async () => {
    const { ca: _ca, ...untrusted } = smtpOf(world)
    const before = (await entries(world, 'mail')).length
    await changeSettings(world.ctx, 'test', world.corpId, { smtp: untrusted })
    const answer = await send({ content: '证书' })
    expect(answer.body?.status ?? answer.retCode).toMatch(/queued|1008/)
    expect(await entries(world, 'mail')).toHaveLength(before)
    await changeSettings(world.ctx, 'test', world.corpId, { smtp: smtpOf(world) })
  })
})

describe.each(['tencent', 'aliyun'] as const)('SMS by %s', vendor => {
  let world: World
  let dev: Caller
  const send = (body: object) =>
    dev.post('/api/message/sms', {
      toUser: 'zhangsan',
      templateId: 'code',
      params: ['666666', '5'],
      agentName: '审批',
      ...body,
    })
  beforeAll(async () => {
    world = await startWorld({ database: 'postgres' })
    dev = world.dev
    const { sms } = world.sandbox
    await changeSettings(world.ctx, 'test', world.corpId, { sms: vendorsOf(world)[vendor] })
    const template =
      vendor === 'tencent'
        ? { vendorId: sms.tencent.templates[0]?.id ?? '', params: ['code', 'minute'] }
        : { vendorId: sms.aliyun.templates[0]?.code ?? '', params: sms.aliyun.templates[0]?.params ?? [] }
    await putTemplate(world.ctx, 'test', world.corpId, { id: 'code', signName: '', text: '', ...template })
  })
  afterAll(() => world.close())

  it('arrives with its parameters', async () => {
    const answer = await send({})
    expect(answer).toMatchObject({ retCode: '0', body: { status: 'sent', invaliduser: '' } })
    const sms = (await entries<Sms>(world, 'sms')).at(-1)
    expect(sms?.vendor).toBe(vendor)
    expect(sms?.phone).toMatch(/^\+861\d{10}$/)
    expect(sms?.text).toContain('666666')
  })

  it.each([
    [{ templateId: 'none' }, '1000', '没有短信模板 none'],
    [{ params: ['1'] }, '1000', '2 个变量'],
    [{ params: '666666' }, '1000', 'params 应为数组'],
    [{ templateId: '' }, '1001', 'templateId'],
    [{ toUser: 'nobody' }, '1007', 'nobody'],
  ])('refuses %j', async (given, code, words) => {
    const answer = await send(given)
    expect([answer.retCode, answer.retMessage]).toEqual([code, expect.stringContaining(words)])
  })

  it('reaches everybody in batches, and says how far it is', async () => {
    const before = (await entries(world, 'sms')).length
    const answer = await send({ toUser: '@all' })
    expect(answer.body.status).toBe('queued')
    await expect
      .poll(async () => (await dev.get('/api/message/status', { msgId: answer.body.msgId })).body.status, {
        timeout: 20_000,
      })
      .toBe('sent')
    const { body } = await dev.get('/api/message/status', { msgId: answer.body.msgId })
    expect((await entries<Sms>(world, 'sms')).length - before).toBe(body.receivers.sent)
    expect(body.receivers.total).toBe(body.receivers.sent + body.receivers.failed)
  })

  it('asks the vendor what became of a call that was not answered', async () => {
    const before = (await entries(world, 'sms')).length
    await world.control('faults', {
      match: `sms/${vendor}/SendSms`,
      mode: 'acceptedThenTimeout',
      times: 1,
      delayMs: 20_000,
    })
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
    expect(await entries(world, 'sms')).toHaveLength(before + 1)
  })
})
