import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { merchantCertificate } from '../../../../test/merchant-certificate.ts'
import { wispJson } from '../../../cli/cli.fixture.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { merchantForm } from '../merchants/merchant.fixture.ts'

describe('merchants on the command line', () => {
  let world: World
  let privateKey: string
  let publicKey: string
  beforeAll(async () => {
    world = await startWorld({ members: 5 })
    const form = merchantForm(world)
    privateKey = join(world.env['WISP_DATA_DIR'] ?? '', 'apiclient_key.pem')
    publicKey = join(world.env['WISP_DATA_DIR'] ?? '', 'pub_key.pem')
    writeFileSync(privateKey, form.privateKey)
    writeFileSync(publicKey, form.publicKey ?? '')
  })
  afterAll(() => world.close())

  const wisp = (...words: string[]) => runCommand(world.ctx, words)
  const added = () => {
    const { name, appIds, serial } = merchantForm(world)
    return ['--name', name, '--app-ids', appIds.join(','), '--serial', serial, '--private-key', privateKey]
  }

  it('are added with keys from files and standard input, and live at once', async () => {
    const { mchId, apiV3Key, publicKeyId = '' } = merchantForm(world)
    const keys = ['--api-v3-key', '-', '--public-key-id', publicKeyId, '--public-key', publicKey]
    const words = ['pay', 'merchant', 'add', mchId, ...added(), ...keys]
    expect(await wispJson(world.env, words, `${apiV3Key}\n`)).toEqual({
      mchId,
      notifyUrl: expect.stringMatching(new RegExp(`^http.*/pay/notify/${mchId}$`)),
      jsapiDirectory: expect.stringMatching(/\/pay\/$/),
      h5Domain: expect.any(String),
      hasApiV3Key: true,
      isDefault: true,
    })
    // The command had a context of its own: the server hears of the merchant by a signal.
    await expect.poll(() => world.ctx.merchants.byNumber(mchId)).toBeDefined()
  })

  it('are listed and changed, without any key in what is printed', async () => {
    const { mchId, apiV3Key } = merchantForm(world)
    const listed = await wisp('pay', 'merchant', 'list')
    expect(listed.text).toMatch(new RegExp(`${mchId} +微科技 .* 公钥 +有 +默认 +启用`))
    expect(JSON.stringify(listed)).not.toContain(apiV3Key)
    const { data } = await wisp('pay', 'merchant', 'set', mchId, '--name', '新名', '--disable')
    expect(data).toMatchObject({ changed: ['name', 'enabled'] })
    expect(world.ctx.merchants.byNumber(mchId)).toMatchObject({ name: '新名', enabled: false })
    await wisp('pay', 'merchant', 'set', mchId, '--enable')
    const { publicKeyId = '' } = merchantForm(world)
    await wisp('pay', 'merchant', 'set', mchId, '--public-key-id', '')
    expect(world.ctx.merchants.byNumber(mchId)?.publicKeyId).toBe('')
    await wisp('pay', 'merchant', 'set', mchId, '--public-key-id', publicKeyId, '--public-key', publicKey)
    const endsAt = Date.UTC(2031, 4, 6)
    const certificate = join(world.env['WISP_DATA_DIR'] ?? '', 'apiclient_cert.pem')
    writeFileSync(certificate, merchantCertificate(world, endsAt))
    await wisp('pay', 'merchant', 'set', mchId, '--certificate', certificate)
    expect(world.ctx.merchants.byNumber(mchId)?.certificateEndsAt).toEqual(new Date(endsAt))
  })

  it('are examined, with exit code 1 for what has to be mended', async () => {
    const { mchId, publicKeyId = '' } = merchantForm(world)
    await world.control('pay/settings', { loopbackNotify: true })
    const good = await wisp('pay', 'merchant', 'doctor', mchId)
    expect(good.failed).toBe(false)
    expect(good.text).toContain('✓ 商户号、证书序列号与私钥: 微信支付接受签名')
    const keys = ['--public-key-id', publicKeyId, '--public-key', publicKey]
    const bare = await wisp('pay', 'merchant', 'add', '1900000801', ...added(), ...keys)
    expect(bare.text).toContain('没有 APIv3 密钥：微信支付不会发送任何通知')
    expect(bare.data).toMatchObject({ isDefault: false })
    const bad = await wisp('pay', 'merchant', 'doctor', '1900000801')
    expect(bad).toMatchObject({ failed: true, text: expect.stringContaining('✗ 商户号') })
  })

  it('become the default, and are removed', async () => {
    await wisp('pay', 'merchant', 'set', '1900000801', '--default')
    expect(world.ctx.merchants.defaultOf(world.corpId)?.mchId).toBe('1900000801')
    await expect(wisp('pay', 'merchant', 'remove', '1900000801')).rejects.toThrow('默认商户')
    await wisp('pay', 'merchant', 'set', merchantForm(world).mchId, '--default')
    expect((await wisp('pay', 'merchant', 'remove', '1900000801')).text).toBe('已移除 1900000801')
  })

  it.each([
    ['pay merchant set 1', '没有要修改的设置'],
    ['pay merchant set 1 --enable --disable', '不能同用'],
    ['pay merchant set 1 --private-key /nowhere.pem', '无法读取'],
    ['pay merchant list --corp nobody', 'nobody'],
  ])('refuse %s', async (words, why) => {
    await expect(wisp(...words.split(' '))).rejects.toThrow(why)
  })
})
