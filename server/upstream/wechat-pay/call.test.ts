import { describe, expect, it, test } from 'vitest'
import { failureOf } from '../wecom/upstream.fixture.ts'
import { PayError, PayUnavailable } from './errors.ts'
import { platformCertificate } from './keys.ts'
import {
  certificatesAnswer,
  client,
  hangUp,
  ok,
  order,
  platform,
  proof,
  publicKey,
  refuse,
  type Step,
  upstream,
} from './upstream.fixture.ts'

const prepaid = ok({ prepay_id: 'wx2610' })
const trade = (by: 'publicKey' | 'certificate' = 'publicKey') =>
  ok({ mchid: '1900000001', out_trade_no: order.orderNo, trade_state: 'NOTPAY', amount: { total: 1 } }, by)
const payer = { ...order, openid: 'o1' }
const noCertificates = refuse(404, 'RESOURCE_NOT_EXISTS', '无可用的平台证书')

describe('what is sent', () => {
  it('is signed as it is sent, with the headers that some paths insist on', async () => {
    const { seen, baseUrl } = await upstream(trade())
    await client(baseUrl).pay.query('A|b*c')
    const [one] = seen
    expect(one?.target).toBe('/v3/pay/transactions/out-trade-no/A%7Cb*c?mchid=1900000001')
    expect(one?.isSigned).toBe(true)
    expect(one?.headers).toMatchObject({
      accept: 'application/json',
      'user-agent': 'wisp',
      'wechatpay-serial': publicKey.id,
    })
  })

  it('asks for certificates to sign the answer where there is no public key', async () => {
    const { seen, baseUrl } = await upstream(ok(certificatesAnswer(), 'certificate'), trade('certificate'))
    const { pay } = client(baseUrl, { publicKey: undefined })
    await pay.certificates()
    expect(seen[0]?.headers['wechatpay-serial']).toBeUndefined()
  })

  it('is counted under the path without numbers', async () => {
    const { baseUrl } = await upstream(refuse(404, 'ORDER_NOT_EXIST'), trade())
    const { pay, calls } = client(baseUrl)
    await pay.query('A1')
    await pay.query('A1')
    expect(calls).toEqual([
      ['/v3/pay/transactions/out-trade-no/{no}', 'ORDER_NOT_EXIST'],
      ['/v3/pay/transactions/out-trade-no/{no}', '0'],
    ])
  })
})

describe('answers', () => {
  test.each<[string, Step]>([
    ['without headers', response => response.end('{"prepay_id":"wx"}')],
    ['of another body', response => response.writeHead(200, proof('{}')).end('{"prepay_id":"wx"}')],
    [
      'of an unknown public key',
      ok({ prepay_id: 'wx' }, 'publicKey', { 'Wechatpay-Serial': 'PUB_KEY_ID_9' }),
    ],
    [
      'that are probes',
      ok({ prepay_id: 'wx' }, 'publicKey', { 'Wechatpay-Signature': 'WECHATPAY/SIGNTEST/x' }),
    ],
  ])('%s are not believed, and the identical call is made again', async (_, forged) => {
    const { seen, baseUrl } = await upstream(forged, prepaid)
    expect(await client(baseUrl).pay.jsapi(payer)).toEqual({ prepayId: 'wx2610' })
    expect(seen.map(one => one.body)).toEqual([seen[0]?.body, seen[0]?.body])
    expect(seen.every(one => one.isSigned)).toBe(true)
    const always = await upstream(forged)
    const failure = await failureOf(client(always.baseUrl, { retries: 1 }).pay.jsapi(payer))
    expect(failure).toMatchObject({ name: 'PayUnavailable', reason: 'signature' })
    expect(always.seen).toHaveLength(2)
  })

  it('with another time are refused at once: a clock is wrong, and stays wrong', async () => {
    const { seen, baseUrl } = await upstream(prepaid)
    const { pay } = client(baseUrl, { now: () => Date.now() + 360_000 })
    expect(await failureOf(pay.jsapi(payer))).toMatchObject({ reason: 'clock' })
    expect(seen).toHaveLength(1)
  })

  it('that are no JSON, or lack what they are about, are no answers', async () => {
    const { baseUrl } = await upstream(ok({ code: 'SUCCESS' }))
    expect(await failureOf(client(baseUrl).pay.jsapi(payer))).toMatchObject({
      reason: 'json',
      message: expect.stringContaining('POST /v3/pay/transactions/jsapi'),
    })
  })

  it('larger than 4 MB are cut off', async () => {
    const { baseUrl } = await upstream(response => response.end(Buffer.alloc(5 * 1024 * 1024, 32)))
    expect(await failureOf(client(baseUrl).pay.jsapi(payer))).toMatchObject({ reason: 'size' })
  })
})

