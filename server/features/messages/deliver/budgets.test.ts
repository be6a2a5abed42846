import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { signInAs } from '../../../../test/sign-in.ts'
import { setDeveloper } from '../../../callers/developers/developer-admin.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { openDatabase } from '../../../platform/storage/database.ts'
import { setChannel } from '../../channels/settings/settings.ts'
import { putTemplate } from '../../channels/sms/templates.ts'
import type { Definition } from '../../message-types/definition.ts'
import { putType } from '../../message-types/put-type.ts'
import { smsBudgetUsedUp } from '../../send-approval/budget/causes.ts'
import { nextMonthAt } from '../../send-approval/budget/months.ts'
import { affordable, giveBack, pay } from '../../send-approval/budget/pay.ts'
import { setSendApproval } from '../../send-approval/set-approval.ts'
import {
  fresh,
  shownMail,
  shownSms,
  smsSettingsOf,
  statusOf,
  useSms,
  useSmsOrder,
  useSmtp,
} from '../messages.fixture.ts'
import { settled } from '../waiting/waiting.fixture.ts'

let world: World
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ members: 60 })
  await useSms(world, 'aliyun')
  await useSmtp(world)
  await world.control('limits', { perMemberMinute: null, perMemberHour: null })
  dev = await world.addDeveloper({ name: '报销系统', scopes: ['message:send', 'sms:send', 'message:type'] })
  await put('plain', { channels: ['sms'] })
  await put('email', { channels: ['sms', 'email'] })
  await put('falls', {
    channels: ['sms', 'email'],
    fallback: [{ after: 30, unless: 'sent', channel: 'email' }],
  })
  await put('urgent', { channels: ['sms'], level: 'urgent' })
})
afterAll(() => world.close())

const sms = { zh: { templateId: 'code', params: ['{{ n }}', '5'] } }
const email = { zh: { title: '报销', content: '邮件 {{ n }}' } }
const put = (key: string, more: Partial<Definition>) => {
  const templates = more.channels?.includes('email') ? { sms, email } : { sms }
  const definition = { name: '报销', level: 'normal', templates, channels: [], ...more } as Definition
  const writer = { actor: 'test', devId: dev.devId, mayApprove: true } as const
  return putType(world.ctx, writer, world.corpId, key, definition)
}
const notify = async (type: string, n: string, toUser = 'zhangsan') => {
  const body = { type, toUser, data: { n } }
  const { retCode, retMessage, body: answer } = await fresh(world, dev).post('/api/message/notify', body)
  expect(retCode, retMessage).toBe('0')
  await settled(world)
  return answer.msgId as string
}
const send = async (n: string, toUser: string, more: object = {}) => {
  const common = { agentName: '报销', templateId: 'code', params: [n, '5'], toUser, ...more }
  const { body } = await fresh(world, dev).post('/api/message/sms', common)
  await settled(world)
  return body.msgId as string
}
const set = (change: Parameters<typeof setSendApproval>[3]) =>
  setSendApproval(world.ctx, 'test', world.corpId, change)
const status = (msgId: string) => statusOf(world, msgId, dev)
const arrivedBySms = async (n: string) => (await shownSms(world)).filter(one => one.text.includes(n)).length
const used = async () => {
  const { rows } = await sql<{ used: number; urgent: number }>`
    select used, urgent from sms_spent where dev_id = '' order by month desc limit 1`.execute(world.ctx.db)
  return [rows[0]?.used ?? 0, rows[0]?.urgent ?? 0]
}
const whyOf = async (msgId: string, userId = 'zhangsan') => {
  const { body } = await fresh(world, dev).get('/api/message/why', { msgId, userId })
  return body.steps.map((one: Record<string, string>) => `${one['what']} ${one['cause']}`.trim())
}
const usedUp = async () => (await smsBudgetUsedUp.find(world.ctx)).found.map(one => one.subject)
const three = 'zhangsan|lisi|wangwu'

