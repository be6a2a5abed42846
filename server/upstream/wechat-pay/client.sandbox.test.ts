import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { payControl } from '../../../sandbox/pay/test/merchant-caller.ts'
import { type NotifyServer, startNotifyServer } from '../../../sandbox/pay/test/notify-server.ts'
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts'
import { control } from '../../../sandbox/test-caller.ts'
import { createUpstreamPool, type UpstreamPool } from '../transport/pool.ts'
import { failureOf } from '../wecom/upstream.fixture.ts'
import { tradeOf } from './calls/orders.ts'
import { refundOfNotice } from './calls/refunds.ts'
import { createPayClient, type PayClient, type PayClientOptions } from './client.ts'
import { openNotification } from './notification.ts'

let sandbox: Sandbox
let pool: UpstreamPool
let notified: NotifyServer
let openid: string
beforeAll(async () => {
  sandbox = await startSandbox({ members: 20 })
  pool = createUpstreamPool()
  notified = await startNotifyServer()
  await payControl(sandbox, 'settings', { loopbackNotify: true })
  const { originalId } = sandbox.official.accounts[0]!
  const { body } = await control(sandbox, 'GET', `official/followers?originalId=${originalId}&limit=1`)
  openid = (body['followers'] as { openid: string }[])[0]!.openid
})
afterEach(() => control(sandbox, 'DELETE', 'faults'))
afterAll(async () => {
  await pool.close()
  await notified.close()
  await sandbox.close()
})

type Mode = 'publicKey' | 'certificate'

/** The client has only what a merchant of that mode has. */
async function clientIn(mode: Mode, more: Partial<PayClientOptions> = {}): Promise<PayClient> {
  await payControl(sandbox, 'settings', { mode })
  const { mchId, serialNo, privateKey, apiV3Key, publicKeyId, publicKey } = sandbox.pay.merchants[0]!
  return createPayClient({
    baseUrl: sandbox.pay.url,
    backupUrl: sandbox.pay.url,
    mchId,
    serial: serialNo,
    privateKey,
    apiV3Key: apiV3Key ?? '',
    publicKey: mode === 'publicKey' ? { id: publicKeyId, pem: publicKey } : undefined,
    pool,
    now: () => Date.now(),
    sleep: async () => undefined,
    ...more,
  })
}

const newNumber = () => `W${randomBytes(8).toString('hex')}|1`
const newOrder = () => ({
  appId: sandbox.pay.merchants[0]!.appIds[0]!,
  orderNo: newNumber(),
  title: '会费',
  amount: 100,
  expiresAt: new Date(Date.now() + 3_600_000),
  notifyUrl: notified.url,
})

/** The notification that arrived last, as a server takes it. */
async function lastNotification(client: PayClient) {
  const { headers, raw } = notified.received.at(-1)!
  const { apiV3Key } = sandbox.pay.merchants[0]!
  return openNotification({
    headers,
    rawBody: Buffer.from(raw),
    keys: client.keys,
    apiV3Key: apiV3Key ?? '',
    now: Date.now(),
  })
}

const fault = (match: string, mode: string, times = 1) =>
  control(sandbox, 'POST', 'faults', { match, mode, times })

