import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { begins } from '../../alerts/open-alerts.fixture.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'
import type { Merchant } from '../merchants/merchants.ts'
import { orderBills } from '../orders/order-bills.ts'
import {
  billOf,
  fault,
  ledgerOf,
  memberId,
  newBills,
  payAt,
  poll,
  settled,
  timelineOf,
} from '../payments.fixture.ts'
import { askSoon } from '../polls/ask-soon.ts'
import { setNextPolls } from '../polls/poll-store.ts'
import { refundBill, retryRefund } from './refund-bill.ts'
import { type Refund, refundById } from './refund-store.ts'

let world: World
let merchant: Merchant
let administrator: SignedInClient
let payerId: number
beforeAll(async () => {
  world = await startWorld({ overrides: { payOptions: { retries: 0, timeoutMs: 1500 } } })
  merchant = await connectMerchant(world)
  payerId = await memberId(world, 'zhangsan')
  administrator = await signInAs(world, 'super')
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.control('faults', undefined, 'DELETE')
  await world.control('pay/settings', { refundOutcome: 'SUCCESS', balance: null, refundJobMs: 0 })
})

const by = () => ({ corpId: world.corpId, actor: 'test' })
const refund = (billId: number, amount: number, reason = '退一部分') =>
  refundBill(world.ctx, by(), { billId, amount, reason })

async function paid(amounts: readonly number[]) {
  const bills = await newBills(world, amounts)
  const given = { corpId: world.corpId, payerId, billIds: bills, place: { product: 'native' } as const }
  const { outTradeNo, orderId } = await orderBills(world.ctx, given)
  await payAt(world, { outTradeNo })
  await until('the bills are paid', async () => (await billOf(world, bills[0] ?? 0)).state === 'paid')
  return { bills, bill: bills[0] ?? 0, outTradeNo, orderId }
}

/** As if a minute had passed since the last refunds, on both sides. */
async function minuteLater() {
  await world.control('pay/clock', { seconds: 61 })
  await sql`update pay_refund set created_at = created_at - interval '61 seconds'`.execute(world.ctx.db)
}

const stateOf = async ({ id }: Pick<Refund, 'id'>) =>
  (await world.ctx.db.selectFrom('pay_refund').select('state').where('id', '=', id).executeTakeFirstOrThrow())
    .state
const refundsThere = async (outTradeNo: string) => (await ledgerOf(world, outTradeNo))?.refunds ?? []

describe('a refund', () => {
  it('gives a bill of several back in parts, told by notifications', async () => {
    const { bills, outTradeNo } = await paid([1000, 500])
    const [a = 0, b = 0] = bills
    const first = await refund(a, 300)
    expect(first).toMatchObject({
      amount: 300,
      mchId: merchant.mchId,
      outRefundNo: expect.stringMatching(/^R\d{14}/),
    })
    await until('success', async () => (await stateOf(first)) === 'success')
    expect(await billOf(world, a)).toMatchObject({ state: 'paid', refunded: 300 })
    await minuteLater()
    const second = await refund(a, 700)
    await until('success', async () => (await stateOf(second)) === 'success')
    expect(await billOf(world, a)).toMatchObject({ refunded: 1000 })
    expect(await billOf(world, b)).toMatchObject({ refunded: 0 })
    expect(await timelineOf(world, a)).toEqual([
      'created',
      'ordered',
      'paid',
      'refundAsked',
      'refunded',
      'refundAsked',
      'refunded',
    ])
    expect((await refundsThere(outTradeNo)).map(one => [one.refund, one.status])).toEqual([
      [300, 'SUCCESS'],
      [700, 'SUCCESS'],
    ])
    const events = world.ctx.db.selectFrom('inbox_event').select('kind')
    await settled(world, 'pay', merchant.mchId)
    expect(await events.where('entity', '=', `order:${outTradeNo}`).execute()).toHaveLength(3)
  })

  it('counts once, however often it is told', async () => {
    const { bill, outTradeNo } = await paid([1000])
    await fault(world, { match: 'callback/pay/REFUND', mode: 'duplicateCallback', times: 1 })
    const given = await refund(bill, 400)
    await until('success', async () => (await stateOf(given)) === 'success')
    await retryRefund(world.ctx, by(), given.id).catch(error =>
      expect(String(error)).toContain('已结束，不需重试'),
    )
    const events = await world.ctx.db
      .selectFrom('inbox_event')
      .select('id')
      .where('entity', '=', `order:${outTradeNo}`)
      .execute()
    await administrator.post('/web/payments/notifications/replay', { ids: events.map(one => one.id) })
    await settled(world, 'pay', merchant.mchId)
    expect(await billOf(world, bill)).toMatchObject({ refunded: 400 })
    expect((await timelineOf(world, bill)).filter(kind => kind === 'refunded')).toHaveLength(1)
  })

  it('of more than is left, of nothing, too soon, or of an unpaid bill is refused', async () => {
    const { bill } = await paid([1000])
    const [open = 0] = await newBills(world, [100])
    const refused: [number, number, RegExp, string?][] = [
      [bill, 1001, /最多还可退 ¥10\.00/],
      [bill, 0, /不小于 1 的整数/],
      [bill, 1.5, /不小于 1 的整数/],
      [bill, -1, /不小于 1 的整数/],
      [bill, 1, /最多 80 字节，即 26 个汉字.*现有 81 字节/, '长'.repeat(27)],
      [bill, 1, /现有 81 字节/, 'x'.repeat(81)],
      [open, 100, /未支付/],
      [999_999, 1, /没有编号为 999999 的账单/],
    ]
    for (const [id, amount, text, reason] of refused)
      await expect(refund(id, amount, reason)).rejects.toThrow(text)
    await refund(bill, 600)
    await expect(refund(bill, 100)).rejects.toThrow('至少间隔 1 分钟')
    await minuteLater()
    await expect(refund(bill, 401)).rejects.toThrow('最多还可退 ¥4.00')
  })

  it('twice at the same moment is one', async () => {
    const { bill, outTradeNo } = await paid([1000])
    const both = await Promise.allSettled([refund(bill, 1000), refund(bill, 1000), refund(bill, 1000)])
    expect(both.filter(one => one.status === 'fulfilled')).toHaveLength(1)
    await until('refunded', async () => (await billOf(world, bill)).refunded === 1000)
    expect(await refundsThere(outTradeNo)).toHaveLength(1)
  })

  it('later than a year, or the fifty-first of an order, is refused', async () => {
    const { bill, orderId } = await paid([1000])
    const { db, now } = world.ctx
    const paid_at = new Date(now() - 366 * 86_400_000)
    await db.updateTable('pay_order').set({ paid_at }).where('id', '=', orderId).execute()
    await expect(refund(bill, 1)).rejects.toThrow('超过 365 天')
    await db
      .updateTable('pay_order')
      .set({ paid_at: new Date(now()) })
      .where('id', '=', orderId)
      .execute()
    const old = { created_at: new Date(now() - 3_600_000), ended_at: new Date(now()) }
    const row = {
      corp_id: world.corpId,
      order_id: orderId,
      bill_id: bill,
      mch_id: merchant.mchId,
      actor: 'test',
    }
    const made = Array.from({ length: 50 }, (_, n) => ({
      ...row,
      ...old,
      amount: 1,
      state: 'success' as const,
      out_refund_no: `old-${orderId}-${n}`,
    }))
    await db.insertInto('pay_refund').values(made).execute()
    await expect(refund(bill, 1)).rejects.toThrow('最多退款 50 次')
  })
})

