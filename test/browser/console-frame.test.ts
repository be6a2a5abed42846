import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantAccount, removeAccount } from '../../server/features/official/accounts/bind.ts'
import { pages } from '../../web/console/pages.ts'
import { text as zh } from '../../web/text/zh/console.ts'
import type { World } from '../harness.ts'
import {
  axe,
  axeOnce,
  closeBrowser,
  fitsWidth,
  follow,
  look,
  phone,
  resized,
  tablet,
  visit,
} from './browser.ts'
import { followLoading } from './chromium.ts'
import { middleOf, wordsAtMost, wordsOfPage } from './words-of-page.ts'
import { startWorld } from './world.ts'

let world: World
let view: Awaited<ReturnType<typeof visit>>
beforeAll(async () => {
  world = await startWorld()
  await world.dev.get('/api/org/tagList')
  view = await visit(world, { as: 'system' })
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})
const own = [
  ['/console', '总览'],
  ['/console/alerts/past', '提醒记录'],
  ['/console/system/audit', '审计'],
  ['/console/system/sessions', '会话'],
  ['/console/system/about', '关于'],
] as const

/** Whole, in the window and in what scrolls around it. */
const isInView = (one: Locator) =>
  one.evaluate(element => {
    const { left, right, top, bottom } = element.getBoundingClientRect()
    const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
    return element.contains(middle) || middle?.contains(element) === true
  })

/** Addresses that pages had before, and where these are now. */
const moved = [
  ['/console/alerts', '/console'],
  ['/console/apps/menus?app=1&tab=versions', '/console/apps/1/menu?tab=versions'],
  ['/console/apps/announcements', '/console/messages/announcements'],
  ['/console/system/corps?tab=brand', '/console/system/corps/look'],
  ['/console/apps/developers?open=wd0&part=limits', '/console/apps/developers/wd0/usage?tab=limits'],
] as const

/** Says what is wrong with the headings of the page that is open: it has one of the first level, and leaves out none. */
const wrongHeadings = `(() => {
  const levels = [...document.querySelectorAll('main :is(h1, h2, h3, h4, h5, h6)')]
    .filter(one => one.getClientRects().length > 0)
    .map(one => Number(one.tagName[1]))
  const isRight = levels.filter(one => one === 1).length === 1 && levels.every((one, n) => one <= (levels[n - 1] ?? 0) + 1)
  return isRight ? '' : levels.join(' ') || 'none'
})()`

/** At both sizes in both themes. */
const inBoth = async (page: Page) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.locator('html[data-theme=light]').waitFor()
  await look(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html[data-theme=dark]').waitFor()
  await axeOnce(page, 'colours')
  await resized(page, phone, () => axeOnce(page, 'colours'))
  await page.emulateMedia({ colorScheme: 'light' })
}

describe('the console', () => {
  it.each(own)(
    '%s has no fault for axe, keeps its width and complains about nothing',
    async (path, title) => {
      const { page, complaints } = view
      await page.emulateMedia({ colorScheme: 'dark' })
      const loaded = followLoading(page)
      await follow(page, path)
      await page.getByRole('heading', { level: 1, name: title }).waitFor()
      await loaded()
      await inBoth(page)
      await resized(page, tablet, () => fitsWidth(page))
      expect(complaints).toEqual([])
    },
  )

  it('has a navigation that leads on and closes behind', async () => {
    const { page, close } = await visit(world, { as: 'system' })
    const navigation = page.getByRole('navigation', { name: '主导航' })
    await page.goto('/console')
    await navigation.getByRole('menuitem', { name: '系统' }).click()
    for (const [size, open] of [
      [{ width: 1440, height: 900 }, undefined],
      [tablet, '展开导航'],
      [phone, '打开导航'],
    ] as const) {
      await page.setViewportSize(size)
      await follow(page, '/console')
      if (open) await page.getByRole('button', { name: open }).click()
      await navigation.getByRole('link', { name: '日志' }).click()
      await page.waitForURL('**/console/apps/requests')
      await page.getByRole('heading', { level: 1, name: '接口日志' }).waitFor()
    }
    await navigation.waitFor({ state: 'hidden' })
    await close()
  })
})

