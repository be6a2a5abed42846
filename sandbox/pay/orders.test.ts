import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { callerOf, control } from '../test-caller.ts'
import type { MerchantAccount } from './merchants.ts'
import { MerchantCaller, payControl } from './test/merchant-caller.ts'

const jsapi = '/v3/pay/transactions/jsapi'
const native = '/v3/pay/transactions/native'
const h5 = '/v3/pay/transactions/h5'
const scene = { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } }

const now = Date.now()
let sandbox: Sandbox
let merchant: MerchantCaller
let follower: string
let stranger: string
let memberOpenid: string
beforeAll(async () => {
  sandbox = await startSandbox({ members: 20, now: () => now })
  merchant = new MerchantCaller(sandbox)
  // Nobody listens at the addresses of these orders, and without a key nobody is told.
  await payControl(sandbox, 'settings', { apiV3Key: null })
  const followersOf = async (n: number): Promise<string> => {
    const { originalId } = sandbox.official.accounts[n]!
    const { body } = await control(sandbox, 'GET', `official/followers?originalId=${originalId}&limit=1`)
    return (body['followers'] as { openid: string }[])[0]!.openid
  }
  follower = await followersOf(0)
  stranger = await followersOf(1)
  const member = await callerOf(sandbox)
  memberOpenid = String((await member.post('user/convert_to_openid', { userid: 'zhangsan' }))['openid'])
})
afterAll(() => sandbox.close())

const query = (number: unknown) =>
  merchant.get(`/v3/pay/transactions/out-trade-no/${number}?mchid=${merchant.account.mchId}`)
const close = (number: unknown) =>
  merchant.post(`/v3/pay/transactions/out-trade-no/${number}/close`, { mchid: merchant.account.mchId })

describe('what every call needs', () => {
  test('Accept and User-Agent, before the signature is looked at', async () => {
    const { status, body } = await merchant.get('/v3/certificates-x', { headers: {} })
    expect([status, body]).toEqual([404, {}])
    const bare = await merchant.post(native, {}, { headers: { authorization: 'x', 'user-agent': '' } })
    expect(bare.body).toEqual({ code: 'INVALID_REQUEST', message: 'Http头缺少Accept或User-Agent' })
  })

  test('a signature over the address and the body as they were sent, and a clock that is right', async () => {
    const order = merchant.order()
    const refusals: [object, string][] = [
      [{ signedPath: '/v3/pay/transactions/jsapi' }, '错误的签名，验签失败'],
      [{ serialNo: '00' }, '商户证书序列号有误。'],
      [
        { headers: { authorization: 'WECHATPAY2-SHA256-RSA2048 mchid="1"' } },
        'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》',
      ],
      [
        { timestamp: Math.floor(now / 1000) - 301 },
        'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟',
      ],
    ]
    for (const [options, message] of refusals) {
      const answer = await merchant.post(native, order, options)
      expect([answer.status, answer.body]).toMatchObject([401, { code: 'SIGN_ERROR', message }])
      expect(answer.headers.get('wechatpay-signature')).toBeNull()
    }
    const unsigned = await merchant.post(native, order, { signedPath: '/x' })
    expect(unsigned.body).toMatchObject({
      detail: { field: 'signature', detail: { issue: 'sign not match' } },
    })
    expect((await merchant.post(native, order)).status).toBe(200)
    const serialNo = merchant.account.serialNo.toLowerCase()
    expect((await merchant.post(native, merchant.order(), { serialNo })).status).toBe(200)
    const emoji = await merchant.post(native, merchant.order({ description: '餐费🍚' }))
    expect(emoji.body).toMatchObject({ code: 'PARAM_ERROR', detail: { field: '/description' } })
    const star = merchant.order({ out_trade_no: `A|${Date.now()}*` })
    await merchant.post(native, star)
    const path = `${encodeURIComponent(String(star['out_trade_no']))}?mchid=${merchant.account.mchId}`
    const found = await merchant.get(`/v3/pay/transactions/out-trade-no/${path}`)
    expect(found.body).toMatchObject({ out_trade_no: star['out_trade_no'] })
  })

  test('a known address and the right method', async () => {
    expect((await merchant.get(native)).status).toBe(405)
    expect((await merchant.post('/v3/pay/transactions/out-trade-no/x', {})).status).toBe(405)
    expect((await merchant.get('/v3/pay/nothing')).status).toBe(404)
  })
})

