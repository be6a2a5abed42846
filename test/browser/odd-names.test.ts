import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addApp } from '../../server/features/apps/apps.ts'
import { sendText, useAgents } from '../../server/features/messages/messages.fixture.ts'
import { connectMerchant } from '../../server/features/payments/merchants/merchant.fixture.ts'
import type { World } from '../harness.ts'
import {
  closeBrowser,
  desktop,
  fitsWidth,
  follow,
  look,
  phone,
  resized,
  type Visit,
  visit,
} from './browser.ts'
import { startWorld } from './world.ts'

const long = '永'.repeat(64)
const longest = '永'.repeat(32)
const script = '<script>window.wasRun=1</script>'
const turned = '\u202Eמשתמש\u202D العربية'
const emoji = '👩🏽‍🚀🏳️‍🌈🇨🇳'
/** What a desktop window has at a zoom of 200 %. */
const atDouble = { width: 720, height: 450 }
/** The texts that a printer would get, and their colours. */
const onPaper = `(() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const texts = []
  const colours = new Set()
  while (walk.nextNode()) {
    const { data, parentElement } = walk.currentNode
    if (!data.trim() || !parentElement.checkVisibility() || parentElement.closest('script, style, .wisp-hidden:not(h1)')) continue
    texts.push(data)
    const { color, backgroundColor } = getComputedStyle(parentElement)
    colours.add(color + ' on ' + backgroundColor)
  }
  return { texts, colours: [...colours] }
})()`
const names = [long, script, turned, emoji]
const lastLevel = 15

let world: World
let levels: number[]
let seen: Visit
let page: Page

/** Departments below each other down to the fifteenth level; resolves with their ids. */
async function chain(): Promise<number[]> {
  const ids = [1]
  for (let level = 2; level <= lastLevel; level++) {
    const name = level === lastLevel ? '最深的一级' : `第${level}级部门`
    const { id } = (await world.admin('department/create', { name, parentid: ids.at(-1) })) as { id: number }
    ids.push(id)
  }
  return ids
}

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 420 - lastLevel })
  await useAgents(world)
  await connectMerchant(world)
  levels = await chain()
  const deepest = levels.at(-1)
  await world.admin('department/create', { name: longest, parentid: deepest })
  for (const [index, name] of names.entries()) {
    const userid = `odd${index}`
    await world.admin('user/create', {
      userid,
      name,
      position: long,
      department: [deepest],
      mobile: `1381234000${index}`,
    })
    await world.admin('user/update', { userid, status: 1 })
    await world.admin('tag/create', { tagname: name.slice(0, 32) })
  }
  await world.sync()
  const dev = await world.addDeveloper({ scopes: ['pay:read', 'pay:write'], name: long })
  for (const [index, name] of names.entries()) {
    await world.addDeveloper({ name })
    await addApp(world.ctx, 'test', world.corpId, {
      name: name.slice(0, 32),
      homeUrl: 'https://app.example.com',
    })
    await sendText(world, name)
    const made = await dev.post('/api/pay/bill/create', {
      billNo: `ODD-${index}`,
      userId: `odd${index}`,
      // WeChat Pay takes no emoji.
      title: name === emoji ? '学费' : name,
      amount: 100,
    })
    expect(made.retCode, made.retMessage).toBe('0')
  }
  seen = await visit(world, { as: 'system' })
  page = seen.page
})
afterAll(async () => {
  await closeBrowser()
  await world?.close()
})

/** No cell is wider than it may be, and the last column is in sight without scrolling. */
async function keepsColumns(): Promise<void> {
  const found = await page.evaluate<{ widest: number; overBy: number }>(`(() => {
    const cells = [...document.querySelectorAll('main td > .wisp-cell')]
    const head = [...document.querySelectorAll('main th')].at(-1)
    return {
      widest: Math.max(...cells.map(cell => cell.getBoundingClientRect().width)),
      overBy: head.getBoundingClientRect().right - innerWidth,
    }
  })()`)
  expect(found.widest).toBeLessThan(400)
  expect(found.overBy).toBeLessThanOrEqual(0)
}

