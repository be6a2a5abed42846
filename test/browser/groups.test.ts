import { afterAll, beforeAll, expect, it } from 'vitest'
import type { World } from '../harness.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let own: Visit
beforeAll(async () => {
  world = await startWorld({ members: 10, departments: 3, tags: 1 })
  own = await visit(world, { as: 'super' })
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

it('makes a group by a rule, after a preview of who comes', async () => {
  const { page } = own
  await page.goto('/console/directory/groups')
  await page.getByText('没有人群').first().waitFor()
  await page.getByRole('button', { name: '新建人群' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: '名称' }).fill('账号 zhangsan')
  await dialog.getByRole('combobox', { name: '字段' }).click()
  await page.locator('.ant-select-item-option', { hasText: '账号' }).click()
  await dialog.getByRole('combobox', { name: '值' }).fill('zhangsan')
  await dialog.getByRole('combobox', { name: '值' }).press('Enter')
  await dialog.getByRole('button', { name: /预\s*览/ }).click()
  await dialog.getByText('保存后 1 人：进入 1 人，离开 0 人').waitFor()
  await look(page)
  await dialog.getByRole('button', { name: '新建人群' }).click()
  await page.getByRole('row', { name: /账号 zhangsan/ }).waitFor()
})

it('shows its members, and what is wrong in a rule at the rule', async () => {
  const { page } = own
  await page
    .getByRole('row', { name: /账号 zhangsan/ })
    .getByText('账号 zhangsan')
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/当前成员（\d+ 人）/).waitFor()
  await dialog.getByRole('radio', { name: '按文本编写' }).check()
  await dialog.getByRole('textbox', { name: '按文本编写' }).fill('{"field":"group","op":"in","values":["1"]}')
  await dialog.getByRole('button', { name: /预\s*览/ }).click()
  await dialog.getByText(/规则不能引用人群/).waitFor()
  await look(page)
  const groups = await world.ctx.db.selectFrom('member_group').selectAll().execute()
  expect(groups).toMatchObject([{ name: '账号 zhangsan' }])
})
