import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, test } from 'vitest'
import { failureOf } from '../../wecom/upstream.fixture.ts'
import { explainPayError } from '../codes.ts'
import { PayError, PayUnavailable } from '../errors.ts'
import { client, hangUp, notifyUrl, ok, order, refuse, type Step, upstream } from '../upstream.fixture.ts'
import { tradeOf } from './orders.ts'
import { refundOfNotice } from './refunds.ts'

const plainTrade = {
  appid: order.appId,
  mchid: '1900000001',
  out_trade_no: order.orderNo,
  transaction_id: '4200000925202101284997714292',
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  attach: '',
  success_time: '2026-11-26T10:00:00+08:00',
  payer: { openid: 'o1' },
  amount: { total: 12_345, payer_total: 12_000, currency: 'CNY', payer_currency: 'CNY' },
}
const trade = (over: object) => ok({ ...plainTrade, ...over })
const bodyOf = (seen: { body: string }[]) => JSON.parse(seen[0]?.body ?? '')

describe('orders', () => {
  const common = {
    appid: order.appId,
    mchid: '1900000001',
    description: '十一月电费',
    out_trade_no: 'W2026|0001',
    time_expire: '2026-11-27T10:00:00+08:00',
    notify_url: notifyUrl,
    amount: { total: 12_345, currency: 'CNY' },
  }

  it('send by product what it takes', async () => {
    const jsapi = await upstream(ok({ prepay_id: 'wx26' }))
    expect(await client(jsapi.baseUrl).pay.jsapi({ ...order, openid: 'o1' })).toEqual({ prepayId: 'wx26' })
    expect(bodyOf(jsapi.seen)).toEqual({ ...common, payer: { openid: 'o1' } })

    const native = await upstream(ok({ code_url: 'weixin://wxpay/bizpayurl/up?pr=x' }))
    expect(await client(native.baseUrl).pay.native({ ...order, attach: 'a' })).toEqual({
      codeUrl: 'weixin://wxpay/bizpayurl/up?pr=x',
    })
    expect(bodyOf(native.seen)).toEqual({ ...common, attach: 'a' })

    const h5 = await upstream(ok({ h5_url: 'https://wx.tenpay.com/x' }))
    expect(await client(h5.baseUrl).pay.h5({ ...order, clientIp: '192.0.2.1', device: 'iOS' })).toEqual({
      h5Url: 'https://wx.tenpay.com/x',
    })
    const scene_info = { payer_client_ip: '192.0.2.1', h5_info: { type: 'iOS' } }
    expect(bodyOf(h5.seen)).toEqual({ ...common, scene_info })
  })

  it('cut a title at 127 characters, not in the middle of one', async () => {
    const { seen, baseUrl } = await upstream(ok({ code_url: 'weixin://x' }))
    await client(baseUrl).pay.native({ ...order, title: '𠮷'.repeat(130) })
    expect(bodyOf(seen).description).toBe('𠮷'.repeat(127))
  })

  it('are told in our words', async () => {
    const { baseUrl } = await upstream(trade({}), refuse(404, 'ORDER_NOT_EXIST'))
    const { pay } = client(baseUrl)
    expect(await pay.query(order.orderNo)).toEqual({
      appId: order.appId,
      mchId: '1900000001',
      orderNo: order.orderNo,
      state: 'paid',
      stateText: '支付成功',
      transactionId: plainTrade.transaction_id,
      tradeType: 'JSAPI',
      bankType: 'OTHERS',
      openid: 'o1',
      paidAt: new Date('2026-11-26T02:00:00Z'),
      attach: '',
      total: 12_345,
      payerTotal: 12_000,
      currency: 'CNY',
    })
    expect(await pay.query(order.orderNo)).toBeUndefined()
  })

  it.each([
    { amount: { total: 1.5 } },
    { amount: { total: '12345' } },
    { trade_state: 'PAID' },
    { success_time: 'yesterday' },
    { mchid: undefined },
  ])('with %j are no orders', over => {
    expect(() => tradeOf({ ...plainTrade, ...over })).toThrow(PayUnavailable)
  })

  test.each<[string, Step[], unknown]>([
    ['closed', [ok()], 'closed'],
    ['paid since', [refuse(400, 'ORDERPAID'), trade({})], 'paid'],
    ['paid, and refunded in part', [refuse(403, 'TRADE_ERROR'), trade({ trade_state: 'REFUND' })], 'paid'],
    ['closed before', [refuse(400, 'ORDER_CLOSED'), trade({ trade_state: 'CLOSED' })], 'closed'],
    ['never known', [refuse(404, 'ORDER_NOT_EXIST')], 'absent'],
  ])('to be closed: %s', async (_, script, wanted) => {
    const { seen, baseUrl } = await upstream(...script)
    expect(await client(baseUrl).pay.close(order.orderNo)).toBe(wanted)
    expect(seen[0]).toMatchObject({
      method: 'POST',
      target: '/v3/pay/transactions/out-trade-no/W2026%7C0001/close',
      body: '{"mchid":"1900000001"}',
      isSigned: true,
    })
  })

  it('that are refused to be closed while they can be paid stay open', async () => {
    const { baseUrl } = await upstream(refuse(400, 'INVALID_REQUEST'), trade({ trade_state: 'NOTPAY' }))
    expect(await failureOf(client(baseUrl).pay.close(order.orderNo))).toMatchObject({
      code: 'INVALID_REQUEST',
    })
  })
})