it('is in money, and is refused without a price', async () => {
  await send('100001', 'zhangsan')
  await expect(set({ smsBudget: 100 })).rejects.toThrow('请先设置一条短信的价格')
  await expect(setDeveloper(world.ctx, 'test', dev.devId, { smsBudget: 100 })).rejects.toThrow('价格')
  await expect(set({ smsPrice: 5, smsBudget: 100, smsUrgent: 200 })).rejects.toThrow('大于 smsBudget')
  // Without a budget nothing is read or written, whatever the price.
  await set({ smsPrice: 5 })
  const bill = { corpId: world.corpId, devId: dev.devId, isUrgent: false, fen: 5, persons: 9 }
  expect(await pay(world.ctx, undefined as never, [bill], { isWhole: true })).toEqual([undefined])
  expect(await affordable(world.ctx, dev as never, 5)).toBe(Infinity)
})

it('lets as many leave as there is budget for, and the rest when it is raised', async () => {
  await set({ smsBudget: 25, smsUrgent: 5 })
  const first = await send('200001', three)
  expect(await status(first)).toMatchObject({ status: 'sent' })
  expect(await used()).toEqual([15, 0])
  const second = await send('200002', three)
  expect([await arrivedBySms('200002'), await used()]).toEqual([1, [20, 0]])
  const waiting = await status(second)
  expect(waiting).toMatchObject({ status: 'queued', receivers: { total: 3, sent: 1, waiting: 2 } })
  expect(Date.parse(waiting.heldUntil)).toBe(nextMonthAt(world.ctx.now(), 'Asia/Shanghai'))
  expect(await usedUp()).toEqual([''])
  const reasons = await Promise.all(three.split('|').map(userId => whyOf(second, userId)))
  expect(reasons.filter(own => own.includes('held 企业本月的短信预算已用完'))).toHaveLength(2)
  await set({ smsBudget: 45 })
  await settled(world)
  expect([await arrivedBySms('200002'), await used(), await usedUp()]).toEqual([3, [30, 0], []])
  expect(await status(second)).toMatchObject({ status: 'sent', receivers: { total: 3, sent: 3 } })
})

it('pays once for those who share a number, and sends them one message', async () => {
  const member = (userId: string) => world.ctx.db.updateTable('member').where('user_id', '=', userId)
  const { rows } = await sql<{ id: string; mobile: string }>`
    select user_id as id, mobile from member where user_id in ('zhangsan', 'wangwu')`.execute(world.ctx.db)
  const [shared, own] = ['zhangsan', 'wangwu'].map(id => rows.find(one => one.id === id)!.mobile)
  await member('wangwu').set({ mobile: shared! }).execute()
  const [before] = await used()
  // Five fen of it are for what is urgent.
  await set({ smsBudget: before! + 15 })
  // A vendor that takes one number a call gets two calls.
  await useSmsOrder(world, ['json'])
  const first = await send('250001', three)
  expect([await arrivedBySms('250001'), await used()]).toEqual([2, [before! + 10, 0]])
  expect(await status(first)).toMatchObject({ status: 'sent', receivers: { total: 3, sent: 3 } })
  await set({ smsBudget: before! + 20 })
  const second = await send('250002', 'zhangsan|wangwu')
  expect([await arrivedBySms('250002'), await used()]).toEqual([1, [before! + 15, 0]])
  expect(await status(second)).toMatchObject({ receivers: { total: 2, sent: 2 } })
  // One of them has another number by the time when there is budget: each gets their own.
  const third = await send('250003', 'zhangsan|wangwu')
  await member('wangwu').set({ mobile: own! }).execute()
  await set({ smsBudget: before! + 45 })
  await settled(world)
  expect([await arrivedBySms('250003'), await used()]).toEqual([2, [before! + 25, 0]])
  expect(await status(third)).toMatchObject({ receivers: { total: 2, sent: 2 } })
  await useSms(world, 'aliyun')
  await sql`update sms_spent set used = ${before}`.execute(world.ctx.db)
})

