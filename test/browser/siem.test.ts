import { afterAll, beforeAll, expect, it } from 'vitest'
import { certificateOf } from '../../sandbox/smtp/certificate.ts'
import { type SiemServer, startSiemServer } from '../../server/features/siem/siem-server.fixture.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

const certificate = certificateOf(39, '127.0.0.1')
let world: World
let siem: SiemServer
let opened: Visit | undefined
beforeAll(async () => {
  siem = await startSiemServer(certificate)
  world = await startWorld({ members: 3, departments: 2, tags: 1 })
})
afterAll(async () => {
  await opened?.close()
  await closeBrowser()
  await world?.close()
  await siem?.stop()
})

it('adds a receiver, shows what it answers, mends it, and removes it', { timeout: 120_000 }, async () => {
  opened = await visit(world, { as: 'system' })
  const { page, complaints } = opened
  await page.goto('/console/system/forwarding')
  await page.getByText('还没有接收端').waitFor()
  await look(page)
  await page.getByRole('button', { name: '添加接收端' }).first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel('名称').fill('态势感知')
  await form.getByLabel('地址').fill('siem.example')
  await form.getByText('syslog 没有应答').waitFor()
  await look(page)
  const save = form.getByRole('button', { name: /保\s?存/ })
  await save.click()
  await form.getByText(/应为 主机:端口/).waitFor()
  await form.getByLabel('地址').fill(siem.address)
  await form.getByText('CEF').click()
  await save.click()
  const row = page.getByRole('row', { name: /态势感知/ })
  await row.getByRole('button', { name: '测试' }).click()
  await page.getByText('证书不可信：不是由公共 CA 签发').first().waitFor()
  await look(page)
  await row.getByRole('link', { name: '态势感知' }).click()
  await form.locator('summary', { hasText: '证书与格式' }).click()
  await form.getByLabel('CA 证书').fill(certificate.cert)
  await save.click()
  await form.waitFor({ state: 'hidden' })
  await row.getByRole('button', { name: '测试' }).click()
  await page.getByText(/TLSv1\.3，证书 wisp sandbox/).waitFor()
  expect(siem.messages.some(one => one.includes('CEF:0|wisp|wisp|'))).toBe(true)
  await row.getByText('正常').waitFor({ timeout: 30_000 })
  const whose = page.getByRole('radiogroup', { name: '谁的审计' })
  await whose.getByText('平台').click()
  await page.getByText('还没有接收端').waitFor()
  await whose.getByText('当前企业').click()
  await row.getByRole('button', { name: /删除/ }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /删\s?除/ })
    .click()
  await page.getByText('还没有接收端').waitFor()
  expect(complaints).toEqual([])
})
