import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import { begins } from '../../alerts/open-alerts.fixture.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'
import type { Merchant } from '../merchants/merchants.ts'
import { orderBills } from '../orders/order-bills.ts'
import { billOf, fault, memberId, newBills, payAt, poll, settled, timelineOf } from '../payments.fixture.ts'

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
  world.clock.offsetMs = 0
  await world.control('faults', undefined, 'DELETE')
})

type Attempt = { status: number | null; body: string }
type Delivery = { id: string; outTradeNo: string; plaintext: string; state: string; attempts: Attempt[] }

async function ordered(amount = 100) {
  const [bill = 0] = await newBills(world, [amount])
  const given = { corpId: world.corpId, payerId, billIds: [bill], place: { product: 'native' } as const }
  const { outTradeNo, orderId } = await orderBills(world.ctx, given)
  return { bill, outTradeNo, orderId }
}

async function sentFor(outTradeNo: string): Promise<Delivery> {
  const { notifications } = (await world.control(`pay/notifications?outTradeNo=${outTradeNo}`)) as {
    notifications?: Delivery[]
  }
  const [sent] = notifications ?? []
  if (!sent) throw new Error('nothing was notified')
  return sent
}

const stored = (entity: string) =>
  world.ctx.db
    .selectFrom('inbox_event')
    .select(['id', 'state', 'error', 'kind', 'attempts', 'account'])
    .where('stream', '=', 'pay')
    .where('entity', '=', entity)
    .orderBy('id')
    .execute()

const post = (headers: Record<string, string>, body: string, mchId = merchant.mchId) =>
  call(`${world.server.url}/pay/notify/${mchId}`, { method: 'POST', headers, body })

describe('POST /pay/notify/:mchId', () => {
  it('stores before it answers, in nothing but 204, and applies', async () => {
    const { bill, outTradeNo } = await ordered()
    await payAt(world, { outTradeNo })
    expect((await sentFor(outTradeNo)).attempts).toMatchObject([{ status: 204, body: '' }])
    await settled(world, 'pay', merchant.mchId)
    expect(await stored(`order:${outTradeNo}`)).toMatchObject([
      { state: 'done', kind: 'TRANSACTION.SUCCESS', account: merchant.mchId },
    ])
    expect(await billOf(world, bill)).toMatchObject({ state: 'paid' })
  })

  it('takes a notification that is sent twice as one', async () => {
    const { bill, outTradeNo } = await ordered()
    await fault(world, { match: 'callback/pay/', mode: 'duplicateCallback', times: 1 })
    await payAt(world, { outTradeNo })
    await expect.poll(async () => (await sentFor(outTradeNo)).attempts.length).toBe(2)
    await settled(world, 'pay', merchant.mchId)
    expect((await sentFor(outTradeNo)).attempts.map(one => one.status)).toEqual([204, 204])
    expect(await stored(`order:${outTradeNo}`)).toHaveLength(1)
    expect(await timelineOf(world, bill)).toEqual(['created', 'ordered', 'paid'])
  })

  it('refuses a probe, a forged signature and the old XML, and takes the next attempt', async () => {
    const { bill, outTradeNo } = await ordered()
    const probe = await world.control('pay/probe', {})
    expect(probe).toMatchObject({ status: 401 })
    expect(JSON.parse(String(probe['body']))).toMatchObject({ code: 'FAIL' })
    await fault(world, { match: 'callback/pay/', mode: 'forgedSignature', times: 1 })
    await payAt(world, { outTradeNo })
    await fault(world, { match: 'callback/pay/', mode: 'v2Xml', times: 1 })
    await world.control('pay/clock', { seconds: 15 })
    expect(await stored(`order:${outTradeNo}`)).toEqual([])
    await world.control('pay/clock', { seconds: 15 })
    const { attempts } = await sentFor(outTradeNo)
    expect(attempts.map(one => one.status)).toEqual([401, 401, 204])
    for (const { body } of attempts.slice(0, 2))
      expect(JSON.parse(body)).toEqual({ code: 'FAIL', message: expect.any(String) })
    await settled(world, 'pay', merchant.mchId)
    expect(await billOf(world, bill)).toMatchObject({ state: 'paid' })
  })

  it('refuses without reading what has no head, is too old, or is for nobody here', async () => {
    const now = Math.floor(world.ctx.now() / 1000)
    const head = (timestamp: number) => ({
      'wechatpay-serial': merchant.publicKeyId,
      'wechatpay-signature': 'AAAA',
      'wechatpay-timestamp': String(timestamp),
      'wechatpay-nonce': 'n',
    })
    const answers = [
      await post({}, '{}'),
      await post(head(now - 330), '{}'),
      await post(head(now + 330), '{}'),
      await post(head(now), '{}', '1900000109'),
      await post(head(now), '{}'),
      await post({ ...head(now), 'wechatpay-serial': 'PUB_KEY_ID_0' }, '{}'),
      await post(head(now), '<xml><return_code>SUCCESS</return_code></xml>'),
      await post(head(now), '{'),
    ]
    expect(answers.map(one => one.status)).toEqual([401, 403, 403, 404, 401, 401, 400, 401])
    const read = await call(`${world.server.url}/pay/notify/${merchant.mchId}`, { headers: head(now) })
    expect(read).toMatchObject({ status: 405, code: 'FAIL' })
  })

  it('refuses a notification while its own clock is off by six minutes, and finds out by asking', async () => {
    const { bill, outTradeNo } = await ordered()
    world.clock.offsetMs = 6 * 60_000
    await payAt(world, { outTradeNo })
    expect((await sentFor(outTradeNo)).attempts).toMatchObject([{ status: 403 }])
    world.clock.offsetMs = 0
    await poll(world, merchant)
    expect(await billOf(world, bill)).toMatchObject({ state: 'paid' })
  })

  it("refuses what was made with another merchant's keys", async () => {
    const other = world.sandbox.pay.merchants[1] ?? (await addedMerchant())
    const key = { apiV3Key: other.apiV3Key }
    const { outTradeNo } = await ordered()
    const own = world.sandbox.pay.merchants[0]?.apiV3Key
    await world.control('pay/settings', key)
    await payAt(world, { outTradeNo })
    await world.control('pay/settings', { apiV3Key: own })
    const { attempts } = await sentFor(outTradeNo)
    expect(attempts).toMatchObject([{ status: 401 }])
    expect(JSON.parse(attempts[0]?.body ?? '').message).toContain('APIv3')
    await begins(world.ctx, 'paymentsUnopened')
    expect(await alerts()).toContain('paymentsUnopened')
    expect(await stored(`order:${outTradeNo}`)).toEqual([])
  })
})

