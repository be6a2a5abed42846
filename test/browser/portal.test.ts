import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setSignIn } from '../../server/features/app-sign-in/set-sign-in.ts'
import { addApp, setApp } from '../../server/features/apps/apps.ts'
import { saveMenu } from '../../server/features/apps/menus/versions.ts'
import { toEveryone } from '../../server/features/apps/visibility.ts'
import { sendText, useAgents } from '../../server/features/messages/messages.fixture.ts'
import type { World } from '../harness.ts'
import { type AppServer, appFrame, startAppServer } from './app-server.ts'
import {
  axe,
  closeBrowser,
  fitsWidth,
  look,
  phone,
  resized,
  type Visit,
  type VisitOptions,
  visit,
} from './browser.ts'
import { followLoading } from './chromium.ts'
import { announce, notifyOfTwoTypes, receiptOf } from './portal.fixture.ts'
import { startWorld } from './world.ts'

let world: World
let app: AppServer
let foreign: AppServer
const ids: Record<string, string> = {}

beforeAll(async () => {
  world = await startWorld({ members: 40, departments: 8 })
  app = await startAppServer(() => world.server.url)
  foreign = await startAppServer(() => world.server.url)
  const add = async (name: string, path: string, more: object = {}) => {
    const { id } = await addApp(world.ctx, 'test', world.corpId, {
      name,
      homeUrl: `${app.origin}${path}`,
      devId: world.dev.devId,
      ...more,
    })
    ids[name] = id
  }
  await add('考勤打卡', '/home?from=wisp#/start', { category: '人事' })
  await add('合同管理与审批流程平台', '/contracts', { category: '办公', openIn: 'frame' })
  await add('慢应用', '/slow', { category: '办公' })
  await add('坏应用', '/broken', { category: '测试' })
  await add('不让嵌入', '/unframed')
  await add('自己登录', '/own')
  const by = { actor: 'test', approves: true }
  const services = [`${app.origin}/own`]
  await setSignIn(world.ctx, by, world.corpId, ids['自己登录']!, {
    kind: 'cas',
    cas: { services, allowsHttp: true },
  })
  await add('没有服务器', '', { homeUrl: 'http://127.0.0.1:9/' })
  for (let n = 1; n <= 54; n++) await add(`应用 ${n}`, `/n${n}`, { category: n % 2 ? '工具' : '办公' })
  await useAgents(world)
  await announce(world, '放假安排', `10 月 1 日至 7 日放假。\n详见 ${app.origin}/holiday，或问办公室。`, true)
  await announce(world, '字'.repeat(64), '很长的一段话。'.repeat(200))
  await announce(world, '<script>🎉 مرحبا', 'هذا نص\n<b>plain</b>')
  const only = world.ctx.mirrors.of(world.corpId).members.byKey('lisi')?.id ?? 0
  await announce(world, '只给李四', '', false, { ...toEveryone, everyone: false, memberIds: [only] })
})
afterAll(async () => {
  await closeBrowser()
  await app?.close()
  await foreign?.close()
  await world?.close()
})

async function at(path: string, options: VisitOptions, run: (page: Page, visit: Visit) => Promise<void>) {
  const visited = await visit(world, { as: 'member', ...options })
  try {
    await visited.page.goto(path)
    await run(visited.page, visited)
  } finally {
    await visited.close()
  }
}

const open = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click()

