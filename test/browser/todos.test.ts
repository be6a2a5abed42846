import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addApp } from '../../server/features/apps/apps.ts'
import { setTodoAppSettings } from '../../server/features/todos/settings/settings.ts'
import type { Caller, World } from '../harness.ts'
import { until } from '../until.ts'
import { type AppServer, startAppServer } from './app-server.ts'
import { axe, closeBrowser, fitsWidth, follow, look, phone, resized, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let app: AppServer
let dev: Caller
const ids: Record<string, string> = {}

beforeAll(async () => {
  world = await startWorld({ members: 40, departments: 8 })
  app = await startAppServer(() => world.server.url)
  dev = await world.addDeveloper({ scopes: ['todo:read', 'todo:write'] })
  for (const name of ['OA 办公', '合同管理与审批流程平台']) {
    const settings = { name, homeUrl: `${app.origin}/home`, devId: dev.devId }
    ids[name] = (await addApp(world.ctx, 'test', world.corpId, settings)).id
  }
})
afterAll(async () => {
  await closeBrowser()
  await app?.close()
  await world?.close()
})

const shots = process.env['SHOTS']
const shot = (page: Page, name: string) =>
  shots ? page.screenshot({ path: `${shots}/todos-${name}.png` }) : undefined
const put = (userId: string, list: object[]) =>
  dev.post('/api/todo/put', {
    list: list.map((one, n) => ({
      todoNo: `${userId}-${n}`,
      userId,
      agentId: ids['OA 办公'],
      url: `${app.origin}/home?todo=${n}`,
      ...one,
    })),
  })
const openTitles = async (userId: string): Promise<string[]> =>
  (
    await world.ctx.db
      .selectFrom('todo')
      .innerJoin('member', 'member.id', 'todo.holder_id')
      .where('member.user_key', '=', userId)
      .where('todo.state', '=', 'open')
      .select('todo.title')
      .execute()
  ).map(one => one.title)
const sizes = [
  ['390', phone, '/mobile?tab=todos'],
  ['1440', {}, '/portal'],
] as const

async function at(userId: string, path: string, options: object, run: (page: Page) => Promise<void>) {
  const visited = await visit(world, { as: 'member', userId, ...options })
  try {
    await visited.page.goto(path)
    await run(visited.page)
    expect(visited.complaints).toEqual([])
  } finally {
    await visited.close()
  }
}

describe('to-dos', () => {
  it.each(sizes)('are listed, searched, opened and finished at %s', async (name, size, path) => {
    const userId = name === '390' ? 'zhangsan' : 'lisi'
    await put(userId, [
      {
        title: '李四的请假申请',
        sender: '李四',
        process: '请假',
        step: '部门审批',
        content: '事假一天，家中有事。',
        priority: '2',
      },
      {
        title: '十一月差旅费报销',
        process: '报销',
        dueAt: '2026-01-01T00:00:00+08:00',
        priority: '1',
        agentId: ids['合同管理与审批流程平台'],
      },
      { title: '请阅：关于 2026 年元旦放假安排的通知', kind: 'read', finishBy: 'person' },
      { title: '领取工作证', finishBy: 'person', dueAt: '2027-01-10T00:00:00+08:00' },
      {
        title: `${'很长的标题'.repeat(20)}https://example.com/${'x'.repeat(40)}`,
        content: '说明'.repeat(300),
      },
      { title: '已经办完的', state: 'done' },
    ])
    await at(userId, path, name === '390' ? { size } : {}, async page => {
      if (name === '1440') await page.getByRole('button', { name: /^待办，5/ }).click()
      await page.locator('.wb-todo-list').getByText('领取工作证').waitFor()
      // What is due first stands first, in words.
      const first = page.locator('.wb-todo-list li').first()
      expect(await first.locator('.wb-due-late').textContent()).toMatch(/1 月 1 日 00:00/)
      await look(page, name === '390' ? { size: phone, dark: true } : { size: { width: 1440, height: 900 } })
      await shot(page, `list-${name}`)
      await page.getByRole('searchbox', { name: '搜索标题、流程、发起人' }).fill('差旅')
      await page.locator('.wb-todo-list').getByText('领取工作证').waitFor({ state: 'detached' })
      expect(await page.locator('.wb-todo-list li').count()).toBe(1)
      await page.getByRole('searchbox', { name: '搜索标题、流程、发起人' }).fill('')
      const row = page.locator('.wb-todo-list li', { hasText: '领取工作证' })
      const [go, finish] = ['去处理', '完成'].map(name => row.getByRole('button', { name, exact: true })) as [
        Locator,
        Locator,
      ]
      const [left, right] = [(await go.boundingBox())!, (await finish.boundingBox())!]
      for (const { width, height } of [left, right])
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
      expect(right.x - left.x - left.width).toBeGreaterThanOrEqual(24)
      const posts: string[] = []
      page.on(
        'request',
        request => request.method() === 'POST' && posts.push(new URL(request.url()).pathname),
      )
      await finish.click()
      await row.getByText('已完成').waitFor()
      await shot(page, `undo-${name}`)
      await row.getByRole('button', { name: '撤销' }).click()
      await finish.click()
      // What is drawn again keeps it, and takes it back still.
      await page.getByRole('searchbox', { name: '搜索标题、流程、发起人' }).fill('工作证')
      await row.getByRole('button', { name: '撤销' }).click()
      await finish.waitFor()
      await page.getByRole('searchbox', { name: '搜索标题、流程、发起人' }).fill('')
      await finish.click()
      expect(posts).toEqual([])
      if (name === '390') {
        // Leaving the page sends it.
        await page.goto('about:blank')
        await until('the end of the to-do', async () =>
          (await openTitles(userId)).every(one => one !== '领取工作证'),
        )
        await page.goto(path)
      }
      await row.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: /^已办/ }).click()
      await page.getByText('已经办完的').waitFor()
      await shot(page, `ended-${name}`)
      await page.locator('.wb-segment').first().click()
      const popup = name === '390' ? undefined : page.waitForEvent('popup')
      await page.getByRole('button', { name: '李四的请假申请' }).click()
      const target = (await popup) ?? page
      await target.waitForURL(/todo=0&jessionId=/)
    })
  })

  it('are nothing, and three hundred', async () => {
    await at('wangwu', '/mobile?tab=todos', { size: phone }, async page => {
      await page.getByText('没有待办').waitFor()
      await axe(page)
      await shot(page, 'none-390')
    })
    await put(
      'wangwu',
      Array.from({ length: 300 }, (_, n) => ({
        title: `待办 ${n}`,
        createdAt: new Date(1_790_000_000_000 + n * 1000).toISOString(),
      })),
    )
    await at('wangwu', '/mobile?tab=todos', { size: phone }, async page => {
      await page.getByText('待办 299').waitFor()
      await fitsWidth(page)
      await page.getByRole('button', { name: '更多' }).click()
      await page.getByText('待办 245', { exact: true }).waitFor()
    })
  })
})

