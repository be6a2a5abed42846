import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readyToRemove, removalEnded } from '../../server/features/corp-lifecycle/lifecycle.fixture.ts'
import { addCorp, putAgent } from '../../server/organisation/corps/corps.ts'
import type { World } from '../harness.ts'
import { until } from '../until.ts'
import { closeBrowser, follow, look, phone, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let operator: Visit
const opened: Visit[] = []
beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 4, tags: 2 })
  const agent = { agentId: 1000002, name: '登录', secret: 's'.repeat(43), uses: ['signin' as const] }
  await putAgent(world.ctx, 'test', world.corpId, agent)
  await addCorp(world.ctx, 'test', { corpId: 'wwSchool', name: '第二中学', contactSecret: 'secret' })
  operator = await open({ as: 'operator' })
})
afterAll(async () => {
  for (const one of opened) await one.close()
  await closeBrowser()
  await world.close()
})

async function open(options: Parameters<typeof visit>[1]): Promise<Visit> {
  const one = await visit(world, options)
  opened.push(one)
  return one
}

/** Into coverage/ when somebody wants to see it. */
async function picture({ page }: Visit, name: string): Promise<void> {
  const dir = process.env['WISP_TEST_PICTURES']
  if (!dir) return
  for (const [size, width] of [
    ['wide', 1440],
    ['phone', 390],
  ] as const)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      await page.screenshot({ path: `${dir}/${name}-${size}-${colorScheme}.png`, fullPage: true })
    }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1440, height: 900 })
}

it('suspends a corp, whose members then read why', async () => {
  const { page } = operator
  await page.goto(`/console/operator/${world.corpId}/acts`)
  await page.getByText('企业没有暂停；暂停满 7 天后才能删除').waitFor()
  expect(await page.getByRole('button', { name: '删除企业' }).isDisabled()).toBe(true)
  await picture(operator, 'open')
  await look(page, { dark: true })
  const member = await open({ as: 'member', size: phone })
  await member.page.goto('/mobile')
  await member.page.getByText('工作台').first().waitFor()
  await page.getByRole('button', { name: '暂停企业' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '暂停企业' }).click()
  await dialog.getByText('请填写原因').waitFor()
  await dialog.getByLabel('原因（成员和开发者会看到）').fill('合同到期，请联系信息中心')
  await look(page)
  await picture(operator, 'dialog')
  await dialog.getByRole('button', { name: '暂停企业' }).click()
  await page.getByText(/operator 于 .* 暂停/).waitFor()
  await picture(operator, 'suspended')
  await look(page, { dark: true })
  await page.goto('/console')
  await page.getByText(/本企业自 .* 起暂停：合同到期/).waitFor()
  await picture(operator, 'banner')
  for (const path of ['/mobile', '/portal']) {
    await member.page.goto(path)
    await member.page.getByRole('heading', { name: '测试企业已暂停服务' }).waitFor()
    await member.page.getByText('合同到期，请联系信息中心').waitFor()
    await picture(member, `member${path.replace('/', '-')}`)
    await look(member.page, { dark: true })
  }
  await member.page.getByRole('button', { name: '退出登录' }).click()
  await member.page.waitForURL(/\/signin/)
  // The page offers no way in that would lead back to it, and says why; so does coming back from WeCom.
  const { page: door } = await open({ size: phone })
  for (const path of ['/signin', `/signin/wecom?corpId=${world.corpId}`]) {
    await door.goto(path)
    await door.getByText('合同到期，请联系信息中心').waitFor()
    await door.getByText(/^(本企业|企业)已暂停服务/).waitFor()
    const buttons = await door.locator('.sign-in-card :is(a, button)').allTextContents()
    expect(buttons).toEqual(['管理员登录'])
    await look(door, { dark: true })
  }
  await page.goto(`/console/operator/${world.corpId}/acts`)
  await page.getByRole('button', { name: '恢复' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '恢复' }).click()
  await until('the end of the suspension', () => world.ctx.corps.closureOf(world.corpId) === undefined)
  await page.getByRole('button', { name: '暂停企业' }).waitFor()
})

it('exports a corp and deletes it, once its id is typed, and shows what was deleted', async () => {
  const { page, complaints } = operator
  await readyToRemove(world.ctx, 'wwSchool')
  await sql`delete from corp_export`.execute(world.ctx.db)
  await follow(page, '/console/operator/wwSchool/acts')
  await page.getByText('还没有导出；暂停之后须先导出整个企业').waitFor()
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: '导出全部数据' }).click()
  expect((await downloading).suggestedFilename()).toMatch(/^wisp-wwSchool-.*\.jsonl\.gz$/)
  await page.getByText('条件已满足，可以删除').waitFor()
  await picture(operator, 'ready')
  await look(page)
  await page.getByRole('button', { name: '删除企业' }).click()
  const dialog = page.getByRole('dialog')
  const typed = dialog.getByLabel(/wwSchool/)
  await typed.fill('wwschool')
  expect(await dialog.getByRole('button', { name: '删除企业' }).isDisabled()).toBe(true)
  await typed.fill('wwSchool')
  await picture(operator, 'typed')
  await dialog.getByRole('button', { name: '删除企业' }).click()
  await page.getByRole('link', { name: '查看删除记录' }).waitFor()
  await removalEnded(world.ctx, 'wwSchool')
  await follow(page, '/console/operator/removed')
  await page.getByText('第二中学').waitFor()
  await page.getByText(/\d+ 行，\d+ 张表/).click()
  await page.getByRole('cell', { name: 'audit', exact: true }).waitFor()
  await picture(operator, 'removed')
  await look(page, { dark: true })
  expect(complaints).toEqual([])
})
