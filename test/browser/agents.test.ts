import { afterAll, beforeAll, expect, it } from 'vitest'
import { putAgent } from '../../server/organisation/corps/corps.ts'
import type { World } from '../harness.ts'
import { closeBrowser, follow, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let seen: Visit
let agentId: number
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, tags: 1 })
  const [agent] = world.sandbox.agents
  if (!agent) throw new Error('the sandbox has an agent')
  agentId = agent.agentId
  await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['messages'] })
  seen = await visit(world, { as: 'super' })
  seen.page.setDefaultTimeout(10_000)
})
afterAll(async () => {
  await seen?.close()
  await closeBrowser()
  await world.close()
})

const value = (label: string) =>
  seen.page.locator('.wisp-copy', { hasText: label }).locator('code').textContent()

it('leads through setting up a callback, and says by itself that WeCom verified it', async () => {
  const { page } = seen
  await page.goto('/console/system/corps/agents')
  await page.getByRole('link', { name: '工作台' }).click()
  await page.getByRole('link', { name: '接收消息' }).click()
  await page.getByRole('button', { name: '开启接收消息' }).waitFor()
  await look(page)
  await page.getByRole('button', { name: '开启接收消息' }).click()
  await page.getByText('等待企业微信验证').first().waitFor()
  await look(page)
  const [url, token, encodingAesKey] = [
    await value('URL'),
    await value('Token'),
    await value('EncodingAESKey'),
  ]
  expect(url).toMatch(/\/api\/callback\/agent\/\w{32}$/)
  expect(await world.control('agents/callback', { agentId, url, token, encodingAesKey })).toMatchObject({
    saved: true,
  })
  await page.getByText('已验证').first().waitFor()
  await page.getByText('还没有推送').waitFor()
  await look(page)
})

it('shows what was pushed, and works on it again', async () => {
  const { page } = seen
  await world.control('agents/act', { agentId, userId: 'zhangsan', act: 'text', content: '年假还有几天？' })
  await world.settleAgent(agentId)
  await page.getByRole('link', { name: '推送', exact: true }).click()
  await page.getByText('zhangsan').first().waitFor()
  await look(page)
  await page
    .getByRole('link', { name: /^#\d+$/ })
    .first()
    .click()
  const push = page.getByRole('dialog')
  await push.getByText('年假还有几天？').waitFor()
  await push.getByText('没有转发').waitFor()
  await look(page)
  await push.getByRole('button', { name: '重放这一条' }).click()
  await page.getByText('1 条已重新排队').waitFor()
})

it('passes on, says what is wrong with it, and makes keys anew', async () => {
  const { page } = seen
  await follow(page, `/console/system/corps/agents/${agentId}/forward`)
  await page.getByLabel('它的 URL').fill('http://169.254.1.1/x')
  await page.getByLabel('它的 Token').fill('former')
  await page.getByLabel('它的 EncodingAESKey').fill('a'.repeat(43))
  await page.getByRole('button', { name: /保\s?存/ }).click()
  await page.getByText(/不允许访问/).waitFor()
  await look(page)
  await page.getByLabel('它的 URL').fill(`${world.server.url}/nothing`)
  await page.getByRole('button', { name: /保\s?存/ }).click()
  await page.getByText(/没有正确应答验证/).waitFor()
  await page.getByText('转发中').waitFor()
  await world.control('agents/act', { agentId, userId: 'zhangsan', act: 'enter' })
  await page.reload()
  await page
    .getByText(/转发失败/)
    .first()
    .waitFor()
  await look(page)
  await page.getByRole('button', { name: '停止转发' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '停止转发' }).click()
  await page.getByText('已停止转发').waitFor()
  await follow(page, `/console/system/corps/agents/${agentId}/hears`)
  await page.getByRole('button', { name: '更换密钥' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '更换密钥' }).click()
  await page.getByText('旧的 Token 与 EncodingAESKey 继续有效').waitFor()
  await look(page)
  await page.getByRole('button', { name: '不换了' }).click()
  await page.getByText('继续使用现有的密钥').waitFor()
})

it('warns of what WeCom told, and of what was refused', async () => {
  const { page } = seen
  await world.control('agents/push', {
    agentId,
    fields: { Event: 'inactive_alert', EffectTime: 1_796_000_000 },
  })
  await world.settleAgent(agentId)
  await page.goto(`/console/system/corps/agents/${agentId}/hears`)
  await page.getByText(/企业微信将停用应用/).waitFor()
  await look(page)
})