describe('certificates', () => {
  it('are got when an answer is signed by an unknown one, and stored', async () => {
    const { seen, baseUrl } = await upstream(
      trade('certificate'),
      ok(certificatesAnswer(), 'certificate'),
      trade('certificate'),
    )
    const stored: string[] = []
    const onCertificates = async (list: { serial: string }[]) =>
      void stored.push(...list.map(one => one.serial))
    const { pay } = client(baseUrl, { publicKey: undefined, onCertificates })
    expect(await pay.query('A1')).toMatchObject({ state: 'unpaid' })
    await pay.query('A1')
    expect(seen.map(one => one.target.split('?')[0])).toEqual([
      '/v3/pay/transactions/out-trade-no/A1',
      '/v3/certificates',
      '/v3/pay/transactions/out-trade-no/A1',
    ])
    expect(stored).toEqual([platform.serial])
    expect(pay.keys.certificates()).toMatchObject([
      platformCertificate(platform.serial, platform.certificate),
    ])
  })

  it('and the public key are good at once', async () => {
    const { baseUrl } = await upstream(
      trade('publicKey'),
      trade('certificate'),
      ok(certificatesAnswer(), 'certificate'),
    )
    const { pay } = client(baseUrl)
    await pay.query('A1')
    await pay.query('A1')
  })

  it('that were stored are known, and asked for again every twelve hours', async () => {
    let offset = 0
    const certificates = [platformCertificate(platform.serial, platform.certificate)]
    const { seen, baseUrl } = await upstream(noCertificates)
    const { pay } = client(baseUrl, { certificates, now: () => Date.now() + offset })
    const find = async () => expect(await pay.keys.find(platform.serial)).toBeDefined()
    await find()
    await expect.poll(() => seen.length).toBe(1)
    offset = 11 * 3_600_000
    await find()
    offset = 13 * 3_600_000
    await find()
    await expect.poll(() => seen.length).toBe(2)
  })

  it('that have expired prove nothing any more', async () => {
    const { baseUrl } = await upstream(noCertificates)
    const certificate = platformCertificate(platform.serial, platform.certificate)
    const now = () => certificate.expiresAt.getTime() + 1
    const { pay } = client(baseUrl, { certificates: [certificate], now })
    expect(await pay.keys.find(platform.serial)).toBeUndefined()
  })

  it('are asked for once a minute for unknown serials, and not again where there are none', async () => {
    let offset = 0
    const { seen, baseUrl } = await upstream(refuse(401, 'SIGN_ERROR'), noCertificates)
    const { pay } = client(baseUrl, { now: () => Date.now() + offset })
    const ask = () => pay.keys.find('A'.repeat(40))
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([undefined, undefined, undefined])
    expect(seen).toHaveLength(1)
    await ask()
    expect(seen).toHaveLength(1)
    offset = 61_000
    await ask()
    expect(seen).toHaveLength(2)
    expect(pay.keys.hasNone).toBe(true)
    offset = 3_600_000
    await ask()
    await pay.keys.find('PUB_KEY_ID_unknown')
    expect(seen).toHaveLength(2)
  })

  it('that another APIv3 key sealed, or that sign with a foreign key, are refused', async () => {
    const other = await upstream(ok(certificatesAnswer(platform.certificate, 'x'.repeat(32)), 'certificate'))
    const { pay } = client(other.baseUrl, { publicKey: undefined })
    expect(await failureOf(pay.certificates())).toMatchObject({ reason: 'decryption' })
    expect(other.seen).toHaveLength(1)
    const foreign = await upstream(
      ok(certificatesAnswer(), 'publicKey', { 'Wechatpay-Serial': platform.serial }),
    )
    const forged = client(foreign.baseUrl, { publicKey: undefined, retries: 0 })
    expect(await failureOf(forged.pay.certificates())).toMatchObject({ reason: 'signature' })
  })

  it('are never asked for without an APIv3 key', async () => {
    const { seen, baseUrl } = await upstream(noCertificates)
    expect(await client(baseUrl, { apiV3Key: '' }).pay.keys.find('A'.repeat(40))).toBeUndefined()
    expect(seen).toHaveLength(0)
  })
})

