import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Aes, Wechatpay } from 'wechatpay-axios-plugin'
import WxPay from 'wechatpay-node-v3'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { control } from '../test-caller.ts'
import type { MerchantAccount } from './merchants.ts'
import { payControl } from './test/merchant-caller.ts'
import { type NotifyServer, startNotifyServer } from './test/notify-server.ts'

let sandbox: Sandbox
let server: NotifyServer
let account: MerchantAccount
let openid: string
beforeAll(async () => {
  server = await startNotifyServer()
  sandbox = await startSandbox({ members: 10 })
  account = sandbox.pay.merchants[0]!
  await payControl(sandbox, 'settings', { loopbackNotify: true })
  const { originalId } = sandbox.official.accounts[0]!
  const { body } = await control(sandbox, 'GET', `official/followers?originalId=${originalId}&limit=1`)
  openid = (body['followers'] as { openid: string }[])[0]!.openid
})
afterAll(async () => {
  await sandbox.close()
  await server.close()
})
afterEach(() => payControl(sandbox, 'settings', { mode: 'publicKey' }))

/** The client as an integrator would use it; only its base URL is changed. */
const clientOf = (certs: Record<string, string>, headers: Record<string, string> = {}) =>
  new Wechatpay({
    baseURL: `${sandbox.pay.url}/`,
    mchid: account.mchId,
    serial: account.serialNo,
    privateKey: account.privateKey,
    certs,
    headers,
  })['v3']!

type Client = ReturnType<typeof clientOf>

const byKey = (): Client => clientOf({ [account.publicKeyId]: account.publicKey })
const byCertificate = (): Client =>
  clientOf(Object.fromEntries(account.certificates.map(one => [one.serial, one.certificate])))

let lastNumber = 0
const order = (more: object = {}): Record<string, unknown> & { out_trade_no: string } => ({
  appid: account.appIds[0],
  mchid: account.mchId,
  description: '物业费',
  out_trade_no: `FOREIGN|${Date.now()}${++lastNumber}`,
  notify_url: server.url,
  amount: { total: 100, currency: 'CNY' },
  ...more,
})

async function buyAndRefund(client: Client): Promise<void> {
  const jsapi = order({ payer: { openid } })
  const { data: prepared } = await client['pay']!['transactions']!['jsapi']!.post(jsapi)
  expect(prepared).toEqual({ prepay_id: expect.stringMatching(/^wx/) })
  const { data: code } = await client['pay']!['transactions']!['native']!.post(order())
  expect(code).toEqual({ code_url: expect.stringMatching(/^weixin:/) })
  const scene_info = { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } }
  const { data: page } = await client['pay']!['transactions']!['h5']!.post(order({ scene_info }))
  expect(page).toEqual({ h5_url: expect.stringContaining('/pay/h5?prepay_id=') })

  const { out_trade_no } = jsapi
  await payControl(sandbox, 'pay', { outTradeNo: out_trade_no, wait: true })
  const numbered = client['pay']!['transactions']!['outTradeNo']!['$out_trade_no$']!
  const { data: found } = await numbered.get({ params: { mchid: account.mchId }, out_trade_no })
  expect(found).toMatchObject({ trade_state: 'SUCCESS', payer: { openid }, amount: { total: 100 } })

  const closed = order()
  await client['pay']!['transactions']!['native']!.post(closed)
  const closing = await numbered['close']!.post(
    { mchid: account.mchId },
    { out_trade_no: closed.out_trade_no },
  )
  expect(closing.status).toBe(204)

  const out_refund_no = `R${out_trade_no}`
  const { data: refund } = await client['refund']!['domestic']!['refunds']!.post({
    out_trade_no,
    out_refund_no,
    amount: { refund: 40, total: 100, currency: 'CNY' },
    notify_url: server.url,
  })
  expect(refund).toMatchObject({ status: 'PROCESSING' })
  await payControl(sandbox, 'clock', { seconds: 1 })
  const { data: refunded } = await client['refund']!['domestic']!['refunds']!['$out_refund_no$']!.get({
    out_refund_no,
  })
  expect(refunded).toMatchObject({ status: 'SUCCESS', amount: { refund: 40 } })
}

