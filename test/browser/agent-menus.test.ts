import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addApp } from '../../server/features/apps/apps.ts'
import type { World } from '../harness.ts'
import { until } from '../until.ts'
import { closeBrowser, follow, look, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

describe('the menu and the answers of an agent', () => {
  let world: World
  let agentId: number
  let view: Visit
  let userid: string
  beforeAll(async () => {
    world = await startWorld({ members: 10 })
    agentId = await world.connectAgent()
    await addApp(world.ctx, 'test', world.corpId, { name: '审批中心', homeUrl: 'https://a.example.com/home' })
    userid = [...world.ctx.mirrors.of(world.corpId).members.all()].find(one => one.status === 1)!.userId
    view = await visit(world, { as: 'super' })
  }, 60_000)
  afterAll(async () => {
    expect(view.complaints).toEqual([])
    await closeBrowser()
    await world.close()
  })
  const address = () => `/console/system/corps/agents/${agentId}`
  const act = async (what: object) =>
    (await world.control('agents/act', { agentId, userId: userid, ...what }))['reply'] as {
      Content?: string
    } | null

  it('is found in the list of the corp, and leads back to it', async () => {
    const { page } = view
    await page.goto('/console/system/corps/agents')
    await page.getByRole('link', { name: '工作台' }).click()
    await page.waitForURL(url => url.pathname === address())
    await page.getByRole('heading', { name: '测试连接' }).waitFor()
    await look(page)
    await page.getByRole('link', { name: '‹ 自建应用' }).click()
    await page.getByRole('heading', { name: '自建应用', level: 1 }).waitFor()
  })

  it('makes its menu with a button that opens an app, publishes it and goes back to a version', async () => {
    const { page } = view
    await follow(page, `${address()}/menu`)
    await page.getByText('还没有发布').waitFor()
    await page.getByRole('button', { name: '添加按钮' }).click()
    await page.getByLabel('名称', { exact: true }).fill('审批')
    await page.getByLabel('点击后').click()
    await page.getByText('打开平台里的应用', { exact: true }).click()
    await page.getByLabel('应用', { exact: true }).click()
    await page.getByTitle('审批中心').click()
    await look(page)
    await page.getByRole('button', { name: /^保\s?存$/ }).click()
    await page.getByText('已保存为版本 1').waitFor()
    await page.getByRole('button', { name: /^发\s?布$/ }).click()
    const asked = page.getByRole('dialog').getByRole('button', { name: /^发\s?布$/ })
    await asked.click()
    await page.getByText('企业微信显示的是版本 1').waitFor()
    const [agent] = (await world.control('agents'))['agents'] as { menu: { url: string }[] }[]
    expect(agent?.menu[0]?.url).toContain('/mobile/app/')
    await page.getByRole('link', { name: '版本' }).click()
    await page.getByRole('link', { name: '1', exact: true }).click()
    await page.getByRole('dialog').getByText('没有差别').waitFor()
    await look(page)
    await page.keyboard.press('Escape')
  })

  it('has a welcome and answers, which are tried beside the rules and hold at once', async () => {
    const { page } = view
    await follow(page, `${address()}/replies`)
    await page.getByText('还没有规则').waitFor()
    await page.getByRole('button', { name: '添加规则' }).first().click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('种类').click()
    await page.getByTitle('进入应用时').click()
    await drawer.getByText('每天一次').waitFor()
    await drawer.getByRole('textbox', { name: '文字' }).fill('您好，有事请留言')
    await drawer.getByRole('button', { name: '添加回复' }).click()
    await page.getByRole('menuitem', { name: '图文' }).click()
    await drawer.getByRole('textbox', { name: '标题' }).fill('使用说明')
    await drawer.getByRole('textbox', { name: '链接地址' }).fill('https://example.com/help')
    await look(page)
    await drawer.getByRole('button', { name: '保存', exact: true }).click()
    await drawer.waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: '进入应用', exact: true }).click()
    await page.getByRole('log').getByText('您好，有事请留言').waitFor()
    await page.getByRole('log').getByText('使用说明').waitFor()
    await look(page, { dark: true })
    expect(await act({ act: 'enter' })).toMatchObject({ Content: '您好，有事请留言' })
    expect(await act({ act: 'enter' })).toBeNull()
    await until('the article', async () => {
      const { messages } = await world.control(`messages?to=${userid}&channel=wecom`)
      return (messages as { msgtype: string }[]).some(one => one.msgtype === 'news')
    })
  })

  it("is used on the sandbox's phone", async () => {
    const { page } = view
    await page.goto(`${world.sandbox.url}/phone#member=${userid}&tab=wecom&open=${agentId}`)
    await page.getByRole('button', { name: '审批', exact: true }).waitFor()
    const popup = page.context().waitForEvent('page')
    await page.getByRole('button', { name: '审批', exact: true }).click()
    await (await popup).close()
    await until('the push', async () => {
      const { pushes } = await world.control(`agents/pushes?agentId=${agentId}`)
      return (pushes as { name: string }[]).some(one => one.name === 'view')
    })
  })
})
