import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox.ts'
import { control } from '../../test-caller.ts'
import type { Notification } from '../state/notification.ts'
import { MerchantCaller, payControl } from '../test/merchant-caller.ts'
import { isSignedBy, type NotifyServer, open, startNotifyServer } from '../test/notify-server.ts'

let sandbox: Sandbox
let merchant: MerchantCaller
let server: NotifyServer
beforeAll(async () => {
  server = await startNotifyServer()
  sandbox = await startSandbox({ members: 20 })
  merchant = new MerchantCaller(sandbox)
  await payControl(sandbox, 'settings', { loopbackNotify: true })
})
afterAll(async () => {
  await sandbox.close()
  await server.close()
})
afterEach(async () => {
  server.received.length = 0
  server.answer = response => response.writeHead(204).end()
  await control(sandbox, 'DELETE', 'faults')
  await payControl(sandbox, 'settings', { mode: 'publicKey', apiV3Key: merchant.account.apiV3Key })
})

const path = '/v3/pay/transactions/native'

/** Orders, pays, and waits for the first attempt to tell. */
async function pay(more: object = {}): Promise<{ number: string; notification: Notification }> {
  const order = merchant.order({ notify_url: server.url, ...more })
  await merchant.post(path, order)
  const outTradeNo = String(order['out_trade_no'])
  const { notification } = await payControl(sandbox, 'pay', { outTradeNo, userid: 'zhangsan', wait: true })
  return { number: outTradeNo, notification: notification as Notification }
}

const told = async (outTradeNo: string): Promise<Notification> =>
  (
    (await payControl(sandbox, `notifications?outTradeNo=${outTradeNo}`))['notifications'] as Notification[]
  )[0]!

test('a payment is told with a signature, encrypted like a query’s answer', async () => {
  const { number, notification } = await pay()
  expect(notification).toMatchObject({ state: 'delivered', attempts: [{ status: 204 }] })
  expect(server.received).toHaveLength(1)
  const [first] = server.received
  expect(first!.headers).toMatchObject({
    'wechatpay-serial': merchant.account.publicKeyId,
    'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
  })
  expect(isSignedBy(first!, merchant.account.publicKey)).toBe(true)
  const body = open(first!.raw, merchant.account.apiV3Key!)
  expect(body).toMatchObject({
    id: notification.id,
    event_type: 'TRANSACTION.SUCCESS',
    resource_type: 'encrypt-resource',
    resource: { original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM' },
  })
  const query = await merchant.get(
    `/v3/pay/transactions/out-trade-no/${number}?mchid=${merchant.account.mchId}`,
  )
  expect(body.clear).toEqual(query.body)
})

test('what is refused is told fifteen times more on WeChat’s schedule, newly signed each time', async () => {
  server.answer = response => response.writeHead(500).end('{"code":"FAIL","message":"later"}')
  const { number } = await pay()
  await payControl(sandbox, 'clock', { seconds: 14 })
  expect(server.received).toHaveLength(1)
  await payControl(sandbox, 'clock', { seconds: 1 })
  expect(server.received).toHaveLength(2)
  await payControl(sandbox, 'clock', { seconds: 24 * 3600 + 240 })
  expect(server.received).toHaveLength(16)
  expect(new Set(server.received.map(one => one.headers['wechatpay-signature'])).size).toBe(16)
  const ids = server.received.map(one => (JSON.parse(one.raw) as { id: string }).id)
  expect(new Set(ids).size).toBe(1)
  expect(server.received.every(one => isSignedBy(one, merchant.account.publicKey))).toBe(true)
  const { state, attempts } = await told(number)
  expect(state).toBe('failed')
  const gaps = attempts.slice(1).map((one, n) => Date.parse(one.at) - Date.parse(attempts[n]!.at))
  const seconds = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]
  expect(gaps.map(gap => Math.round(gap / 1000))).toEqual(seconds)
})

test('silence and a 200 that says FAIL count as refused, SUCCESS in JSON as taken', async () => {
  await payControl(sandbox, 'settings', { notifyTimeoutMs: 60 })
  server.answer = () => {}
  expect((await pay()).notification.attempts[0]!.error).toBe('no answer within 60 ms')
  await payControl(sandbox, 'settings', { notifyTimeoutMs: 5000 })
  server.answer = response => response.end('{"code":"FAIL","message":"no"}')
  expect((await pay()).notification.state).toBe('waiting')
  server.answer = response => response.end('{"code":"SUCCESS","message":"成功"}')
  expect((await pay()).notification.state).toBe('delivered')
})

test('without an APIv3 key nothing is ever told', async () => {
  await payControl(sandbox, 'settings', { apiV3Key: null })
  expect((await pay()).notification).toMatchObject({ state: 'none', attempts: [] })
  expect(server.received).toEqual([])
  await payControl(sandbox, 'settings', { apiV3Key: merchant.account.apiV3Key })
  server.answer = response => response.writeHead(500).end()
  const { number } = await pay()
  await payControl(sandbox, 'settings', { apiV3Key: null })
  await payControl(sandbox, 'clock', { seconds: 15 })
  expect(await told(number)).toMatchObject({ state: 'none', attempts: [{ status: 500 }] })
})