describe('a refund that WeChat Pay does not answer', () => {
  it.each(['timeout', 'acceptedThenTimeout'])(
    '%s: is asked for, and sent again only if it is not there',
    async mode => {
      const { bill, outTradeNo } = await paid([1000])
      await fault(world, { match: 'callback/pay/REFUND', mode: 'dropCallback', times: 1 })
      // Both the attempt and the question after it stay unanswered.
      await fault(world, { match: '/v3/refund/domestic/refunds', mode, times: 2 })
      const given = await refund(bill, 250)
      expect(given).toMatchObject({ state: 'asked', answer: { unclear: true } })
      await expect(refund(bill, 751)).rejects.toThrow('1 分钟')
      await until('success', async () => {
        await poll(world, merchant)
        return (await stateOf(given)) === 'success'
      })
      expect((await refundsThere(outTradeNo)).map(one => one.outRefundNo)).toEqual([given.outRefundNo])
      expect(await billOf(world, bill)).toMatchObject({ refunded: 250 })
    },
  )

  it('is found out by asking when nobody notified', async () => {
    const { bill } = await paid([1000])
    await fault(world, { match: 'callback/pay/REFUND', mode: 'dropCallback', times: 1 })
    const given = await refund(bill, 250)
    await poll(world, merchant)
    expect(await stateOf(given)).toBe('success')
  })

  it('is asked about when somebody wants it, also while an earlier question is being put off', async () => {
    const { db } = world.ctx
    const { bill } = await paid([1000])
    await fault(world, { match: '/v3/refund/domestic/refunds', mode: 'timeout', times: 2 })
    const given = await refund(bill, 250)
    const soon = new Date(world.ctx.now() + 30_000)
    await askSoon(db, 'pay_refund', [given], soon)
    const next = new Date(world.ctx.now() + 3_600_000)
    await setNextPolls(db, 'pay_refund', world.corpId, [{ ...given, next }])
    const now = () => refundById(db, world.corpId, given.id)
    expect(await now()).toMatchObject({ pollAt: soon, polls: 0 })
    await setNextPolls(db, 'pay_refund', world.corpId, [{ ...given, pollAt: soon, next }])
    expect(await now()).toMatchObject({ pollAt: next, polls: 1 })
  })
})

