import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { readReceipts } from '../../messages/deliver/receipts.ts'
import {
  fresh,
  later,
  type SmsWay,
  smsSettingsOf,
  statusOf,
  useSmsOrder,
} from '../../messages/messages.fixture.ts'
import { setChannel } from '../settings/settings.ts'
import { receiptUrlOf } from './receipt-address.ts'
import { smsReceipts } from './receipt-push.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.control('faults', undefined, 'DELETE'))
afterAll(() => world.close())

type Vendor = Extract<SmsWay, 'tencent' | 'aliyun' | 'huawei'>
const receiptsFrom = '127.0.0.1,::1'

/** The vendor's own answer, and what it is told; `next` is a second vendor. */
async function use(vendor: Vendor, next?: SmsWay, from = receiptsFrom): Promise<void> {
  await useSmsOrder(world, next ? [vendor, next] : [vendor])
  const settings = { ...smsSettingsOf(world, vendor), receiptsFrom: from }
  await setChannel(world.ctx, 'test', world.corpId, 'sms', settings)
}

async function send(): Promise<{ msgId: string; serial: string; phone: string; context: string }> {
  const given = { templateId: 'code', params: ['666666', '5'], agentName: '审批', toUser: 'zhangsan' }
  const { body } = await fresh(world).post('/api/message/sms', given)
  await later(world, 0)
  const page = await world.control('messages?channel=sms&limit=10000')
  const shown = (page['messages'] as { serial: string; phone: string; context: string }[]).at(-1)!
  return { msgId: body.msgId, ...shown, context: `${body.msgId}.1` }
}

type SentSms = Awaited<ReturnType<typeof send>>
const bodies: Record<Vendor, (sent: SentSms, isDelivered: boolean) => string> = {
  tencent: ({ serial, phone }, isDelivered) =>
    JSON.stringify([
      {
        user_receive_time: '2026-12-01 10:00:00',
        nationcode: '86',
        mobile: phone.slice(3),
        report_status: isDelivered ? 'SUCCESS' : 'FAIL',
        errmsg: isDelivered ? 'DELIVRD' : 'MK:0001',
        sid: serial,
      },
    ]),
  aliyun: ({ context, phone, serial }, isDelivered) =>
    JSON.stringify([
      {
        phone_number: phone.slice(3),
        success: isDelivered,
        err_code: isDelivered ? 'DELIVERED' : 'MK:0001',
        sms_size: '1',
        biz_id: serial,
        out_id: context,
      },
    ]),
  huawei: ({ serial }, isDelivered) =>
    new URLSearchParams({
      sequence: '1',
      total: '1',
      updateTime: '2026-12-01T10:00:00Z',
      source: '2',
      smsMsgId: serial,
      status: isDelivered ? 'DELIVRD' : 'MK:0001',
    }).toString(),
}

const urlOf = (way: string) =>
  receiptUrlOf(world.ctx, world.corpId, way).replace(/^https?:\/\/[^/]+/, world.server.url)
const push = (way: Vendor, body: string, url = urlOf(way)) => fetch(url, { method: 'POST', body })
async function fate(msgId: string) {
  await readReceipts(world.ctx)
  const rows = await world.ctx.db
    .selectFrom('message_result')
    .select(['state', 'reason'])
    .where('message_id', '=', msgId)
    .execute()
  return rows.map(row => [row.state, row.reason])
}

it.each(['tencent', 'aliyun', 'huawei'] as const)('takes what %s pushes, also twice', async vendor => {
  await use(vendor)
  // What the vendor would say when it is asked is not meant here.
  await world.control('faults', { match: 'sms/tencent/PullSmsSendStatus', mode: 'http500' })
  const sent = await send()
  for (let n = 0; n < 2; n++) {
    const answer = await push(vendor, bodies[vendor](sent, true))
    expect(answer.status).toBe(200)
    expect(await fate(sent.msgId)).toEqual([['delivered', expect.any(String)]])
  }
  const lost = await send()
  await push(vendor, bodies[vendor](lost, false))
  expect(await fate(lost.msgId)).toEqual([['failed', 'MK:0001']])
  expect((await statusOf(world, lost.msgId)).receivers).toMatchObject({ failed: 1 })
})

it('has an address that ends with what nobody can guess', () => {
  expect(smsReceipts.path).toBe('/push/sms/:corpId/:way/:token')
  const [one, other] = ['aliyun', 'tencent'].map(way =>
    receiptUrlOf(world.ctx, world.corpId, way).split('/').at(-1),
  )
  expect(one).toHaveLength(43)
  expect(other).not.toBe(one)
})

it('takes none that is forged, of an address that is not listed, or that is no receipt', async () => {
  await use('aliyun')
  const sent = await send()
  const body = bodies.aliyun(sent, false)
  expect((await push('aliyun', body, `${urlOf('aliyun').slice(0, -3)}AAA`)).status).toBe(404)
  expect((await push('aliyun', body, urlOf('aliyun').replace('/aliyun/', '/tencent/'))).status).toBe(404)
  for (const wrong of ['<html>', '{}', '[1]', '"x"']) expect((await push('aliyun', wrong)).status).toBe(400)
  await use('aliyun', undefined, '192.0.2.0/24')
  expect((await push('aliyun', body)).status).toBe(403)
  await use('aliyun', undefined, '')
  expect((await push('aliyun', body)).status).toBe(403)
  expect(await fate(sent.msgId)).not.toContainEqual(['failed', 'MK:0001'])
})

it('answers a receipt of an unknown send, and forgets it', async () => {
  await use('huawei')
  const unknown = { msgId: 'x', serial: 'nobody', phone: '+8613800138000', context: '' }
  expect((await push('huawei', bodies.huawei(unknown, false))).status).toBe(200)
  world.clock.offsetMs += 11 * 60_000
  await readReceipts(world.ctx)
  expect(await world.ctx.db.selectFrom('sms_receipt').select('id').execute()).toEqual([])
})

it('keeps from another vendor what arrived by one that was not clear', async () => {
  await use('aliyun', 'huawei')
  const sent = await send()
  const inAnHour = new Date(world.ctx.now() + 3_600_000)
  const row = { state: 'waiting' as const, finished_at: null, next_attempt_at: inAnHour }
  for (const ways of [null, ['aliyun', 'huawei']]) {
    await world.ctx.db
      .updateTable('message_part')
      .set({ ...row, ways })
      .where('message_id', '=', sent.msgId)
      .execute()
    await push('aliyun', bodies.aliyun(sent, true))
    await readReceipts(world.ctx)
    expect((await statusOf(world, sent.msgId)).status).toBe('sent')
  }
})

it('does not fail what another vendor sent, and knows what this one delivered all the same', async () => {
  await use('aliyun', 'huawei')
  await world.control('faults', { match: 'sms/aliyun/SendSms', mode: 'rateLimit' })
  const sent = await send()
  expect((await statusOf(world, sent.msgId)).status).toBe('sent')
  await push('aliyun', bodies.aliyun(sent, false))
  expect(await fate(sent.msgId)).toEqual([])
  await push('aliyun', bodies.aliyun(sent, true))
  expect(await fate(sent.msgId)).toEqual([['delivered', expect.any(String)]])
})

it('takes a receipt that comes three days later, when the carrier was slow', async () => {
  await use('huawei')
  const sent = await send()
  world.clock.offsetMs += 72 * 3_600_000
  await world.ctx.jobs.run('retention')
  await push('huawei', bodies.huawei(sent, true))
  expect(await fate(sent.msgId)).toEqual([['delivered', expect.any(String)]])
})