describe('the way to a page', () => {
  it('marks one entry for every address, in view, and names the page in the browser', async () => {
    const { page, complaints, close } = await visit(world, {
      size: { width: 1280, height: 420 },
      as: 'system',
    })
    const marked = page.locator('.console-nav [aria-current]')
    const corp = world.ctx.corps.get(world.corpId).name
    await page.goto('/console')
    const words: number[] = []
    for (const { path, name, entry, isObject } of pages) {
      const waiting = { message: path, timeout: 10_000 }
      // As a link does, since loading everything again for each page takes half a minute.
      await page.evaluate(`history.pushState({}, '', '${path.replace('$id', '1').replace('/{-$tab}', '')}')`)
      // There is no object of that id, whose name its page would have.
      const about = `${zh[name]}${path.includes('$id') && !isObject ? ' #1' : ''}`
      // What is about all corps is under the name of none.
      const title = [about, ...(entry === 'platform' ? [] : [corp]), 'wisp'].join(' · ')
      await expect.poll(() => page.title(), waiting).toBe(title)
      await expect.poll(() => marked.allTextContents(), waiting).toEqual([zh[entry]])
      await expect.poll(() => isInView(marked), waiting).toBe(true)
      expect(await page.locator('.console-nav .ant-menu-submenu-open').count()).toBeLessThanOrEqual(1)
      await expect.poll(() => page.evaluate(wrongHeadings), waiting).toBe('')
      words.push(await page.evaluate<number>(wordsOfPage))
      expect(words.at(-1), `Chinese characters of ${path}`).toBeLessThanOrEqual(wordsAtMost.any)
    }
    expect(middleOf(words), 'Chinese characters of the middle page').toBeLessThanOrEqual(wordsAtMost.middle)
    for (const [old, now] of moved) {
      await page.evaluate(`history.pushState({}, '', '${old}')`)
      await expect.poll(() => page.url().replace(world.server.url, ''), { timeout: 10_000 }).toBe(now)
    }
    expect(complaints).toEqual([])
    await close()
  })

  it('remembers the open group, and opens that of the page', async () => {
    const { page, close } = await visit(world, { as: 'system' })
    const open = page.locator('.console-nav .ant-menu-submenu-open > .ant-menu-submenu-title')
    const opens = (name: string) =>
      expect.poll(() => open.allTextContents(), { timeout: 10_000 }).toEqual([name])
    await page.goto('/console')
    await opens('组织')
    await page.getByRole('menuitem', { name: /服务$/ }).click()
    await opens('服务')
    await page.reload()
    await opens('服务')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /搜索页面/ }).fill('审计')
    await page.getByRole('option', { name: /^审计/ }).first().click()
    await opens('系统')
    await page.getByRole('link', { name: 'wisp 回到总览' }).click()
    await page.waitForURL('**/console')
    await opens('系统')
    await close()
  })

  it('leads through what belongs together by tabs', async () => {
    const { page, complaints } = view
    await follow(page, '/console/logs')
    await page.waitForURL('**/console/apps/requests')
    const tabs = page.getByRole('navigation', { name: '日志' }).getByRole('link')
    await tabs.first().waitFor()
    expect(await tabs.allTextContents()).toEqual(['接口日志', '登录', '个人信息', '变更事件', '审计'])
    await tabs.getByText('变更事件').click()
    const beside = page.getByRole('navigation', { name: '相关页面' }).getByRole('link')
    await expect.poll(() => beside.allTextContents()).toEqual(['推送记录', '支付通知'])
    await beside.getByText('支付通知').click()
    await page.waitForURL('**/console/payments/notifications')
    await page.getByRole('heading', { level: 1, name: '支付通知' }).waitFor()
    await inBoth(page)
    await follow(page, '/console/payments/bills/import')
    await page.getByRole('heading', { level: 1, name: '导入账单' }).waitFor()
    const current = page.getByRole('navigation', { name: '统一支付' }).locator('[aria-current]')
    expect(await current.allTextContents()).toEqual(['账单'])
    await resized(page, phone, async () => {
      await follow(page, '/console/official/mass')
      await page.getByRole('heading', { level: 1, name: '群发' }).waitFor()
      const bar = page.getByRole('navigation', { name: '公众号' })
      await expect.poll(() => isInView(bar.locator('[aria-current]')), { timeout: 10_000 }).toBe(true)
      // The row is wider than the window, and was scrolled for that.
      expect(await bar.locator('ul').evaluate(list => list.scrollLeft)).toBeGreaterThan(0)
      await axe(page)
      await fitsWidth(page)
    })
    expect(complaints).toEqual([])
  })

  it('is found by words of either language, to the setting', async () => {
    const { page, complaints } = view
    await follow(page, '/console')
    await page.getByRole('heading', { level: 1, name: '总览' }).waitFor()
    const find = async (words: string, option: RegExp) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: /搜索页面/ }).fill(words)
      await page.getByRole('option', { name: option }).first().waitFor()
      await page.keyboard.press('Enter')
    }
    await find('refund', /退款/)
    await page.waitForURL('**/console/payments/refunds')
    await find('消息 渠道', /消息渠道/)
    await page.waitForURL('**/console/messages/settings')
    await find('days request log', /接口日志保留天数/)
    await page.getByRole('dialog').getByLabel('接口日志保留天数').waitFor()
    await page.waitForURL('**/console/apps/developers?defaults=1')
    await find('暂停企业', /^暂停、导出或删除企业/)
    await page.waitForURL('**/console/operator/*/acts')
    await find('换密钥 测试', /^更换“测试”的密钥/)
    await page.waitForURL(`**/console/apps/developers/${world.dev.devId}/secrets`)
    await find('为什么张三没收到', /^查看“张三 zhangsan”为什么没收到/)
    await page.waitForURL('**/console/help-desk/zhangsan')
    await find('邮件 port', /邮件/)
    await page.waitForURL('**/console/messages/settings?channel=email')
    expect(complaints).toEqual([])
  })
})

