import { generateKeyPairSync } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../../test/harness.ts'
import { merchantCertificate } from '../../../../../test/merchant-certificate.ts'
import { signInAs } from '../../../../../test/sign-in.ts'
import { setMerchant } from '../connect.ts'
import { connectMerchant, merchantForm } from '../merchant.fixture.ts'
import type { MerchantSettings } from '../settings.ts'
import { examineMerchant, lastExamination } from './doctor.ts'
import { examineNotifyUrl } from './setup.ts'

let world: World
let mchId: string
beforeAll(async () => {
  world = await startWorld({ members: 5, overrides: { payOptions: { retries: 0 } } })
  mchId = (await connectMerchant(world)).mchId
})
afterEach(() => world.control('pay/settings', { mode: 'publicKey' }))
afterAll(() => world.close())

const examine = async () => {
  const { ok, checks } = await examineMerchant(world.ctx, world.corpId, mchId)
  return { ok, by: Object.fromEntries(checks.map(check => [check.id, check])) }
}
const set = (settings: MerchantSettings & { enabled?: boolean }) =>
  setMerchant(world.ctx, 'test', world.corpId, mchId, settings)
/** Examines with other settings, and puts back what was. */
async function examineWith(settings: MerchantSettings & { enabled?: boolean }) {
  await set(settings)
  const found = await examine()
  await set({ ...merchantForm(world), enabled: true })
  return found
}
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
const at = (settings: object) => world.control('pay/settings', settings)