describe('wechatpay-axios-plugin', () => {
  test('orders, queries, closes and refunds with 微信支付公钥', () => buyAndRefund(byKey()))

  test('does so with platform certificates, which it downloads', async () => {
    await payControl(sandbox, 'settings', { mode: 'certificate' })
    const { data } = await byCertificate()['certificates']!.get()
    const { nonce, associated_data, ciphertext } = data.data[0].encrypt_certificate
    const certificate = Aes.AesGcm.decrypt(ciphertext, account.apiV3Key!, nonce, associated_data)
    expect(certificate).toBe(account.certificates[0]!.certificate)
    await buyAndRefund(clientOf({ [data.data[0].serial_no]: certificate }))
  })

  test('is answered in the grey phase by the key that it names', async () => {
    await payControl(sandbox, 'settings', { mode: 'grey' })
    await buyAndRefund(byCertificate())
    const named = { 'Wechatpay-Serial': account.publicKeyId }
    await buyAndRefund(clientOf({ [account.publicKeyId]: account.publicKey }, named))
  })

  test('notices a probe and a foreign key', async () => {
    const wrong = clientOf({ [account.publicKeyId]: account.certificates[0]!.certificate })
    await expect(wrong['pay']!['transactions']!['native']!.post(order())).rejects.toMatchObject({
      code: 'EV3_RES_HEADER_SIGNATURE_DIGEST',
    })
    await payControl(sandbox, 'settings', { probedAnswers: 1 })
    await expect(byKey()['pay']!['transactions']!['native']!.post(order())).rejects.toMatchObject({
      code: 'EV3_RES_HEADER_SIGNATURE_DIGEST',
    })
    await payControl(sandbox, 'settings', { probedAnswers: 0 })
  })

  test('reads a refusal', async () => {
    const free = order({ amount: { total: 0 } })
    await expect(byKey()['pay']!['transactions']!['native']!.post(free)).rejects.toMatchObject({
      response: { status: 400, data: { code: 'PARAM_ERROR', detail: { field: '/amount/total' } } },
    })
  })

  test('opens a notification', async () => {
    const { out_trade_no, ...rest } = order()
    await byKey()['pay']!['transactions']!['native']!.post({ out_trade_no, ...rest })
    await payControl(sandbox, 'pay', { outTradeNo: out_trade_no, wait: true })
    const { resource } = JSON.parse(server.received.at(-1)!.raw)
    const clear = Aes.AesGcm.decrypt(
      resource.ciphertext,
      account.apiV3Key!,
      resource.nonce,
      resource.associated_data,
    )
    expect(JSON.parse(clear)).toMatchObject({ out_trade_no, trade_state: 'SUCCESS' })
  })

  test('downloads bills', async () => {
    const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
    await payControl(sandbox, 'clock', { seconds: 2 * 86_400 })
    const client = byKey()
    const params = { bill_date: day, bill_type: 'ALL', tar_type: 'GZIP' }
    const { data: bill } = await client['bill']!['tradebill']!.get({ params })
    const { data: file } = await client['billdownload']!['file']!.get({
      params: Object.fromEntries(new URL(bill.download_url).searchParams),
      responseType: 'arraybuffer',
    })
    const text = gunzipSync(file)
    expect(createHash('sha1').update(text).digest('hex')).toBe(bill.hash_value)
    expect(text.toString()).toContain('`FOREIGN|')
    const { data: funds } = await client['bill']!['fundflowbill']!.get({ params: { bill_date: day } })
    expect(funds).toMatchObject({
      hash_type: 'SHA1',
      download_url: expect.stringContaining('/v3/billdownload/'),
    })
  })
})

describe('wechatpay-node-v3', () => {
  /** Only the address is changed, which the client has in its code. */
  class Client extends WxPay {
    constructor(serial_no = account.serialNo) {
      super({
        appid: account.appIds[0]!,
        mchid: account.mchId,
        serial_no,
        publicKey: Buffer.from(account.certificates[0]!.certificate),
        privateKey: Buffer.from(account.privateKey),
        key: account.apiV3Key!,
      })
      const usual = this.httpService
      const here = (url: string) => url.replace('https://api.mch.weixin.qq.com', sandbox.pay.url)
      this.createHttp({
        get: (url, headers) => usual.get(here(url), headers),
        post: (url, params, headers) => usual.post(here(url), params, headers),
        upload: (url, params, headers) => usual.upload(here(url), params, headers),
      })
    }
  }
  const plain = (): {
    out_trade_no: string
    description: string
    notify_url: string
    amount: { total: number }
  } => ({
    out_trade_no: `NODE${Date.now()}${++lastNumber}`,
    description: '物业费',
    notify_url: server.url,
    amount: { total: 100 },
  })

  test('orders, queries, refunds and closes', async () => {
    const client = new Client()
    const paid = plain()
    const code = await client.transactions_native(paid)
    expect(code).toMatchObject({ status: 200, data: { code_url: expect.stringMatching(/^weixin:/) } })
    await payControl(sandbox, 'pay', { outTradeNo: paid.out_trade_no, wait: true })
    expect(await client.query({ out_trade_no: paid.out_trade_no })).toMatchObject({
      status: 200,
      data: { trade_state: 'SUCCESS' },
    })
    const { resource } = JSON.parse(server.received.at(-1)!.raw)
    expect(client.decipher_gcm(resource.ciphertext, resource.associated_data, resource.nonce)).toMatchObject({
      out_trade_no: paid.out_trade_no,
    })
    const refund = { out_trade_no: paid.out_trade_no, out_refund_no: `R${paid.out_trade_no}` }
    const amount = { refund: 40, total: 100, currency: 'CNY' }
    expect(await client.refunds({ ...refund, amount })).toMatchObject({ status: 200 })
    expect(await client.find_refunds(refund.out_refund_no)).toMatchObject({ status: 200 })
    const unpaid = plain()
    await client.transactions_native(unpaid)
    expect(await client.close(unpaid.out_trade_no)).toMatchObject({ status: 204 })
  })

  test('takes the serial in small letters, and reads what is wrong', async () => {
    const small = await new Client(account.serialNo.toLowerCase()).transactions_native(plain())
    expect(small).toMatchObject({ status: 200 })
    const { status, error } = await new Client('5E').transactions_native(plain())
    expect([status, JSON.parse(error)]).toEqual([
      401,
      { code: 'SIGN_ERROR', message: '商户证书序列号有误。' },
    ])
  })
})
