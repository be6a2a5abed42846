import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Caller, World } from '../harness.ts'
import { closeBrowser, follow, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('what developers called', () => {
  let world: World
  let view: Visit
  let dev: Caller
  let failedId = ''
  beforeAll(async () => {
    world = await startWorld({ members: 40, departments: 8, tags: 2 })
    dev = await world.addDeveloper({ name: '报修系统', callLimits: { read: { perMinute: 40 } } })
    const failed = await dev.get('/api/user/get', { userId: 'nobody-here' })
    failedId = failed.headers.get('x-request-id') ?? ''
    await dev.get('/api/pay/bill/list', { pagesize: 5 })
    expect((await dev.get('/api/user/orgUserList', { orgId: 1, fetchChild: 1 })).retCode).toBe('0')
    await Promise.all(Array.from({ length: 50 }, () => dev.get('/api/org/tagList')))
    view = await visit(world, { as: 'super' })
    view.page.setDefaultTimeout(30_000)
  }, 60_000)
  afterEach(() => expect(view.complaints).toEqual([]))
  afterAll(async () => {
    await view?.close()
    await closeBrowser()
    await world.close()
  })

  it('finds a failed call by its request id, and shows what was sent', async () => {
    const { page } = view
    await page.goto('/console/apps/requests')
    await page.getByRole('heading', { name: '接口日志', level: 1 }).waitFor()
    await page.getByText(/还有 \d+ 次成功/).waitFor()
    await page.getByText('按分钟看').click()
    await page.getByRole('table', { name: '按分钟看' }).waitFor()
    await look(page)
    await page.getByLabel('请求编号 x-request-id').fill(failedId)
    await page.waitForURL(`**requestId=${failedId}`)
    await page.getByText('1007 无效的用户 id').waitFor()
    await page.getByText('1010 请求过于频繁').first().waitFor({ state: 'hidden' })
    await page.locator(`a[href*="open=${failedId}"]`).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('nobody-here').waitFor()
    await look(page)
  })

  it('shows the calls of one developer on its own page', async () => {
    const { page } = view
    await follow(page, `/console/apps/developers/${dev.devId}/requests`)
    const own = page.getByRole('main')
    await own.getByText('1010 请求过于频繁').first().waitFor()
    await look(page)
    await own.getByLabel('请求编号 x-request-id').fill(failedId)
    await page.waitForURL(`**/requests?requestId=${failedId}`)
    await own.getByText('1010 请求过于频繁').first().waitFor({ state: 'hidden' })
    await own.getByText('1007 无效的用户 id').click()
    await page.getByRole('dialog').getByText('nobody-here').waitFor()
    await look(page)
  })

  it('says why a call failed, and leads to what mends it', async () => {
    const { page } = view
    await follow(page, '/console/apps/requests?path=/api/pay/bill/list')
    await page.locator('a[href*="open="]').first().click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('开发者没有 pay:read 权限').waitFor()
    await drawer.getByRole('link', { name: '返回码 1009 的说明' }).waitFor()
    await look(page)
    await drawer.getByRole('link', { name: '修改权限' }).click()
    await page.getByRole('button', { name: '支付', exact: true }).waitFor()
  })

  it('shows whose data was read', async () => {
    const { page } = view
    await follow(page, '/console/apps/people-read')
    await page.getByRole('heading', { name: '数据读取', level: 1 }).waitFor()
    await page.getByText('共 40 人次').waitFor()
    await page.getByRole('combobox', { name: '按天汇总' }).click()
    await page.getByTitle('逐次查看').click()
    await page.getByLabel('被读取的成员').fill('张三')
    const isFiltered = (url: string) =>
      url.includes('/web/developers/data-reads?') && url.includes('zhangsan')
    await Promise.all([
      // The row is there before too, and pale while the list is read again.
      page.waitForResponse(response => isFiltered(response.url())),
      page.getByTitle(/张三/).first().click(),
    ])
    await page.waitForURL('**userId=zhangsan**')
    await page.getByRole('row', { name: /手机号.*姓名.*orgUserList/ }).waitFor()
    await look(page)
  })

  it('shows limits with their use, and changes them', async () => {
    const { page } = view
    await follow(page, `/console/apps/developers/${dev.devId}/limits`)
    const own = page.getByRole('main')
    await own.getByText('每分钟 40 次').waitFor()
    await own.getByText(/今天拒绝 1\d 次/).waitFor()
    await own.getByRole('img', { name: /每天的用量/ }).waitFor()
    await look(page)
    await own.getByLabel('查询：每天').fill('5000')
    await own.getByLabel('查询：每分钟').fill('')
    await own.getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存').waitFor()
    await own.getByText('每分钟 120,000 次').waitFor()
    const { headers } = await dev.get('/api/org/tagList')
    expect(headers.get('ratelimit-policy')).toContain('"read";q=120000;w=60, "read-day";q=5000;w=86400')
  })

  it('sets what holds for all developers of the corp', async () => {
    const { page } = view
    await page.goto('/console/apps/developers')
    await page.getByRole('button', { name: '高级' }).click()
    await page.getByRole('menuitem', { name: '默认设置' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('接口日志保留天数').fill('0')
    await drawer.getByLabel('账单：每分钟').fill('600')
    await look(page)
    await drawer.getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存').waitFor()
    expect(world.ctx.corps.get(world.corpId)).toMatchObject({
      requestLogDays: 0,
      callLimits: { pay: { perMinute: 600 } },
    })
    await follow(page, '/console/apps/requests')
    await page.getByText('本企业没有开启接口日志').waitFor()
    await look(page)
  })
})