describe.each<Mode>(['publicKey', 'certificate'])('with the keys of %s', mode => {
  let client: PayClient
  beforeAll(async () => {
    client = await clientIn(mode)
  })

  it('an order is placed by each product, and is the same when it is repeated', async () => {
    const order = { ...newOrder(), openid }
    const { prepayId } = await client.jsapi(order)
    expect(await client.jsapi(order)).toEqual({ prepayId })
    const native = newOrder()
    expect((await client.native(native)).codeUrl).toMatch(/^weixin:/)
    expect((await client.h5({ ...newOrder(), clientIp: '192.0.2.1', device: 'iOS' })).h5Url).toMatch(/^http/)
    const other = await failureOf(client.native({ ...native, amount: 101 }))
    expect(other).toMatchObject({ name: 'PayError' })
  })

  it('a payment is asked for, notified, proved and opened', async () => {
    const order = { ...newOrder(), openid, attach: 'bill 1' }
    await client.jsapi(order)
    expect(await client.query(order.orderNo)).toMatchObject({ state: 'unpaid', transactionId: undefined })
    await payControl(sandbox, 'pay', { outTradeNo: order.orderNo, wait: true })
    const trade = await client.query(order.orderNo)
    expect(trade).toMatchObject({ state: 'paid', total: 100, openid, attach: 'bill 1', tradeType: 'JSAPI' })
    const { notification } = await lastNotification(client)
    expect(notification).toMatchObject({ eventType: 'TRANSACTION.SUCCESS', originalType: 'transaction' })
    expect(tradeOf(notification?.plain)).toEqual(trade)
    expect(await client.close(order.orderNo)).toBe('paid')
  })

  it('an order is closed, closed again, and one that never was is absent', async () => {
    const order = newOrder()
    await client.native(order)
    expect(await client.close(order.orderNo)).toBe('closed')
    expect(await client.close(order.orderNo)).toBe('closed')
    expect(await client.query(order.orderNo)).toMatchObject({ state: 'closed' })
    expect(await client.close(newNumber())).toBe('absent')
    expect(await client.query(newNumber())).toBeUndefined()
  })

  it('a payment is refunded once, whatever becomes of the answer, and notified', async () => {
    const order = newOrder()
    await client.native(order)
    await payControl(sandbox, 'pay', { outTradeNo: order.orderNo, wait: true })
    const refund = { orderNo: order.orderNo, refundNo: `R${order.orderNo}`, notifyUrl: notified.url }
    await fault('/v3/refund/domestic/refunds', 'acceptedThenTimeout')
    const impatient = await clientIn(mode, { timeoutMs: 500 })
    const given = await impatient.refund({ ...refund, reason: '多收', amount: 40, total: 100 })
    expect(given).toMatchObject({ amount: 40, total: 100, orderNo: order.orderNo })
    const { orders } = await payControl<{ orders: { refunds: unknown[] }[] }>(
      sandbox,
      `ledger?outTradeNo=${encodeURIComponent(order.orderNo)}`,
    )
    expect(orders[0]?.refunds).toHaveLength(1)
    await payControl(sandbox, 'clock', { seconds: 120 })
    expect(await client.queryRefund(refund.refundNo)).toMatchObject({ state: 'done', amount: 40 })
    expect(await client.query(order.orderNo)).toMatchObject({ state: 'refunded' })
    const { notification } = await lastNotification(client)
    expect(notification).toMatchObject({ eventType: 'REFUND.SUCCESS', originalType: 'refund' })
    expect(refundOfNotice(notification?.plain)).toMatchObject({ state: 'done', amount: 40, total: 100 })
    expect(await client.queryRefund(newNumber())).toBeUndefined()
  })

  it("a refund that the payer's account does not take is sent to the merchant", async () => {
    const order = newOrder()
    await client.native(order)
    await payControl(sandbox, 'pay', { outTradeNo: order.orderNo, wait: true })
    await payControl(sandbox, 'settings', { refundOutcome: 'ABNORMAL' })
    const refundNo = `R${order.orderNo}`
    await client.refund({
      orderNo: order.orderNo,
      refundNo,
      notifyUrl: notified.url,
      amount: 100,
      total: 100,
    })
    await payControl(sandbox, 'clock', { seconds: 120 })
    const abnormal = await client.queryRefund(refundNo)
    expect(abnormal?.state).toBe('abnormal')
    await payControl(sandbox, 'settings', { refundOutcome: 'SUCCESS' })
    const { refundId } = abnormal!
    expect((await client.applyAbnormalRefund({ refundId, refundNo })).state).toBe('processing')
    await payControl(sandbox, 'clock', { seconds: 120 })
    expect(await client.queryRefund(refundNo)).toMatchObject({ state: 'done' })
  })

  it('probes are refused, and answers that are probes are asked for again', async () => {
    const { status } = await payControl<{ status: number }>(sandbox, 'probe', { url: notified.url })
    expect(status).toBe(204)
    expect((await lastNotification(client)).fault).toBe('probe')
    await payControl(sandbox, 'settings', { probedAnswers: 2 })
    for (let n = 0; n < 4; n++) await client.native(newOrder())
    await payControl(sandbox, 'settings', { probedAnswers: 0 })
  })

  it.each([
    ['busy', 'SYSTEM_ERROR'],
    ['code:SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE'],
    ['rateLimit', 'FREQUENCY_LIMITED'],
    ['html', ''],
    ['truncated', ''],
  ])('what is answered by %s is made again, once for each fault', async mode => {
    await fault('/v3/pay/transactions/native', mode, 2)
    expect((await client.native(newOrder())).codeUrl).toMatch(/^weixin:/)
  })

  it('the bills of a day are fetched, and their hashes compared', async () => {
    const order = newOrder()
    await client.native(order)
    await payControl(sandbox, 'pay', { outTradeNo: order.orderNo, wait: true })
    const ledger = await payControl<{ now: string }>(sandbox, 'ledger')
    const dayOf = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)
    const today = dayOf(Date.parse(ledger.now))
    expect(await client.tradeBill(dayOf(Date.parse(ledger.now) - 30 * 86_400_000))).toEqual({ state: 'none' })
    await payControl(sandbox, 'clock', { seconds: 36 * 3600 })
    const bill = await client.tradeBill(today)
    if (bill.state !== 'ready') throw new Error(bill.state)
    expect(bill.text).toMatch(/^交易时间,公众账号ID,商户号/)
    expect(bill.text).toContain(order.orderNo)
    const fund = await client.fundBill(today)
    expect(fund).toMatchObject({ state: 'ready', text: expect.stringMatching(/^记账时间/) })
  })
})

describe('a merchant', () => {
  it('of the public key alone has no certificates', async () => {
    const client = await clientIn('publicKey')
    expect(await failureOf(client.certificates())).toMatchObject({ status: 404, code: 'RESOURCE_NOT_EXISTS' })
  })

  it('of certificates downloads them at its first answer, and the next one when it signs', async () => {
    const client = await clientIn('certificate')
    await client.native(newOrder())
    const before = client.keys.certificates().length
    expect(before).toBeGreaterThan(0)
    await payControl(sandbox, 'settings', { newCertificate: true })
    const patient = await clientIn('certificate', { certificates: client.keys.certificates() })
    await patient.native(newOrder())
    expect(patient.keys.certificates()).toHaveLength(before + 1)
  })

  it('whose signature is refused is told why', async () => {
    const client = await clientIn('publicKey', { serial: 'F'.repeat(40) })
    expect(await failureOf(client.native(newOrder()))).toMatchObject({ status: 401, code: 'SIGN_ERROR' })
    const late = await clientIn('publicKey', { now: () => Date.now() - 400_000 })
    expect(await failureOf(late.query(newNumber()))).toMatchObject({ code: 'SIGN_ERROR' })
    expect(late.clockSkewMs).toBeGreaterThan(390_000)
  })
})
