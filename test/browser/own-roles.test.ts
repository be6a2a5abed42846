import { afterAll, beforeAll, expect, it } from 'vitest'
import { mayAct } from '../../server/organisation/directory/permissions/person.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 10, departments: 3, tags: 1 })
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

it('makes a role, gives it, looks as it, and opens to its holder what it holds', async () => {
  const { page, close } = await visit(world, { as: 'super' })
  page.setDefaultTimeout(15_000)
  await page.goto('/console/directory/own-roles')
  await page.getByText('还没有自定义角色').waitFor()
  await look(page)
  await page.getByRole('button', { name: '新建角色' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('名称').fill('通讯录查看员')
  await dialog.getByText('通讯录', { exact: true }).click()
  await dialog.getByRole('checkbox', { name: '查看成员、部门与标签' }).check()
  await look(page)
  await dialog.getByRole('button', { name: '新建角色' }).click()
  await page
    .getByRole('button', { name: '通讯录查看员' })
    .or(page.getByRole('link', { name: '通讯录查看员' }))
    .click()
  await dialog.getByText('没有人有这个角色').waitFor()
  const holder = [...world.ctx.mirrors.of(world.corpId).members.all()].find(
    one => mayAct(one) && one.userId !== 'zhangsan',
  )!
  await dialog.getByLabel('成员').fill(holder.name)
  await page.getByTitle(holder.name).first().click()
  await dialog.getByRole('button', { name: /授\s*予/ }).click()
  await dialog.getByRole('button', { name: new RegExp(`收回 ${holder.name}`) }).waitFor()
  await look(page)
  await dialog.getByRole('button', { name: '以此身份看' }).click()
  await page.getByText('正在以“通讯录查看员”的身份查看').waitFor()
  const navigation = page.getByRole('navigation').first()
  await navigation.getByText('通讯录').waitFor()
  expect(await navigation.getByText('消息中心').count()).toBe(0)
  await look(page)
  await page.getByRole('button', { name: '结束查看' }).click()
  await page.getByRole('heading', { name: '自定义角色' }).waitFor()
  await close()

  const own = await visit(world, { as: 'member', userId: holder.userId })
  await own.page.goto('/console/directory')
  await own.page.getByRole('navigation').first().getByText('通讯录').waitFor()
  await own.page.getByText(holder.name).first().waitFor()
  await own.page.goto('/console/apps')
  await own.page.getByRole('link', { name: '回到总览' }).waitFor()
  await own.close()
})
