import { createCipheriv, generateKeyPairSync, randomBytes, sign, verify, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openNotification } from './notification.ts'
import { openResource } from './resource.ts'
import { authorization, bridgeParameters, bridgeText, type Headers } from './signature.ts'

const vectors = JSON.parse(readFileSync(new URL('vectors.fixture.json', import.meta.url), 'utf8'))
const { P1, P2, P3, P4 } = vectors
const now = Date.parse('2026-11-26T10:00:00+08:00')
const apiV3Key = 'k'.repeat(32)
const serial = 'PUB_KEY_ID_0117'
const ours = generateKeyPairSync('rsa', { modulusLength: 2048 })
const keys = {
  find: async (wanted: string) => (wanted === serial ? ours.publicKey : undefined),
}

function sealed(plain: string, key = apiV3Key) {
  const nonce = randomBytes(6).toString('hex')
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from('transaction'))
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return {
    algorithm: 'AEAD_AES_256_GCM',
    original_type: 'transaction',
    nonce,
    associated_data: 'transaction',
    ciphertext: ciphertext.toString('base64'),
  }
}

function push(resource: object, at = now) {
  const body = JSON.stringify({
    id: 'EV-1',
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource,
  })
  const timestamp = String(Math.floor(at / 1000))
  const signature = sign('sha256', Buffer.from(`${timestamp}\nn\n${body}\n`), ours.privateKey)
  const headers: Headers = {
    'wechatpay-serial': serial,
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': 'n',
    'wechatpay-signature': signature.toString('base64'),
  }
  return { headers, rawBody: Buffer.from(body), keys, apiV3Key, now }
}

const good = push(sealed('{"mchid":"1900000001"}'))
const faultOf = async (given: typeof good) => (await openNotification(given)).fault

describe('the vectors', () => {
  it('P1: a notification is proved and opened', async () => {
    const certificate = new X509Certificate(P1.certificatePem)
    const headers = Object.fromEntries(
      Object.entries(P1.headers).map(([name, value]) => [name.toLowerCase(), value as string]),
    )
    const opened = await openNotification({
      headers,
      rawBody: Buffer.from(P1.body),
      keys: {
        find: async wanted => (wanted === certificate.serialNumber ? certificate.publicKey : undefined),
      },
      apiV3Key: P1.apiV3Key,
      now: Number(P1.headers['Wechatpay-Timestamp']) * 1000,
    })
    expect(opened.notification).toEqual({
      id: '3119dfba-e649-5eec-ab1e-3412bc4d2e17',
      eventType: 'PAYSCORE.USER_OPEN_SERVICE',
      originalType: 'payscore',
      summary: '签约成功',
      plain: JSON.parse(P1.decrypted),
    })
  })

  it('P2: AEAD_AES with another key', () => {
    const resource = { nonce: P2.nonce, associated_data: P2.associatedData, ciphertext: P2.ciphertext }
    expect(openResource(resource, P2.apiV3Key).toString()).toBe(P2.plaintext)
    expect(() => openResource(resource, 'x'.repeat(16))).toThrow()
    expect(() => openResource({ ...resource, associated_data: '' }, P2.apiV3Key)).toThrow()
  })

  it('P3 and P4: the text that a page is given signed', () => {
    const text = bridgeText({ ...P3, package: `prepay_id=${P3.prepayId}` })
    const fits = (signature: string) =>
      verify('sha256', Buffer.from(text), vectors.publicKey, Buffer.from(signature, 'base64'))
    expect([fits(P3.signature), fits(P4.signature)]).toEqual([true, false])
    const given = bridgeParameters(ours.privateKey, P3, Number(P3.timeStamp) * 1000, P3.nonceStr)
    const { paySign, ...rest } = given
    expect(rest).toEqual({
      appId: P3.appId,
      timeStamp: P3.timeStamp,
      nonceStr: P3.nonceStr,
      package: `prepay_id=${P3.prepayId}`,
      signType: 'RSA',
    })
    expect(verify('sha256', Buffer.from(text), ours.publicKey, Buffer.from(paySign, 'base64'))).toBe(true)
  })
})