it('cancels what is normal with the reason, or goes by the next channel', async () => {
  await set({ smsBudget: 40 })
  const first = await notify('plain', '300001', 'zhangsan|lisi')
  expect([await arrivedBySms('300001'), await used()]).toEqual([1, [35, 0]])
  expect(await status(first)).toMatchObject({ receivers: { total: 2, sent: 1, cancelled: 1 } })
  const none = await notify('plain', '300002')
  expect(await status(none)).toMatchObject({ status: 'cancelled', reason: '企业本月的短信预算已用完' })
  expect((await whyOf(none)).at(-1)).toBe('drop 企业本月的短信预算已用完')
  const mails = async (n: string) => (await shownMail(world)).filter(one => one.text.includes(n)).length
  const other = await notify('email', '300003')
  expect([await arrivedBySms('300003'), await mails('300003')]).toEqual([0, 1])
  expect(await status(other)).toMatchObject({ receivers: { sent: 1 } })
  // Of a choice between channels a budget may be used up between the choice and the call.
  await set({ smsBudget: 45 })
  const [before] = await used()
  await sql`update sms_spent set used = 0`.execute(world.ctx.db)
  const { outbox } = world.ctx
  const { leave } = outbox
  outbox.leave = async (tx, drafts) => {
    outbox.leave = leave
    await leave(tx, drafts)
    await sql`update sms_spent set used = ${before}::bigint + 5`.execute(tx)
  }
  const falling = await notify('falls', '300004')
  await settled(world)
  expect([await arrivedBySms('300004'), await mails('300004')]).toEqual([0, 1])
  expect(await whyOf(falling)).toContain('send 没有送达：企业本月的短信预算已用完')
  await sql`update sms_spent set used = ${before}`.execute(world.ctx.db)
})

it('lets urgent messages use the part that is theirs, and no more', async () => {
  await set({ smsBudget: 45, smsUrgent: 10 })
  expect(await used()).toEqual([35, 0])
  const both = await notify('urgent', '400001', 'zhangsan|lisi')
  expect([await arrivedBySms('400001'), await used()]).toEqual([2, [35, 10]])
  expect(await status(both)).toMatchObject({ status: 'sent' })
  const none = await notify('urgent', '400002')
  expect(await status(none)).toMatchObject({ status: 'cancelled' })
  expect((await status(none)).reason).toContain('只供紧急消息的部分也已用完')
  expect((await smsBudgetUsedUp.find(world.ctx)).found).toMatchObject([{ detail: { isUrgent: true } }])
})

it('takes back what did not leave', async () => {
  await set({ smsBudget: 1000, smsUrgent: 0 })
  const [before] = await used()
  await world.control('faults', {
    match: 'sms/aliyun/SendSms',
    mode: 'code:isv.BLACK_KEY_CONTROL_LIMIT',
    times: 1,
  })
  const msgId = await send('500001', 'zhangsan')
  expect(await status(msgId)).toMatchObject({ status: 'failed' })
  expect((await used())[0]).toBe(before)
  await world.control('faults', { match: 'sms/aliyun/SendSms', mode: 'truncated', times: 1 })
  await send('500002', 'zhangsan')
  expect((await used())[0]).toBe(before! + 5)
  await world.control('faults', undefined, 'DELETE')
})

it('takes the price of the vendor by which it goes in the end', async () => {
  await useSmsOrder(world, ['aliyun', 'huawei'])
  const dear = { ...smsSettingsOf(world, 'huawei'), price: '8' }
  await setChannel(world.ctx, 'test', world.corpId, 'sms', dear, { place: 2 })
  const [before] = await used()
  await world.control('faults', { match: 'sms/aliyun/SendSms', mode: 'code:isv.AMOUNT_NOT_ENOUGH' })
  await send('550001', 'zhangsan')
  expect([await arrivedBySms('550001'), (await used())[0]]).toEqual([1, before! + 8])
  await world.control('faults', undefined, 'DELETE')
  await useSms(world, 'aliyun')
})