describe('the desktop workbench', () => {
  it('shows, searches by pinyin, and keeps favourites', async () => {
    await at('/portal', {}, async (page, { complaints }) => {
      await page.getByRole('button', { name: '人事' }).waitFor()
      await axe(page)
      await page.keyboard.press('/')
      await page.keyboard.type('kqdk')
      await page.getByRole('button', { name: '考勤打卡', exact: true }).waitFor()
      expect(await page.locator('.portal-tile').count()).toBe(1)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: '把 应用 3 设为常用' }).click()
      await page.getByRole('button', { name: '把 考勤打卡 设为常用' }).click()
      const favourites = page.locator('.portal-tile-name')
      await page.getByRole('button', { name: '常用', exact: true }).click()
      await expect.poll(() => favourites.allTextContents()).toEqual(['应用 3', '考勤打卡'])
      await page.getByRole('button', { name: '调整顺序' }).click()
      await Promise.all([
        page.waitForResponse(response => response.request().method() === 'POST'),
        page.getByRole('button', { name: '考勤打卡 前移' }).click(),
      ])
      await page.reload()
      // They stand first also among all.
      await expect
        .poll(async () => (await favourites.allTextContents()).slice(0, 3))
        .toEqual(['考勤打卡', '应用 3', '合同管理与审批流程平台'])
      await page.getByRole('button', { name: '其他' }).click()
      expect(await favourites.allTextContents()).toEqual(['不让嵌入', '自己登录', '没有服务器'])
      expect(complaints).toEqual([])
    })
  })

  it('shows what is announced to the person, who puts it away and finds it again', async () => {
    await at('/portal', {}, async (page, { complaints }) => {
      await page.getByRole('heading', { name: /好，张三$/ }).waitFor()
      await page.getByText('现在没有等您处理的事').waitFor()
      const titles = page.getByRole('article').getByRole('heading')
      const all = ['重要 放假安排', '<script>🎉 مرحبا', '字'.repeat(64)]
      expect(await titles.allTextContents()).toEqual(all.slice(0, 2))
      await page.getByRole('button', { name: '还有 1 条公告' }).click()
      expect(await titles.allTextContents()).toEqual(all)
      const link = page.getByRole('link', { name: `${app.origin}/holiday`, exact: true })
      expect(await link.getAttribute('rel')).toBe('noopener noreferrer')
      await page.getByRole('button', { name: '全文' }).click()
      await page.getByRole('button', { name: '收起公告：放假安排' }).click()
      await expect.poll(() => titles.allTextContents()).toEqual(all.slice(1))
      await page.reload()
      await page.getByRole('button', { name: '已收起的公告（1）' }).click()
      expect(await titles.allTextContents()).toEqual([...all.slice(1), '重要 放假安排'])
      await look(page)
      expect(complaints).toEqual([])
    })
  })

  it('opens an app with its ticket and menu, in tabs that stay alive', async () => {
    const outside = { name: '外站', path: `${foreign.origin}/outside`, orderNum: 1, children: [] }
    const menu = [
      { name: '我的考勤', path: '/mine?x=1', orderNum: 1, children: [] },
      { name: '报表', path: '', orderNum: 2, children: [outside] },
    ]
    await saveMenu(world.ctx, 'test', world.ctx.apps.get(world.corpId, ids['考勤打卡']!), menu, null)
    await at('/portal', {}, async page => {
      await open(page, '考勤打卡')
      const home = await appFrame(page, '/home')
      const url = new URL(home.url())
      expect([url.searchParams.get('from'), url.hash]).toEqual(['wisp', '#/start'])
      const jessionId = url.searchParams.get('jessionId') ?? ''
      const info = await world.dev.get('/api/user/getInfo', { jessionId })
      expect(info.body).toMatchObject({ userId: 'zhangsan' })
      expect(await home.locator('#ticket').textContent()).toBe(jessionId)
      expect(new URL(page.url()).pathname).toBe(`/portal/app/${ids['考勤打卡']}`)
      await page.getByRole('button', { name: '我的考勤' }).click()
      const mine = await appFrame(page, '/mine')
      expect(new URL(mine.url()).searchParams.get('jessionId')).toBeTruthy()
      await mine.evaluate('window.isSame = true')
      await axe(page)
      await page.getByRole('button', { name: '工作台' }).click()
      await open(page, '应用 1')
      await appFrame(page, '/n1')
      await page.getByRole('navigation', { name: '已打开的应用' }).getByText('考勤打卡').click()
      expect(await mine.evaluate('window.isSame')).toBe(true)
      await page.getByRole('button', { name: '外站' }).click()
      const outside = await appFrame(page, '/outside')
      expect(outside.url()).toBe(`${foreign.origin}/outside`)
      await page.goBack()
      await appFrame(page, '/mine')
      await page.getByRole('button', { name: '关闭 考勤打卡' }).click()
      await expect.poll(() => page.url()).toContain(ids['应用 1'])
    })
  })

  it('keeps all open tabs through a reload, and opens each when it is shown', async () => {
    await at('/portal', {}, async (page, { context }) => {
      const tabs = page.getByRole('navigation', { name: '已打开的应用' }).locator('.portal-closable .wb-cut')
      await open(page, '应用 5')
      await appFrame(page, '/n5')
      await page.getByRole('button', { name: '工作台' }).click()
      await open(page, '应用 6')
      await appFrame(page, '/n6')
      await page.getByRole('button', { name: '工作台' }).click()
      await open(page, '应用 7')
      await appFrame(page, '/n7')
      await page.reload()
      await expect.poll(() => tabs.allTextContents()).toEqual(['应用 5', '应用 6', '应用 7'])
      await appFrame(page, '/n7')
      expect(page.frames().some(frame => /\/n[56]\?/.test(frame.url()))).toBe(false)
      await tabs.filter({ hasText: '应用 5' }).click()
      await appFrame(page, '/n5')
      // A tab of an app that is gone is not offered again, and other windows begin empty.
      await setApp(world.ctx, 'test', world.corpId, ids['应用 6']!, { enabled: false })
      await page.reload()
      await expect.poll(() => tabs.allTextContents()).toEqual(['应用 5', '应用 7'])
      await setApp(world.ctx, 'test', world.corpId, ids['应用 6']!, { enabled: true })
      const other = await context.newPage()
      await other.goto('/portal')
      await other.getByRole('button', { name: '人事' }).waitFor()
      expect(await other.locator('.portal-closable').count()).toBe(0)
    })
  })

  it('opens a kept tab when the one beside it is closed, and stays where an app was opened elsewhere', async () => {
    await at('/portal', {}, async (page, { context }) => {
      const shown = page.locator('.portal-app:not([hidden])')
      for (const [name, path] of [
        ['应用 8', '/n8'],
        ['应用 9', '/n9'],
      ] as const) {
        await page.getByRole('button', { name: '工作台' }).click()
        await open(page, name)
        await appFrame(page, path)
      }
      await page.reload()
      await appFrame(page, '/n9')
      // An app that signs people in by itself opens in a tab of the browser.
      await page.getByRole('button', { name: '工作台' }).click()
      const opened = context.waitForEvent('page')
      await open(page, '自己登录')
      await (await opened).close()
      await page.getByRole('button', { name: '人事' }).waitFor()
      await expect.poll(() => new URL(page.url()).pathname).toBe('/portal')
      expect(await shown.count()).toBe(0)
      expect(await page.locator('.portal-closable').count()).toBe(2)
      await page.getByRole('navigation', { name: '已打开的应用' }).getByText('应用 9').click()
      await page.getByRole('button', { name: '关闭 应用 9' }).click()
      await appFrame(page, '/n8')
      await expect.poll(() => page.url()).toContain(ids['应用 8'])
      expect(await shown.locator('[aria-busy=true]').count()).toBe(0)
    })
  })

  it('opens what a link names, and refuses what is not the app’s', async () => {
    const link = `/portal/app/${ids['考勤打卡']}?path=${encodeURIComponent('/deep?y=2')}`
    await at(link, {}, async page => {
      const frame = await appFrame(page, '/deep')
      expect(frame.url()).toMatch(/\/deep\?y=2&jessionId=[\w-]{32}$/)
    })
    await at(link, { as: 'nobody' }, async page => {
      await page.waitForURL(/\/signin\?to=/)
      expect(new URL(page.url()).searchParams.get('to')).toBe(link)
    })
    await at(
      `/portal/app/${ids['考勤打卡']}?path=${encodeURIComponent('https://evil.example/')}`,
      {},
      async page => {
        await page.getByText('没有这个页面').waitFor()
      },
    )
  })

  it('says what is wrong instead of showing white', async () => {
    await at('/portal', {}, async page => {
      for (const [name, words] of [
        ['坏应用', '坏应用 出错了'],
        ['不让嵌入', '不让嵌入 需要在新窗口打开'],
        ['没有服务器', '打不开 没有服务器'],
      ] as const) {
        await open(page, name)
        await page.getByRole('heading', { name: words }).waitFor()
        await axe(page)
        await page.getByRole('button', { name: '工作台' }).click()
      }
      await open(page, '慢应用')
      await page.getByRole('progressbar').last().waitFor({ state: 'attached' })
      await page.getByRole('heading', { name: '应用响应缓慢' }).waitFor({ timeout: 15_000 })
      const link = page.getByRole('link', { name: '在新窗口打开' }).last()
      expect(await link.getAttribute('href')).toContain('/slow?jessionId=')
    })
  })

  it('shows messages as they come, in every open window, and the badge goes when they were read', async () => {
    await at('/portal', {}, async (page, { context }) => {
      // More windows than a browser has connections to a host.
      const windows = [page]
      while (windows.length < 8) windows.push(await context.newPage())
      for (const one of windows.slice(1)) await one.goto('/portal')
      for (const one of windows) await one.getByRole('button', { name: '人事' }).waitFor()
      await sendText(world, '请今天下班前提交周报。', {
        title: '周报',
        url: `${app.origin}/report`,
        btntxt: '去填周报',
      })
      for (const one of windows)
        await one.getByRole('button', { name: '消息，1 条未读' }).waitFor({ timeout: 3000 })
      // The window that waits for the others goes, and another one takes over.
      for (const one of windows.slice(1)) await one.close()
      await page.getByRole('button', { name: /^未读消息\s*1$/ }).click()
      await page.getByText('请今天下班前提交周报。').waitFor()
      await axe(page)
      await page.keyboard.press('Escape')
      await page.getByText('现在没有等您处理的事').waitFor()
      await page.getByRole('button', { name: '消息', exact: true }).click()
      const { msgId } = await receiptOf(world, '请收到放假通知')
      await page.getByRole('button', { name: '收件箱' }).waitFor()
      const row = page.locator('.wb-message', { hasText: '请收到放假通知' })
      await row.getByRole('button', { name: '收到' }).waitFor({ timeout: 5000 })
      // The picture of the card has no second one.
      expect(await row.getByText('收到', { exact: true }).count()).toBe(1)
      await look(page)
      await row.getByRole('button', { name: '打开' }).click()
      await row.getByText('未读').waitFor({ state: 'detached' })
      await row.getByLabel('稍后').selectOption('24')
      await row.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: '稍后', exact: true }).click()
      await row.getByText(/回到收件箱/).waitFor()
      // The page that a mail or a reminder leads to.
      const linked = await context.newPage()
      await linked.goto(`/mobile?message=${msgId}`)
      await linked.getByRole('button', { name: '收到' }).click()
      await linked.getByText('已确认收到').waitFor()
      await resized(linked, phone, async () => {
        await look(linked)
      })
      await linked.close()
      await page.getByRole('button', { name: '收件箱' }).click()
      await page.getByRole('button', { name: '去填周报' }).click()
      const frame = await appFrame(page, '/report')
      expect(new URL(frame.url()).searchParams.get('jessionId')).toBeTruthy()
    })
  })

  it('shows the person, and speaks English', async () => {
    await at('/portal', {}, async page => {
      await page.getByRole('button', { name: '张三' }).click()
      await page.getByText('设备与登录').waitFor()
      await axe(page)
      await chooseMessages(page)
      await page.getByLabel('English').click()
      await page.getByText('Devices and sign-in').click()
      await page.getByText('This device').waitFor()
      await page.getByRole('button', { name: 'Back' }).click()
      await page.getByLabel('English').waitFor()
    })
  })
})

