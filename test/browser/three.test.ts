import { afterAll, beforeAll, expect, it } from 'vitest'
import type { World } from '../harness.ts'
import { people, signInSurely } from '../three.fixture.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { wordsAtMost, wordsOfPage } from './words-of-page.ts'
import { startWorld } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 60, departments: 3, tags: 1 })
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

const address = '/console/system/three'
const nameOf = (userId: string) => world.ctx.mirrors.of(world.corpId).members.byKey(userId)!.name

async function surely(userId: string): Promise<Visit> {
  const one = await visit(world)
  const [name = '', value = ''] = (await signInSurely(world, userId)).cookie.split('=')
  await one.context.addCookies([{ name, value, url: world.server.url, httpOnly: true, sameSite: 'Lax' }])
  await one.page.goto(address)
  return one
}

it('is switched on by a super administrator, who sees who loses what', async () => {
  const { page, close } = await visit(world, { as: 'super', userId: people.security })
  await page.goto(address)
  await page.getByRole('button', { name: '查看影响并开启' }).click()
  await page.getByRole('heading', { name: '开启后失去权限的人' }).waitFor()
  await page
    .getByText(/失去|项权限/)
    .first()
    .waitFor()
  expect(await page.evaluate<number>(wordsOfPage)).toBeLessThanOrEqual(wordsAtMost.any)
  await look(page)
  for (const [label, userId] of [
    ['安全管理员', people.security],
    ['审计员', people.auditor],
  ] as const) {
    await page.getByRole('combobox', { name: label }).fill(userId)
    await page
      .locator('.ant-select-item-option', { hasText: nameOf(userId) })
      .last()
      .click()
    await page.keyboard.press('Escape')
  }
  await page.getByRole('checkbox', { name: /没有手机的人/ }).check()
  await page.getByRole('textbox', { name: /输入 .* 确认/ }).fill(world.corpId)
  await page.getByRole('button', { name: '开启三员分立' }).click()
  await page.waitForURL(/\/signin/)
  expect(world.ctx.three.isOn(world.corpId)).toBe(true)
  await close()
})

it('is where one of the three proposes and another agrees', async () => {
  const { page, close } = await surely(people.auditor)
  await page.getByText(`${nameOf(people.security)} ${people.security}`).waitFor()
  await page.getByRole('combobox', { name: '任命为' }).click()
  await page.locator('.ant-select-item-option', { hasText: '系统管理员' }).click()
  await page.getByRole('combobox', { name: '成员' }).fill(people.system)
  await page
    .locator('.ant-select-item-option', { hasText: nameOf(people.system) })
    .last()
    .click()
  await page.getByRole('checkbox', { name: /没有手机的人/ }).check()
  await page.getByRole('button', { name: '提议任命' }).click()
  await page.getByText('等待同意').first().waitFor()
  expect(await page.getByRole('button', { name: /^同\s*意$/ }).count()).toBe(0)
  await look(page)
  await close()
  const other = await surely(people.security)
  await other.page.getByRole('button', { name: /^同\s*意$/ }).click()
  await other.page.getByText(`系统管理员 · ${nameOf(people.system)} ${people.system}`).waitFor()
  expect(other.complaints).toEqual([])
  await other.close()
})
