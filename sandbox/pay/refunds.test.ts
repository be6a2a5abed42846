import { constants, publicEncrypt, X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { control } from '../test-caller.ts'
import { MerchantCaller, type PayAnswer, payControl } from './test/merchant-caller.ts'
import { type NotifyServer, open, startNotifyServer, unseal } from './test/notify-server.ts'

const path = '/v3/refund/domestic/refunds'
let now = Date.now()
let sandbox: Sandbox
let merchant: MerchantCaller
let server: NotifyServer
beforeAll(async () => {
  server = await startNotifyServer()
  sandbox = await startSandbox({ members: 10, now: () => now })
  merchant = new MerchantCaller(sandbox)
  await payControl(sandbox, 'settings', { loopbackNotify: true, failingRefundsPerSecond: 0 })
})
afterAll(async () => {
  await sandbox.close()
  await server.close()
})
beforeEach(async () => {
  server.received.length = 0
  await payControl(sandbox, 'settings', { refundOutcome: 'SUCCESS', balance: null })
})

async function paidOrder(total = 100, coupon = 0): Promise<string> {
  const order = merchant.order({ amount: { total }, notify_url: server.url })
  await merchant.post('/v3/pay/transactions/native', order)
  const outTradeNo = String(order['out_trade_no'])
  await payControl(sandbox, 'pay', { outTradeNo, coupon })
  return outTradeNo
}

let lastNumber = 0
const body = (number: string, refund: number, more: object = {}): Record<string, unknown> => ({
  out_trade_no: number,
  out_refund_no: `R${++lastNumber}`,
  amount: { refund, total: 100, currency: 'CNY' },
  notify_url: server.url,
  ...more,
})
const refund = (number: string, amount: number, more?: object): Promise<PayAnswer> =>
  merchant.post(path, body(number, amount, more))
const found = async (number: unknown): Promise<Record<string, unknown>> =>
  (await merchant.get(`${path}/${encodeURIComponent(String(number))}`)).body
const move = (seconds: number) => payControl(sandbox, 'clock', { seconds })

describe('a refund', () => {
  test('is accepted, then done and told; the order is REFUND', async () => {
    const number = await paidOrder()
    const answer = await refund(number, 30, { out_refund_no: 'R@1' })
    expect(answer.body).toMatchObject({
      out_refund_no: 'R@1',
      out_trade_no: number,
      status: 'PROCESSING',
      channel: 'ORIGINAL',
      amount: { total: 100, refund: 30, payer_refund: 30 },
    })
    await move(1)
    expect(await found('R@1')).toMatchObject({ status: 'SUCCESS', success_time: expect.any(String) })
    const told = open(server.received.at(-1)!.raw, merchant.account.apiV3Key!)
    expect(told).toMatchObject({ event_type: 'REFUND.SUCCESS', resource: { original_type: 'refund' } })
    expect(told.clear).toMatchObject({
      refund_status: 'SUCCESS',
      out_refund_no: 'R@1',
      mchid: expect.any(String),
    })
    expect(told.clear).not.toHaveProperty('status')
    const order = await merchant.get(
      `/v3/pay/transactions/out-trade-no/${number}?mchid=${merchant.account.mchId}`,
    )
    expect(order.body).toMatchObject({ trade_state: 'REFUND' })
  })

  test('under the same number is the same, and never another', async () => {
    const number = await paidOrder()
    const wanted = body(number, 30)
    const first = (await merchant.post(path, wanted)).body
    await move(1)
    expect((await merchant.post(path, wanted)).body).toMatchObject({ refund_id: first['refund_id'] })
    const other = { ...wanted, amount: { refund: 31, total: 100, currency: 'CNY' } }
    expect((await merchant.post(path, other)).body).toMatchObject({ code: 'INVALID_REQUEST' })
    const { orders } = await payControl<{ orders: { refunds: object[] }[] }>(
      sandbox,
      `ledger?outTradeNo=${number}`,
    )
    expect(orders[0]!.refunds).toHaveLength(1)
  })

  test('is refused for what is wrong with it', async () => {
    const number = await paidOrder()
    const code = async (answer: Promise<PayAnswer>): Promise<unknown[]> => {
      const { status, body: told } = await answer
      return [status, told['code']]
    }
    const amount = (total: number) => ({ amount: { refund: 1, total, currency: 'CNY' } })
    expect(await code(refund(number, 1, amount(99)))).toEqual([400, 'INVALID_REQUEST'])
    expect(await code(refund(number, 101))).toEqual([400, 'INVALID_REQUEST'])
    expect(await code(refund(number, 0))).toEqual([400, 'PARAM_ERROR'])
    expect(await code(refund(number, 1, { amount: { refund: 1, total: 100 } }))).toEqual([400, 'PARAM_ERROR'])
    expect(await code(refund(number, 1, { reason: '退'.repeat(27) }))).toEqual([400, 'PARAM_ERROR'])
    expect(await code(refund('NOTHING', 1))).toEqual([404, 'RESOURCE_NOT_EXISTS'])
    expect(await code(merchant.get(`${path}/NOTHING`))).toEqual([404, 'RESOURCE_NOT_EXISTS'])
    const open = merchant.order()
    await merchant.post('/v3/pay/transactions/native', open)
    expect(await code(refund(String(open['out_trade_no']), 1))).toEqual([403, 'TRADE_ERROR'])
    expect((await refund(number, 60)).status).toBe(200)
    expect(await code(refund(number, 10))).toEqual([429, 'FREQUENCY_LIMITED'])
    await move(60)
    expect(await code(refund(number, 41))).toEqual([400, 'INVALID_REQUEST'])
    expect((await refund(number, 40)).status).toBe(200)
    const late = await paidOrder()
    await move(366 * 86_400)
    expect(await code(refund(late, 1))).toEqual([403, 'TRADE_OVERDUE'])
  })

  test('fifty are the most', async () => {
    await payControl(sandbox, 'settings', { refundGapSeconds: 0 })
    const number = await paidOrder()
    for (let n = 0; n < 50; n++) expect((await refund(number, 1)).status).toBe(200)
    expect((await refund(number, 1)).body['message']).toBe('部分退款次数超过限制')
    await payControl(sandbox, 'settings', { refundGapSeconds: 60 })
  })

  test('needs money, and takes the same number when there is some', async () => {
    const number = await paidOrder()
    await payControl(sandbox, 'settings', { balance: 20 })
    const wanted = body(number, 30)
    expect((await merchant.post(path, wanted)).body).toMatchObject({ code: 'NOT_ENOUGH' })
    await payControl(sandbox, 'settings', { balance: 50 })
    expect((await merchant.post(path, wanted)).status).toBe(200)
    const { settings } = await payControl<{ settings: object }>(sandbox, 'settings', {})
    expect(settings).toMatchObject({ balance: 20 })
  })

  test('gives the payer what the payer paid, to the fen', async () => {
    const number = await paidOrder(100, 10)
    await payControl(sandbox, 'settings', { refundGapSeconds: 0 })
    const shares: unknown[] = []
    for (const amount of [33, 33, 34])
      shares.push(
        ((await refund(number, amount)).body['amount'] as object as { payer_refund: number }).payer_refund,
      )
    expect(shares).toEqual([30, 30, 30])
    await payControl(sandbox, 'settings', { refundGapSeconds: 60 })
  })

  test('too many refusals in a second are refused as such', async () => {
    await payControl(sandbox, 'settings', { failingRefundsPerSecond: 2 })
    now += 1000
    const codes: unknown[] = []
    for (let n = 0; n < 4; n++) codes.push((await refund('NOTHING', 1)).body['code'])
    const [missing, limited] = ['RESOURCE_NOT_EXISTS', 'FREQUENCY_LIMITED']
    expect(codes).toEqual([missing, missing, limited, limited])
    now += 1000
    expect((await refund('NOTHING', 1)).body['code']).toBe(missing)
    await payControl(sandbox, 'settings', { failingRefundsPerSecond: 0 })
  })
})

describe('what becomes of it', () => {
  test('is decided by hand while it is PROCESSING', async () => {
    await payControl(sandbox, 'settings', { refundOutcome: 'PROCESSING' })
    const number = await paidOrder()
    await refund(number, 30, { out_refund_no: 'HAND' })
    await move(86_400)
    expect(await found('HAND')).toMatchObject({ status: 'PROCESSING' })
    await payControl(sandbox, 'refund', { outRefundNo: 'HAND', outcome: 'CLOSED' })
    expect(await found('HAND')).toMatchObject({ status: 'CLOSED' })
    expect(open(server.received.at(-1)!.raw, merchant.account.apiV3Key!)).toMatchObject({
      event_type: 'REFUND.CLOSED',
    })
    const order = await merchant.get(
      `/v3/pay/transactions/out-trade-no/${number}?mchid=${merchant.account.mchId}`,
    )
    expect(order.body).toMatchObject({ trade_state: 'SUCCESS' })
    const again = payControl(sandbox, 'refund', { outRefundNo: 'HAND', outcome: 'SUCCESS' })
    await expect(again).rejects.toThrow('CLOSED for good')
  })

  test('ABNORMAL goes to another card, whose number only WeChat Pay can read', async () => {
    await payControl(sandbox, 'settings', { refundOutcome: 'ABNORMAL' })
    const number = await paidOrder()
    const { refund_id: id } = (await refund(number, 30, { out_refund_no: 'ABN' })).body
    await move(1)
    expect(await found('ABN')).toMatchObject({ status: 'ABNORMAL' })
    const { publicKey, publicKeyId } = merchant.account
    const sealed = (text: string): string =>
      publicEncrypt(
        { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
        Buffer.from(text),
      ).toString('base64')
    const apply = (more: object, headers: Record<string, string> = {}) =>
      merchant.post(
        `${path}/${id}/apply-abnormal-refund`,
        { out_refund_no: 'ABN', type: 'USER_BANK_CARD', bank_type: 'ICBC_DEBIT', ...more },
        { headers },
      )
    const card = { bank_account: sealed('6222020200112233'), real_name: sealed('张三') }
    const named = { 'wechatpay-serial': publicKeyId }
    expect((await apply(card)).body).toMatchObject({ detail: { field: '/bank_account' } })
    const clear = { ...card, real_name: '张三' }
    expect((await apply(clear, named)).body).toMatchObject({ detail: { field: '/real_name' } })
    expect((await apply(card, named)).body).toMatchObject({ status: 'PROCESSING' })
    await move(1)
    expect(await found('ABN')).toMatchObject({ status: 'SUCCESS' })
    expect((await apply(card, named)).body).toMatchObject({ code: 'INVALID_REQUEST' })
  })

  test('is told as XML of API v2 without notify_url, or by a fault', async () => {
    await payControl(sandbox, 'settings', { refundNoticeUrl: server.url })
    await refund(await paidOrder(), 30, { notify_url: undefined })
    await control(sandbox, 'POST', 'faults', { match: 'callback/pay/REFUND', mode: 'v2Xml', times: 1 })
    await move(1)
    expect(server.received.at(-1)!.raw).toMatch(/^<xml><return_code><!\[CDATA\[SUCCESS\]\]>.*<req_info>/)
    const number = await paidOrder()
    server.answer = response => response.writeHead(400).end()
    await refund(number, 30)
    await move(1)
    expect(server.received.at(-1)!.raw).toMatch(/^<xml>/)
    server.answer = response => response.writeHead(204).end()
    await move(15)
    expect(JSON.parse(server.received.at(-1)!.raw)).toMatchObject({ event_type: 'REFUND.SUCCESS' })
  })
})

describe('certificates', () => {
  test('are none for merchants with the public key alone', async () => {
    const { status, body: told } = await merchant.get('/v3/certificates')
    expect([status, told]).toEqual([
      404,
      {
        code: 'RESOURCE_NOT_EXISTS',
        message: '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。',
      },
    ])
  })

  test('are good X.509, several while they change, and sign answers', async () => {
    await payControl(sandbox, 'settings', { mode: 'certificate', newCertificate: true })
    const answer = await merchant.get('/v3/certificates?algorithm_type=ALL')
    const data = answer.body['data'] as { serial_no: string; encrypt_certificate: Record<string, string> }[]
    expect(data).toHaveLength(2)
    for (const { serial_no: serial, encrypt_certificate: sealed } of data) {
      const certificate = new X509Certificate(unseal(sealed, merchant.account.apiV3Key!))
      expect(certificate.serialNumber).toBe(serial)
      expect(certificate.verify(certificate.publicKey)).toBe(true)
      expect(new Date(certificate.validTo).getTime()).toBeGreaterThan(Date.now())
      if (serial === answer.headers.get('wechatpay-serial'))
        expect(merchant.isSignedBy(answer, certificate.toString())).toBe(true)
    }
    expect(answer.headers.get('wechatpay-serial')).toBe(data[1]!.serial_no)
    const named = await merchant.get('/v3/certificates', {
      headers: { 'wechatpay-serial': merchant.account.publicKeyId },
    })
    expect(named.body).toMatchObject({ code: 'INVALID_REQUEST' })
    await payControl(sandbox, 'settings', { mode: 'grey' })
    const byKey = await merchant.get('/v3/certificates', {
      headers: { 'wechatpay-serial': merchant.account.publicKeyId },
    })
    expect(merchant.isSignedBy(byKey, merchant.account.publicKey)).toBe(true)
    await payControl(sandbox, 'settings', { mode: 'publicKey' })
  })
})
