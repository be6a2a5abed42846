import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { avatarPng } from '../../sandbox/avatar.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { sendText, useAgents } from '../../server/features/messages/messages.fixture.ts'
import { addCorp } from '../../server/organisation/corps/corps.ts'
import { type AppServer, startAppServer } from '../browser/app-server.ts'
import { closeBrowser, type VisitOptions, visit } from '../browser/browser.ts'
import { countClicks, type } from '../browser/clicks.ts'
import { startWorld } from '../browser/world.ts'
import { call, type World } from '../harness.ts'

/**
 * What administrators, an operator, a help desk and members do most, with a count of clicks; the first of the tasks, to set wisp up, is
 * test/browser/day-one.test.ts. See docs/decisions/clicks-of-the-console.md.
 */
let world: World
let app: AppServer
const folder = mkdtempSync(join(tmpdir(), 'wisp-tasks-'))
const shown: string[] = []
beforeAll(async () => {
  world = await startWorld({ members: 40, departments: 6, tags: 2, env: { WISP_BACKUP_DIR: folder } })
  app = await startAppServer(() => world.server.url)
  await useAgents(world)
  await world.connectAgent()
  await world.admin('user/update', { userid: 'wangwu', status: 2 })
  await world.sync()
  await addCorp(world.ctx, 'test', { corpId: 'wwSchool', name: '第二中学', contactSecret: 'secret' })
  const dev = await world.addDeveloper({ name: 'OA', scopes: ['todo:write'] })
  const { devId } = dev
  const homeUrl = `${app.origin}/home`
  const { id } = await addApp(world.ctx, 'test', world.corpId, { name: 'OA 审批', homeUrl, devId })
  await dev.post('/api/todo/put', {
    list: [{ todoNo: 't1', userId: 'lisi', agentId: id, title: '年假申请', url: `${homeUrl}?todo=1` }],
  })
  await sendText(world, '周报', { toUser: 'zhangsan|wangwu' })
})
afterAll(async () => {
  console.log(shown.join('\n'))
  await closeBrowser()
  await app?.close()
  await world?.close()
  rmSync(folder, { recursive: true })
})

async function clicksOf(
  what: string,
  start: string,
  options: VisitOptions,
  run: (page: Page) => Promise<unknown>,
): Promise<number> {
  const { page, context, complaints, close } = await visit(world, { isNew: true, ...options })
  page.setDefaultTimeout(15_000)
  const counted = await countClicks(context)
  await page.goto(start)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await run(page)
  shown.push(`${what}: ${counted.clicks}`)
  expect(complaints, what).toEqual([])
  await close()
  return counted.clicks
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const entry = async (page: Page, name: string, group?: string) => {
  const link = page.locator('.console-nav').getByRole('link', { name, exact: true })
  if (group && !(await link.isVisible()))
    await page.locator('.console-nav .ant-menu-submenu-title', { hasText: group }).click()
  await link.click()
}
const tab = (page: Page, name: string) =>
  page.getByRole('main').getByRole('link', { name, exact: true }).first().click()
const option = (page: Page, name: string | RegExp) =>
  page.locator('.ant-select-item-option', { hasText: name }).first()

const send = async (page: Page) => {
  await page.getByRole('main').getByRole('button', { name: '发送', exact: true }).click()
  await page.locator('.ant-modal-confirm').getByRole('button', { name: '发送' }).click()
}

const administrator: VisitOptions = { as: 'super', userId: 'zhangsan' }
const most = 8
const mostOfCard = 10

it('lets Grafana sign people in', async () => {
  const clicks = await clicksOf('Grafana', '/console', administrator, async page => {
    await entry(page, '应用中心')
    await button(page, '接入软件').click()
    await button(page, 'Grafana').click()
    await type(page.getByLabel('Grafana 的地址'), 'https://grafana.example.com')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /保\s?存/ })
      .click()
    await page.getByRole('heading', { name: '填到 Grafana 里' }).waitFor()
  })
  expect(clicks).toBeLessThanOrEqual(most)
})