describe('ordering', () => {
  test('answers by product, signed by the public key', async () => {
    const answers = [
      await merchant.post(jsapi, merchant.order({ payer: { openid: follower } })),
      await merchant.post(native, merchant.order()),
      await merchant.post(h5, merchant.order({ scene_info: scene })),
    ]
    expect(answers.map(answer => answer.body)).toEqual([
      { prepay_id: expect.stringMatching(/^wx\d{14}[0-9a-f]{20}$/) },
      { code_url: expect.stringMatching(/^weixin:\/\/wxpay\/bizpayurl\/up\?pr=\w+&groupid=00$/) },
      { h5_url: expect.stringContaining(`${sandbox.url}/pay/h5?prepay_id=wx`) },
    ])
    for (const answer of answers) {
      expect(answer.headers.get('wechatpay-serial')).toBe(merchant.account.publicKeyId)
      expect(answer.headers.get('request-id')).toMatch(/^[0-9A-F]+-0$/)
      expect(merchant.isSignedBy(answer, merchant.account.publicKey)).toBe(true)
    }
  })

  test('a repeat gives the same, and a new prepay_id after two hours', async () => {
    const order = merchant.order({ payer: { openid: follower } })
    const first = await merchant.post(jsapi, order)
    const reordered = Object.fromEntries(Object.entries(order).reverse())
    const again = await merchant.post(jsapi, { ...reordered, time_expire: '2030-01-01T00:00:00+08:00' })
    expect(again.body).toEqual(first.body)
    await payControl(sandbox, 'clock', { seconds: 7201 })
    const later = await merchant.post(jsapi, order)
    expect(later.status).toBe(200)
    expect(later.body).not.toEqual(first.body)
    const other = await merchant.post(jsapi, { ...order, description: '别的' })
    expect([other.status, other.body['code']]).toEqual([403, 'OUT_TRADE_NO_USED'])
    expect(other.headers.get('request-id')).toMatch(/-268498688$/)
    const product = await merchant.post(native, { ...order, payer: undefined })
    expect(product.headers.get('request-id')).toMatch(/-268498689$/)
  })

  test('the openid must belong to the AppID, which must be bound', async () => {
    const corp = { appid: sandbox.corpId, payer: { openid: memberOpenid } }
    expect((await merchant.post(jsapi, merchant.order(corp))).status).toBe(200)
    const wrong = async (more: object) => (await merchant.post(jsapi, merchant.order({ ...more }))).body
    const mismatch = { code: 'PARAM_ERROR', message: 'appid和openid不匹配' }
    expect(await wrong({ payer: { openid: memberOpenid } })).toMatchObject(mismatch)
    expect(await wrong({ payer: { openid: stranger } })).toMatchObject(mismatch)
    expect(await wrong({ ...corp, payer: { openid: follower } })).toMatchObject(mismatch)
    expect(await wrong({ payer: { openid: 'oNobody' } })).toMatchObject({ message: '无效的openid' })
    expect(await wrong({})).toMatchObject({ detail: { field: '/payer/openid' } })
    const { appId } = sandbox.official.accounts[1]!
    expect(await wrong({ appid: appId, payer: { openid: stranger } })).toEqual({
      code: 'APPID_MCHID_NOT_MATCH',
      message: 'appid和mch_id不匹配',
    })
  })

  test('names the field that is wrong', async () => {
    const cases: [object, string][] = [
      [{ amount: { total: 0, currency: 'CNY' } }, '/amount/total'],
      [{ amount: { total: 1.5 } }, '/amount/total'],
      [{ amount: { total: '100' } }, '/amount/total'],
      [{ amount: { total: 1, currency: 'USD' } }, '/amount/currency'],
      [{ amount: 1 }, '/amount'],
      [{ description: '物'.repeat(128) }, '/description'],
      [{ out_trade_no: 'short' }, '/out_trade_no'],
      [{ out_trade_no: '有中文的号码' }, '/out_trade_no'],
      [{ attach: 'a'.repeat(129) }, '/attach'],
      [{ time_expire: '2030-01-01 00:00:00' }, '/time_expire'],
      [{ mchid: '1900000109' }, '/mchid'],
      [{ payer: { openid: follower } }, '/payer'],
      [{ surprise: 1 }, '/surprise'],
      ...[
        'http://pay.example.com/n',
        'https://pay.example.com/n?a=1',
        'https://127.0.0.1/n',
        'https://10.0.0.1/n',
        'https://localhost/n',
        'pay',
      ].map((notify_url): [object, string] => [{ notify_url }, '/notify_url']),
    ]
    for (const [more, field] of cases) {
      const { status, body } = await merchant.post(native, merchant.order({ ...more }))
      expect([more, status, body]).toMatchObject([more, 400, { code: 'PARAM_ERROR', detail: { field } }])
    }
    const scenes = await merchant.post(h5, merchant.order({ scene_info: { payer_client_ip: '::1' } }))
    expect(scenes.body).toMatchObject({ detail: { field: '/scene_info/h5_info/type' } })
  })

  test('time_expire is kept within its limits', async () => {
    const expiry = async (time: number): Promise<number> => {
      const order = merchant.order({ time_expire: new Date(time).toISOString() })
      await merchant.post(native, order)
      const ledger = await payControl(sandbox, `ledger?outTradeNo=${order['out_trade_no']}`)
      const [{ expiresAt, createdAt }] = ledger['orders'] as [{ expiresAt: string; createdAt: string }]
      return Date.parse(expiresAt) - Date.parse(createdAt)
    }
    expect(await expiry(now - 1000)).toBe(60_000)
    expect(await expiry(now + 365 * 86_400_000)).toBe(7 * 86_400_000)
    const order = merchant.order()
    await merchant.post(native, order)
    await payControl(sandbox, 'clock', { seconds: 7 * 86_400 + 1 })
    expect((await query(order['out_trade_no'])).body).toMatchObject({ trade_state: 'CLOSED' })
    expect((await merchant.post(native, order)).body).toMatchObject({ code: 'ORDER_CLOSED' })
  })

  test('a merchant that was stopped sells nothing', async () => {
    await payControl(sandbox, 'settings', { restriction: 'disabled' })
    expect((await merchant.post(native, merchant.order())).body).toMatchObject({ code: 'NO_AUTH' })
    await payControl(sandbox, 'settings', { restriction: null })
  })
})

