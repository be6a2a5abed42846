import { afterAll, beforeAll, expect, it } from 'vitest'
import type { World } from '../harness.ts'
import { until } from '../until.ts'
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

const table = (lines: string[]) => ({
  name: '人事.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(['工号,姓名,手机,部门,职务,直属上级工号', ...lines].join('\n')),
})
const member = (userId: string) => world.ctx.mirrors.of(world.corpId).members.byKey(userId)

it('takes a table, shows who joins and what is wrong, and writes it once it is approved', async () => {
  const { page } = own
  await page.goto('/console/directory/sources')
  await page.getByText('没有人事源').first().waitFor()
  await look(page)
  await page.getByRole('button', { name: '新建人事源' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: '名称' }).fill('人事系统')
  await look(page)
  await dialog.getByRole('button', { name: '新建人事源' }).click()
  const file = dialog.locator('input[type=file]').first()
  await file.setInputFiles(
    table(['b1,新人甲,13900000001,人力,专员,', 'b2,新人乙,13900000002,人力,经理,', 'b3,,,,,']),
  )
  await dialog.getByText('等待批准').waitFor()
  await dialog.getByText('入职 2').waitFor()
  await dialog.getByText('新人甲').first().waitFor()
  await dialog
    .getByText(/没有姓名/)
    .first()
    .waitFor()
  await look(page)
  await dialog.getByRole('button', { name: '批准写入' }).click()
  await page.getByRole('dialog', { name: '写入企业微信？' }).getByRole('button', { name: '批准写入' }).click()
  await dialog.getByText('已写完').waitFor()
  await until('they are in the address book', () => member('b1') !== undefined && member('b2') !== undefined)
  expect(member('b1')).toMatchObject({ name: '新人甲' })
})

it('asks for the number of leavers where many leave', async () => {
  const { page } = own
  const dialog = page.getByRole('dialog')
  await dialog
    .locator('input[type=file]')
    .first()
    .setInputFiles(table(['b1,新人甲,13900000001,人力,专员,']))
  await dialog.getByText(/1 人将停用或删除/).waitFor()
  const approve = dialog.getByRole('button', { name: '批准写入' })
  expect(await approve.isDisabled()).toBe(true)
  await dialog.getByRole('spinbutton').first().fill('1')
  await look(page)
  await approve.click()
  await page.getByRole('dialog', { name: '写入企业微信？' }).getByRole('button', { name: '批准写入' }).click()
  await until('b2 is disabled', () => member('b2')?.status === 2)
})
