import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newSource, type TestSource } from '../../server/features/todo-sources/source.fixture.ts'
import type { World } from '../harness.ts'
import { axe, closeBrowser, desktop, fitsWidth, look, phone, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let oa: TestSource

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 6 })
  oa = await newSource(world, { kind: 'weaver', name: '泛微 OA', pcPrefix: 'https://oa.example.com' })
  await newSource(world, { kind: 'seeyon', name: '致远协同', match: 'mobile', enabled: false })
  const todo = { syscode: 'OA', workflowname: '差旅报销', creator: 'lisi', pcurl: '/1', isremark: '0' }
  const send = (call: string, change: object) => oa.send(`rest/ofs/${call}`, { ...todo, ...change })
  await send('ReceiveTodoRequestByJson', {
    flowid: '1',
    requestname: '差旅报销-张三-11 月',
    receiver: 'zhangsan',
  })
  for (const [n, receiver] of ['00127', 'new.colleague', '00127'].entries())
    await send('ReceiveTodoRequestByJson', { flowid: `f${n}`, requestname: `合同会签 ${n}`, receiver })
  await oa.send('rest/ofs/ReceiveTodoRequestByJson', '{"syscode":')
  await send('ProcessDoneRequestByJson', { flowid: 'w', requestname: '用印申请', receiver: 'lisi' })
})
afterAll(async () => {
  await closeBrowser()
  await world?.close()
})

const shots = process.env['SHOTS']
const shot = (page: Page, name: string) =>
  shots ? page.screenshot({ path: `${shots}/todo-sources-${name}.png` }) : undefined

it.each([
  ['390', phone],
  ['1440', desktop],
] as const)('sources are made, shown and corrected at %s', async (name, size) => {
  const visited = await visit(world, { as: 'super', size })
  const { page } = visited
  await page.goto('/console/todos/sources')
  await page.getByText('致远协同').first().waitFor()
  await look(page, { size, ...(name === '390' ? { dark: true } : {}) })
  await shot(page, `list-${name}`)
  await page.getByRole('link', { name: '泛微 OA' }).first().click()
  await page.getByRole('button', { name: '显示地址' }).click()
  await page.getByText(/\/services\/OfsTodoDataWebService/).waitFor()
  await fitsWidth(page)
  await axe(page)
  await shot(page, `one-${name}`)
  await page.goto('/console/todos/sources?open=new')
  await page.getByLabel('名称').fill(`蓝凌 EKP ${name}`)
  await page.getByLabel('系统', { exact: true }).click()
  await page.getByTitle('蓝凌').click()
  await page.getByLabel('账号', { exact: true }).fill('notify')
  await shot(page, `new-${name}`)
  await page.getByRole('button', { name: '添加来源' }).last().click()
  await page.getByText('密码').last().waitFor()
  await page.getByLabel('密码', { exact: true }).fill('a password')
  await page.getByRole('button', { name: '添加来源' }).last().click()
  await page.getByText(/\/sys\/webservice\/sysNotifyTodoWebService/).waitFor()
  await axe(page)
  await shot(page, `made-${name}`)
  expect(visited.complaints.filter(one => !/400|1000/.test(String(one)))).toEqual([])
  await visited.close()
})

it.each([
  ['1440', desktop],
  ['390', phone],
] as const)('what was not understood is read and replayed at %s', async (name, size) => {
  const visited = await visit(world, { as: 'super', size })
  const { page } = visited
  await page.goto('/console/todos/unrecognised')
  await page.getByText('new.colleague').first().waitFor()
  await look(page, { size, ...(name === '390' ? {} : { dark: true }) })
  await shot(page, `unrecognised-${name}`)
  await page.getByText('合同会签 1').first().click()
  await page.getByText('"receiver": "new.colleague"').waitFor()
  await axe(page)
  await shot(page, `unrecognised-one-${name}`)
  await page.getByRole('button', { name: '重放', exact: true }).click()
  await page.getByText('已识别 0 条，仍未识别 1 条').waitFor()
  expect(visited.complaints).toEqual([])
  await visited.close()
})
