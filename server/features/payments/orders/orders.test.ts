import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { readConfig } from '../../../platform/config.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { startServer } from '../../../server.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'
import type { Merchant } from '../merchants/merchants.ts'
import {
  billOf,
  fault,
  ledgerOf,
  memberId,
  newBills,
  openidsOf,
  payAt,
  poll,
  settled,
  timelineOf,
} from '../payments.fixture.ts'
import { closeBill } from './close-bill.ts'
import { type OrderPlace, orderBills } from './order-bills.ts'
import { orderState } from './order-state.ts'

let world: World
let merchant: Merchant
let payerId: number
let openids: string[]
beforeAll(async () => {
  world = await startWorld({ overrides: { payOptions: { retries: 0, timeoutMs: 1500 } } })
  merchant = await connectMerchant(world)
  payerId = await memberId(world, 'zhangsan')
  openids = await openidsOf(world)
})
afterAll(() => world.close())
beforeEach(async () => {
  world.clock.offsetMs = 0
  await world.control('faults', undefined, 'DELETE')
})

const native: OrderPlace = { product: 'native' }
const inWechat = (n = 0): OrderPlace => ({
  product: 'jsapi',
  appId: merchant.appIds[0] ?? '',
  openid: openids[n] ?? '',
})
const inBrowser: OrderPlace = {
  product: 'h5',
  clientIp: '203.0.113.7',
  kind: 'Wap',
  redirectUrl: 'https://wisp.example.com/pay/paying?bills=1',
}
const order = (billIds: readonly number[], place: OrderPlace = native, payer = payerId) =>
  orderBills(world.ctx, { corpId: world.corpId, payerId: payer, billIds, place })
const close = (billId: number) => closeBill(world.ctx, { corpId: world.corpId, actor: 'test' }, billId)
const state = (orderId: number) => orderState(world.ctx, world.corpId, orderId)
/** How often the sandbox was called on this path, whatever it answered. */
async function calls(path: string): Promise<number> {
  const counts = (await world.control('calls')) as Record<string, Record<string, number>>
  const of = Object.entries(counts).filter(([name]) => name.includes(path))
  return of.flatMap(([, answers]) => Object.values(answers)).reduce((sum, n) => sum + n, 0)
}