describe('refunds', () => {
  const amount = { total: 12_345, refund: 345, payer_total: 12_345, payer_refund: 345 }
  const plain = {
    refund_id: '50000000382019052709732678859',
    out_refund_no: 'R1',
    transaction_id: plainTrade.transaction_id,
    out_trade_no: order.orderNo,
    user_received_account: '招商银行信用卡0403',
    amount,
  }
  const accepted = ok({ ...plain, status: 'PROCESSING', create_time: '2026-11-26T10:00:00+08:00' })
  const wanted = {
    orderNo: order.orderNo,
    refundNo: 'R1',
    reason: '多收',
    notifyUrl,
    amount: 345,
    total: 12_345,
  }

  it('send their address for notifications and the sum of the order', async () => {
    const { seen, baseUrl } = await upstream(accepted)
    expect(await client(baseUrl).pay.refund(wanted)).toEqual({
      refundId: plain.refund_id,
      refundNo: 'R1',
      orderNo: order.orderNo,
      transactionId: plainTrade.transaction_id,
      state: 'processing',
      receivedBy: '招商银行信用卡0403',
      doneAt: undefined,
      amount: 345,
      total: 12_345,
      payerAmount: 345,
      payerTotal: 12_345,
    })
    expect(bodyOf(seen)).toEqual({
      out_trade_no: order.orderNo,
      out_refund_no: 'R1',
      reason: '多收',
      notify_url: notifyUrl,
      amount: { refund: 345, total: 12_345, currency: 'CNY' },
    })
  })

  test.each<[string, Step]>([
    ['is lost', hangUp],
    ['is 500', refuse(500, 'SYSTEM_ERROR')],
    ['is 429', refuse(429, 'FREQUENCY_LIMITED')],
    ['is forged', response => response.end('{}')],
  ])(
    'are asked for first when the answer %s, and repeated identically only when there is none',
    async (_, step) => {
      const known = await upstream(step, accepted)
      expect(await client(known.baseUrl).pay.refund(wanted)).toMatchObject({ state: 'processing' })
      expect(known.seen.map(one => one.method)).toEqual(['POST', 'GET'])
      const none = await upstream(step, refuse(404, 'RESOURCE_NOT_EXISTS'), accepted)
      expect(await client(none.baseUrl).pay.refund(wanted)).toMatchObject({ state: 'processing' })
      expect(none.seen.map(one => one.method)).toEqual(['POST', 'GET', 'POST'])
      expect(none.seen[2]?.body).toBe(none.seen[0]?.body)
    },
  )

  it('stay unknown when WeChat Pay cannot be asked either, and are not repeated', async () => {
    const { seen, baseUrl } = await upstream(hangUp)
    expect(await failureOf(client(baseUrl, { retries: 1 }).pay.refund(wanted))).toBeInstanceOf(PayUnavailable)
    expect(seen.filter(one => one.method === 'POST')).toHaveLength(1)
  })

  it('that are refused are refused', async () => {
    const { seen, baseUrl } = await upstream(refuse(403, 'NOT_ENOUGH'))
    expect(await failureOf(client(baseUrl).pay.refund(wanted))).toMatchObject({ code: 'NOT_ENOUGH' })
    expect(seen).toHaveLength(1)
  })

  it('have another field for the state in a notification', () => {
    const notice = { ...plain, mchid: '1900000001', refund_status: 'ABNORMAL' }
    expect(refundOfNotice(notice)).toMatchObject({ mchId: '1900000001', state: 'abnormal', amount: 345 })
    expect(() => refundOfNotice({ ...plain, mchid: '1900000001', status: 'SUCCESS' })).toThrow(PayUnavailable)
  })

  it('that are abnormal go to the merchant', async () => {
    const { seen, baseUrl } = await upstream(accepted)
    await client(baseUrl).pay.applyAbnormalRefund({ refundId: '503', refundNo: 'R1' })
    expect(seen[0]).toMatchObject({
      target: '/v3/refund/domestic/refunds/503/apply-abnormal-refund',
      body: '{"out_refund_no":"R1","type":"MERCHANT_BANK_CARD"}',
    })
  })
})

