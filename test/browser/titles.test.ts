import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../harness.ts'
import { closeBrowser, phone, visit } from './browser.ts'

let world: World
let corp: string
beforeAll(async () => {
  world = await startWorld()
  corp = world.ctx.corps.get(world.corpId).name
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

it.each([
  ['/portal', '工作台'],
  ['/mobile', '工作台'],
  ['/mobile?tab=messages', '消息'],
  ['/pay/', '统一支付'],
  ['/pay/history', '缴费记录'],
  ['/developer', '我的开发者'],
  ['/developer/wd0', '我的开发者'],
  ['/developer/no/such/page', '没有这个页面'],
  ['/console', '管理控制台'],
])('%s says in the browser’s tab what it is and whose', async (path, name) => {
  const { page, close } = await visit(world, { as: 'member', userId: 'wangwu', size: phone })
  await page.goto(path)
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe(`${name} · ${corp} · wisp`)
  await close()
})

it('says what has to be done before somebody is signed in', async () => {
  const { page, close } = await visit(world)
  await page.goto('/signin')
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe('登录 · wisp')
  await page.getByRole('button', { name: 'English' }).click()
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe('Sign in · wisp')
  await close()
})