it('counts what a long text is divided into, for sender and approver', async () => {
  const vendorId = world.sandbox.sms.aliyun.templates[0]?.code ?? ''
  const long = {
    id: 'long',
    signName: '',
    text: `\${code}${'通知'.repeat(70)}`,
    params: ['code', 'minute'],
    vendorId,
  }
  await putTemplate(world.ctx, 'test', world.corpId, long)
  const [before = 0] = await used()
  await send('600001', 'zhangsan|lisi', { templateId: 'long' })
  expect((await used())[0]).toBe(before + 2 * 3 * 5)
  await set({ untyped: true, receivers: 1 })
  const held = await send('600002', 'zhangsan|lisi', { templateId: 'long' })
  const as = await signInAs(world, 'super', 'zhangsan')
  const { approval } = (await as.get('/web/messages/approval', { msgId: held })).body
  expect(approval).toMatchObject({ sms: 6, cost: 30, budgetLeft: 1000 - before - 60 })
  await set({ untyped: false })
})

it('holds a developer to its own budget, and what waits leaves in the next month', async () => {
  await setDeveloper(world.ctx, 'test', dev.devId, { smsBudget: 5 })
  await expect(set({ smsPrice: 0, smsBudget: 0 })).rejects.toThrow('有开发者设置了每月短信预算')
  const held = await send('700001', 'zhangsan')
  expect(await status(held)).toMatchObject({ status: 'queued' })
  expect(await whyOf(held)).toContain('held 开发者本月的短信预算已用完')
  expect(await usedUp()).toEqual([dev.devId])
  const expiring = await send('700002', 'zhangsan', {
    expiresAt: new Date(world.ctx.now() + 3_600_000).toISOString(),
  })
  world.clock.offsetMs += 3_700_000
  await settled(world)
  expect(await status(expiring)).toMatchObject({ status: 'cancelled', reason: '已过期' })
  world.clock.offsetMs = nextMonthAt(world.ctx.now(), 'Asia/Shanghai') - Date.now() + 60_000
  await world.control('faults', { match: 'sms/aliyun/SendSms', mode: 'code:Throttling.User', times: 1 })
  await settled(world)
  // What was held for weeks is tried again like any other.
  world.clock.offsetMs += 10_000
  await settled(world)
  expect([await arrivedBySms('700001'), await usedUp()]).toEqual([1, []])
  await world.control('faults', undefined, 'DELETE')
})

it('is never exceeded by two nodes that take from it at once', async () => {
  await setDeveloper(world.ctx, 'test', dev.devId, { smsBudget: 0 })
  await set({ smsBudget: 1000 })
  await sql`delete from sms_spent`.execute(world.ctx.db)
  const other = await openDatabase(world.ctx.config, createLog('silent'), 'command')
  const bill = { corpId: world.corpId, devId: dev.devId, isUrgent: false, fen: 5, persons: 7 }
  const pools = [world.ctx.db, other.db]
  const payOn = async (at: number) => {
    const db = pools[at % 2]!
    const [paid] = await db.transaction().execute(tx => pay(world.ctx, tx, [bill], { isWhole: false }))
    // Every third one did not leave.
    const { persons, paidFrom } = paid!
    if (at % 3 > 0) return persons
    const refund = { corpId: world.corpId, devId: dev.devId, paidFrom, fen: persons * 5 }
    await db.transaction().execute(tx => giveBack(world.ctx, tx, [refund]))
    return 0
  }
  const kept = await Promise.all(Array.from({ length: 60 }, (_, at) => payOn(at)))
  const sum = kept.reduce((all, persons) => all + persons, 0)
  expect(await used()).toEqual([sum * 5, 0])
  expect(sum * 5).toBeLessThanOrEqual(1000)
  const rest = { ...bill, persons: 1000 }
  await world.ctx.db.transaction().execute(tx => pay(world.ctx, tx, [rest], { isWhole: false }))
  expect(await used()).toEqual([1000, 0])
  await other.close()
})
