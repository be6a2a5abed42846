import { afterAll, beforeAll, it } from 'vitest'
import type { World } from '../harness.ts'
import { closeBrowser, phone, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

it.each([
  ['/console/apps/menus', 'system', '没有成功'],
  ['/mobile?tab=messages', 'member', '没有打开'],
] as const)('%s says that it failed, with the number to ask about', async (path, as, words) => {
  const { page, close } = await visit(world, { as, userId: 'wangwu', size: phone })
  await page.route(/\/web\/(apps\/list|portal\/messages)/, route =>
    route.fulfill({
      status: 500,
      contentType: 'application/json',
      headers: { 'x-request-id': 'n1-4f2a' },
      body: '{"retCode":"9999","retMessage":"系统异常"}',
    }),
  )
  await page.goto(path)
  await page.getByText(words).first().waitFor()
  await page.getByText('n1-4f2a').waitFor()
  await page.getByRole('button', { name: '重试' }).waitFor()
  await close()
})
