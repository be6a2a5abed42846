import { afterAll, beforeAll, it } from 'vitest'
import { addCorp } from '../../server/organisation/corps/corps.ts'
import type { World } from '../harness.ts'
import { closeBrowser, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

it('leaves what the address said of a corp when another one is chosen', async () => {
  const other = { corpId: 'ww0000000000000002', name: '乙公司', contactSecret: 'x'.repeat(43) }
  await addCorp(world.ctx, 'test', other)
  const { page, close } = await visit(world, { as: 'system' })
  const own = world.ctx.corps.get(world.corpId).name
  const choose = async (name: string) => {
    await page.getByRole('combobox', { name: '企业', exact: true }).click()
    await page.locator('.ant-select-item-option:visible', { hasText: name }).click()
  }
  const at = (address: string) => page.waitForURL(url => url.pathname + url.search === address)
  await page.goto('/console/system/corps?add=1')
  await choose('乙公司')
  await at('/console/system/corps')
  await choose(own)
  await page.goto('/console/directory?open=lisi')
  await page.getByRole('dialog').getByText('李四').first().waitFor()
  await page.locator('.ant-drawer-close').click()
  await page.goto(`/console/apps/developers/${world.dev.devId}/usage`)
  await page.getByRole('link', { name: '统计' }).waitFor()
  await choose('乙公司')
  await at('/console/apps/developers')
  await close()
})
