import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MerchantCaller } from '../../../../sandbox/pay/test/merchant-caller.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { dayOf } from '../../../platform/operation/day.ts'
import { storedWords } from '../../../platform/words.ts'
import { checkCauses } from '../../alerts/check.ts'
import { begins, ends } from '../../alerts/open-alerts.fixture.ts'
import { dayDiffers } from '../causes/reconciliation.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'
import type { Merchant } from '../merchants/merchants.ts'
import { orderBills } from '../orders/order-bills.ts'
import { billOf, fault, memberId, newBills, payAt, reconcileDay } from '../payments.fixture.ts'
import { refundBill } from '../refunds/refund-bill.ts'
import { acknowledgeDifference, requestReconciliation } from './days.ts'
import { differencesOf, listDays } from './store.ts'

let world: World
let merchant: Merchant
let payerId: number
/** Of the payments, which the sandbox's clock has left behind. */
let day: string
const paid: { billId: number; outTradeNo: string }[] = []
let foreign: string
const by = () => ({ corpId: world.corpId, actor: 'test' })

beforeAll(async () => {
  world = await startWorld({ overrides: { payOptions: { retries: 0, timeoutMs: 3000 } } })
  merchant = await connectMerchant(world)
  payerId = await memberId(world, 'zhangsan')
  day = dayOf(Date.now())
  for (const amount of [1000, 2000, 3000, 4000, 5000]) await payOne(amount)
  // Nobody is told of this one, neither by a notification nor by an answer.
  await fault(world, { match: 'callback/pay/', mode: 'dropCallback' })
  await payOne(6000, 'open')
  await refundBill(world.ctx, by(), { billId: paid[0]?.billId ?? 0, amount: 300, reason: '多收' })
  foreign = await payElsewhere(700)
  await world.control('pay/clock', { seconds: 48 * 3600 })
})
afterAll(() => world.close())

async function payOne(amount: number, wanted: 'paid' | 'open' = 'paid'): Promise<void> {
  const { ctx, corpId } = world
  const [billId = 0] = await newBills(world, [amount])
  const place = { product: 'native' } as const
  const { outTradeNo } = await orderBills(ctx, { corpId, payerId, billIds: [billId], place })
  await payAt(world, { outTradeNo })
  if (wanted === 'paid') await until('the bill', async () => (await billOf(world, billId)).state === 'paid')
  paid.push({ billId, outTradeNo })
}

/** Another system of the same merchant. */
async function payElsewhere(total: number): Promise<string> {
  const caller = new MerchantCaller(world.sandbox)
  const outTradeNo = 'canteen-0001'
  await caller.post('/v3/pay/transactions/native', {
    appid: merchant.appIds[0],
    mchid: merchant.mchId,
    description: '食堂',
    out_trade_no: outTradeNo,
    notify_url: 'https://canteen.example.com/notify',
    amount: { total, currency: 'CNY' },
  })
  await payAt(world, { outTradeNo })
  return outTradeNo
}

async function reconciled() {
  const { ctx, corpId } = world
  const { mchId } = merchant
  const found = await reconcileDay(world, merchant, day)
  const page = { offset: 0, limit: 100 }
  const { list } = await differencesOf(ctx.db, { corpId, mchId, day }, page)
  return { ...found, differences: list.map(({ at: _at, ...one }) => one) }
}

const alerts = async () => {
  await checkCauses(world.ctx, { dayDiffers: { find: () => dayDiffers.find(world.ctx) } })
  const open = world.ctx.db.selectFrom('alert').selectAll().where('cause', '=', 'dayDiffers')
  return open.where('ended_at', 'is', null).execute()
}