test('certificates sign in their mode, and both sign in the grey phase', async () => {
  const serial = merchant.account.certificates[0]!.serial
  await payControl(sandbox, 'settings', { mode: 'certificate' })
  await pay()
  await payControl(sandbox, 'settings', { mode: 'grey', greyPercent: 50 })
  await pay()
  await pay()
  const serials = server.received.map(one => one.headers['wechatpay-serial'])
  expect(serials[0]).toBe(serial)
  expect(serials.slice(1).sort()).toEqual([serial, merchant.account.publicKeyId].sort())
  expect(isSignedBy(server.received[0]!, merchant.account.certificates[0]!.certificate)).toBe(true)
})

test('a probe bears a signature that must not verify', async () => {
  await pay()
  server.answer = response => response.writeHead(401).end()
  expect(await payControl(sandbox, 'probe', {})).toMatchObject({ status: 401 })
  const { headers } = server.received.at(-1)!
  expect(headers['wechatpay-signature']).toMatch(/^WECHATPAY\/SIGNTEST\//)
  await payControl(sandbox, 'settings', { probedAnswers: 2 })
  const signatures: (string | null)[] = []
  for (const _ of [1, 2])
    signatures.push((await merchant.post(path, merchant.order())).headers.get('wechatpay-signature'))
  await payControl(sandbox, 'settings', { probedAnswers: 0 })
  expect(signatures.filter(one => one!.startsWith('WECHATPAY/SIGNTEST/'))).toHaveLength(1)
})

const fault = (mode: string, more: object = {}) =>
  control(sandbox, 'POST', 'faults', { match: 'callback/pay/', mode, times: 1, ...more })

test('a notification can be lost, doubled and late', async () => {
  await fault('dropCallback')
  expect((await pay()).notification.state).toBe('dropped')
  expect(server.received).toHaveLength(0)
  await fault('duplicateCallback')
  const twice = await pay()
  // Its repeat is a job of its own, which the clock waits for.
  await payControl(sandbox, 'clock', { seconds: 0 })
  const ids = server.received.map(one => (JSON.parse(one.raw) as { id: string }).id)
  expect(ids).toEqual([twice.notification.id, twice.notification.id])
  await fault('reorderCallback', { delayMs: 600_000 })
  const late = await pay()
  expect(server.received).toHaveLength(2)
  await payControl(sandbox, 'clock', { seconds: 600 })
  expect((await told(late.number)).state).toBe('delivered')
})

test('an attempt can be wrong, and the next one right', async () => {
  const key = merchant.account.apiV3Key!
  server.answer = response => response.writeHead(server.received.length === 1 ? 401 : 204).end()
  const wrong: [string, (first: { clear: Record<string, unknown> }) => void][] = [
    ['wrongAmount', ({ clear }) => expect(clear['amount']).toMatchObject({ total: 99 })],
    ['foreignMerchant', ({ clear }) => expect(clear['mchid']).toBe('1900000109')],
    [
      'forgedSignature',
      () => expect(isSignedBy(server.received[0]!, merchant.account.publicKey)).toBe(false),
    ],
  ]
  for (const [mode, check] of wrong) {
    server.received.length = 0
    await fault(mode)
    const { number } = await pay()
    check(open(server.received[0]!.raw, key))
    await payControl(sandbox, 'clock', { seconds: 15 })
    const { attempts, state } = await told(number)
    expect(attempts.map(one => one.fault ?? null)).toEqual([mode, null])
    expect(state).toBe('delivered')
    expect(open(server.received[1]!.raw, key).clear['amount']).toMatchObject({ total: 100 })
  }
})

test('orders, refunds, keys and what was not delivered survive the process', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-pay-'))
  const first = await startSandbox({ members: 5, dataDir })
  const caller = new MerchantCaller(first)
  await payControl(first, 'settings', { loopbackNotify: true })
  server.answer = response => response.writeHead(503).end()
  const order = caller.order({ notify_url: server.url })
  await caller.post(path, order)
  await payControl(first, 'pay', { outTradeNo: order['out_trade_no'], wait: true })
  await payControl(first, 'settings', { refundJobMs: 3_600_000 })
  await caller.post('/v3/refund/domestic/refunds', {
    out_trade_no: order['out_trade_no'],
    out_refund_no: 'R1',
    amount: { refund: 40, total: 100, currency: 'CNY' },
  })
  const before = await payControl(first, 'ledger')
  await first.close()
  const second = await startSandbox({ members: 5, dataDir })
  expect(second.pay.merchants).toEqual(first.pay.merchants.map(one => ({ ...one })))
  expect((await payControl(second, 'ledger'))['orders']).toEqual(before['orders'])
  server.answer = response => response.writeHead(204).end()
  await payControl(second, 'clock', { seconds: 15 })
  expect(server.received).toHaveLength(2)
  await payControl(second, 'clock', { seconds: 3600 })
  expect((await payControl(second, 'ledger'))['orders']).toMatchObject([{ refunds: [{ status: 'SUCCESS' }] }])
  await second.reset({ members: 5 })
  expect(await payControl(second, 'ledger')).toMatchObject({ mchId: caller.account.mchId, orders: [] })
  await second.close()
  const third = await startSandbox({ members: 5, dataDir })
  expect(await payControl(third, 'ledger')).toMatchObject({ mchId: caller.account.mchId, orders: [] })
  expect((await new MerchantCaller(third).post(path, order)).status).toBe(200)
  await third.close()
  rmSync(dataDir, { recursive: true })
})