describe('the doctor of a merchant', () => {
  it('finds nothing to mend where all is right, and leaves no order open', async () => {
    const { ok, by } = await examine()
    expect(ok).toBe(true)
    const { appIds } = merchantForm(world)
    for (const id of ['identity', 'platformKeys', 'apiV3Key', 'clock', ...appIds.map(id => `appId:${id}`)])
      expect(by[id], id).toMatchObject({ state: 'ok' })
    expect(by['platformKeys']?.detail).toBe('公钥模式')
    const { orders } = (await world.control('pay/ledger')) as { orders: { state: string; total: number }[] }
    expect(orders.map(order => [order.state, order.total])).toEqual(appIds.map(() => ['CLOSED', 1]))
  })

  it('tells the exact values to enter at WeChat Pay until a payment shows that they are there', async () => {
    const { by } = await examine()
    expect(by['jsapiDirectory']).toMatchObject({
      state: 'warning',
      fix: expect.stringContaining(`填入 ${world.server.url}/pay/，`),
    })
    expect(by['h5Domain']).toMatchObject({
      state: 'warning',
      fix: expect.stringContaining('填入 127.0.0.1，'),
    })
    await world.ctx.db
      .insertInto('pay_order')
      .values({
        corp_id: world.corpId,
        mch_id: mchId,
        out_trade_no: 'W1',
        product: 'jsapi',
        app_id: 'wx1',
        description: '会费',
        notify_url: '',
        amount: 1,
        state: 'paid',
        expires_at: new Date(),
        created_at: new Date(),
      })
      .execute()
    expect((await examine()).by['jsapiDirectory']).toMatchObject({ state: 'ok' })
  })

  it.each([
    ['http://127.0.0.1:3000', 'ok'],
    ['http://10.0.0.1', 'warning'],
    ['http://pay.example.com', 'failed'],
    ['https://pay.example.com', 'ok'],
  ])('finds the address for notifications at %s %s', (base, state) => {
    const addresses = { notifyUrl: `${base}/pay/notify/1`, jsapiDirectory: '', h5Domain: '' }
    expect(examineNotifyUrl(addresses, world.sandbox.pay.url)).toMatchObject({ state })
  })

  it('is kept for the next person who looks, in their language', async () => {
    const kept = await lastExamination(world.ctx, mchId, 'en')
    expect(kept?.checks.map(check => check.title)).toContain('Clock of this server')
    const as = await signInAs(world, 'super')
    const done = await as.post('/web/payments/merchants/doctor', { mchId })
    expect(done.body.ok).toBe(true)
    const [listed] = (await as.get('/web/payments/merchants')).body.list
    expect(listed.diagnosis.checks).toEqual(done.body.checks)
  })

  it('finds a private key of another merchant, and asks nothing more', async () => {
    const privateKey = other.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const { ok, by } = await examineWith({ privateKey })
    expect(ok).toBe(false)
    expect(by['identity']).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/^签名错误.*SIGN_ERROR/),
      fix: expect.stringContaining('证书序列号与私钥'),
    })
    expect(by['platformKeys']).toBeUndefined()
  })

  it('finds a public key that is not the one of its id', async () => {
    const publicKey = other.publicKey.export({ type: 'spki', format: 'pem' }) as string
    const { ok, by } = await examineWith({ publicKey })
    expect(ok).toBe(false)
    expect(by['platformKeys']).toMatchObject({ state: 'failed', fix: expect.stringContaining('pub_key.pem') })
  })

  it('finds that there is no APIv3 key, without which nothing is ever notified', async () => {
    const { ok, by } = await examineWith({ apiV3Key: '' })
    expect(ok).toBe(false)
    expect(by['apiV3Key']).toMatchObject({ state: 'failed', detail: expect.stringContaining('不会发送任何') })
  })

  it('finds an APIv3 key that opens no certificate', async () => {
    await at({ mode: 'grey' })
    const { by } = await examineWith({ apiV3Key: 'x'.repeat(32) })
    expect(by['apiV3Key']).toMatchObject({ state: 'failed', detail: expect.stringContaining('不一致') })
    const right = await examine()
    expect(right.by['apiV3Key']).toMatchObject({ state: 'ok', detail: '能解开平台证书' })
    expect(right.by['platformKeys']?.detail).toContain('切换期')
    await at({ mode: 'certificate' })
    const alone = await examineWith({ publicKeyId: '', publicKey: '' })
    expect(alone.by['platformKeys']?.detail).toMatch(
      /^证书模式，1 张平台证书，有效期至 (?:\d{4} 年 )?\d+ 月 \d+ 日/,
    )
  })

  it('finds a merchant of today that was entered with certificates alone', async () => {
    const { by } = await examineWith({ publicKeyId: '', publicKey: '' })
    expect(by['platformKeys']).toMatchObject({
      state: 'failed',
      fix: expect.stringContaining('PUB_KEY_ID_'),
    })
  })

  it('tells until when the certificate of the merchant is good, once it was entered', async () => {
    const dayMs = 86_400_000
    expect((await examine()).by['certificate']).toMatchObject({
      state: 'warning',
      fix: expect.stringContaining('管理证书'),
    })
    for (const [days, state, words] of [
      [100, 'ok', '还有 99 天'],
      [10, 'warning', '还有 9 天'],
      [-1, 'failed', '过期'],
    ] as const) {
      await set({ certificate: merchantCertificate(world, Date.now() + days * dayMs) })
      expect((await examine()).by['certificate']).toMatchObject({
        state,
        detail: expect.stringContaining(words),
      })
    }
    const serial = `5${merchantForm(world).serial.slice(1)}`.replace(/.$/, last => (last === '0' ? '1' : '0'))
    await expect(set({ serial, certificate: merchantCertificate(world, Date.now()) })).rejects.toThrow(
      '不一致',
    )
    await expect(set({ certificate: merchantForm(world).privateKey })).rejects.toThrow('给出的是私钥')
    // Another serial alone belongs to another certificate.
    await set({ serial })
    expect(world.ctx.merchants.byNumber(mchId)?.certificateEndsAt).toBeUndefined()
    await set({ ...merchantForm(world), certificate: '' })
  })

  it('finds an AppID that is not bound to the merchant', async () => {
    const { ok, by } = await examineWith({
      appIds: ['wx0x', ...merchantForm(world).appIds],
    })
    expect(ok).toBe(false)
    expect(by['appId:wx0x']).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('AppID 与商户号没有绑定'),
      fix: expect.stringContaining('AppID账号管理'),
    })
    expect(by[`appId:${merchantForm(world).appIds[0]}`]).toMatchObject({ state: 'ok' })
  })

  it('finds a clock that is off by minutes', async () => {
    world.clock.offsetMs = -400_000
    const { by } = await examine()
    expect(by['identity']).toMatchObject({ detail: expect.stringContaining('相差超过 5 分钟') })
    expect(by['clock']).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/^比微信支付慢 \d 分钟$/),
    })
    world.clock.offsetMs = 120_000
    expect((await examine()).by['clock']).toMatchObject({ state: 'warning', detail: '比微信支付快 2 分钟' })
    world.clock.offsetMs = 0
  })

  it('concludes nothing when WeChat Pay is silent, and tells that a merchant is disabled here', async () => {
    await world.control('faults', { match: '/v3/', mode: 'busy' })
    const { by } = await examineWith({ enabled: false })
    expect(by['identity']?.state).not.toBe('ok')
    expect(by['enabled']).toMatchObject({ state: 'warning' })
    await world.control('faults', undefined, 'DELETE')
  })
})