describe('query and close', () => {
  test('before and after the payment', async () => {
    const order = merchant.order({ attach: '张三', payer: { openid: follower } })
    const number = order['out_trade_no']
    const { prepay_id: prepayId } = (await merchant.post(jsapi, order)).body
    expect((await query(number)).body).toEqual({
      appid: order['appid'],
      mchid: order['mchid'],
      out_trade_no: number,
      trade_state: 'NOTPAY',
      trade_state_desc: '订单未支付',
      attach: '张三',
      amount: { total: 100, currency: 'CNY', payer_currency: 'CNY' },
      promotion_detail: [],
    })
    const paid = await payControl(sandbox, 'pay', { prepayId, openid: follower, coupon: 10 })
    const { transactionId } = paid['order'] as { transactionId: string }
    const { body } = await merchant.get(
      `/v3/pay/transactions/id/${transactionId}?mchid=${merchant.account.mchId}`,
    )
    expect(body).toEqual((await query(number)).body)
    expect(body).toMatchObject({
      transaction_id: transactionId,
      trade_type: 'JSAPI',
      trade_state: 'SUCCESS',
      payer: { openid: follower },
      amount: { total: 100, payer_total: 90 },
      success_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/),
    })
    const closing = await close(number)
    expect([closing.status, closing.body['code']]).toEqual([400, 'INVALID_REQUEST'])
    expect(closing.headers.get('request-id')).toMatch(/-268449538$/)
    expect((await merchant.post(jsapi, order)).headers.get('request-id')).toMatch(/-268498689$/)
  })

  test('closing is 204, signed, and may be repeated', async () => {
    const order = merchant.order()
    const { code_url: codeUrl } = (await merchant.post(native, order)).body
    for (const _ of [1, 2]) {
      const closed = await close(order['out_trade_no'])
      expect([closed.status, closed.raw]).toEqual([204, ''])
      expect(merchant.isSignedBy(closed, merchant.account.publicKey)).toBe(true)
    }
    expect((await query(order['out_trade_no'])).body).toMatchObject({ trade_state: 'CLOSED' })
    await expect(payControl(sandbox, 'pay', { codeUrl })).rejects.toThrow('订单已关闭')
  })

  test('what is not there, and what is another merchant’s', async () => {
    expect([(await query('NOTHING')).status, (await query('NOTHING')).body['code']]).toEqual([
      404,
      'ORDER_NOT_EXIST',
    ])
    const other = new MerchantCaller(
      sandbox,
      await payControl<MerchantAccount>(sandbox, 'merchants', { name: '另一家' }),
    )
    const order = other.order()
    await other.post(native, order)
    expect((await query(order['out_trade_no'])).status).toBe(404)
    const paid = await payControl(sandbox, 'pay', {
      mchId: other.account.mchId,
      outTradeNo: order['out_trade_no'],
    })
    const { transactionId } = paid['order'] as { transactionId: string }
    const found = await merchant.get(
      `/v3/pay/transactions/id/${transactionId}?mchid=${merchant.account.mchId}`,
    )
    expect(found.headers.get('request-id')).toMatch(/-268447843$/)
  })
})

