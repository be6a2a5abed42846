import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeRole } from '../../server/organisation/people/administrators.ts'
import type { World } from '../harness.ts'
import { closeBrowser, follow, look, phone, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

it('lets the help desk find who was refused, by the number that they were shown, and end their sessions', async () => {
  const numberOn = async (page: Page, path: string) => {
    await page.goto(path)
    const number = page.locator('.wisp-number code')
    await number.waitFor()
    return (await number.textContent()) ?? ''
  }
  const member = await visit(world, { as: 'member', userId: 'yiwen', userAgent: 'Firefox/140.0 (Windows)' })
  const number = await numberOn(member.page, '/portal/app/none')
  const nobody = await visit(world, { size: phone })
  const ofNobody = await numberOn(nobody.page, '/signin/callback?state=made-up')
  expect(await numberOn(nobody.page, '/pay/')).toMatch(/^[\w-]+$/)
  await world.ctx.strangers.settled()

  const { page, close, complaints } = await visit(world, { as: 'helpDesk', userId: 'wangwu' })
  await page.goto('/mobile?tab=me')
  await page.getByRole('link', { name: '控制台' }).click()
  await page.waitForURL('**/console/help-desk')
  expect(await page.locator('.console-nav a').allTextContents()).toEqual(['服务台'])
  expect(await page.getByRole('button', { name: /搜索页面/ }).count()).toBe(0)
  await look(page)
  const ask = page.getByRole('searchbox', { name: /姓名、工号/ })
  await ask.fill(ofNobody)
  await page.getByRole('button', { name: '查找' }).click()
  await page.getByText('对方当时还没有登录').waitFor()
  await ask.fill(number)
  await page.getByRole('button', { name: '查找' }).click()
  await page.getByText('没有这个应用，或者它没有对您开放').waitFor()
  await look(page)
  await page.getByRole('link', { name: '易文' }).click()
  await page.waitForURL('**/console/help-desk/yiwen')
  await page.getByRole('heading', { name: '被拒绝的操作' }).waitFor()
  // The first line says what the rows below it do, and what to do about it.
  await page.locator('.help-desk-state', { hasText: '最近一次操作被拒绝' }).getByText('怎么办').waitFor()
  await look(page, { dark: true })
  await page.getByRole('button', { name: '结束全部' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '结束全部' }).click()
  await page.getByText('没有登录中的设备').waitFor()
  await member.page.goto('/portal')
  await member.page.waitForURL('**/signin?*')

  await follow(page, '/console/system/audit')
  await page.getByText('您的角色看不到这一页').waitFor()
  await follow(page, '/console/help-desk?q=zhangsan')
  await page.getByRole('link', { name: '张三' }).waitFor()
  expect(complaints).toEqual([])
  await removeRole(world.ctx, 'test', world.corpId, 'wangwu')
  await page.getByRole('link', { name: '张三' }).click()
  await page.getByText('控制台只对管理员和服务台开放').waitFor()
  for (const one of [{ close }, member, nobody]) await one.close()
})