describe('names of every kind', () => {
  it.each([
    ['/console/directory?text=odd', 4],
    ['/console/directory/tags', 4],
    ['/console/apps/developers', 5],
    ['/console/apps', 4],
    ['/console/messages', 4],
    ['/console/payments/bills', 4],
    ['/console/system/audit', 10],
  ])('keep the columns of %s in sight and run nothing', async (path, atLeast) => {
    await follow(page, path)
    const rows = page.locator('main tbody tr.ant-table-row')
    await rows.nth(atLeast - 1).waitFor()
    await keepsColumns()
    await fitsWidth(page)
    await resized(page, phone, async () => {
      await page
        .locator('main .wisp-cards > li')
        .nth(atLeast - 1)
        .waitFor()
      await fitsWidth(page)
    })
    expect(await page.evaluate('window.wasRun')).toBeUndefined()
    expect(seen.complaints).toEqual([])
  })

  it('leave everything within reach at 200 %, and are on paper alone and black', async () => {
    await resized(page, atDouble, async () => {
      await page.goto('/console/apps/developers')
      await page.locator('main .wisp-cards > li').nth(4).waitFor()
      await fitsWidth(page)
      await page.getByRole('button', { name: '创建开发者' }).click()
      const drawer = page.getByRole('dialog')
      await drawer.locator('.wisp-fold > summary').click()
      const buttons = await drawer.getByRole('button', { name: '创建开发者' }).boundingBox()
      for (const field of await drawer.locator('input:visible, textarea:visible').all()) {
        await field.scrollIntoViewIfNeeded()
        const box = await field.boundingBox()
        expect(box?.y, 'below the head of the drawer').toBeGreaterThan(40)
        expect((box?.y ?? 0) + 16, 'above its buttons').toBeLessThan(buttons?.y ?? 0)
      }
      await fitsWidth(page)
    })
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
    await page.goto('/console/directory?text=odd')
    const name = page.locator('main tbody tr.ant-table-row').nth(3)
    await name.waitFor()
    const shown = await page.evaluate<{ texts: string[]; colours: string[] }>(onPaper)
    expect(shown.texts[0]).toBe('成员')
    expect(shown.texts).toEqual(expect.arrayContaining(['姓名', long, script]))
    expect(shown.texts.filter(text => /总览|导出|视图|搜索/.test(text))).toEqual([])
    expect(shown.colours).toEqual(['rgb(0, 0, 0) on rgb(255, 255, 255)'])
    await page.emulateMedia({ colorScheme: 'light', media: 'screen' })
  })

  it('are shown whole where they were cut, to the pointer and to the keyboard', async () => {
    await follow(page, '/console/directory?text=odd0')
    const position = page
      .locator('td > .wisp-cell', { hasText: long })
      .filter({ hasNot: page.locator('a') })
      .first()
    await position.hover()
    const whole = page.getByRole('tooltip')
    expect(await whole.textContent()).toBe(long)
    await page.keyboard.press('Escape')
    await whole.waitFor({ state: 'detached' })
    await page.mouse.move(5, 5)
    await position.focus()
    expect(await whole.textContent()).toBe(long)
    await look(page)
  })

  it('stand in the head of what is opened', async () => {
    await follow(page, '/console/directory?open=odd0')
    await page.getByRole('dialog').getByText(long).first().waitFor()
    await fitsWidth(page)
    await resized(page, phone, () => fitsWidth(page))
  })

  it.each([
    ['fits, below the header of the page', { width: 1800, height: 900 }, 56, 60],
    ['scrolls in itself, above its rows', desktop, 60, 300],
  ])('leave the head of a list in sight that %s', async (_how, size, from, to) => {
    await resized(page, size, async () => {
      await page.goto('/console/directory?pageSize=50')
      const row = page.locator('main tbody tr.ant-table-row').nth(20)
      await row.scrollIntoViewIfNeeded()
      const head = await page.locator('main thead th').first().boundingBox()
      expect(head?.y).toBeGreaterThanOrEqual(from)
      expect(head?.y).toBeLessThan(to)
      expect(head?.y).toBeLessThan((await row.boundingBox())?.y ?? 0)
    })
  })
})

describe('420 departments in fifteen levels', () => {
  it('are found by pinyin, with where they are, and legible at the deepest level', async () => {
    // Levels may come in any order: here one in the middle comes last.
    const isLevel = (level: number) => (url: URL) =>
      url.pathname === '/web/directory/departments' &&
      url.searchParams.get('parentId') === String(levels[level - 1])
    const last = page.waitForResponse(response => isLevel(lastLevel - 1)(new URL(response.url())))
    await page.route(isLevel(8), async route => {
      await (await last).finished()
      await route.continue()
    })
    await page.goto('/console/directory')
    const search = page.getByRole('textbox', { name: '部门名称或拼音' })
    await search.fill('zuishen')
    const found = page.getByRole('list', { name: '部门树' }).getByRole('button')
    await found.getByText('第14级部门').waitFor()
    await found.click()
    const deepest = page.locator('.ant-tree-treenode-selected', { hasText: '最深的一级' })
    await deepest.waitFor()
    await page.waitForURL(/orgId=/)
    await look(page)
    await resized(page, phone, async () => {
      await page.getByRole('button', { name: '最深的一级' }).click()
      const name = page.getByRole('dialog').locator('.directory-tree-name', { hasText: '最深的一级' })
      await name.waitFor()
      const { shown, whole } = await name.evaluate(one => ({
        shown: one.clientWidth,
        whole: one.scrollWidth,
      }))
      expect(shown).toBeGreaterThanOrEqual(whole)
    })
  })

  it('are chosen in the same way', async () => {
    await page.setViewportSize(desktop)
    await follow(page, '/console/directory/roles')
    await page.getByRole('button', { name: '添加管理员' }).click()
    await page.getByRole('combobox', { name: '可管理的部门' }).fill('zuishen')
    const hit = page.locator('.ant-select-tree-title', { hasText: '最深的一级' })
    await hit.getByText('第14级部门').waitFor()
    await hit.click()
    await page.locator('.ant-select-selection-item', { hasText: /^最深的一级$/ }).waitFor()
  })
})
