import { afterAll, beforeAll, expect, it } from 'vitest'
import { addApp } from '../../server/features/apps/apps.ts'
import type { World } from '../harness.ts'
import { until } from '../until.ts'
import { axe, closeBrowser, desktop, fitsWidth, look, phone, visit } from './browser.ts'
import { startWorld } from './world.ts'

const leave = 'C4SandboxLeave000000000000000000001'
let world: World

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 6 })
  await world.connectAgent()
  await addApp(world.ctx, 'test', world.corpId, { name: '协同', homeUrl: 'https://oa.example.com/' })
})
afterAll(async () => {
  await closeBrowser()
  await world?.close()
})

it('approvals are set up, granted and watched', async () => {
  const visited = await visit(world, { as: 'super', size: desktop })
  const { page } = visited
  await page.goto('/console/todos/approval-settings')
  await page.getByLabel('企业微信应用').click()
  await page.locator('.ant-select-item-option').first().click()
  await page.getByLabel('待办归属的应用').click()
  await page.getByTitle('协同').click()
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('已保存').first().waitFor()
  await page.getByRole('button', { name: '添加模板' }).first().click()
  await page.getByLabel('模板 id').fill(leave)
  await look(page, { size: desktop })
  await page.getByRole('button', { name: '保存' }).last().click()
  await page.getByRole('link', { name: '请假' }).waitFor()
  await look(page, { size: desktop, dark: true })
  const time = { type: 'hour', new_begin: 1_796_000_000, new_end: 1_796_010_000, new_duration: 10_000 }
  await world.control('approvals/submit', {
    userid: 'zhangsan',
    templateId: leave,
    contents: [
      {
        control: 'Selector',
        id: 'Selector-1',
        value: { selector: { type: 'single', options: [{ key: 'option-2' }] } },
      },
      { control: 'DateRange', id: 'DateRange-1', value: { date_range: time } },
      { control: 'Textarea', id: 'Textarea-1', value: { text: '家中有事' } },
    ],
  })
  await until('the row', async () => {
    await page.goto('/console/todos/approvals')
    return page
      .getByText('张三 的请假')
      .first()
      .waitFor({ timeout: 2000 })
      .then(
        () => true,
        () => false,
      )
  })
  await look(page, { size: desktop })
  await page.getByText('张三 的请假').first().click()
  await page.getByText('家中有事').waitFor()
  await axe(page)
  await visited.close()
  const small = await visit(world, { as: 'super', size: phone })
  await small.page.goto('/console/todos/approvals')
  await small.page.getByText('张三 的请假').first().waitFor()
  await fitsWidth(small.page)
  expect([...visited.complaints, ...small.complaints]).toEqual([])
  await small.close()
})
