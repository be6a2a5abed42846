import { afterAll, beforeAll, it } from 'vitest'
import { setCorpProtection } from '../../server/callers/protection/set-protection.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
const opened: Visit[] = []
beforeAll(async () => {
  world = await startWorld({ members: 60, departments: 3, tags: 1 })
})
afterAll(async () => {
  for (const one of opened) await one.close()
  await closeBrowser()
  await world.close()
})

async function open(options: Parameters<typeof visit>[1], path: string): Promise<Visit> {
  const one = await visit(world, options)
  opened.push(one)
  await one.page.goto(path)
  return one
}

it('says from which address the console cannot be used, and leaves the portal open', async () => {
  await setCorpProtection(world.ctx, 'test', world.corpId, { consoleNetworks: ['192.0.2.0/24'] })
  const { page } = await open({ as: 'super' }, '/console')
  await page.getByRole('heading', { name: '不能从这里使用控制台' }).waitFor()
  await page.getByText(/您的地址 127\.0\.0\.1/).waitFor()
  await look(page)
  await page.goto('/portal')
  await page.locator('.portal-home').waitFor()
})