describe('a refund that fails', () => {
  it('for want of money keeps its number, and succeeds once there is enough', async () => {
    const { bill, outTradeNo } = await paid([1000])
    await world.control('pay/settings', { balance: 10 })
    const answer = await administrator.post('/web/payments/refunds/create', { billId: bill, amount: 500 })
    expect(answer.body).toMatchObject({
      state: 'asked',
      code: 'NOT_ENOUGH',
      advice: expect.stringContaining('充值'),
    })
    await world.control('pay/settings', { balance: null })
    const again = await administrator.post('/web/payments/refunds/retry', { id: answer.body.id })
    expect(again.body).toMatchObject({ outRefundNo: answer.body.outRefundNo })
    await until('refunded', async () => (await billOf(world, bill)).refunded === 500)
    expect(await refundsThere(outTradeNo)).toHaveLength(1)
  })

  it('closed frees its amount for another number', async () => {
    const { bill, outTradeNo } = await paid([1000])
    await world.control('pay/settings', { refundOutcome: 'CLOSED' })
    const given = await refund(bill, 1000)
    await until('closed', async () => (await stateOf(given)) === 'closed')
    expect(await billOf(world, bill)).toMatchObject({ refunded: 0 })
    expect((await timelineOf(world, bill)).at(-1)).toBe('refundFailed')
    await world.control('pay/settings', { refundOutcome: 'SUCCESS' })
    await minuteLater()
    const another = await refund(bill, 1000)
    expect(another.outRefundNo).not.toBe(given.outRefundNo)
    await until('success', async () => (await stateOf(another)) === 'success')
    expect((await refundsThere(outTradeNo)).map(one => one.status)).toEqual(['CLOSED', 'SUCCESS'])
  })

  it('refused for good is closed, and its amount is free', async () => {
    const { bill } = await paid([1000])
    await fault(world, { match: '/v3/refund/domestic/refunds', mode: 'code:TRADE_OVERDUE', times: 1 })
    const answer = await administrator.post('/web/payments/refunds/create', { billId: bill, amount: 1000 })
    expect(answer.body).toMatchObject({ state: 'closed', code: 'TRADE_OVERDUE' })
    await minuteLater()
    expect(await refund(bill, 1000)).toMatchObject({ amount: 1000 })
  })

  it('abnormal is told with what to do, and goes to the merchant or is settled there', async () => {
    const { bill } = await paid([1000])
    await world.control('pay/settings', { refundOutcome: 'ABNORMAL' })
    const given = await refund(bill, 1000)
    await until('abnormal', async () => (await stateOf(given)) === 'abnormal')
    await begins(world.ctx, 'refundAbnormal')
    const shown = await administrator.get('/web/payments/refund', { id: given.id })
    expect(shown.body).toMatchObject({
      state: 'abnormal',
      receivedAccount: '支付用户零钱',
      code: '',
      answer: '',
      advice: expect.stringContaining('退至商户账户'),
    })
    await world.ctx.jobs.run('alerts')
    const alerts = (await administrator.get('/web/alerts')).body.list as { kind: string }[]
    expect(alerts.map(one => one.kind)).toContain('refundAbnormal')
    const list = await administrator.get('/web/payments/refunds', { state: 'abnormal' })
    expect(list.body).toMatchObject({ total: 1, amount: 1000, list: [{ id: given.id, billId: bill }] })
    await world.control('pay/settings', { refundOutcome: 'SUCCESS' })
    const answer = await administrator.post('/web/payments/refunds/to-merchant', { id: given.id })
    expect(answer.retCode).toBe('0')
    await poll(world, merchant)
    await until('success', async () => (await stateOf(given)) === 'success')
    expect(await billOf(world, bill)).toMatchObject({ refunded: 1000 })
    const again = await administrator.post('/web/payments/refunds/to-merchant', { id: given.id })
    expect(again.retCode).toBe('1000')
    await world.ctx.jobs.run('alerts')
    const ended = (await administrator.get('/web/alerts/past')).body.list as { cause: string }[]
    expect(ended.map(one => one.cause)).toContain('refundAbnormal')
  })

  it('that differs from what was asked for is not applied, but shown', async () => {
    const { bill, orderId } = await paid([1000])
    await fault(world, { match: 'callback/pay/REFUND', mode: 'wrongAmount', times: 1 })
    const given = await refund(bill, 300)
    await until('success', async () => (await stateOf(given)) === 'success')
    expect(await billOf(world, bill)).toMatchObject({ refunded: 300 })
    const { list } = (await administrator.get('/web/payments/orders', { billId: bill })).body
    expect(list).toMatchObject([{ id: orderId, fault: { what: 'refund' } }])
  })
})

it('is asked for from a shell too, by default of all that is left', async () => {
  const { bill } = await paid([1234])
  const { bill_no } = await billOf(world, bill)
  const words = ['pay', 'bill', 'refund', bill_no, '--developer', world.dev.devId]
  const part = await runCommand(world.ctx, [...words, '--amount', '34', '--reason', '多收'])
  expect(part.text).toContain('¥0.34')
  await until('refunded', async () => (await billOf(world, bill)).refunded === 34)
  await minuteLater()
  const rest = await runCommand(world.ctx, words)
  expect(rest.data).toMatchObject({ billNo: bill_no, amount: 1200 })
  await until('refunded', async () => (await billOf(world, bill)).refunded === 1234)
})