describe('repetitions', () => {
  const hosts = async (first: Step, second: Step, more = {}) => {
    const [main, backup] = [await upstream(first), await upstream(second)]
    const made = client(main.baseUrl, { backupUrl: backup.baseUrl, ...more })
    return { main: main.seen, backup: backup.seen, ...made }
  }

  test.each<[string, Step]>([
    ['hangs up', hangUp],
    ['answers 500 SYSTEM_ERROR', refuse(500, 'SYSTEM_ERROR')],
    ['answers 503 with nothing', refuse(503, '')],
    ['answers SERVICE_UNAVAILABLE', refuse(400, 'SERVICE_UNAVAILABLE')],
  ])('go to the other host when the first %s', async (_, fault) => {
    const { pay, main, backup } = await hosts(fault, prepaid)
    expect(await pay.jsapi(payer)).toEqual({ prepayId: 'wx2610' })
    expect([main.length, backup.length]).toEqual([1, 1])
    expect(backup[0]?.body).toBe(main[0]?.body)
    expect(backup[0]?.isSigned).toBe(true)
    expect(backup[0]?.headers.authorization).not.toBe(main[0]?.headers.authorization)
  })

  it('go to the other host when the first is silent', async () => {
    const { pay, backup } = await hosts(() => undefined, prepaid, { timeoutMs: 300 })
    await pay.jsapi(payer)
    expect(backup).toHaveLength(1)
  })

  test.each<[string, Step]>([
    ['202', response => response.writeHead(202).end()],
    ['429', refuse(429, 'FREQUENCY_LIMITED')],
  ])('stay at the host after %s, and end', async (_, busy) => {
    const { pay, main, backup, slept } = await hosts(busy, prepaid, { retries: 2 })
    const failure = await failureOf(pay.jsapi(payer))
    expect(failure instanceof PayError || failure instanceof PayUnavailable).toBe(true)
    expect([main.length, backup.length]).toEqual([3, 0])
    expect(slept[1]).toBeGreaterThan((slept[0] ?? 0) * 0.99)
  })

  test.each([
    [400, 'PARAM_ERROR'],
    [401, 'SIGN_ERROR'],
    [403, 'NO_AUTH'],
    [404, ''],
    [405, ''],
  ])('are not made after %i %s', async (status, code) => {
    const { seen, baseUrl } = await upstream(refuse(status, code))
    expect(await failureOf(client(baseUrl).pay.jsapi(payer))).toMatchObject({
      name: 'PayError',
      status,
      code,
    })
    expect(seen).toHaveLength(1)
  })

  it('end with the time that a call has in all', async () => {
    const { seen, baseUrl } = await upstream(refuse(500, 'SYSTEM_ERROR'))
    const { pay } = client(baseUrl, { totalMs: 90, retries: 9 })
    expect(await failureOf(pay.jsapi(payer))).toMatchObject({ code: 'SYSTEM_ERROR' })
    expect(seen).toHaveLength(1)
  })

  it('end when the node stops, also while they wait', async () => {
    const stopping = new AbortController()
    const { seen, baseUrl } = await upstream(response => {
      response.writeHead(429).end()
      stopping.abort(new Error('stopping'))
    })
    const { pay } = client(baseUrl, { signal: stopping.signal, sleep: undefined })
    await failureOf(pay.jsapi(payer))
    expect(seen).toHaveLength(1)
    expect(await failureOf(pay.jsapi(payer))).toMatchObject({ message: 'stopping' })
    expect(seen).toHaveLength(1)
  })
})

describe('a refusal', () => {
  it('tells all that WeChat Pay told', async () => {
    const detail = { field: '/amount/total', value: '0', issue: 'too small', location: 'body' }
    const { baseUrl } = await upstream(
      refuse(
        400,
        'PARAM_ERROR',
        '参数错误',
        { detail },
        { 'Request-ID': '08F78BB9-268435461', Date: 'Thu, 26 Nov 2026 12:00:00 GMT' },
      ),
    )
    const now = () => Date.parse('2026-11-26T11:54:00Z')
    const { pay } = client(baseUrl, { now })
    expect(await failureOf(pay.native(order))).toMatchObject({
      call: 'POST /v3/pay/transactions/native',
      status: 400,
      code: 'PARAM_ERROR',
      text: '参数错误',
      detail,
      requestId: '08F78BB9-268435461',
      internalCode: '268435461',
    })
    expect(pay.clockSkewMs).toBe(360_000)
  })

  it('of a signature has its reason one level further down', async () => {
    const detail = { field: 'signature', location: 'authorization', detail: { issue: 'sign not match' } }
    const { baseUrl } = await upstream(refuse(401, 'SIGN_ERROR', '错误的签名，验签失败', { detail }))
    expect(await failureOf(client(baseUrl).pay.native(order))).toMatchObject({
      detail: { field: 'signature', value: '', issue: 'sign not match', location: 'authorization' },
      said: '错误的签名，验签失败：sign not match',
    })
  })
})