describe('ordering', () => {
  it('makes what each place pays with', async () => {
    const [a = 0, b = 0, c = 0] = await newBills(world, [100, 200, 300])
    const bridge = (await order([a], inWechat())).bridge
    expect(bridge).toMatchObject({ appId: merchant.appIds[0], signType: 'RSA' })
    const qr = await order([b])
    expect(qr.codeUrl).toMatch(/^weixin:\/\/wxpay\/bizpayurl/)
    const { h5Url } = await order([c], inBrowser)
    expect(h5Url).toContain(
      `&redirect_url=${encodeURIComponent(inBrowser.product === 'h5' ? inBrowser.redirectUrl : '')}`,
    )
    expect(await ledgerOf(world, qr.outTradeNo)).toMatchObject({
      total: 200,
      state: 'NOTPAY',
      notifyUrl: `${world.server.url}/pay/notify/${merchant.mchId}`,
    })
  })

  it('keeps from WeChat Pay the emoji that bills of earlier versions have in their titles', async () => {
    const [bill = 0, bare = 0] = await newBills(world, [100, 100])
    const rename = (id: number, title: string) =>
      world.ctx.db.updateTable('pay_bill').set({ title }).where('id', '=', id).execute()
    await rename(bill, '餐费🍚👨‍👩‍👧 ☆1️⃣🇨🇳©')
    await rename(bare, '👍🏽')
    const describedAs = async (id: number) =>
      (await ledgerOf(world, (await order([id])).outTradeNo))?.description
    expect(await describedAs(bill)).toBe('餐费 ☆1©')
    expect(await describedAs(bare)).toBe('账单')
  })

  it('pays several bills as one, told by the notification', async () => {
    const bills = await newBills(world, [100, 250, 1])
    const { outTradeNo, amount, orderId } = await order(bills, inWechat())
    expect(amount).toBe(351)
    await payAt(world, { outTradeNo })
    await settled(world, 'pay', merchant.mchId)
    expect(await state(orderId)).toBe('paid')
    for (const id of bills) {
      expect(await billOf(world, id)).toMatchObject({ state: 'paid', order_id: orderId })
      expect(await timelineOf(world, id)).toEqual(['created', 'ordered', 'paid'])
    }
    await expect(order(bills.slice(0, 1))).rejects.toThrow('已支付，')
  })

  it('gives the same order to the same bills in the same place, and asks again when its time is over', async () => {
    const bills = await newBills(world, [100, 200])
    const first = await order(bills, inWechat())
    const again = await order(bills.toReversed(), inWechat())
    expect(again).toMatchObject({ orderId: first.orderId, outTradeNo: first.outTradeNo })
    expect(again.bridge?.package).toBe(first.bridge?.package)
    const [bill = 0] = await newBills(world, [100])
    const browser = await order([bill], inBrowser)
    const before = await calls('transactions/h5')
    world.clock.offsetMs = 4.5 * 60_000
    const later = await order([bill], inBrowser)
    expect(later.outTradeNo).toBe(browser.outTradeNo)
    expect(await calls('transactions/h5')).toBe(before + 1)
  })

  it('closes the order before when anything differs: the place, the bills, the payer', async () => {
    const [a = 0, b = 0] = await newBills(world, [100, 200])
    const places: [number[], OrderPlace][] = [
      [[a, b], native],
      [[a, b], inWechat(0)],
      [[a, b], inWechat(1)],
      [[a], inWechat(1)],
    ]
    const made: string[] = []
    for (const [bills, place] of places) made.push((await order(bills, place)).outTradeNo)
    expect(new Set(made).size).toBe(places.length)
    const states = await Promise.all(made.map(async no => (await ledgerOf(world, no))?.state))
    expect(states).toEqual(['CLOSED', 'CLOSED', 'CLOSED', 'NOTPAY'])
    // The other bill of the closed order is free.
    expect(await billOf(world, b)).toMatchObject({ state: 'open', order_id: null })
  })

  it('finds out that the order before was paid, and says so', async () => {
    const [bill = 0] = await newBills(world, [100])
    const { outTradeNo } = await order([bill])
    await fault(world, { match: 'callback/pay/', mode: 'dropCallback', times: 1 })
    await payAt(world, { outTradeNo })
    await expect(order([bill], inWechat())).rejects.toThrow('已支付，')
    expect(await billOf(world, bill)).toMatchObject({ state: 'paid' })
  })

  it('refuses what cannot be one order', async () => {
    const [open = 0] = await newBills(world, [100])
    const refused: [readonly number[], RegExp, number?][] = [
      [[], /参数为空/],
      [Array.from({ length: 21 }, (_, n) => n + 1), /最多支付 20 笔/],
      [[open, 999_999_999], /没有这些账单，或其中有的不是您的/],
      [[open], /没有这些账单，或其中有的不是您的/, payerId + 1],
      [await newBills(world, [2_147_483_647, 1]), /超过单笔支付上限/],
    ]
    for (const [bills, text, payer] of refused)
      await expect(order(bills, native, payer)).rejects.toThrow(text)
    await close(open)
    await expect(order([open])).rejects.toThrow('已关闭，')
  })

  it("tells an openid of another AppID in WeChat's words, and leaves the bill free", async () => {
    const [bill = 0] = await newBills(world, [100])
    const [stranger = ''] = await openidsOf(world, 1)
    const foreign: OrderPlace = { product: 'jsapi', appId: merchant.appIds[0] ?? '', openid: stranger }
    await expect(order([bill], foreign)).rejects.toThrow(/openid/)
    expect(await billOf(world, bill)).toMatchObject({ state: 'open', order_id: null })
    expect(await order([bill], inWechat())).toMatchObject({ amount: 100 })
    await expect(order([bill], { ...foreign, appId: 'wx0000000000000000' })).rejects.toThrow(
      '没有关联到商户号',
    )
  })

  it('says that the clock is off when it is by six minutes', async () => {
    const [bill = 0] = await newBills(world, [100])
    world.clock.offsetMs = 6 * 60_000
    await expect(order([bill])).rejects.toThrow(/时间.*5 分钟/)
    world.clock.offsetMs = 0
    expect(await order([bill])).toMatchObject({ amount: 100 })
  })
})