/** 我的 → 消息设置, with two types whose details are a sheet of their own. */
async function chooseMessages(page: Page): Promise<void> {
  await notifyOfTwoTypes(world)
  await page.getByRole('button', { name: '消息设置' }).click()
  const row = page.getByRole('switch', { name: '接收「请假审批」' })
  await row.click()
  await page.getByText('您选择不接收').waitFor()
  await page.getByText('必达：不能关闭，可以调整渠道').waitFor()
  await look(page, { dark: true })
  await page.getByRole('button', { name: /^工资条/ }).click()
  const sheet = page.getByRole('dialog', { name: '工资条' })
  await sheet.getByRole('checkbox', { name: '企业微信' }).click()
  await sheet.getByText('“工资条”是必达消息，至少保留一个能送达您的渠道').waitFor()
  await sheet.getByRole('button', { name: '关闭' }).click()
  await page.getByRole('button', { name: '免打扰' }).click()
  await look(page, { dark: true })
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('22:00–07:00，每天，Asia/Shanghai').waitFor()
  await page.getByRole('button', { name: '返回' }).click()
}

describe('the first load', () => {
  it.each([
    ['/portal', {}],
    ['/mobile', { size: phone }],
  ] as const)('of %s is small and nothing in it jumps', async (path, options) => {
    const { page, close } = await visit(world, { as: 'member', isNew: true, ...options })
    const sizes: Promise<number>[] = []
    page.on('requestfinished', request => {
      sizes.push(request.sizes().then(all => all.responseBodySize))
    })
    const loaded = followLoading(page)
    await page.addInitScript(`window.shift = 0
      new PerformanceObserver(list => {
        for (const entry of list.getEntries()) window.shift += entry.value
      }).observe({ type: 'layout-shift', buffered: true })`)
    await page.goto(path)
    await page.getByRole('button', { name: '人事' }).waitFor()
    await loaded()
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(250_000)
    expect(await page.evaluate('window.shift')).toBeLessThan(0.05)
    await close()
  })
})

