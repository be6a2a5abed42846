import { TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callsWith, managerBy } from '../admin-token.ts'
import type { World } from '../harness.ts'
import { administratorPassword, signIn } from '../sign-in.ts'
import { closeBrowser, look, phone, resized, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let secret: string
const opened: Visit[] = []
beforeAll(async () => {
  world = await startWorld({ members: 10, departments: 3, tags: 1 })
})
afterAll(async () => {
  for (const one of opened) await one.close()
  await closeBrowser()
  await world.close()
})

async function open(options: Parameters<typeof visit>[1]): Promise<Visit> {
  const one = await visit(world, options)
  opened.push(one)
  await one.page.goto('/console/system/admin-tokens')
  return one
}

it('leads to the second factor first', async () => {
  const { page } = await open({ as: 'system' })
  await page.getByText('创建令牌前，请先为您的账号设置两步验证。').waitFor()
  expect(await page.getByRole('button', { name: '创建令牌' }).count()).toBe(0)
  const link = page.getByRole('link', { name: '设置两步验证' })
  expect(await link.getAttribute('href')).toContain('setup=second-factor&to=/console/system/admin-tokens')
  await page.getByText('还没有管理令牌').waitFor()
  await look(page)
  const system = await signIn(world, { admin: 'admin' })
  const begun = await system.post('/web/second-factor/begin', { proof: administratorPassword })
  secret = begun.body.secret
  const code = new TOTP({ secret }).generate({ timestamp: world.ctx.now() })
  await system.post('/web/second-factor/finish', { setup: begun.body.setup, code })
  // A code is good once.
  world.clock.offsetMs += 31_000
})

it('makes a token after a code, shows it once, and ends it', async () => {
  const { page, complaints } = await open({ as: 'system' })
  await page.getByRole('button', { name: '创建令牌' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('名称').fill('审计导出')
  await dialog.getByLabel('所有企业与平台').check()
  await dialog.getByRole('checkbox', { name: /admin:sync/ }).check()
  await dialog.getByRole('combobox', { name: '可使用的地址' }).fill('127.0.0.1, 10.0.0.0/8 ')
  await dialog.getByLabel('有效天数').fill('60')
  await dialog.getByLabel('两步验证的验证码或恢复码').fill('000000')
  await look(page)
  await dialog.getByRole('button', { name: '创建令牌' }).click()
  await dialog.getByText(/验证码不对或已经用过/).waitFor()
  const code = new TOTP({ secret }).generate({ timestamp: world.ctx.now() })
  await dialog.getByLabel('两步验证的验证码或恢复码').fill(code)
  await dialog.getByRole('button', { name: '创建令牌' }).click()
  await page.getByText('只显示这一次').waitFor()
  await look(page)
  const token = (await page.locator('code', { hasText: 'wisp_admin_' }).textContent()) ?? ''
  await page.getByRole('button', { name: '我已保存好，关闭' }).click()
  const answer = await callsWith(world.server.url, token).get('/api/admin/corps')
  expect(answer.retCode, answer.retMessage).toBe('0')
  await page.reload()
  const row = page.getByRole('row', { name: /审计导出/ })
  await row.getByText('read · sync').waitFor()
  await row.getByText('127.0.0.1、10.0.0.0/8').waitFor()
  await look(page)
  expect(await page.content()).not.toContain(token)
  await resized(page, phone, async () => {
    await page.getByText('审计导出').waitFor()
    await page.getByRole('button', { name: /停\s*用/ }).click()
    await page.getByRole('dialog', { name: '停用「审计导出」？' }).waitFor()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /停\s*用/ })
      .click()
    await page.getByText('令牌已停用').waitFor()
  })
  expect((await callsWith(world.server.url, token).get('/api/admin/corps')).retCode).toBe('1004')
  await row.getByText('已停用', { exact: true }).waitFor()
  expect(complaints.filter(text => !text.includes('Failed to load resource'))).toEqual([])
})

it('shows a super administrator those of their corp, and who makes them', async () => {
  await managerBy(world, { corpId: world.corpId })
  const { page } = await open({ as: 'super', userId: 'lisi' })
  await page.getByText('创建令牌前，请先为您的账号设置两步验证。').waitFor()
  await page
    .getByRole('row', { name: /测试/ })
    .getByRole('button', { name: /停\s*用/ })
    .waitFor()
  expect(await page.getByText('审计导出').count()).toBe(0)
  await look(page)
})
