import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { platform } from '../../../upstream/wechat-pay/upstream.fixture.ts'
import { purposes } from '../sealed.ts'
import { addMerchant, setDefaultMerchant } from './connect.ts'
import { merchantForm } from './merchant.fixture.ts'
import { keepCertificates } from './store.ts'

let world: World
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  as = await signInAs(world, 'super')
})
afterAll(() => world.close())

const post = (act: string, body: object) => as.post(`/web/payments/merchants/${act}`, body)
const detail = async (mchId: string) => (await as.get('/web/payments/merchants/merchant', { mchId })).body
const list = async () => (await as.get('/web/payments/merchants')).body.list
const form = (mchId: string) => ({ ...merchantForm(world), mchId })
const rowOf = (mchId: string) =>
  world.ctx.db.selectFrom('pay_merchant').selectAll().where('mch_id', '=', mchId).executeTakeFirstOrThrow()

describe('a merchant', () => {
  it('is added with its keys sealed, none of which is ever shown; the first is the default', async () => {
    const given = merchantForm(world)
    const { mchId } = given
    expect(await post('add', given)).toMatchObject({ retCode: '0', body: { mchId } })
    const shown = await detail(mchId)
    expect(shown).toMatchObject({
      mchId,
      name: '微科技',
      appIds: given.appIds,
      serial: given.serial,
      publicKeyId: given.publicKeyId,
      hasApiV3Key: true,
      isDefault: true,
      enabled: true,
      diagnosis: null,
      addresses: {
        notifyUrl: `${world.server.url}/pay/notify/${mchId}`,
        jsapiDirectory: `${world.server.url}/pay/`,
        h5Domain: '127.0.0.1',
      },
    })
    for (const secret of [given.apiV3Key, given.privateKey.split('\n')[3]])
      expect(JSON.stringify(shown) + JSON.stringify(await list())).not.toContain(secret)
    const row = await rowOf(mchId)
    expect(row.private_key).not.toContain('PRIVATE KEY')
    expect(world.ctx.seal.open(row.api_v3_key, purposes.apiV3Key)).toBe(given.apiV3Key)
    const audit = await world.ctx.db
      .selectFrom('audit')
      .select('detail')
      .where('act', '=', 'pay.merchant.add')
      .execute()
    expect(JSON.stringify(audit)).toContain(given.serial)
    expect(JSON.stringify(audit)).not.toContain(given.apiV3Key)
  })

  it('makes the app 统一支付', () => {
    expect(world.ctx.apps.ofCorp(world.corpId).some(app => app.builtin === 'payments')).toBe(true)
  })

  it('orders, is asked and closes with its own client', async () => {
    const { mchId, appIds } = merchantForm(world)
    await world.control('pay/settings', { loopbackNotify: true })
    const { client } = world.ctx.merchants.get(world.corpId, mchId)
    const order = { appId: appIds[0]!, orderNo: 'MERCHANT1', title: '会费', amount: 100 }
    const expiresAt = new Date(Date.now() + 3_600_000)
    const notifyUrl = `${world.server.url}/pay/notify/${mchId}`
    expect(await client.native({ ...order, expiresAt, notifyUrl })).toMatchObject({
      codeUrl: expect.stringMatching(/^weixin:\/\/wxpay\/bizpayurl/),
    })
    expect(await client.close('MERCHANT1')).toBe('closed')
    expect(await client.query('MERCHANT1')).toMatchObject({ state: 'closed', total: 100 })
    expect(await world.ctx.metrics.text()).toContain('path="/v3/pay/transactions/out-trade-no/{no}"')
  })

  it('keeps the keys that are left empty, and refuses an outdated form', async () => {
    const { mchId, appIds, serial, publicKeyId = '' } = merchantForm(world)
    const { version } = await detail(mchId)
    const before = await rowOf(mchId)
    const saved = { mchId, version, name: '新名', appIds, serial: serial.toLowerCase(), publicKeyId }
    expect(await post('save', { ...saved, miniProgram: '/pages/pay/index' })).toMatchObject({ retCode: '0' })
    const after = await rowOf(mchId)
    expect(after).toMatchObject({
      name: '新名',
      mini_program: 'pages/pay/index',
      serial_no: serial,
      private_key: before.private_key,
      api_v3_key: before.api_v3_key,
      public_key: before.public_key,
    })
    expect(await post('save', { ...saved, name: '迟到' })).toMatchObject({ status: 409 })
  })

  it('cannot get another public key id with the previous key, and none is left without both', async () => {
    const { mchId, appIds, serial } = merchantForm(world)
    const { version } = await detail(mchId)
    const saved = { mchId, version, name: '名', appIds, serial }
    expect((await post('save', { ...saved, publicKeyId: 'PUB_KEY_ID_1' })).retMessage).toMatch(/一起填写/)
    expect((await post('save', saved)).retCode).toBe('0')
    expect(await rowOf(mchId)).toMatchObject({ public_key_id: '', public_key: '' })
    const { publicKeyId, publicKey } = merchantForm(world)
    const again = { ...saved, version: (await detail(mchId)).version }
    expect((await post('save', { ...again, publicKeyId, publicKey })).retCode).toBe('0')
  })

  it('is disabled and enabled, and is unknown to other corps', async () => {
    const { mchId } = merchantForm(world)
    await post('enable', { mchId, enabled: '0' })
    expect(world.ctx.merchants.byNumber(mchId)?.enabled).toBe(false)
    await post('enable', { mchId, enabled: '1' })
    expect(world.ctx.merchants.find('ww_other', mchId)).toBeUndefined()
    expect(() => world.ctx.merchants.get('ww_other', mchId)).toThrow(mchId)
    expect((await post('add', form(mchId))).retMessage).toContain('已接入')
  })
})