describe('paying', () => {
  test('only once, in time, and by whom it is for', async () => {
    const order = merchant.order({ payer: { openid: follower } })
    const { prepay_id: prepayId } = (await merchant.post(jsapi, order)).body
    await expect(payControl(sandbox, 'pay', { prepayId, userid: 'zhangsan' })).rejects.toThrow('支付者')
    const failed = await payControl(sandbox, 'fail', { prepayId })
    expect(failed['order']).toMatchObject({ state: 'NOTPAY', failures: 1 })
    await payControl(sandbox, 'pay', { prepayId })
    await expect(payControl(sandbox, 'pay', { prepayId })).rejects.toThrow('该订单已支付')
    const { h5_url: h5Url } = (await merchant.post(h5, merchant.order({ scene_info: scene }))).body
    await payControl(sandbox, 'clock', { seconds: 301 })
    await expect(payControl(sandbox, 'pay', { h5Url })).rejects.toThrow('过期')
  })
})

test('faults answer as WeChat Pay does', async () => {
  const fault = async (mode: string): Promise<unknown[]> => {
    await control(sandbox, 'POST', 'faults', { match: native, mode, times: 1 })
    const { status, body } = await merchant.post(native, merchant.order())
    return [status, body['code']]
  }
  expect(await fault('busy')).toEqual([500, 'SYSTEM_ERROR'])
  expect(await fault('rateLimit')).toEqual([429, 'FREQUENCY_LIMITED'])
  expect(await fault('code:SERVICE_UNAVAILABLE')).toEqual([503, 'SERVICE_UNAVAILABLE'])
  await control(sandbox, 'POST', 'faults', { match: native, mode: 'code:ACCEPTED', times: 1 })
  const accepted = await merchant.post(native, merchant.order())
  expect([accepted.status, accepted.body['code']]).toEqual([202, 'ACCEPTED'])
  expect(merchant.isSignedBy(accepted, merchant.account.publicKey)).toBe(true)
})
