import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTag } from '../../server/features/official/followers/tags/tags.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe("an account's menu", () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ members: 10 })
    await createTag(world.ctx, 'test', await world.bindOfficial(), '老校友')
  }, 60_000)
  afterAll(async () => {
    await closeBrowser()
    await world.close()
  })

  it('is made, published, pressed by a follower and withdrawn', async () => {
    const { page, complaints, close } = await visit(world, { as: 'super' })
    await page.goto('/console/official/menu')
    await page.getByText('还没有发布').waitFor()
    await page.getByRole('button', { name: '添加按钮' }).click()
    await page.getByLabel('名称', { exact: true }).fill('办事大厅预约')
    await page.getByText('18 / 16 字节').waitFor()
    await page.getByLabel('名称', { exact: true }).fill('办事')
    await page.getByRole('button', { name: '添加二级按钮' }).click()
    await page.getByLabel('名称', { exact: true }).fill('查询')
    await page.getByLabel('点击后').click()
    await page.getByText('触发关键词或自动回复', { exact: true }).click()
    await page.getByLabel('按钮 KEY').fill('键'.repeat(43))
    await page.getByText('129 / 128 字节').waitFor()
    await page.getByLabel('按钮 KEY').fill('query')
    await look(page)
    await page.getByRole('button', { name: /^保\s?存$/ }).click()
    await page.getByText('已保存为版本 1').waitFor()
    await page.getByRole('button', { name: /^发\s?布$/ }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^发\s?布$/ })
      .click()
    await page.getByText('微信显示的是版本 1').waitFor()
    const [account] = world.ctx.accounts.ofCorp(world.corpId)
    const { originalId } = account!
    const found = await world.control(`official/followers?originalId=${originalId}&limit=1`)
    const [follower] = found['followers'] as { openid: string }[]
    await world.control('official/act', { originalId, ...follower, act: 'click', key: 'query', wait: true })
    await world.settleOfficial(account!)
    await page.getByRole('link', { name: '点击' }).click()
    await page.getByRole('cell', { name: /办事 › 查询/ }).waitFor()
    await look(page)
    await page.getByRole('link', { name: '‹ 编辑' }).click()
    await page.getByRole('link', { name: '试看' }).click()
    await page.getByRole('searchbox', { name: 'OpenID' }).fill(follower!.openid)
    await page.getByRole('searchbox', { name: 'OpenID' }).press('Enter')
    await page.getByRole('region', { name: '此人看到的菜单' }).getByText('办事').waitFor()
    await page.getByRole('link', { name: '‹ 编辑' }).click()
    await page.getByRole('link', { name: '版本' }).click()
    await page.getByRole('link', { name: '1', exact: true }).click()
    await page.getByRole('dialog').getByText('没有差别').waitFor()
    await look(page)
    await page.keyboard.press('Escape')

    await page.getByRole('link', { name: '‹ 编辑' }).click()
    for (const [n, platform] of ['iOS', 'Android'].entries()) {
      await page.getByRole('button', { name: '添加个性化菜单' }).click()
      await page.getByText(`个性化菜单 ${n + 1}`, { exact: true }).click()
      await page.getByRole('combobox', { name: '手机系统' }).click()
      await page.locator('.ant-select-dropdown:visible').getByText(platform, { exact: true }).click()
    }
    await page.getByRole('button', { name: '提前' }).click()
    await page.getByText('Android', { exact: true }).first().waitFor()
    await page.getByRole('combobox', { name: '粉丝标签' }).click()
    await page.locator('.ant-select-dropdown:visible').getByText('老校友', { exact: true }).click()
    await look(page)
    await page.getByRole('button', { name: /^保\s?存$/ }).click()
    await page.getByText('已保存为版本 2').waitFor()
    await page.getByText('当前编辑的版本 2 还没有发布').waitFor()
    await page.getByRole('link', { name: '版本' }).click()
    await page.getByRole('link', { name: '1', exact: true }).click()
    await page
      .getByRole('dialog')
      .getByText('个性化菜单 1（标签「老校友」 · 手机系统 Android） › 办事 › 查询')
      .waitFor()
    await look(page)
    await page.getByRole('button', { name: '回退到此版本' }).click()
    await page.getByText('当前编辑的版本 3 还没有发布').waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})