describe('bills of a day', () => {
  const csv = '\ufeff交易时间,公众账号ID\r\n`2026-11-25 17:07:11,`wx81\r\n'
  const packed = gzipSync(csv)
  const sha1 = (bytes: string | Buffer) => createHash('sha1').update(bytes).digest('hex')

  async function bill(file: string | Buffer, hash: string) {
    const made = await upstream(
      (response, request, seen) =>
        ok({
          hash_type: 'SHA1',
          hash_value: hash,
          download_url: `http://${request.headers.host}/v3/billdownload/file?token=a%2Fb`,
        })(response, request, seen),
      response => response.end(file),
    )
    return { ...made, ...client(made.baseUrl) }
  }

  test.each<[string, string | Buffer, string]>([
    ['packed, with the hash of the plain file', packed, sha1(csv)],
    ['packed, with the hash of the packed file', packed, sha1(packed).toUpperCase()],
    ['plain', csv, sha1(csv)],
  ])('are fetched %s', async (_, file, hash) => {
    const { pay, seen } = await bill(file, hash)
    expect(await pay.tradeBill('2026-11-25')).toEqual({ state: 'ready', text: csv.slice(1) })
    expect(seen.map(one => [one.target, one.isSigned])).toEqual([
      ['/v3/bill/tradebill?bill_date=2026-11-25&bill_type=ALL&tar_type=GZIP', true],
      ['/v3/billdownload/file?token=a%2Fb', true],
    ])
  })

  it('that are not what was announced are refused', async () => {
    expect(await failureOf((await bill(packed, sha1('x'))).pay.fundBill('2026-11-25'))).toMatchObject({
      reason: 'hash',
    })
    const cut = packed.subarray(0, -6)
    expect(await failureOf((await bill(cut, sha1(cut))).pay.fundBill('2026-11-25'))).toMatchObject({
      reason: 'hash',
    })
  })

  it('may be absent, or not ready', async () => {
    const none = await upstream(refuse(400, 'NO_STATEMENT_EXIST'), refuse(400, 'STATEMENT_CREATING'))
    const { pay } = client(none.baseUrl)
    expect(await pay.tradeBill('2026-11-25')).toEqual({ state: 'none' })
    expect(await pay.fundBill('2026-11-25')).toEqual({ state: 'creating' })
    expect(none.seen[1]?.target).toBe(
      '/v3/bill/fundflowbill?bill_date=2026-11-25&account_type=BASIC&tar_type=GZIP',
    )
  })

  it('that would not end are given up', async () => {
    const { baseUrl } = await bill(gzipSync(Buffer.alloc(100_000)), '')
    const { pay } = client(baseUrl, { statementAtMost: 99_999 })
    expect(await failureOf(pay.tradeBill('2026-11-25'))).toMatchObject({ reason: 'size' })
  })
})

describe('explanations', () => {
  const explained = (code: string, text = '', requestId = '', status = 400) =>
    explainPayError(new PayError('GET /x', status, { code, text, requestId }))

  test.each([
    ['APPID_MCHID_NOT_MATCH', '', 'setUp', 'AppID 与商户号没有绑定'],
    ['SIGN_ERROR', '签名错误', 'setUp', '签名错误'],
    [
      'SIGN_ERROR',
      'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟',
      'setUp',
      '服务器时间与微信支付相差超过 5 分钟',
    ],
    ['PARAM_ERROR', 'appid和openid不匹配', 'fix', 'openid 无效或不属于该 AppID'],
    ['INVALID_REQUEST', '无效的openid', 'fix', 'openid 无效或不属于该 AppID'],
    ['SOMETHING_NEW', '', 'fix', '微信支付拒绝了请求'],
  ])('%s %s', (code, text, next, zh) => {
    expect(explained(code, text)).toMatchObject({ next, text: { zh } })
  })

  it('go by the status where the code says nothing, and add what the number says', () => {
    expect(explained('', '', '', 502).next).toBe('repeat')
    expect(explained('', '', '', 429).next).toBe('slower')
    expect(explained('INVALID_REQUEST', '', '08F7-268443715')).toMatchObject({
      internal: { en: 'the merchant is disabled: WeChat Pay has to be asked' },
    })
  })
})
