import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { begins } from '../../server/features/alerts/open-alerts.fixture.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { dayOf, nextDayAt } from '../../server/platform/operation/day.ts'
import { type Caller, callerOf, type World } from '../harness.ts'
import { closeBrowser, follow, look, phone, resized, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

const bills = '/api/pay/bill/list'
describe('developers and their owners', () => {
  let world: World
  let dev: Caller
  let owner: Visit
  let admin: Visit
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4, tags: 2 })
    dev = await world.addDeveloper({ name: '报修系统', scopes: ['directory:read'], owners: ['zhangsan'] })
    const homeUrl = 'https://repair.example.com/home'
    await addApp(world.ctx, 'test', world.corpId, { name: '报修', devId: dev.devId, homeUrl })
    owner = await visit(world, { as: 'member', userId: 'zhangsan' })
    admin = await visit(world, { as: 'super', userId: 'lisi' })
    for (const { page } of [owner, admin]) page.setDefaultTimeout(30_000)
  }, 60_000)
  afterEach(() => expect([...owner.complaints, ...admin.complaints]).toEqual([]))
  afterAll(async () => {
    await closeBrowser()
    await world.close()
  })

  it('leads who is not signed in through the sign-in and back', async () => {
    const stranger = await visit(world)
    await stranger.page.goto('/developer')
    await stranger.page.waitForURL('**/signin?to=%2Fdeveloper')
    await stranger.close()
  })

  it('is opened from one’s own page by owners', async () => {
    const { page } = owner
    await resized(page, phone, async () => {
      await page.goto('/mobile')
      await page.getByRole('button', { name: '我的' }).click()
      await page.getByRole('link', { name: '我的开发者' }).waitFor()
    })
    await page.goto('/portal')
    await page.getByRole('button', { name: '张三' }).click()
    await page.getByRole('link', { name: '我的开发者' }).click()
    await page.waitForURL(`**/developer/${dev.devId}`)
    await page.getByRole('heading', { name: '报修系统', level: 1 }).waitFor()
    await look(page)
  })

  it('gives the owner a second secret, which is shown once and works', async () => {
    const { page } = owner
    await page.goto(`/developer/${dev.devId}?part=secrets`)
    await page.getByRole('button', { name: '添加密钥' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '添加密钥' }).click()
    await page.getByRole('dialog', { name: '新的密钥' }).waitFor()
    const [devId = '', devSecret = ''] = await page.locator('.ant-modal code').allTextContents()
    await look(page)
    await page.getByRole('button', { name: '我已保存好，关闭' }).click()
    await page.getByText('张三 创建').waitFor()
    dev = callerOf(world.server.url, { devId, devSecret })
    expect((await dev.get('/api/user/get', { userId: 'lisi' })).retCode).toBe('0')
    expect((await dev.get(bills)).retCode).toBe('1009')
    await look(page)
  })

  it.each(['devices', 'usage', 'requests', 'limits', 'webhooks', 'apps', 'sample'])(
    'shows the part %s',
    async part => {
      const { page } = owner
      await follow(page, `/developer/${dev.devId}?part=${part}`)
      await page.waitForURL(url => !url.searchParams.has('part') && url.href.endsWith(part))
      await page.getByRole('main').getByRole('region').first().waitFor()
      if (part === 'apps') await page.getByText('https://repair.example.com', { exact: true }).waitFor()
      if (part === 'requests') {
        await page.getByText('1009 无权限').click()
        await page.getByRole('button', { name: '申请权限 pay:read' }).waitFor()
      }
      await look(page)
    },
  )

  it('takes a request for a scope', async () => {
    const { page } = owner
    await follow(page, `/developer/${dev.devId}`)
    await page.getByRole('button', { name: '申请权限' }).click()
    const dialog = page.getByRole('dialog', { name: '申请权限' })
    await dialog.getByRole('checkbox', { name: /pay:read/ }).click()
    await dialog.getByLabel('理由').fill('每月对账要读账单，用到年底。')
    await look(page)
    await dialog.getByRole('button', { name: '提交申请' }).click()
    await page.getByText('等待管理员').waitFor()
    await look(page)
  })

  it('is granted by an administrator until a day, works, and ends', async () => {
    const { page } = admin
    await begins(world.ctx, 'scopeRequested')
    await page.goto('/console')
    await page.getByRole('heading', { name: '「报修系统」申请权限' }).waitFor()
    await page.getByRole('link', { name: '去处理' }).click()
    const asked = page.getByRole('region', { name: '负责人' })
    await asked.getByText('每月对账要读账单，用到年底。').waitFor()
    await look(page)
    await asked.getByRole('button', { name: '授予' }).click()
    const dialog = page.getByRole('dialog', { name: /授予/ })
    const today = dayOf(world.ctx.now())
    await dialog.getByLabel('到期日').fill(today)
    await dialog.getByLabel('到期日').press('Enter')
    await look(page)
    await dialog.getByRole('button', { name: '授予' }).click()
    await page.getByText('已授予，申请人会收到消息').waitFor()
    await owner.page.reload()
    await owner.page.getByText(/有效至 ?今天/).waitFor()
    await look(owner.page)
    expect((await dev.get(bills)).retCode).toBe('0')
    world.clock.offsetMs = nextDayAt(world.ctx.now()) - Date.now()
    expect((await callerOf(world.server.url, dev).get(bills)).retCode).toBe('1009')
    world.clock.offsetMs = 0
  })

  it('shows owners to administrators, who name others', async () => {
    const { page } = admin
    await follow(page, `/console/apps/developers/${dev.devId}/owners`)
    const own = page.getByRole('main')
    await own.getByTitle('张三').waitFor()
    await look(page)
    await own.getByRole('combobox', { name: '负责人' }).fill('wangwu')
    await page.getByRole('option', { name: /王五/ }).waitFor({ state: 'attached' })
    await page.keyboard.press('Enter')
    await own.getByRole('heading', { name: '权限申请' }).click()
    await own.getByRole('button', { name: '保存' }).click()
    await page.getByText('负责人已保存').waitFor()
    const third = await visit(world, { as: 'member', userId: 'wangwu' })
    await third.page.goto('/developer')
    await third.page.getByRole('heading', { name: '报修系统', level: 1 }).waitFor()
    await third.close()
  })

  it('tells who owns none what to do', async () => {
    const other = await visit(world, { as: 'super', userId: 'lisi' })
    await other.page.goto('/developer')
    await other.page.getByText('您还不是任何开发者的负责人').waitFor()
    await look(other.page)
    await other.close()
  })
})
