import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { World } from '../harness.ts'
import { until } from '../until.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
const opened: Visit[] = []
beforeAll(async () => {
  world = await startWorld({ members: 10, departments: 3, tags: 1 })
})
afterAll(async () => {
  for (const one of opened) await one.close()
  await closeBrowser()
  await world.close()
})

async function open(address: string, as: Parameters<typeof visit>[1]): Promise<Visit> {
  const one = await visit(world, as)
  opened.push(one)
  await one.page.goto(address)
  return one
}

it('shows who gets personal data, and holds somebody', async () => {
  await world.dev.get('/api/user/get', { userId: 'zhangsan' })
  const { page } = await open('/console/system/personal', { as: 'super' })
  await page.getByRole('cell', { name: '测试' }).first().waitFor()
  await look(page)
  await page.goto('/console/system/personal?view=kept')
  await page.getByText('成员资料').first().waitFor()
  await look(page)
  await page.goto('/console/system/personal?view=holds')
  await page.getByRole('button', { name: '添加保全' }).click()
  await page.getByRole('dialog').getByLabel('账号').fill('zhangsan')
  await page.getByRole('dialog').getByLabel('原因').fill('劳动仲裁')
  const day = new Date(world.ctx.now() + 90 * 86_400_000).toISOString().slice(0, 10)
  await page.getByRole('dialog').getByLabel('到', { exact: true }).fill(day)
  await page.keyboard.press('Enter')
  await page.getByRole('cell', { name: '劳动仲裁' }).waitFor()
  await look(page)
  await page.goto('/console/system/personal?view=consents')
  await page.getByText('没有同意的记录').waitFor()
})

it('refuses to erase a member, in words', async () => {
  const { page } = await open('/console/system/personal?view=requests', { as: 'super' })
  await page.getByText('离职人员不自动删除').waitFor()
  await page.getByRole('button', { name: '删除人员' }).click()
  await page.getByRole('dialog').getByLabel('账号').fill('zhangsan')
  await page.getByRole('dialog').getByLabel('原因').fill('本人申请')
  await page.getByRole('dialog').getByRole('button', { name: '删除人员' }).click()
  await page.getByRole('button', { name: '删除人员' }).last().click()
  await page.getByText('仍是企业微信的成员').waitFor()
  await look(page)
})

it('gives a person their copy in the portal', async () => {
  const { page } = await open('/portal?me=grants', { as: 'member' })
  await page.getByRole('button', { name: '申请副本' }).click()
  const link = page.getByRole('link', { name: '下载', exact: true })
  await until('the copy', async () => (await link.count()) > 0)
  await look(page)
  const [file] = await Promise.all([page.waitForEvent('download'), link.first().click()])
  expect(file.suggestedFilename()).toBe('my-data.html')
  const { rows } = await sql`select from audit where act = 'person.copy-taken'`.execute(world.ctx.db)
  expect(rows).toHaveLength(1)
})
