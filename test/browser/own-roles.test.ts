import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MemberCore } from '../../server/organisation/directory/mirror/members.ts'
import { mayAct } from '../../server/organisation/directory/permissions/person.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 10, departments: 3, tags: 1 })
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

let own: Visit
let holder: MemberCore
beforeAll(async () => {
  own = await visit(world, { as: 'super' })
  const active = [...world.ctx.mirrors.of(world.corpId).members.all()].filter(mayAct)
  holder = active.find(one => one.userId !== 'zhangsan')!
})

it('makes a role', async () => {
  const { page } = own
  await page.goto('/console/directory/own-roles')
  await page.getByText('还没有自定义角色').waitFor()
  await page.getByRole('button', { name: '新建角色' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: '名称' }).fill('通讯录查看员')
  await dialog.locator('summary', { hasText: '通讯录' }).click()
  await dialog.getByRole('checkbox', { name: '查看成员、部门与标签' }).check()
  await look(page)
  await dialog.getByRole('button', { name: '新建角色' }).click()
  await page.getByRole('row', { name: /通讯录查看员/ }).waitFor()
})

it('gives it to a member', async () => {
  const { page } = own
  await page
    .getByRole('row', { name: /通讯录查看员/ })
    .getByText('通讯录查看员')
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('没有人有这个角色').waitFor()
  await dialog.getByRole('combobox', { name: '成员' }).fill(holder.userId)
  await page.locator('.ant-select-item-option', { hasText: holder.name }).first().click()
  await dialog.getByRole('button', { name: /授\s*予/ }).click()
  await dialog.getByRole('button', { name: `收回 ${holder.name}` }).waitFor()
})

it('looks as it', async () => {
  const { page } = own
  await page.getByRole('dialog').getByRole('button', { name: '以此身份看' }).click()
  await page.getByText('正在以“通讯录查看员”的身份查看').waitFor()
  const navigation = page.getByRole('navigation').first()
  await navigation.getByText('组织').waitFor()
  expect(await navigation.getByText('服务').count()).toBe(0)
  await page.getByRole('button', { name: '结束查看' }).click()
  await page.getByRole('row', { name: /通讯录查看员/ }).waitFor()
  await own.close()
})

it('opens to its holder what it holds, and nothing else', async () => {
  const { page, close } = await visit(world, { as: 'member', userId: holder.userId })
  await page.goto('/console/directory')
  await page.getByText(holder.name).first().waitFor()
  expect(await page.getByRole('navigation').first().getByText('消息中心').count()).toBe(0)
  await close()
})
