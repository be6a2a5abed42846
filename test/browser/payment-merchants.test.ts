import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { merchantForm } from '../../server/features/payments/merchants/merchant.fixture.ts'
import type { World } from '../harness.ts'
import { merchantCertificate } from '../merchant-certificate.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('the merchants', () => {
  let world: World
  let seen: Visit
  beforeAll(async () => {
    world = await startWorld({ members: 5 })
    await world.control('pay/settings', { loopbackNotify: true })
    seen = await visit(world, { as: 'super' })
    seen.page.setDefaultTimeout(10_000)
  })
  afterAll(async () => {
    await seen?.close()
    await closeBrowser()
    await world.close()
  })

  const pem = (name: string, text = '') => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  const form = () => merchantForm(world)
  const connected = () => world.ctx.merchants.get(world.corpId, form().mchId)

  it('connects one with its files, and says what is wrong at once', async () => {
    const { page } = seen
    await page.goto('/console/payments/merchants')
    await page.getByText('还没有商户').waitFor()
    await look(page)
    await page.getByRole('button', { name: '接入商户' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: '接入商户' }).click()
    await dialog.getByText('请填写商户私钥').waitFor()
    await dialog.getByLabel('商户名称').fill('物业费')
    await dialog.getByLabel('商户号').fill(form().mchId)
    await dialog.getByRole('combobox', { name: 'AppID' }).fill(`${form().appIds.join(' ')} `)
    await dialog.getByLabel('证书序列号').fill(form().serial.slice(2))
    await dialog.getByText('40 位十六进制数').waitFor()
    await look(page)
    await dialog.getByLabel('证书序列号').fill(form().serial)
    const chooser = (file: string) => dialog.locator(`input[type=file][aria-label="选择 ${file}"]`)
    const [key, publicKey] = [chooser('apiclient_key.pem'), chooser('pub_key.pem')]
    await key.setInputFiles(
      pem('apiclient_cert.pem', '-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n'),
    )
    await dialog.getByLabel('微信支付公钥 ID').fill(form().publicKeyId ?? '')
    await publicKey.setInputFiles(pem('pub_key.pem', form().publicKey))
    await dialog.getByRole('button', { name: '接入商户' }).click()
    await page.getByText('给出的是证书').waitFor()
    await key.setInputFiles(pem('apiclient_key.pem', form().privateKey))
    await dialog.getByRole('button', { name: '接入商户' }).click()
    await page.waitForURL(`**/console/payments/merchants/${form().mchId}`)
    await page.getByText('微信支付不会发送任何通知').first().waitFor()
    expect(connected()).toMatchObject({ name: '物业费', appIds: form().appIds, hasApiV3Key: false })
    await look(page)
  })

  it('enters the APIv3 key afterwards, and examines the merchant', async () => {
    const { page } = seen
    const own = page.getByRole('main')
    await own.getByRole('link', { name: '设置' }).click()
    await own.getByLabel('APIv3 密钥').fill(form().apiV3Key ?? '')
    const inTenDays = merchantCertificate(world, Date.now() + 10 * 86_400_000)
    await own
      .locator('input[type=file][aria-label="选择 apiclient_cert.pem"]')
      .setInputFiles(pem('apiclient_cert.pem', inTenDays))
    await look(page)
    await own.getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存').waitFor()
    expect(connected().hasApiV3Key).toBe(true)
    await own.getByRole('link', { name: '接入与体检' }).click()
    await own.getByRole('button', { name: '开始体检' }).click()
    await own.getByText('微信支付接受签名').waitFor()
    await own.getByText('还有 9 天').waitFor()
    await own.getByText(`${world.server.url}/pay/`, { exact: true }).waitFor()
    await look(page)
    await own.getByRole('link', { name: '商户' }).click()
    await page.getByRole('link', { name: '物业费' }).waitFor()
    await page.getByText('正常').waitFor()
    await look(page)
  })

  it('disables and removes it', async () => {
    const { page } = seen
    await page.getByRole('link', { name: '物业费' }).click()
    const own = page.getByRole('main')
    await own.getByRole('link', { name: '设置' }).click()
    await own.getByRole('switch', { name: '启用' }).click()
    await page.getByRole('button', { name: '停用' }).click()
    await expect.poll(() => connected().enabled).toBe(false)
    await own.getByRole('button', { name: '移除商户' }).click()
    await page.getByLabel(`请输入商户号 ${form().mchId} 以确认`).fill(form().mchId)
    await look(page)
    await page.getByRole('dialog').last().getByRole('button', { name: '移除商户' }).click()
    await page.getByText('还没有商户').waitFor()
    expect(world.ctx.merchants.byNumber(form().mchId)).toBeUndefined()
  })
})
