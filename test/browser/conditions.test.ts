import { afterAll, beforeAll, expect, it } from 'vitest'
import type { World } from '../harness.ts'
import { closeBrowser, phone, visit } from './browser.ts'
import { startWorld } from './world.ts'

const readAloud =
  /(?<=- '?)(navigation|main|banner|heading|columnheader|textbox|searchbox|button)\b( "[^"]*")?/g

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

it.each([
  ['/console/apps/menus', 'system', '没有成功'],
  ['/mobile?tab=messages', 'member', '没有打开'],
] as const)('%s says that it failed, with the number to ask about', async (path, as, words) => {
  const { page, close } = await visit(world, { as, userId: 'wangwu', size: phone })
  await page.route(/\/web\/(apps\/list|portal\/messages)/, route =>
    route.fulfill({
      status: 500,
      contentType: 'application/json',
      headers: { 'x-request-id': 'n1-4f2a' },
      body: '{"retCode":"9999","retMessage":"系统异常"}',
    }),
  )
  await page.goto(path)
  await page.getByText(words).first().waitFor()
  await page.getByText('n1-4f2a').waitFor()
  await page.getByRole('button', { name: '重试' }).waitFor()
  await close()
})

it('the console is of use on slow 4G, and shows the shape of what comes meanwhile', async () => {
  const { page, context, complaints, close } = await visit(world, { as: 'system', isNew: true })
  const inspector = await context.newCDPSession(page)
  await inspector.send('Network.enable')
  const bytesASecond = 1_600_000 / 8
  await inspector.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: bytesASecond,
    uploadThroughput: bytesASecond / 2,
  })
  const begun = Date.now()
  await page.goto('/console', { waitUntil: 'commit' })
  await page.locator('.console-content .wisp-skeleton').waitFor()
  await page.locator('.overview-figures').waitFor()
  await page.getByRole('link', { name: '应用中心' }).click()
  await page.getByRole('button', { name: '添加应用' }).first().waitFor()
  // Twice of what it takes, because the machine of a test may be busy.
  expect(Date.now() - begun).toBeLessThan(20_000)
  expect(complaints).toEqual([])
  await close()
})

it('the console is read in the order in which it is used', async () => {
  const { page, close } = await visit(world, { as: 'system' })
  /** What a screen reader meets, one after the other: landmarks, headings, fields, buttons. */
  const order = async (within: string) =>
    (await page.locator(within).ariaSnapshot()).match(readAloud)?.map(one => one.replaceAll('"', '')) ?? []
  await page.goto('/console/apps/developers')
  await page.getByRole('row').nth(1).waitFor()
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: '跳到正文' })
  await expect.poll(() => skip.evaluate(one => one.getBoundingClientRect().left)).toBeGreaterThanOrEqual(0)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await page.evaluate("document.activeElement.closest('main') !== null")).toBe(true)
  const list = await order('body')
  expect(list.slice(0, 2)).toEqual(['navigation 主导航', 'banner'])
  const columns = ['名称', 'devId', '状态', '可见成员', '今日调用', '今日失败', '最近调用', '创建于']
  expect(list.slice(list.indexOf('main'), list.indexOf('columnheader 创建于') + 1)).toEqual([
    'main',
    'navigation 应用中心',
    'heading 开发者',
    ...['高级', '最近删除', '创建开发者'].map(name => `button ${name}`),
    'searchbox 名称或 devId',
    'button 搜索',
    ...['视图', '列与密度'].map(name => `button ${name}`),
    ...columns.map(name => `columnheader ${name}`),
  ])
  await page.getByRole('button', { name: '创建开发者' }).click()
  const field = page.getByRole('dialog').getByLabel('名称')
  await expect.poll(() => field.and(page.locator(':focus')).count()).toBe(1)
  const form = await order('[role=dialog]')
  expect(form.slice(0, 3)).toEqual(['button 关闭', 'heading 创建开发者', 'textbox * 名称'])
  expect(form.slice(-2)).toEqual(['button 创建开发者', 'button 取消'])
  await page.goto('/console')
  await page.locator('.overview-figures').waitFor()
  const overview = (await order('main')).filter(one => one.startsWith('heading'))
  expect(overview[0]).toBe('heading 总览')
  expect(overview.slice(-3)).toEqual(
    ['消息（按渠道）', '接口调用', '最近的同步'].map(name => `heading ${name}`),
  )
  await close()
})

it('selects what the browser does not allow to be copied, and says so', async () => {
  const { page, close } = await visit(world, { as: 'system' })
  await page.addInitScript(`document.execCommand = () => false
    if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))`)
  await page.goto('/console/apps/developers')
  const devId = world.dev.devId
  await page.getByRole('button', { name: `复制 ${devId}` }).click()
  await page.getByText('浏览器不允许复制').waitFor()
  expect(await page.evaluate('getSelection().toString()')).toBe(devId)
  await close()
})