describe('several merchants', () => {
  it('have one default, which another one may become', async () => {
    await post('add', form('1900000901'))
    expect(world.ctx.merchants.defaultOf(world.corpId)?.mchId).toBe(merchantForm(world).mchId)
    await post('default', { mchId: '1900000901' })
    expect((await list()).map((one: { isDefault: boolean }) => one.isDefault)).toEqual([false, true])
    const both = [merchantForm(world).mchId, '1900000901']
    await Promise.all(both.map(mchId => setDefaultMerchant(world.ctx, 'test', world.corpId, mchId)))
    await setDefaultMerchant(world.ctx, 'test', world.corpId, '1900000901')
  })

  it('are removed, but not the default while there are others, nor one that has collected', async () => {
    await post('add', form('1900000902'))
    expect((await post('remove', { mchId: '1900000901', confirm: '1900000901' })).retMessage).toContain(
      '默认商户',
    )
    expect((await post('remove', { mchId: '1900000902', confirm: '1' })).retCode).toBe('1000')
    expect((await post('remove', { mchId: '1900000902', confirm: '1900000902' })).retCode).toBe('0')
    expect(world.ctx.merchants.byNumber('1900000902')).toBeUndefined()

    await post('default', { mchId: merchantForm(world).mchId })
    await world.ctx.db
      .insertInto('pay_bill')
      .values({
        corp_id: world.corpId,
        bill_no: 'b1',
        content_hash: '',
        payer_user_id: 'zhangsan',
        payer_name: '张三',
        title: '会费',
        amount: 1,
        mch_id: '1900000901',
        created_at: new Date(),
      })
      .execute()
    expect((await post('remove', { mchId: '1900000901', confirm: '1900000901' })).retMessage).toContain(
      '有 1 张账单、0 笔支付订单，不能移除，只能停用；没有移除',
    )
  })
})

describe('platform certificates', () => {
  it('are kept for all nodes, and those that have expired go', async () => {
    const { mchId } = merchantForm(world)
    const year = 365 * 86_400_000
    const now = new Date()
    const keep = (serial: string, expiresAt: Date) =>
      keepCertificates(
        world.ctx.db,
        { corpId: world.corpId, mchId },
        [{ serial, pem: platform.certificate, effectiveAt: now, expiresAt }],
        now,
      )
    await keep('A'.repeat(40), new Date(now.getTime() - year))
    await keep(platform.serial, new Date(now.getTime() + year))
    await keep(platform.serial, new Date(now.getTime() + year))
    await world.ctx.reloadConfig(world.corpId)
    const { keys } = world.ctx.merchants.get(world.corpId, mchId).client
    expect(keys.certificates().map(one => one.serial)).toEqual([platform.serial])
    expect(await keys.find(platform.serial)).toBeDefined()
    expect((await detail(mchId)).certificates).toMatchObject([{ serial: platform.serial }])
  })
})

describe('what is entered by mistake', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = (key: typeof small.privateKey, type: 'pkcs8' | 'spki') =>
    key.export({ type, format: 'pem' } as never) as unknown as string
  const cases: [string, object, RegExp][] = [
    ['the certificate for the key', { privateKey: platform.certificate }, /apiclient_key\.pem.*给出的是证书/],
    ['half a key', { privateKey: platform.privateKey.slice(0, 400) }, /不完整/],
    ['a small key', { privateKey: pem(small.privateKey, 'pkcs8') }, /至少 2048 位/],
    ['another kind of key', { privateKey: pem(curve.privateKey, 'pkcs8') }, /RSA/],
    ['a private key for the public one', { publicKey: platform.privateKey }, /pub_key\.pem.*给出的是私钥/],
    ['a short APIv3 key', { apiV3Key: 'x'.repeat(31) }, /32 位/],
    ['an APIv3 key with other characters', { apiV3Key: '钥'.repeat(32) }, /32 位/],
    ['neither public key nor APIv3 key', { apiV3Key: '', publicKeyId: '', publicKey: '' }, /至少要填一项/],
    ['an id without its key', { publicKey: '' }, /一起填写/],
  ]
  it.each(cases)('is refused: %s', async (_, change, why) => {
    const given = { ...form('1900000999'), ...change }
    await expect(addMerchant(world.ctx, 'test', world.corpId, given)).rejects.toThrow(why)
  })

  it('but what is copied with blanks and Windows line ends is taken', async () => {
    const given = form('1900000903')
    const crlf = (text = '') => `  ${text.replaceAll('\n', '\r\n')}\r\n`
    const { privateKey, publicKey, serial } = given
    const spaced = {
      privateKey: crlf(privateKey),
      publicKey: crlf(publicKey),
      serial: serial.match(/../g)!.join(':'),
    }
    await addMerchant(world.ctx, 'test', world.corpId, { ...given, ...spaced })
    expect(await rowOf('1900000903')).toMatchObject({ serial_no: serial, public_key: publicKey })
  })
})