describe('the console', () => {
  beforeAll(async () => {
    await setTodoAppSettings(world.ctx, 'test', world.corpId, ids['OA 办公']!, { mayPassOn: true })
    await world.admin('user/create', {
      userid: 'liren',
      name: '离人',
      department: [1],
      mobile: '13900000003',
    })
    const [department] = world.ctx.mirrors.of(world.corpId).members.byKey('zhaomin')!.departments
    await world.admin('user/update', { userid: 'lisi', department: [department] })
    await world.admin('user/create', {
      userid: 'yali',
      name: '雅离',
      department: [1],
      mobile: '13900000004',
      direct_leader: ['lisi'],
    })
    await world.sync()
    await put('yali', [{ title: '雅离留下的用印' }])
    await put('liren', [{ title: '离人留下的合同审批' }, { title: '离人留下的采购' }])
    for (const userid of ['liren', 'yali']) await world.admin('user/delete', { userid })
    await world.sync()
  })

  it("lists everybody's, by app and state", async () => {
    const visited = await visit(world, { as: 'super' })
    const { page } = visited
    await page.goto('/console/todos')
    await page.getByText('离人留下的采购').first().waitFor()
    await look(page, { dark: true })
    await shot(page, 'console')
    await page.getByRole('button', { name: /合同管理/ }).click()
    await page.getByText('十一月差旅费报销').first().waitFor()
    await page.getByText('离人留下的采购').waitFor({ state: 'detached' })
    await resized(page, phone, () => page.getByText('十一月差旅费报销').first().waitFor())
    for (const part of ['settings', 'delegations']) {
      await follow(page, `/console/todos/${part}`)
      await page
        .getByText(part === 'settings' ? '开启免打扰' : '离职人员还有待办')
        .first()
        .waitFor()
      await look(page)
      await shot(page, `console-${part}`)
    }
    await follow(page, `/console/apps/${ids['OA 办公']}/todos`)
    await page.getByText('到期提醒').first().waitFor()
    await look(page)
    await shot(page, 'console-app')
    expect(visited.complaints).toEqual([])
    await visited.close()
  })

  it('passes on what a leaver had, and keeps reminders and quiet hours', async () => {
    const visited = await visit(world, { as: 'super' })
    const { page } = visited
    await page.goto('/console/todos/delegations')
    await page.getByRole('button', { name: '移交给李四' }).click()
    await page.getByRole('dialog', { name: '把雅离的 1 条待办移交给李四？' }).waitFor()
    await shot(page, 'console-hand-over')
    await page.getByRole('dialog').getByRole('button', { name: '移交给李四' }).click()
    await page.getByText('已移交 1 条').waitFor()
    const row = page.getByRole('listitem').filter({ hasText: '离人' })
    await row.getByRole('button', { name: '选择接手人' }).click()
    await page.getByText('OA 办公：2 条').waitFor()
    await page.getByLabel('接手人').fill('zhaomin')
    await page.getByText('zhaomin', { exact: false }).last().click()
    await shot(page, 'console-pass-on')
    await page.getByRole('button', { name: '移交 2 条' }).click()
    await page.getByText('已移交 2 条').waitFor()
    await follow(page, `/console/apps/${ids['OA 办公']}/todos`)
    await page.getByLabel('到期提醒').click()
    await page.getByTitle('截止前 1 小时').click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^保\s*存$/ }).click()
    await page.getByText('已保存').waitFor()
    expect(world.ctx.todoSettings.of(ids['OA 办公']!).remindMinutes).toEqual([-60])
    await page.goto('/console/todos/settings')
    await page.getByLabel('开启免打扰').click()
    await page.getByLabel('周六').click()
    await page.getByLabel('周日').click()
    await page
      .getByRole('button', { name: /^保\s*存$/ })
      .first()
      .click()
    await page.getByText('已保存').waitFor()
    await page.getByLabel('成员在微信里收消息').click()
    await page
      .getByRole('button', { name: /^保\s*存$/ })
      .last()
      .click()
    await until('the form of the cards', () => world.ctx.todoSettings.inWechat(world.corpId))
    await shot(page, 'console-settings')
    expect(world.ctx.quietHours.of(world.corpId)).toMatchObject({
      days: [1, 2, 3, 4, 5],
      from: 1320,
      to: 480,
    })
    expect(visited.complaints).toEqual([])
    await visited.close()
  })

  it('lets a person delegate on the phone, and the delegate sees and opens it', async () => {
    await at('zhaomin', '/mobile?tab=me', { size: phone }, async page => {
      await page.getByRole('button', { name: '待办委托' }).click()
      await page.getByLabel('交给').fill('lisi')
      await page.getByRole('button', { name: /李四/ }).click()
      await page.getByLabel(/^到/).fill('2026-12-31')
      await look(page, { size: phone, dark: true })
      await shot(page, 'delegate-390')
      await page.getByRole('button', { name: '委托', exact: true }).click()
      await page.getByText('已委托给 李四').waitFor()
      await shot(page, 'delegated-390')
    })
    await at('lisi', '/portal', {}, async page => {
      await page.getByRole('button', { name: /^待办，/ }).click()
      const row = page.locator('.wb-todo-list li', { hasText: '离人留下的采购' })
      await row.getByText('代 离人').waitFor()
      await shot(page, 'delegate-1440')
      const popup = page.waitForEvent('popup')
      await row.getByRole('button', { name: '离人留下的采购' }).click()
      await (await popup).waitForURL(/todo=1&jessionId=/)
    })
  })
})