it('creates a developer, who gets a devToken', async () => {
  const clicks = await clicksOf('developer', '/console', administrator, async page => {
    await entry(page, '应用中心')
    await tab(page, '开发者')
    await button(page, '创建开发者').click()
    const drawer = page.getByRole('dialog')
    await type(drawer.getByLabel('名称'), '报修系统')
    await drawer.getByRole('button', { name: '发消息', exact: true }).click()
    await drawer.getByRole('button', { name: '创建开发者' }).click()
    await page.getByRole('dialog', { name: '开发者已创建' }).waitFor()
    const [devId = '', devSecret = ''] = await page.locator('.ant-modal code').allTextContents()
    await button(page, '复制 devSecret').click()
    await button(page, '我已保存好，关闭').click()
    const given = new URLSearchParams({ devId, devSecret })
    const token = await call(`${world.server.url}/api/token/getDevToken?${given}`)
    expect(token).toMatchObject({ retCode: '0' })
  })
  expect(clicks).toBeLessThanOrEqual(most)
})

it('plans backups', async () => {
  const clicks = await clicksOf('backup plan', '/console', { as: 'system' }, async page => {
    await entry(page, '平台', '系统')
    await tab(page, '备份')
    await button(page, '设置备份计划').click()
    const form = page.getByRole('dialog')
    await form.getByRole('radio', { name: '文件夹' }).check()
    await form.getByRole('button', { name: /保\s?存/ }).click()
    await page.getByText('备份计划已保存').waitFor()
  })
  expect(clicks).toBeLessThanOrEqual(most)
})

it('sends a message and sees who did not get it', async () => {
  const clicks = await clicksOf('message', '/console', administrator, async page => {
    await entry(page, '消息中心', '服务')
    const drawer = page.getByRole('main')
    const to = drawer.getByRole('combobox', { name: '发给' })
    await to.and(page.locator(':focus')).waitFor()
    await type(to, 'wangwu')
    await option(page, /王五/).click()
    await to.fill('lisi')
    await option(page, /李四/).waitFor()
    await to.press('Enter')
    await to.press('Escape')
    await drawer
      .getByText(/^2 人/)
      .or(drawer.getByText(/共 2 人/))
      .waitFor()
    await type(drawer.getByRole('textbox', { name: '应用名称' }), '行政')
    await type(drawer.getByRole('textbox', { name: '正文' }), '周五停电')
    await send(page)
    await page.getByText('王五 没有收到').waitFor()
  })
  expect(clicks).toBeLessThanOrEqual(most)
})

it('asks by a card with a vote', async () => {
  const clicks = await clicksOf('card', '/console', administrator, async page => {
    await entry(page, '消息中心', '服务')
    const drawer = page.getByRole('main')
    await drawer.getByText('卡片', { exact: true }).click()
    await drawer.getByRole('button', { name: '投票', exact: true }).click()
    await type(drawer.getByRole('combobox', { name: '发给' }), 'lisi')
    await option(page, /李四/).click()
    await page.keyboard.press('Escape')
    await type(drawer.getByRole('textbox', { name: '应用名称' }), '行政')
    await send(page)
    await page.getByText(/^0 人已回答/).waitFor()
  })
  expect(clicks).toBeLessThanOrEqual(mostOfCard)
})

it('binds an official account', async () => {
  const [account] = world.sandbox.official.accounts
  const clicks = await clicksOf('official account', '/console', administrator, async page => {
    await entry(page, '公众号', '服务')
    await button(page, '添加绑定').first().click()
    const form = page.getByRole('dialog')
    await type(form.getByLabel('公众号名称'), '示例服务号')
    const choosing = page.waitForEvent('filechooser')
    await form.getByText('公众号图标').first().click()
    const chooser = await choosing
    await chooser.setFiles({ name: 'x.png', mimeType: 'image/png', buffer: avatarPng(3, 300) })
    await type(form.getByLabel('原始ID'), account!.originalId)
    await type(form.getByLabel('公众号APPID'), account!.appId)
    await type(form.getByLabel('秘钥'), account!.secret)
    await form.getByRole('button', { name: /绑\s?定/ }).click()
    await page.getByText('微信还没有来验证过').waitFor()
  })
  expect(clicks).toBeLessThanOrEqual(most)
})