async function alerts(): Promise<string[]> {
  await world.ctx.jobs.run('alerts')
  const { list } = (await administrator.get('/web/alerts')).body as { list: { kind: string }[] }
  return list.map(one => one.kind)
}

async function addedMerchant() {
  return (await world.control('pay/merchants', { name: '另一个商户' })) as { apiV3Key: string }
}

describe('a notification that does not fit', () => {
  it.each([
    ['wrongAmount', 'amount'],
    ['foreignMerchant', 'mchId'],
  ])('%s is not applied, but shown and asked about', async (mode, what) => {
    const { bill, outTradeNo, orderId } = await ordered()
    await fault(world, { match: 'callback/pay/', mode, times: 1 })
    await payAt(world, { outTradeNo })
    await settled(world, 'pay', merchant.mchId)
    await settled(world, 'pay-order', merchant.mchId)
    // WeChat Pay was asked at once, and its answer fits.
    await expect.poll(async () => (await billOf(world, bill)).state).toBe('paid')
    expect(await timelineOf(world, bill)).toEqual(['created', 'ordered', 'differs', 'paid'])
    await begins(world.ctx, 'paymentDiffers')
    const [event] = await stored(`order:${outTradeNo}`)
    expect(event).toMatchObject({ state: 'done', error: expect.stringContaining('与订单不一致') })
    const { list } = (await administrator.get('/web/payments/orders', { billId: bill })).body
    expect(list).toMatchObject([{ id: orderId, state: 'paid', fault: { what } }])
    expect(await alerts()).toContain('paymentDiffers')
    const differing = (await administrator.get('/web/payments/bills', { state: 'differs' })).body.list
    expect(differing.map((one: { id: number }) => one.id)).toContain(bill)
    const { bill: other } = await ordered()
    const after = (await administrator.get('/web/payments/bills', { state: 'differs' })).body.list
    expect(after.map((one: { id: number }) => one.id)).not.toContain(other)
  })

  it('is not applied when WeChat Pay itself says another amount', async () => {
    const { bill, outTradeNo, orderId } = await ordered(100)
    await world.ctx.db.updateTable('pay_order').set({ amount: 101 }).where('id', '=', orderId).execute()
    await payAt(world, { outTradeNo })
    await settled(world, 'pay', merchant.mchId)
    await poll(world, merchant)
    expect(await billOf(world, bill)).toMatchObject({ state: 'open', order_id: orderId })
  })
})

describe('a notification before its order is stored here', () => {
  it('waits, and is applied when the order is there', async () => {
    const { bill, outTradeNo, orderId } = await ordered()
    const rename = (to: string) =>
      world.ctx.db.updateTable('pay_order').set({ out_trade_no: to }).where('id', '=', orderId).execute()
    await rename('not-yet')
    await payAt(world, { outTradeNo })
    await expect.poll(async () => (await stored(`order:${outTradeNo}`))[0]?.attempts).toBe(1)
    expect(await billOf(world, bill)).toMatchObject({ state: 'open' })
    await rename(outTradeNo)
    await expect.poll(async () => (await billOf(world, bill)).state, { timeout: 10_000 }).toBe('paid')
  })

  it('is parked in the end, told, and replayed by an administrator', async () => {
    const { bill, outTradeNo, orderId } = await ordered()
    const rename = (to: string) =>
      world.ctx.db.updateTable('pay_order').set({ out_trade_no: to }).where('id', '=', orderId).execute()
    await rename('elsewhere')
    await payAt(world, { outTradeNo })
    await until('parked', async () => {
      await sql`update inbox_event set next_attempt_at = now() where stream = 'pay' and state = 'pending'`.execute(
        world.ctx.db,
      )
      await enqueue(world.ctx.db, [{ corpId: world.corpId, stream: 'pay', key: merchant.mchId }], new Date())
      return (await stored(`order:${outTradeNo}`))[0]?.state === 'parked'
    })
    const { list } = (await administrator.get('/web/payments/notifications', { state: 'parked' })).body
    expect(list).toMatchObject([
      { entity: `order:${outTradeNo}`, error: expect.stringContaining('没有这个订单') },
    ])
    expect(await alerts()).toContain('paymentsParked')
    const one = await administrator.get('/web/payments/notification', { id: list[0].id })
    expect(JSON.parse(one.body.plain)).toMatchObject({ out_trade_no: outTradeNo, trade_state: 'SUCCESS' })
    await rename(outTradeNo)
    const replayed = await administrator.post('/web/payments/notifications/replay', { ids: [list[0].id] })
    expect(replayed.body).toEqual({ replayed: 1 })
    await expect.poll(async () => (await billOf(world, bill)).state).toBe('paid')
    const unknown = await administrator.post('/web/payments/notifications/replay', {
      ids: [list[0].id, 999_999],
    })
    expect(unknown.retCode).toBe('1000')
  })
})
