import { afterAll, beforeAll, expect, it } from 'vitest'
import { separate, withAuthenticator } from '../../server/cli/three.fixture.ts'
import { lockWhatWasRestored } from '../../server/features/backup/restored/confirm.ts'
import { useBreakGlass } from '../../server/features/break-glass/break-glass.ts'
import type { World } from '../harness.ts'
import { signIn } from '../sign-in.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
const opened: Visit[] = []
beforeAll(async () => {
  world = await startWorld({ members: 60, departments: 3, tags: 1 })
  // Whoever has no second factor is first asked to set one up.
  for (const userId of ['zhangsan', 'lisi', 'wangwu']) await withAuthenticator(world, userId)
  await separate(world, world.corpId, { system: 'zhangsan', security: 'lisi', auditor: 'wangwu' })
})
afterAll(async () => {
  for (const one of opened) await one.close()
  await closeBrowser()
  await world.close()
})

/** The console as one of the three sees it, who gave two factors. */
async function consoleOf(userId: string, path: string): Promise<Visit> {
  const one = await visit(world)
  opened.push(one)
  const { cookie } = await signIn(world, { userId }, { acr: 3, amr: ['qr', 'totp'] })
  const [name = '', value = ''] = cookie.split('=')
  await one.context.addCookies([{ name, value, url: world.server.url, httpOnly: true, sameSite: 'Lax' }])
  await one.page.goto(path)
  return one
}

it('shows a break-glass to all three until the auditor closes it', async () => {
  const { ctx, corpId } = world
  await useBreakGlass(ctx, corpId, { actor: 'cli', command: 'sync run', reason: '值班三人都不在' })
  const system = await consoleOf('zhangsan', '/console')
  await system.page.getByText(/应急执行（测试企业）.*值班三人都不在/).waitFor()
  await system.page.getByText('由审计员核对审计记录后关闭').waitFor()
  expect(await system.page.getByRole('button', { name: /^关\s*闭$/ }).count()).toBe(0)
  const auditor = await consoleOf('wangwu', '/console/system/audit/integrity')
  await auditor.page.getByText(/值班三人都不在/).waitFor()
  await look(auditor.page)
  await auditor.page.getByRole('button', { name: /^关\s*闭$/ }).click()
  await auditor.page.getByText('关闭这次应急执行？').last().waitFor()
  await auditor.page
    .getByRole('dialog')
    .getByRole('button', { name: /^关\s*闭$/ })
    .last()
    .click()
  await auditor.page.getByText('已关闭').waitFor()
  await auditor.page.getByText(/值班三人都不在/).waitFor({ state: 'detached' })
  expect([...system.complaints, ...auditor.complaints]).toEqual([])
})

it('lets two of the three confirm what was restored', async () => {
  const { ctx } = world
  await ctx.db.transaction().execute(tx => lockWhatWasRestored(tx, new Date(ctx.now())))
  await ctx.reloadConfig()
  const confirm = async ({ page }: Visit) => {
    await page.getByText(/测试企业在 .* 从备份恢复，现在只有三员可以使用/).waitFor()
    await page.getByRole('button', { name: '确认恢复' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '确认恢复' }).click()
  }
  const security = await consoleOf('lisi', '/console')
  await security.page.getByText('须由三员中的两位确认数据无误').waitFor()
  await look(security.page)
  await confirm(security)
  await security.page.getByText('lisi 已确认，还须另一位确认').waitFor()
  const auditor = await consoleOf('wangwu', '/console')
  await confirm(auditor)
  await auditor.page.getByText('已确认，所有人可以使用').waitFor()
  expect(ctx.corps.closureOf(world.corpId)).toBeUndefined()
  expect([...security.complaints, ...auditor.complaints]).toEqual([])
})