describe('an order whose creation is unclear', () => {
  it('is asked for again with the identical body', async () => {
    const [bill = 0] = await newBills(world, [100])
    await fault(world, { match: 'transactions/native', mode: 'acceptedThenTimeout', times: 1 })
    await expect(order([bill])).rejects.toThrow('微信支付没有返回')
    const waiting = (await billOf(world, bill)).order_id
    expect(await order([bill])).toMatchObject({ orderId: waiting })
  })

  it('is closed before another one is made, also when it never arrived', async () => {
    for (const mode of ['timeout', 'acceptedThenTimeout']) {
      const [bill = 0] = await newBills(world, [100])
      await fault(world, { match: 'transactions/native', mode, times: 1 })
      await expect(order([bill])).rejects.toThrow('微信支付没有返回')
      const lost = (await billOf(world, bill)).order_id
      const { orderId } = await order([bill], inWechat())
      expect(orderId).not.toBe(lost)
      expect(await state(lost ?? 0)).toBe('closed')
    }
  })

  it('keeps its bills while WeChat Pay does not say that it is closed', async () => {
    const [bill = 0] = await newBills(world, [100])
    const { orderId } = await order([bill])
    await fault(world, { match: '/close', mode: 'busy', times: 1 })
    await expect(order([bill], inWechat())).rejects.toThrow('SYSTEM_ERROR')
    await fault(world, { match: '/close', mode: 'busy', times: 1 })
    await expect(close(bill)).rejects.toThrow('SYSTEM_ERROR')
    expect(await billOf(world, bill)).toMatchObject({ state: 'open', order_id: orderId })
  })
})

describe('two at once', () => {
  it('make one order in the same place', async () => {
    const bills = await newBills(world, [100, 200])
    const both = await Promise.all([order(bills), order(bills), order(bills)])
    expect(new Set(both.map(one => one.outTradeNo)).size).toBe(1)
  })

  it('from two phones leave one order that can be paid', async () => {
    for (let round = 0; round < 5; round++) {
      const [bill = 0] = await newBills(world, [100])
      const answers = await Promise.allSettled([order([bill], inWechat(0)), order([bill], inWechat(1))])
      const made = answers.flatMap(one => (one.status === 'fulfilled' ? [one.value.outTradeNo] : []))
      const states = await Promise.all(made.map(async no => (await ledgerOf(world, no))?.state))
      expect(states.filter(one => one === 'NOTPAY').length).toBe(1)
      const paid = await Promise.allSettled(made.map(outTradeNo => payAt(world, { outTradeNo })))
      expect(paid.filter(one => one.status === 'fulfilled')).toHaveLength(1)
      await until('the bill is paid', async () => (await billOf(world, bill)).state === 'paid')
    }
  })

  it('from forty places over two nodes leave one order that can be paid, and somebody has it', async () => {
    const other = await startServer(readConfig(world.env), { log: createLog('silent') })
    try {
      const places = Array.from(
        { length: 40 },
        (_, n): OrderPlace =>
          n % 3 === 0 ? { ...native } : n % 3 === 1 ? inBrowser : inWechat(n % openids.length),
      )
      for (let round = 0; round < 3; round++) {
        const [bill = 0] = await newBills(world, [100])
        const answers = await Promise.allSettled(
          places.map((place, n) =>
            orderBills(n % 2 ? other.ctx : world.ctx, {
              corpId: world.corpId,
              payerId,
              billIds: [bill],
              place,
            }),
          ),
        )
        for (const one of answers)
          if (one.status === 'rejected') expect(String(one.reason)).toContain('账单正在另一处支付')
        const made = answers.flatMap(one => (one.status === 'fulfilled' ? [one.value.outTradeNo] : []))
        const states = await Promise.all(
          [...new Set(made)].map(async no => (await ledgerOf(world, no))?.state),
        )
        expect(states.filter(one => one === 'NOTPAY')).toHaveLength(1)
        const alive = [...new Set(made)][states.indexOf('NOTPAY')]!
        await payAt(world, { outTradeNo: alive })
        await until('the bill is paid', async () => (await billOf(world, bill)).state === 'paid')
      }
    } finally {
      await other.close()
    }
  })

  it('leave nothing to pay with of an order that reached WeChat Pay after it was given up', async () => {
    const [bill = 0] = await newBills(world, [100])
    await fault(world, { match: 'transactions/native', mode: 'slow', delayMs: 700, times: 1 })
    const late = order([bill])
    const given = await until('the order', async () => (await billOf(world, bill)).order_id)
    const second = await order([bill], inWechat())
    await expect(late).rejects.toThrow('账单正在另一处支付')
    expect(second.orderId).not.toBe(given)
    const { out_trade_no } = await world.ctx.db
      .selectFrom('pay_order')
      .select('out_trade_no')
      .where('id', '=', given)
      .executeTakeFirstOrThrow()
    const stateThere = async (no: string) => (await ledgerOf(world, no))?.state
    await until('it is closed', async () => (await stateThere(out_trade_no)) === 'CLOSED')
    // The last one to come holds what can be paid.
    expect(await stateThere(second.outTradeNo)).toBe('NOTPAY')
  })

  it('closed and paid at the same moment ends as what WeChat did', async () => {
    for (let round = 0; round < 8; round++) {
      const [bill = 0] = await newBills(world, [100])
      const { outTradeNo } = await order([bill])
      const before = await calls('out-trade-no')
      const closing = close(bill)
      // In every other round the payer is a little slower than the question that goes before the close.
      if (round % 2) await until('the question', async () => (await calls('out-trade-no')) > before)
      const [closed, paid] = await Promise.allSettled([closing, payAt(world, { outTradeNo })])
      await settled(world, 'pay', merchant.mchId)
      const there = (await ledgerOf(world, outTradeNo))?.state
      const { state: here } = await billOf(world, bill)
      expect([there, here]).toEqual(paid.status === 'fulfilled' ? ['SUCCESS', 'paid'] : ['CLOSED', 'closed'])
      expect(closed.status).toBe(here === 'closed' ? 'fulfilled' : 'rejected')
    }
  })
})