describe('the phone’s workbench', () => {
  it('has four apps in a row, three tabs, and fits a narrow screen', async () => {
    await at('/mobile', { size: { width: 360, height: 740 } }, async page => {
      await page.getByRole('button', { name: '人事' }).waitFor()
      await fitsWidth(page)
      // What is announced takes one line, so that the first apps are in sight.
      const line = page.getByRole('button', { name: /^<script>🎉 مرحبا.*还有 1 条公告$/ })
      const tiles = await page.locator('.mobile-tile').all()
      const bar = await page.locator('.mobile-tabs').boundingBox()
      const { y: top = 0, height = 0 } = (await tiles[0]?.boundingBox()) ?? {}
      expect(top + height).toBeLessThan(bar?.y ?? 0)
      const boxes = await Promise.all(tiles.slice(0, 5).map(tile => tile.boundingBox()))
      expect(new Set(boxes.slice(0, 4).map(box => box?.y)).size).toBe(1)
      expect(boxes[4]?.y).toBeGreaterThan(boxes[0]?.y ?? 0)
      for (const box of boxes) expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44)
      await line.click()
      expect(await page.getByRole('article').count()).toBe(2)
      await page.getByRole('button', { name: '折叠公告' }).click()
      expect(await page.getByRole('article').count()).toBe(0)
      await axe(page)
      for (const name of ['消息', '我的']) {
        await page.locator('.mobile-tabs').getByRole('button', { name }).click()
        await page.locator('.mobile-tabs [aria-current=page]', { hasText: name }).waitFor()
        await fitsWidth(page)
        await axe(page)
      }
      // The devices are a place of their own: the browser's button and the sheet's both lead back.
      const sheet = page.getByRole('dialog', { name: '设备与登录' })
      await page.getByRole('button', { name: '设备与登录' }).click()
      await sheet.getByText('当前设备').waitFor()
      await page.goBack()
      await sheet.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: '设备与登录' }).click()
      await sheet.getByRole('button', { name: '返回' }).click()
      await sheet.waitFor({ state: 'detached' })
      expect(page.url()).toContain('/mobile?tab=me')
    })
  })

  it('opens apps top-level, and in a frame those that ask for it', async () => {
    await at('/mobile', { size: phone }, async page => {
      await open(page, '考勤打卡')
      await page.waitForURL(url => url.href.startsWith(`${app.origin}/home?from=wisp&jessionId=`))
      await page.goBack()
      await open(page, '合同管理与审批流程平台')
      await appFrame(page, '/contracts')
      expect(new URL(page.url()).pathname).toBe(`/mobile/app/${ids['合同管理与审批流程平台']}`)
      await axe(page)
      await page.getByRole('button', { name: '工作台' }).click()
      await page.getByRole('button', { name: '最近使用' }).waitFor()
      await page.goto(`/mobile/app/${ids['考勤打卡']}`)
      await page.waitForURL(url => url.href.startsWith(`${app.origin}/home?`))
    })
  })

  it('says why an app cannot be opened', async () => {
    await at('/mobile', { size: phone }, async page => {
      await page.getByRole('button', { name: '应用 2', exact: true }).first().waitFor()
      await setApp(world.ctx, 'test', world.corpId, ids['应用 2']!, { enabled: false })
      await open(page, '应用 2')
      await page.getByRole('alert').getByText('已停用').waitFor()
    })
  })
})