describe('a day', () => {
  it('waits until its bill is made', async () => {
    await world.control('pay/settings', { billReadyHour: 48 })
    const found = await reconciled()
    expect(found).toMatchObject({ state: 'waiting', differences: [] })
    expect(storedWords(found.reason ?? '')).toMatchObject({ zh: expect.stringContaining('还没有生成') })
    expect(found.dueAt?.getTime()).toBeGreaterThan(world.ctx.now())
    await world.control('pay/settings', { billReadyHour: 0 })
  })

  it('is mended where WeChat Pay is right, and shows what it cannot mend', async () => {
    const lost = paid[5]
    expect((await billOf(world, lost?.billId ?? 0)).state).toBe('open')
    const found = await reconciled()
    expect(found).toMatchObject({
      state: 'done',
      bill: { payments: 7, paymentsAmount: 21_700, refunds: 1, refundsAmount: 300, equal: 7, mended: 2 },
      open: 1,
      mended: 2,
      differences: [
        { kind: 'payment', number: foreign, difference: 'thereOnly', theirs: 700, ours: null, state: 'open' },
        { number: lost?.outTradeNo, difference: 'thereOnly', theirs: 6000, ours: null, state: 'mended' },
        // Its success was not told here either.
        { kind: 'refund', difference: 'thereOnly', theirs: 300, ours: null, state: 'mended' },
      ],
    })
    expect(found.fund?.income).toBe(21_700)
    expect(await billOf(world, lost?.billId ?? 0)).toMatchObject({ state: 'paid' })
  })

  it('is told by an alert until somebody has looked at it, also after another run', async () => {
    await begins(world.ctx, 'dayDiffers')
    const open = { isOpen: true, offset: 0, limit: 10 }
    expect((await listDays(world.ctx.db, world.corpId, open)).total).toBe(1)
    expect(await alerts()).toMatchObject([{ subject: merchant.mchId }])
    const which = { mchId: merchant.mchId, day, kind: 'payment', number: foreign } as const
    await acknowledgeDifference(world.ctx, by(), { ...which, note: '食堂系统的订单' })
    await ends(world.ctx, 'dayDiffers')
    expect((await listDays(world.ctx.db, world.corpId, open)).total).toBe(0)
    expect(await alerts()).toEqual([])
    expect((await reconciled()).differences).toMatchObject([
      { number: foreign, state: 'acknowledged', note: '食堂系统的订单', acknowledgedBy: 'test' },
    ])
    const again = acknowledgeDifference(world.ctx, by(), { ...which, note: 'x' })
    await expect(again).rejects.toThrow(/没有待处理的差异/)
  })

  it('tells what is here only and what has another amount, and takes back nothing', async () => {
    const [, here, , other] = paid
    await world.control('pay/bill', { outTradeNo: here?.outTradeNo, leaveOut: true })
    await world.control('pay/bill', { outTradeNo: other?.outTradeNo, total: 3999 })
    const { differences } = await reconciled()
    expect(differences).toContainEqual(
      expect.objectContaining({
        kind: 'payment',
        number: here?.outTradeNo,
        difference: 'hereOnly',
        theirs: null,
        ours: 2000,
        state: 'open',
      }),
    )
    expect(differences).toContainEqual(
      expect.objectContaining({
        kind: 'payment',
        number: other?.outTradeNo,
        difference: 'amount',
        theirs: 3999,
        ours: 4000,
        state: 'open',
      }),
    )
    expect((await billOf(world, here?.billId ?? 0)).state).toBe('paid')
    await world.control('pay/bill', { outTradeNo: here?.outTradeNo })
    await world.control('pay/bill', { outTradeNo: other?.outTradeNo })
    expect(await reconciled()).toMatchObject({ open: 0, acknowledged: 1 })
  })

  it('is read from a bill with a column more, and tried again after one that fails', async () => {
    await world.control('pay/settings', { billExtraColumn: true })
    expect(await reconciled()).toMatchObject({ state: 'done', open: 0 })
    await fault(world, { match: '/v3/bill/tradebill', mode: 'busy', times: 1 })
    const failed = await reconciled()
    expect(failed).toMatchObject({ state: 'waiting' })
    expect(failed.dueAt?.getTime()).toBeGreaterThan(world.ctx.now())
    await fault(world, { match: '/v3/bill/tradebill', mode: 'code:NO_AUTH', times: 1 })
    expect(await reconciled()).toMatchObject({ state: 'failed' })
    expect(await alerts()).toMatchObject([{ detail: { failed: 1, open: 0 } }])
    expect(await reconciled()).toMatchObject({ state: 'done', open: 0 })
    expect(await alerts()).toEqual([])
  })
})

describe('asking for a day', () => {
  it.each([
    ['today', () => dayOf(world.ctx.now()), /次日出账单/],
    ['long ago', () => '2020-01-01', /三个月/],
    ['no day', () => '2026-02-30', /日期应写作/],
    ['words', () => 'yesterday', /日期应写作/],
  ])('refuses %s', async (_name, given, why) => {
    const asked = requestReconciliation(world.ctx, by(), { mchId: merchant.mchId, day: given() })
    await expect(asked).rejects.toThrow(why)
  })

  it('refuses a merchant of nobody', async () => {
    await expect(requestReconciliation(world.ctx, by(), { mchId: '1900000404' })).rejects.toThrow(
      /没有商户号 1900000404/,
    )
  })
})

it('yesterday of every merchant is begun once by the clock', async () => {
  const { ctx } = world
  await ctx.jobs.run('reconciliation')
  await ctx.jobs.run('reconciliation')
  const { list } = await listDays(ctx.db, world.corpId, { offset: 0, limit: 10 })
  const days = list.map(one => one.day)
  expect(new Set(days).size).toBe(days.length)
  expect(days).toHaveLength(2)
})