describe('the Authorization header', () => {
  it('signs path, query and body as they are sent', () => {
    const identity = { mchId: '1900000001', serial: 'A'.repeat(40), privateKey: ours.privateKey }
    const request = { method: 'POST', target: '/v3/x/a%7Cb?mchid=1', body: '{"a":"账单"}' }
    const header = authorization(identity, request, now, 'nonce')
    const found =
      /^WECHATPAY2-SHA256-RSA2048 mchid="1900000001",nonce_str="nonce",timestamp="(\d+)",serial_no="A{40}",signature="([^"]+)"$/.exec(
        header,
      )
    expect(found?.[1]).toBe(String(now / 1000))
    const text = `POST\n/v3/x/a%7Cb?mchid=1\n${now / 1000}\nnonce\n{"a":"账单"}\n`
    const signature = Buffer.from(found?.[2] ?? '', 'base64')
    expect(verify('sha256', Buffer.from(text), ours.publicKey, signature)).toBe(true)
  })
})

describe('a notification is refused', () => {
  it('but the good one is opened', async () => {
    expect(await openNotification(good)).toEqual({
      notification: {
        id: 'EV-1',
        eventType: 'TRANSACTION.SUCCESS',
        originalType: 'transaction',
        summary: '支付成功',
        plain: { mchid: '1900000001' },
      },
    })
  })

  it.each(['serial', 'signature', 'timestamp', 'nonce'])('without Wechatpay-%s', async name => {
    const headers = { ...good.headers, [`wechatpay-${name}`]: undefined }
    expect(await faultOf({ ...good, headers })).toBe('missing-header')
    expect(await faultOf({ ...good, headers: { ...good.headers, [`wechatpay-${name}`]: ['1', '1'] } })).toBe(
      'missing-header',
    )
  })

  it('when its time is off by more than 300 s, either way', async () => {
    expect(await faultOf({ ...good, now: now + 300_000 })).toBeUndefined()
    expect(await faultOf({ ...good, now: now + 301_000 })).toBe('clock')
    expect(await faultOf({ ...good, now: now - 301_000 })).toBe('clock')
    expect(await faultOf({ ...good, headers: { ...good.headers, 'wechatpay-timestamp': '1e9' } })).toBe(
      'clock',
    )
  })

  it.each([
    ['probe', { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abc' }],
    ['unknown-serial', { 'wechatpay-serial': 'PUB_KEY_ID_0118' }],
    ['signature', { 'wechatpay-nonce': 'm' }],
    ['signature', { 'wechatpay-signature': 'rubbish' }],
  ])('as %s', async (fault, header) => {
    expect(await faultOf({ ...good, headers: { ...good.headers, ...header } })).toBe(fault)
  })

  it('when one bit of the body is another', async () => {
    const rawBody = Buffer.from(good.rawBody)
    rawBody[rawBody.length - 5]! ^= 1
    expect(await faultOf({ ...good, rawBody })).toBe('signature')
  })

  it('when it is the XML of v2', async () => {
    const rawBody = Buffer.from('<xml><return_code>SUCCESS</return_code></xml>')
    expect(await faultOf({ ...good, headers: {}, rawBody })).toBe('not-json')
  })

  it('when it is sealed with another APIv3 key', async () => {
    expect(await faultOf(push(sealed('{}', 'x'.repeat(32))))).toBe('decryption')
    expect(await faultOf({ ...good, apiV3Key: '' })).toBe('decryption')
  })

  it('when its shape is another', async () => {
    expect(await faultOf(push({ ...sealed('{}'), algorithm: 'AEAD_SM4_GCM' }))).toBe('shape')
    expect(await faultOf(push(sealed('no JSON')))).toBe('shape')
  })
})
