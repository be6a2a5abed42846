import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { commands } from '../../../cli/commands.ts'
import { putAgent } from '../../../organisation/corps/corps.ts'
import { readParts } from '../../../platform/command/command.ts'

/** These tests run the commands as functions of the context, without a process. */
let world: World
beforeAll(async () => {
  world = await startWorld()
  const [agent] = world.sandbox.agents
  if (agent) await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['messages'] })
})
afterAll(() => world.close())

async function run(path: string, raw: Record<string, string | boolean>) {
  const found = commands.find(one => one.path === path)
  if (found?.needs !== 'context') throw new Error(`no command ${path}`)
  const { signal } = new AbortController()
  const io = { say: () => {}, note: () => {}, output: () => process.stdout, signal }
  return found.run(world.ctx, readParts(found.parts, raw), io)
}

it('configures each channel, never shows a secret, and tries it out', async () => {
  const { sms, smtp } = world.sandbox
  const { host, port, user, password } = smtp
  const configured = await run('message config', {
    smtpHost: host,
    smtpPort: String(port),
    smtpSecurity: 'none',
    smtpUser: user,
    smtpPassword: password,
    smtpFrom: 'noreply@huayu.example',
    sms: 'tencent',
    secretId: sms.tencent.secretId,
    secretKey: sms.tencent.secretKey,
    sdkAppId: sms.tencent.sdkAppId,
    signName: sms.tencent.signName,
    smsEndpoint: sms.endpoint,
  })
  expect(JSON.stringify(configured)).not.toContain(password)
  expect(JSON.stringify(configured)).not.toContain(sms.tencent.secretKey)
  await run('message templates put', {
    id: 'code',
    vendorId: sms.tencent.templates[0]?.id ?? '',
    params: 'code,minute',
  })
  const trials = [
    await run('message test', { userId: 'zhangsan' }),
    await run('message test', { userId: 'zhangsan', channel: 'email' }),
    await run('message test', { userId: 'zhangsan', channel: 'sms', templateId: 'code', params: '1234,5' }),
  ]
  expect(trials.map(one => (one.data as { status: string }).status)).toEqual(['sent', 'sent', 'sent'])
  const list = (await run('message list', {})).data as { msgId: string; status: string }[]
  expect(list.map(one => one.status)).toEqual(['sent', 'sent', 'sent'])
  const find = async (raw: Record<string, string>) =>
    ((await run('message list', raw)).data as { msgId: string }[]).map(one => one.msgId)
  const all = list.map(one => one.msgId)
  expect(await find({ receiver: 'ZhangSan', state: 'sent' })).toEqual(all)
  expect(await find({ receiver: 'lisi' })).toEqual([])
  expect(await find({ state: 'failed,partial' })).toEqual([])
  expect(await find({ from: new Date(world.ctx.now() + 60_000).toISOString() })).toEqual([])
  expect(await find({ from: '2020-01-01', limit: '2' })).toEqual(all.slice(0, 2))
  await expect(find({ receiver: 'nobody' })).rejects.toThrow('nobody')
  await expect(find({ state: 'lost' })).rejects.toThrow('state')
  await expect(find({ from: 'yesterday' })).rejects.toThrow('ISO 8601')
  const shown = await run('message show', { id: list[0]?.msgId ?? '' })
  expect(shown.text).toContain('sent')
})

it('turns a channel off once its name is typed', async () => {
  const isSet = (channel: 'sms' | 'email') =>
    world.ctx.messageSettings.setupOf(world.corpId, channel).settings !== undefined
  const keepDays = async () => (await run('message config', {})).data as { keepDays: number }
  const before = await keepDays()
  await expect(run('message config', { smsVendor: false, keepDays: '33' })).rejects.toThrow('--confirm sms')
  await expect(run('message config', { smtp: false, confirm: 'sms' })).rejects.toThrow('应为要停用的渠道')
  expect([isSet('sms'), isSet('email'), await keepDays()]).toEqual([true, true, before])
  await run('message config', { smsVendor: false, confirm: 'sms' })
  expect([isSet('sms'), isSet('email')]).toEqual([false, true])
})

it('says what is missing or wrong', async () => {
  await expect(run('message config', { smtpHost: 'x', smtpFrom: '' })).rejects.toThrow('--smtp-from')
  await expect(run('message config', { sms: 'aliyun' })).rejects.toThrow('--secret-id')
  await expect(run('message config', { agent: '424242' })).rejects.toThrow(
    '没有自建应用 424242，请在“企业与体检 → 自建应用”添加',
  )
  await expect(run('message templates remove', { id: 'none' })).rejects.toThrow('没有模板 none')
  await expect(run('message show', { id: 'none' })).rejects.toThrow(
    '没有消息 none：编号不对、已过保存期，或不在您的范围内',
  )
  await expect(run('message test', { userId: 'nobody' })).rejects.toThrow('nobody')
})
