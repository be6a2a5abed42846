import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { shownMail, shownSms, smtpOf, useAgents, useSms } from '../../messages/messages.fixture.ts'
import { linkFollower, openidsOf, useMeetingTemplate } from '../../official/templates/link.fixture.ts'
import type { ChannelName } from '../channels.ts'
import type { Settings } from './settings.ts'
import type { ChannelForm } from './settings-calls.ts'

const path = (name: string) => `/web/messages/${name}`

describe('settings of the message centre', () => {
  let world: World
  let as: SignedInClient
  beforeAll(async () => {
    world = await startWorld()
    await useAgents(world)
    as = await signInAs(world, 'super', 'zhangsan')
  })
  afterAll(() => world.close())

  type Form = Omit<ChannelForm, 'values'> & { values: Record<string, string | number> }
  const read = async () => (await as.get(path('settings'))).body
  const form = async (name: ChannelName): Promise<Form> =>
    (await read()).channels.find((one: Form) => one.name === name)
  const saveKeep = async (body: object) =>
    as.post(path('settings/keep'), { version: (await read()).keep.version, ...body })
  const save = async (channel: ChannelName, settings?: object) => {
    const { version, label } = await form(channel)
    return as.post(path('settings/channel'), { version, channel, settings, confirm: label })
  }
  const stored = (channel: ChannelName) =>
    world.ctx.messageSettings.setupOf<Settings>(world.corpId, channel).settings
  const lastAudit = () =>
    world.ctx.db.selectFrom('audit').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()

  it('keeps a mail password to itself, and for its own server only', async () => {
    const smtp = smtpOf(world)
    expect((await save('email', smtp)).retCode).toBe('0')
    const page = await form('email')
    const { password: _, ...kept } = smtp
    expect(page.values).toEqual({ ...kept, auth: 'password', bounces: 'off' })
    expect(page.fields.find(one => one.name === 'password')?.secret?.isStored).toBe(true)
    expect(JSON.stringify([page, await lastAudit()])).not.toContain(smtp.password)
    expect((await save('email', { ...kept, from: 'a@huayu.example' })).retCode).toBe('0')
    expect(stored('email')?.['password']).toBe(smtp.password)
    const moved = await save('email', { ...kept, host: 'mail.elsewhere.example' })
    expect([moved.retCode, moved.retMessage]).toEqual(['1000', expect.stringContaining('重新填写')])
    expect(stored('email')?.['host']).toBe(smtp.host)
    const rows = await sql`select settings::text, sealed from message_channel`.execute(world.ctx.db)
    expect(JSON.stringify(rows.rows)).not.toContain(smtp.password)
  })

  it.each([
    [{ host: 'a b' }, 'settings.host'],
    [{ host: '' }, 'settings.host'],
    [{ port: 0 }, 'settings.port'],
    [{ port: '25' }, 'settings.port'],
    [{ security: 'ssl' }, 'settings.security'],
    [{ from: 'nobody' }, 'settings.from'],
    [{ from: 'a@b.example\r\nBcc: c@d.example' }, 'settings.from'],
    [{ ca: 'no certificate' }, 'settings.ca'],
  ])('refuses mail settings with %o', async (change, named) => {
    const answer = await save('email', { ...smtpOf(world), ...change })
    expect(answer.retCode).toMatch(/^100[01]$/)
    expect(answer.retMessage).toContain(named)
  })

  it('refuses a form that was opened before somebody else saved, of the same channel only', async () => {
    const before = await read()
    const { version } = await form('email')
    await saveKeep({ keepDays: 90 })
    const again = await as.post(path('settings/keep'), { version: before.keep.version, keepDays: 30 })
    expect(again.retMessage).toContain('已被他人修改')
    expect((await read()).keep.keepDays).toBe(90)
    const other = { version, channel: 'email', settings: smtpOf(world) }
    expect((await as.post(path('settings/channel'), other)).retCode).toBe('0')
    const both = await read()
    const racing = [10, 20].map(keepDays =>
      as.post(path('settings/keep'), { version: both.keep.version, keepDays }),
    )
    const codes = (await Promise.all(racing)).map(one => one.retCode).sort()
    expect(codes).toEqual(['0', '1000'])
  })

  it('chooses an agent that may send, and a cap', async () => {
    const [agentId] = world.sandbox.agents.map(one => one.agentId)
    expect((await save('wecom', { agentId, dailyCap: 500 })).retCode).toBe('0')
    const { values, fields, isReady } = await form('wecom')
    expect([values, isReady]).toEqual([{ agentId, dailyCap: 500 }, true])
    expect(fields[0]?.choices.map(one => one.value)).toContain(String(agentId))
    expect((await save('wecom', { agentId: 4_000_000 })).retCode).toBe('1000')
    expect((await save('wecom', { dailyCap: 0 })).retCode).toBe('1000')
    expect((await saveKeep({ keepDays: 0 })).retCode).toBe('1000')
    expect((await saveKeep({})).retCode).toBe('1001')
    expect((await save('wecom', { agentId })).retCode).toBe('0')
    expect((await form('wecom')).values).toEqual({ agentId })
  })

  it('keeps SMS secrets to itself, and for their own account only', async () => {
    await useSms(world, 'tencent')
    const { tencent, aliyun } = world.sandbox.sms
    const { values, fields } = await form('sms')
    expect(values).toMatchObject({ vendor: 'tencent', secretId: tencent.secretId })
    expect(JSON.stringify([values, fields])).not.toContain(tencent.secretKey)
    expect((await save('sms', values)).retCode).toBe('0')
    expect(stored('sms')?.['secretKey']).toBe(tencent.secretKey)
    expect(JSON.stringify(await lastAudit())).not.toContain(tencent.secretKey)
    for (const change of [{ secretId: 'another' }, { endpoint: 'elsewhere.example' }])
      expect((await save('sms', { ...values, ...change })).retMessage).toContain('重新填写')
    const { accessKeyId } = aliyun
    expect((await save('sms', { ...values, vendor: 'aliyun', accessKeyId })).retMessage).toContain(
      'settings.accessKeySecret',
    )
    expect((await save('sms', { ...values, signName: '【华宇】' })).retCode).toBe('1000')
    expect((await save('sms', { ...values, sdkAppId: '' })).retCode).toBe('1001')
    expect((await save('sms', { ...values, endpoint: 'http://a/b' })).retCode).toBe('1000')
  })

  it('tests each channel with the real answer, and remembers it until the settings change', async () => {
    const test = (body: object) => as.post(path('test'), body)
    await save('email', smtpOf(world))
    expect((await test({ channel: 'wecom', userId: 'zhangsan' })).body).toMatchObject({ ok: true })
    expect((await test({ channel: 'email', userId: 'zhangsan' })).body).toMatchObject({ ok: true })
    expect((await test({ channel: 'email', address: 'somebody@elsewhere.example' })).body.ok).toBe(true)
    expect((await shownMail(world)).at(-1)?.to).toEqual(['somebody@elsewhere.example'])
    const sms = { channel: 'sms', templateId: 'code', params: ['123456', '5'] }
    expect((await test({ ...sms, userId: 'zhangsan' })).body).toMatchObject({ ok: true })
    expect((await test({ ...sms, address: '13900001234' })).body).toMatchObject({ ok: true })
    expect((await shownSms(world)).at(-1)?.phone).toContain('13900001234')
    const account = await world.bindOfficial()
    await useMeetingTemplate(world, account)
    const [openid = ''] = await openidsOf(world, account, 1)
    await linkFollower(world, account, openid, 'zhangsan')
    expect((await test({ channel: 'official', userId: 'zhangsan' })).body).toMatchObject({ ok: true })
    for (const channel of ['wecom', 'email', 'sms', 'official'] as const)
      expect((await form(channel)).test, channel).toMatchObject({ ok: true, isCurrent: true })
    await save('email', { ...smtpOf(world), password: 'wrong' })
    expect((await form('email')).test?.isCurrent).toBe(false)
    const refused = (await test({ channel: 'email', userId: 'zhangsan' })).body
    expect(refused).toMatchObject({ ok: false, status: 'failed', advice: expect.stringContaining('授权码') })
    expect(refused.answers.join()).toContain('535')
    expect(JSON.stringify(await lastAudit())).not.toContain('wrong')
    await save('email')
    expect(await form('email')).toMatchObject({ values: {}, isReady: false, canTurnOff: false })
    expect((await test({ channel: 'email', userId: 'zhangsan' })).body).toMatchObject({ ok: false })
  })

  it('tests settings before they are saved, and knows them again when they are', async () => {
    const test = async (body: object) => (await as.post(path('test'), body)).body
    await save('email')
    const mail = { channel: 'email', userId: 'zhangsan' }
    const wrong = await test({ ...mail, settings: { ...smtpOf(world), password: 'wrong' } })
    expect(wrong).toMatchObject({ ok: false, msgId: '', advice: expect.stringContaining('授权码') })
    expect(await test({ ...mail, settings: smtpOf(world) })).toMatchObject({ ok: true, msgId: '' })
    expect((await shownMail(world)).at(-1)?.userids).toEqual(['zhangsan'])
    const address = 'unsaved@elsewhere.example'
    expect((await test({ channel: 'email', address, settings: smtpOf(world) })).ok).toBe(true)
    expect((await shownMail(world)).at(-1)?.to).toEqual([address])
    expect(await form('email')).toMatchObject({ values: {}, isReady: false })
    expect(JSON.stringify(await lastAudit())).not.toContain(smtpOf(world).password)
    await save('email', smtpOf(world))
    expect((await form('email')).test).toMatchObject({ ok: true, isCurrent: true })
    // A failed test of something else says nothing about what is saved.
    await test({ ...mail, settings: { ...smtpOf(world), password: 'wrong' } })
    expect((await form('email')).test).toMatchObject({ ok: true, isCurrent: true })
    const elsewhere = { ...smtpOf(world), host: 'elsewhere.example', password: '' }
    const kept = await as.post(path('test'), { ...mail, settings: elsewhere })
    expect([kept.retCode, kept.retMessage]).toEqual(['1000', expect.stringContaining('重新填写')])
  })

  it('tests the agent and the SMS account of a form that is not saved', async () => {
    const test = async (body: object) => (await as.post(path('test'), body)).body
    const [, agentId] = world.sandbox.agents.map(one => one.agentId)
    expect((await save('wecom', {})).retCode).toBe('0')
    const wecom = { channel: 'wecom', userId: 'zhangsan' }
    expect(await test({ ...wecom, settings: { agentId } })).toMatchObject({ ok: true, msgId: '' })
    await world.control('agents', { agentId, disabled: true })
    const refused = await test({ ...wecom, settings: { agentId } })
    expect(refused).toMatchObject({ ok: false, answers: [expect.stringContaining('50003')] })
    await world.control('agents', { agentId, disabled: false })
    await useSms(world, 'tencent')
    const { values } = await form('sms')
    const sms = { channel: 'sms', templateId: 'code', params: ['123456', '5'], userId: 'zhangsan' }
    expect(await test({ ...sms, settings: values })).toMatchObject({ ok: true, msgId: '' })
    const bad = await test({ ...sms, settings: { ...values, secretKey: 'wrong' } })
    expect(bad).toMatchObject({ ok: false, status: 'failed' })
    expect(stored('sms')?.['secretKey']).toBe(world.sandbox.sms.tencent.secretKey)
  })

  it.each([
    [{ channel: 'fax', userId: 'zhangsan' }, '1000'],
    [{ channel: 'email', userId: 'zhangsan', settings: {} }, '1001'],
    [{ channel: 'wecom', userId: 'nobody-here', settings: {} }, '1007'],
    [{ channel: 'wecom' }, '1001'],
    [{ channel: 'wecom', address: 'a@b.example' }, '1000'],
    [{ channel: 'wecom', userId: 'nobody-here' }, '1007'],
    [{ channel: 'sms', userId: 'zhangsan' }, '1001'],
    [{ channel: 'sms', userId: 'zhangsan', templateId: 'none' }, '1000'],
    [{ channel: 'sms', address: '1390000', templateId: 'code', params: ['1'] }, '1000'],
  ])('refuses the test %o', async (body, code) => {
    expect((await as.post(path('test'), body)).retCode).toBe(code)
  })

  it('keeps templates, and shows them with their values and segments', async () => {
    const put = (body: object) => as.post(path('templates/save'), body)
    const form = { id: 'visit', vendorId: '100', params: ['name', 'room'], text: '{1}您好，请到{2}。' }
    const made = await put(form)
    expect(made.retCode).toBe('0')
    expect((await put(form)).retMessage).toContain('已存在')
    const { version } = made.body
    expect((await put({ ...form, version, text: '改了' })).retCode).toBe('0')
    expect((await put({ ...form, version })).retMessage).toContain('已被他人修改')
    for (const bad of [{ id: 'a b' }, { params: ['a', 'a'] }, { params: ['a-b'] }, { vendorId: '' }])
      expect((await put({ ...form, id: 'new', ...bad })).retCode).toMatch(/^100[01]$/)
    const { body } = await as.get(path('templates'), { search: 'visit' })
    expect(body).toMatchObject({ total: 1, list: [{ id: 'visit', text: '改了' }] })
    const shown = (words: string, values: string[]) =>
      as.post(path('templates/preview'), { text: words, params: ['name', 'room'], signName: '华宇', values })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Aliyun's placeholder
    expect((await shown('{1}请到${room}。', ['张三', '301'])).body).toMatchObject({
      text: '【华宇】张三请到301。',
      segments: 1,
    })
    expect((await shown('长'.repeat(67), [])).body).toMatchObject({ characters: 71, segments: 2 })
    expect((await as.post(path('templates/remove'), { id: 'visit' })).retCode).toBe('0')
    expect((await as.post(path('templates/remove'), { id: 'visit' })).retCode).toBe('1000')
  })
})