describe('the sidebar', () => {
  it('folds on a tablet, below 1100 pixels by choice, and remembers it', async () => {
    const { page, complaints, close } = await visit(world, { size: tablet, as: 'system' })
    await page.goto('/console/system/audit')
    const logs = page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '日志' })
    await page.getByRole('button', { name: '展开导航' }).waitFor()
    expect(await logs.count()).toBe(0)
    await page.setViewportSize({ width: 1099, height: 900 })
    await logs.waitFor()
    await page.getByRole('button', { name: '收起导航' }).click()
    await logs.waitFor({ state: 'hidden' })
    await axe(page)
    await page.reload()
    await page.getByRole('button', { name: '展开导航' }).waitFor()
    await page.setViewportSize({ width: 1100, height: 900 })
    await logs.waitFor()
    await page.getByRole('button', { name: /导航/ }).waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
    await close()
  })
})

describe('the console as it is used', () => {
  it('loads little at first, shows the shape of what comes, and nothing in it jumps', async () => {
    const { page, close } = await visit(world, { as: 'system', isNew: true })
    const sizes: Promise<number>[] = []
    page.on('requestfinished', request => {
      sizes.push(request.sizes().then(all => all.responseBodySize))
    })
    await page.addInitScript(`window.shift = 0
      new PerformanceObserver(list => {
        for (const entry of list.getEntries()) window.shift += entry.value
      }).observe({ type: 'layout-shift', buffered: true })`)
    let go = () => {}
    const held = new Promise<void>(resolve => {
      go = resolve
    })
    await page.route('**/web/session', async route => {
      await held
      await route.continue()
    })
    const loaded = followLoading(page)
    await page.goto('/console', { waitUntil: 'commit' })
    await page.locator('.console-sider').waitFor()
    await page.locator('.console-content .wisp-skeleton').waitFor()
    go()
    await page.locator('.overview-figures').waitFor()
    await loaded()
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    expect(bytes).toBeGreaterThan(100_000)
    expect(bytes).toBeLessThan(350_000)
    expect(await page.evaluate('window.shift')).toBeLessThan(0.02)
    await close()
  })

  it('keeps the rows of a list while the server is away, says so, and goes on by itself', async () => {
    const { page, close } = await visit(world, { as: 'system' })
    await page.clock.install()
    await page.goto('/console/apps/developers')
    const row = page.locator('tr.ant-table-row', { hasText: '测试' })
    await row.waitFor()
    const away = {
      status: 503,
      contentType: 'application/json',
      body: '{"retCode":"1010","retMessage":"数据库暂时无法访问"}',
    }
    await page.route('**/web/developers/list?*', route => route.fulfill(away))
    // The list is read again when somebody comes back to the page.
    await page.clock.runFor(6000)
    await page.evaluate('dispatchEvent(new Event("visibilitychange"))')
    await page.clock.runFor(1000)
    const note = page.getByText(/数据库暂时无法访问。下面是 .+ 的内容，正在自动重试。/)
    await note.waitFor()
    expect(await row.isVisible()).toBe(true)
    await page.getByRole('button', { name: '现在重试' }).waitFor()
    await look(page)
    await page.unroute('**/web/developers/list?*')
    await page.clock.runFor(30_000)
    await note.waitFor({ state: 'detached' })
    await follow(page, '/console/nothing-here')
    await page.getByRole('heading', { name: '没有这个页面' }).waitFor()
    await page.getByRole('main').getByRole('link', { name: '回到总览' }).waitFor()
    expect(await page.getByRole('link', { name: '提醒记录' }).count()).toBe(0)
    await look(page)
    await close()
  })

  it('says so when it refreshes itself and nobody has touched it for a while', async () => {
    const { page, close } = await visit(world, { as: 'system' })
    await page.clock.install()
    const asked = async () => {
      const request = await page.waitForRequest(one => one.url().includes('/web/overview'))
      // The next one is only due once this is answered and taken in.
      await (await request.response())?.finished()
      await page.clock.runFor(1000)
      return request.headers()['x-wisp-unattended'] === '1'
    }
    const first = asked()
    await page.goto('/console')
    expect(await first).toBe(false)
    await page.getByRole('heading', { level: 1, name: '总览' }).waitFor()
    const alone = asked()
    await page.clock.fastForward(61_000)
    expect(await alone).toBe(true)
    await page.mouse.move(200, 200)
    const touched = asked()
    await page.clock.fastForward(31_000)
    expect(await touched).toBe(false)
    await close()
  })

  it('finds a member from everywhere, by keyboard alone', async () => {
    const { page, complaints } = view
    await follow(page, '/console/system/about')
    await page.getByRole('heading', { name: '关于' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /搜索页面/ }).waitFor()
    await page.keyboard.type('zhangsan')
    await page.getByRole('option', { name: /^张三/ }).waitFor()
    await axe(page)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/console/directory?open=zhangsan')
    expect(complaints).toEqual([])
  })

  it('speaks English when asked to, and remembers', async () => {
    const { page, close } = await visit(world, { as: 'system' })
    await page.goto('/console')
    await page.getByRole('button', { name: /账号/ }).click()
    await page.getByRole('menuitem', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    // biome-ignore lint/performance/useDomNodeTextContent: only what is shown counts.
    expect(await page.locator('body').innerText()).not.toMatch(/总览|同步|应用中心/)
    await close()
  })

  it('shows a graded administrator no more than the address book', async () => {
    const departments = [{ departmentId: 2, manage: true }]
    const { page, close } = await visit(world, { as: 'graded', userId: 'lisi', departments })
    await page.goto('/console')
    await page.getByRole('region', { name: '您管理的部门' }).getByText('未激活成员').waitFor()
    await axe(page)
    const groups = page.locator('.console-nav .ant-menu-submenu-title')
    const titles = () => groups.allTextContents()
    // Pages about official accounts are of use to whom one was given.
    expect(await titles()).toEqual(['组织', '服务'])
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /搜索页面/ }).fill('公众号')
    await page.getByText('没有找到“公众号”').waitFor()
    const { originalId } = await world.bindOfficial('service')
    await grantAccount(world.ctx, 'test', world.corpId, originalId, ['lisi'])
    await page.reload()
    await expect.poll(titles, { timeout: 10_000 }).toEqual(['组织', '服务', '系统'])
    await groups.last().click()
    const open = page.locator('.console-nav .ant-menu-submenu-open a')
    await expect.poll(() => open.allTextContents(), { timeout: 10_000 }).toEqual(['日志'])
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /搜索页面/ }).fill('公众号')
    await page.getByRole('option', { name: /粉丝/ }).waitFor()
    const places = page.getByRole('option', { name: /AppSecret|账单|商户|审计|开发者/ })
    expect(await places.count()).toBe(0)
    await page.keyboard.press('Escape')
    await follow(page, '/console/logs')
    await page.waitForURL('**/console/official/pushes')
    await follow(page, '/console/system/audit')
    await page.getByText('没有权限').waitFor()
    await axe(page)
    await close()
    await removeAccount(world.ctx, 'test', world.corpId, originalId)
  })

  it('is closed to plain members, and sends who is not signed in to sign in', async () => {
    const member = await visit(world, { as: 'member', userId: 'wangwu' })
    await member.page.goto('/console')
    await member.page.getByText('控制台只对管理员和服务台开放').waitFor()
    await axe(member.page)
    await member.page.getByRole('link', { name: '去工作台' }).click()
    await member.page.waitForURL('**/portal')
    await member.page.goBack()
    await member.page.getByRole('button', { name: '退出登录' }).click()
    await member.page.waitForURL('**/signin?out=1')
    await member.close()
    const nobody = await visit(world)
    await nobody.page.goto('/console/system/audit?actor=a')
    await nobody.page.waitForURL('**/signin?to=%2Fconsole%2Fsystem%2Faudit%3Factor%3Da')
    await nobody.close()
  })

  it('ends a session after asking', async () => {
    const other = await visit(world, { as: 'super', userId: 'zhangsan' })
    const { page } = view
    await follow(page, '/console/system/sessions?q=zhangsan')
    await page.getByRole('button', { name: '结束此人的全部会话' }).first().click()
    await page.getByRole('dialog', { name: '结束 张三 的全部会话？' }).waitFor()
    await axe(page)
    await page.getByRole('dialog').getByRole('button', { name: '结束此人的全部会话' }).click()
    await page.getByText(/已结束 \d+ 个会话/).waitFor()
    await other.page.goto('/console')
    await other.page.waitForURL('**/signin?*')
    await other.close()
  })

  it('signs out', async () => {
    const { page, close } = await visit(world, { as: 'system' })
    await page.goto('/console')
    await page.getByRole('button', { name: /账号/ }).click()
    await page.getByRole('menuitem', { name: '退出登录' }).click()
    await page.waitForURL('**/signin?out=1')
    await page.goto('/console')
    await page.waitForURL('**/signin?*')
    await close()
  })
})
