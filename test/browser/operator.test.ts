import { afterAll, beforeAll, expect, it } from 'vitest'
import { fillManyCorps } from '../../server/features/operator/many-corps.fixture.ts'
import type { World } from '../harness.ts'
import { closeBrowser, follow, look, phone, resized, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  await fillManyCorps(world.ctx, world.corpId, 1, 100)
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

it('finds a corp, looks at it and sets its quotas', async () => {
  const { page, complaints, close } = await visit(world, { as: 'operator' })
  await page.goto('/console/operator')
  const first = page.locator('tbody tr.ant-table-row').first()
  await first.getByText('异常').waitFor()
  const under = page.locator('.console-header .console-corp')
  expect(await under.textContent()).toBe('全部企业')
  await look(page, { dark: true })
  await page.getByPlaceholder('名称、拼音或企业 ID').fill('xichengdi')
  await page.waitForURL(/search=xichengdi/)
  await page.getByText('共 25').waitFor()
  await page.getByRole('link', { name: '西城第13中学', exact: true }).click()
  await page.getByRole('heading', { name: '西城第13中学' }).waitFor()
  await look(page, { dark: true })
  await page.getByRole('link', { name: '配额' }).click()
  await page.getByLabel('成员').fill('10')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('配额已保存').waitFor()
  await page.getByText('已用 13，共 10').waitFor()
  await look(page)
  expect(world.ctx.corps.get('wwmany13').quotas).toEqual({ members: 10 })
  for (const name of ['同步', '管理员']) {
    await page.getByRole('link', { name: /^‹ / }).last().click()
    await page.getByRole('main').getByRole('link', { name, exact: true }).click()
    await page.getByRole('region', { name, exact: true }).first().waitFor()
  }
  await page.getByRole('link', { name: '暂停与删除', exact: true }).click()
  await page.getByRole('region', { name: '暂停与删除', exact: true }).first().waitFor()
  await look(page)
  await page.getByRole('link', { name: '全部企业' }).last().waitFor()
  await resized(page, phone, async () => {
    await follow(page, '/console/operator?health=failing')
    await page.getByText('长乐第50中学').waitFor()
  })
  await follow(page, '/console/operator/wwmany13')
  await page.getByRole('button', { name: '进入这个企业' }).click()
  await page.waitForURL(url => url.pathname === '/console')
  await page.locator('.console-header').getByText('西城第13中学').waitFor()
  expect(complaints).toEqual([])
  await close()
})

it('leads to the second factor first, and shows others nothing', async () => {
  const system = await visit(world, { as: 'system' })
  await system.page.goto('/console/operator')
  await system.page.getByRole('heading', { name: '需要两步验证' }).waitFor()
  await look(system.page)
  await system.page.getByRole('link', { name: '去验证' }).click()
  await system.page.waitForURL(/\/signin\?acr=3/)
  await system.page.getByRole('button', { name: '设置两步验证' }).waitFor()
  await system.close()
  const administrator = await visit(world, { as: 'super' })
  await administrator.page.goto('/console/operator')
  await administrator.page.getByRole('heading', { name: '没有权限' }).waitFor()
  expect(await administrator.page.getByRole('link', { name: '全部企业' }).count()).toBe(0)
  await administrator.close()
})