describe('closing a bill', () => {
  it('closes its order first, frees the others, and stays closed', async () => {
    const [a = 0, b = 0] = await newBills(world, [100, 200])
    const { outTradeNo } = await order([a, b])
    await close(a)
    await close(a)
    expect((await ledgerOf(world, outTradeNo))?.state).toBe('CLOSED')
    expect(await billOf(world, a)).toMatchObject({ state: 'closed', order_id: null })
    expect(await timelineOf(world, a)).toEqual(['created', 'ordered', 'orderClosed', 'closed'])
    expect(await order([b])).toMatchObject({ amount: 200 })
  })

  it('says of a paid bill that it is paid, also when nobody told', async () => {
    const [bill = 0] = await newBills(world, [100])
    const { outTradeNo } = await order([bill])
    await fault(world, { match: 'callback/pay/', mode: 'dropCallback', times: 1 })
    await payAt(world, { outTradeNo })
    await expect(close(bill)).rejects.toThrow('已支付，')
    expect(await billOf(world, bill)).toMatchObject({ state: 'paid' })
  })
})

describe('what nobody notified', () => {
  it('is found out by asking, at growing distances', async () => {
    const [bill = 0] = await newBills(world, [100])
    const { outTradeNo, orderId } = await order([bill])
    const pollOf = () =>
      world.ctx.db
        .selectFrom('pay_order')
        .select(['polls', 'poll_at', 'created_at'])
        .where('id', '=', orderId)
        .executeTakeFirstOrThrow()
    const first = await pollOf()
    expect(first.poll_at!.getTime() - first.created_at.getTime()).toBe(5000)
    const distances: number[] = []
    for (let n = 0; n < 8; n++) {
      await poll(world, merchant)
      const { poll_at } = await pollOf()
      distances.push(Math.round((poll_at!.getTime() - world.ctx.now()) / 1000))
    }
    // The clock goes on until the row is read.
    const late = [25, 30, 120, 120, 300, 1200, 2400, 4800].map((wanted, n) => wanted - (distances[n] ?? 0))
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...late)).toBeLessThan(5)
    await fault(world, { match: 'callback/pay/', mode: 'dropCallback', times: 1 })
    await payAt(world, { outTradeNo })
    await poll(world, merchant)
    expect(await billOf(world, bill)).toMatchObject({ state: 'paid', order_id: orderId })
    expect(await pollOf()).toMatchObject({ poll_at: null })
  })

  it('is asked by pages that wait, every two seconds at most', async () => {
    const [bill = 0] = await newBills(world, [100])
    const { outTradeNo, orderId } = await order([bill])
    const before = await calls('out-trade-no')
    expect(await Promise.all([state(orderId), state(orderId), state(orderId)])).toEqual([
      'open',
      'open',
      'open',
    ])
    expect(await calls('out-trade-no')).toBe(before + 1)
    await fault(world, { match: 'callback/pay/', mode: 'dropCallback', times: 1 })
    await payAt(world, { outTradeNo })
    expect(await state(orderId)).toBe('open')
    world.clock.offsetMs = 2100
    expect(await state(orderId)).toBe('paid')
  })

  it('is closed at WeChat Pay when its time is over, and its bill is free', async () => {
    const [bill = 0] = await newBills(world, [100])
    const { outTradeNo, orderId } = await order([bill])
    const expires_at = new Date(world.ctx.now() - 1)
    await world.ctx.db.updateTable('pay_order').set({ expires_at }).where('id', '=', orderId).execute()
    await poll(world, merchant)
    expect((await ledgerOf(world, outTradeNo))?.state).toBe('CLOSED')
    expect(await billOf(world, bill)).toMatchObject({ state: 'open', order_id: null })
  })
})