it('says why a member did not get a message', async () => {
  const why = async (page: Page) => {
    await page.getByRole('heading', { name: '王五' }).waitFor()
    await page.getByText('成员已禁用').first().waitFor()
  }
  const byWords = await clicksOf('why, Ctrl K', '/console', administrator, async page => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /搜索页面/ }).fill('为什么王五没收到')
    await page.getByRole('option', { name: /王五/ }).first().waitFor()
    await page.keyboard.press('Enter')
    await why(page)
  })
  const byDesk = { as: 'helpDesk', userId: 'yiwen' } as const
  const clicks = await clicksOf('why, help desk', '/console/help-desk', byDesk, async page => {
    await type(page.getByRole('searchbox'), '王五')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: '王五' }).click()
    await why(page)
  })
  expect(Math.max(byWords, clicks)).toBeLessThanOrEqual(most)
})

it('switches a feature', async () => {
  const clicks = await clicksOf('feature', '/console', administrator, async page => {
    await entry(page, '企业与体检', '系统')
    await tab(page, '功能')
    const one = page.getByRole('switch', { name: '公众号' })
    await one.click()
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '关闭' }).click()
    await expect.poll(() => one.isChecked()).toBe(false)
    await one.click()
    await expect.poll(() => one.isChecked()).toBe(true)
  })
  expect(clicks).toBeLessThanOrEqual(most)
})

it('pauses a corp', async () => {
  const clicks = await clicksOf('pause', '/console', { as: 'operator' }, async page => {
    await entry(page, '平台', '系统')
    await page.getByRole('link', { name: '第二中学' }).click()
    await tab(page, '暂停与删除')
    await button(page, '暂停企业').click()
    const dialog = page.getByRole('dialog')
    await type(dialog.getByLabel(/^原因/), '合同到期')
    await dialog.getByRole('button', { name: '暂停企业' }).click()
    await page.getByText(/于 .* 暂停/).waitFor()
  })
  expect(clicks).toBeLessThanOrEqual(most)
})

it('changes who sees an app', async () => {
  const clicks = await clicksOf('visibility', '/console', administrator, async page => {
    await entry(page, '应用中心')
    await page.getByRole('link', { name: 'OA 审批' }).click()
    await page.getByText('只给部分人').click()
    await type(page.getByLabel('成员', { exact: true }), 'lisi')
    await page.getByText(/lisi ·/).click()
    await page.keyboard.press('Escape')
    await button(page, /保\s?存/)
      .first()
      .click()
    await page.getByText('1 人可见').first().waitFor()
  })
  expect(clicks).toBeLessThanOrEqual(most)
})

it('finds who did an act', async () => {
  const clicks = await clicksOf('audit', '/console', administrator, async page => {
    await entry(page, '日志', '系统')
    await tab(page, '审计')
    await page.getByRole('combobox', { name: '操作' }).click()
    await option(page, '添加应用').click()
    await page.getByText('OA 审批').first().waitFor()
  })
  expect(clicks).toBeLessThanOrEqual(most)
})

it('shows members their to-dos and opens an app', async () => {
  const clicks = await clicksOf('to-dos', '/portal', { as: 'member', userId: 'lisi' }, async page => {
    await button(page, /待办/).first().click()
    await page.locator('.wb-todo-list').getByText('年假申请').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.portal-tile', { hasText: 'OA 审批' }).click()
    await page.waitForURL(/\/portal\/app\//)
  })
  expect(clicks).toBeLessThanOrEqual(most)
})

it('ends the session of a device', async () => {
  const other = await visit(world, { as: 'member', userId: 'lisi' })
  const clicks = await clicksOf('device', '/portal', { as: 'member', userId: 'lisi' }, async page => {
    await button(page, /账号|李四/)
      .first()
      .click()
    await page.getByText('设备与登录').click()
    const sessions = page.locator('.wb-sessions li')
    await sessions.first().waitFor()
    const before = await sessions.count()
    await sessions.nth(1).getByRole('button', { name: '退出' }).click()
    await expect.poll(() => sessions.count()).toBe(before - 1)
  })
  await other.page.goto('/portal')
  await other.page.waitForURL('**/signin?*')
  expect(clicks).toBeLessThanOrEqual(most)
})
