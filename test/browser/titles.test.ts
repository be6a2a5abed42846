import { afterAll, beforeAll, expect, it } from 'vitest'
import { pngOf } from '../../server/features/branding/logo.fixture.ts'
import type { World } from '../harness.ts'
import { axe, closeBrowser, fitsWidth, look, phone, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let corp: string
beforeAll(async () => {
  world = await startWorld()
  corp = world.ctx.corps.get(world.corpId).name
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

/** Both have a phone, and go from page to page. */
let member: Visit
let nobody: Visit
beforeAll(async () => {
  member = await visit(world, { as: 'member', userId: 'wangwu', size: phone })
  nobody = await visit(world, { size: phone })
})

it.each([
  ['/portal', '工作台'],
  ['/mobile', '工作台'],
  ['/mobile?tab=messages', '消息'],
  ['/pay/', '统一支付'],
  ['/pay/history', '缴费记录'],
  ['/developer', '我的开发者'],
  ['/developer/wd0', '我的开发者'],
  ['/developer/no/such/page', '没有这个页面'],
  ['/console', '控制台'],
])('%s says in the browser’s tab what it is and whose', async (path, name) => {
  const { page } = member
  await page.goto(path)
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe(`${name} · ${corp} · wisp`)
})

it('says what has to be done before somebody is signed in', async () => {
  const { page, close } = await visit(world)
  await page.goto('/signin')
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe('登录 · wisp')
  await page.getByRole('button', { name: 'English' }).click()
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe('Sign in · wisp')
  await close()
})

it('an administrator gives the pages the organisation’s name, logo and colour', async () => {
  const { page, complaints, close } = await visit(world, { as: 'super' })
  await page.goto('/console/system/corps/look')
  const preview = page.getByRole('region', { name: '预览' })
  await page.getByLabel('名称', { exact: true }).fill('华宇 <b>大学</b> جامعة')
  await preview.getByText('华宇 <b>大学</b> جامعة').first().waitFor()
  const choose = (name: string, mimeType: string, buffer: Buffer) =>
    page
      .getByLabel('标志', { exact: true })
      .and(page.locator('input'))
      .setInputFiles({ name, mimeType, buffer })
  await choose('logo.svg', 'image/svg+xml', Buffer.from('<svg><script>alert(1)</script></svg>'))
  await page.getByText('请选择 PNG 图片。').waitFor()
  await choose('logo.png', 'image/png', Buffer.alloc(10_000_000))
  await page.getByText('图片有 9.5 MB，最多 1 MB').waitFor()
  await page.getByLabel('颜色', { exact: true }).fill('#ffd400')
  await page.getByText('会加深为 #8c7500').waitFor()
  await page.getByLabel('ICP 备案号').fill('京ICP备12345678号-1')
  await page.getByLabel('公安备案号').fill('京公网安备11010502030123号')
  await page.getByText('正文', { exact: true }).click()
  await page.getByLabel('隐私政策的正文').fill('我们只收集需要的信息。')
  // A JPEG that is called a PNG passes the browser, and not the server, which says so at the field.
  await choose('logo.png', 'image/png', Buffer.from('ffd8ffe000104a4649460001', 'hex'))
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.getByText('应为 PNG 图片（按内容识别').waitFor()
  await choose('logo.png', 'image/png', pngOf({ width: 96, height: 48 }))
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.getByText('已保存，新打开的页面就是这个样子').waitFor()
  await page.getByRole('button', { name: '恢复默认' }).waitFor()
  await look(page, { dark: true })
  expect(complaints).toEqual([])
  await close()
})

it.each([
  ['/signin', '登录', 'nobody'],
  ['/portal', '工作台', 'member'],
  ['/mobile', '工作台', 'member'],
  ['/pay/', '统一支付', 'member'],
  ['/developer', '我的开发者', 'member'],
  ['/privacy', '隐私政策', 'nobody'],
] as const)('%s is the organisation’s own from its first byte', async (path, name, as) => {
  const { page, complaints } = as === 'member' ? member : nobody
  // What was complained about on the pages before, of which some lead nowhere.
  complaints.length = 0
  await page.emulateMedia({ colorScheme: 'dark' })
  const own = '华宇 <b>大学</b> جامعة'
  const before = await page.request.get(path)
  expect(await before.text()).toContain('华宇 &#60;b&#62;大学&#60;/b&#62; جامعة')
  await page.goto(path)
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe(`${name} · ${own}`)
  if (path !== '/developer') await page.getByText(own).first().waitFor()
  if (path === '/privacy') await page.getByText('我们只收集需要的信息。').waitFor()
  else if (path === '/developer') await page.locator('header img[src^="/brand/logo/"]').waitFor()
  else {
    const links = ['隐私政策', '京ICP备12345678号-1', '京公网安备11010502030123号']
    const to = await Promise.all(
      links.map(link => page.getByRole('link', { name: link }).getAttribute('href')),
    )
    expect(to).toEqual([
      '/privacy',
      'https://beian.miit.gov.cn/',
      'https://beian.mps.gov.cn/#/query/webSearch?code=11010502030123',
    ])
    const read = (name: string) =>
      page.evaluate<string>(`getComputedStyle(document.documentElement).getPropertyValue('${name}')`)
    expect(await read('--wb-fill')).toBe('#8c7500')
    const logo = page.locator('img[src^="/brand/logo/"]').first()
    expect(await logo.evaluate((one: HTMLImageElement) => [one.naturalWidth, one.naturalHeight])).toEqual([
      96, 48,
    ])
  }
  await axe(page)
  await fitsWidth(page)
  expect(complaints).toEqual([])
})

it('an address that leads nowhere is the organisation’s too', async () => {
  const { page, close } = await visit(world, { as: 'member', userId: 'wangwu' })
  await page.goto('/no/such/page')
  expect(await page.title()).toBe('没有这个页面 · 华宇 <b>大学</b> جامعة')
  await close()
})
