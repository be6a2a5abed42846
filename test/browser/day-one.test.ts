import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resetAdministratorPassword } from '../../server/callers/sign-in/administrator.ts'
import { removeWhole } from '../../server/features/corp-lifecycle/lifecycle.fixture.ts'
import type { World } from '../harness.ts'
import { closeBrowser, fitsWidth, look, phone, resized, tablet, type Visit, visit } from './browser.ts'
import { countClicks, type } from './clicks.ts'
import { startWorld } from './world.ts'

const steps = [
  '接入企业',
  '验证通讯录回调',
  '添加自建应用',
  '完成首次同步',
  '发一条测试消息',
  '指定管理员',
  '创建开发者',
]
const doctorSteps = [
  '准备域名',
  '设置通讯录回调',
  '添加可信IP',
  '通讯录Secret与权限',
  '添加自建应用',
  '同步通讯录',
]
const clicksAtMost = 23
const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148'

let world: World
beforeAll(async () => {
  world = await startWorld({
    members: 90,
    synced: false,
    overrides: { wecomOptions: { timeoutMs: 5000, retries: 1 } },
  })
}, 60_000)
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

const step = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const head = (page: Page, name: string) =>
  page.locator('.start-head').filter({ has: page.locator('b', { hasText: name }) })
const ticked = (page: Page, name: string) =>
  page.locator('.start-steps > .is-done', { hasText: name }).waitFor()

async function connect(page: Page, { corpId, sandbox }: World): Promise<void> {
  await page.goto('/console/start')
  await page.getByLabel('企业 ID').fill(corpId)
  await page.getByLabel('企业名称').fill('示例企业')
  await page.getByLabel('通讯录同步 Secret').fill(sandbox.contactSecret)
  await step(page, '接入企业').getByRole('button', { name: '接入企业', exact: true }).click()
  await ticked(page, '接入企业')
}

describe('an installation without a corp', () => {
  it.each([
    ['/', undefined],
    ['/', iPhone],
    ['/portal', undefined],
    ['/mobile', iPhone],
    ['/developer', undefined],
    ['/console/directory', undefined],
    ['/console/system/corps', undefined],
    ['/console', undefined],
  ])('leads from %s to day one (%s)', async (path, userAgent) => {
    const { page, close, complaints } = await visit(world, {
      as: 'system',
      ...(userAgent ? { userAgent, size: phone } : {}),
    })
    await page.goto(path)
    await page.waitForURL('**/console/start')
    await page.getByLabel('企业 ID').waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('shows the seven steps in one column, with the form of the first in it', async () => {
    const { page, close } = await visit(world, { as: 'system' })
    await page.goto('/')
    await page.getByLabel('企业 ID').waitFor()
    expect(await page.locator('.start-words > b').allTextContents()).toEqual(steps)
    const lefts = (await Promise.all(steps.map(name => head(page, name).boundingBox()))).map(box => box!.x)
    expect(new Set(lefts).size).toBe(1)
    for (const name of steps.slice(1)) expect(await head(page, name).isDisabled(), name).toBe(true)
    await look(page, { dark: true })
    await resized(page, tablet, () => fitsWidth(page))
    await close()
  })

  it('says at each field what is wrong with it, in the server’s words', async () => {
    const { page, close } = await visit(world, { as: 'system' })
    await page.goto('/console/start')
    const form = step(page, '接入企业')
    const submit = form.getByRole('button', { name: '接入企业', exact: true })
    await submit.click()
    for (const name of ['企业 ID', '企业名称', '通讯录同步 Secret'])
      await form.getByText(`请输入${name}`, { exact: true }).waitFor()
    await form.getByLabel('企业 ID').fill('w w')
    await form.getByLabel('企业名称').fill('示例企业')
    await form.getByLabel('通讯录同步 Secret').fill('certainly-wrong')
    await form.getByLabel('访问平台的地址').fill('https://wisp.example.com/')
    await submit.click()
    const said = (label: string, words: string) =>
      form.locator('.ant-form-item').filter({ hasText: label }).getByText(words, { exact: true }).waitFor()
    await said('访问平台的地址', '末尾不能有 /，请去掉')
    await form.getByLabel('访问平台的地址').fill('')
    await submit.click()
    await said('企业 ID', '只能含字母、数字、_ 和 -')
    await look(page)
    await form.getByLabel('企业 ID').fill(world.corpId)
    await submit.click()
    await form.getByText('企业微信没有接受，尚未保存').waitFor()
    await form.getByText(/Secret 错误（企业微信返回 40001）/).waitFor()
    await look(page)
    expect(await form.getByLabel('企业名称').inputValue()).toBe('示例企业')
    await close()
  })
})

async function pick(page: Page, field: Locator, name: string): Promise<void> {
  await field.click()
  await field.fill(name)
  await page.locator('.ant-select-item-option', { hasText: name }).first().click()
}

describe('day one', () => {
  let view: Visit
  let counted: { clicks: number }
  beforeAll(async () => {
    view = await visit(world)
    view.page.setDefaultTimeout(30_000)
    await view.context.grantPermissions(['clipboard-write'])
    counted = await countClicks(view.context)
  })
  afterAll(async () => {
    expect(view?.complaints).toEqual([])
    await view?.close()
  })

  it('begins at / with the password that was printed', async () => {
    const { page } = view
    const { password = '' } = await resetAdministratorPassword(world.ctx, 'test')
    await page.goto('/')
    await page.waitForURL('**/signin?to=%2Fconsole%2Fstart')
    await type(page.getByLabel('密码', { exact: true }), password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByLabel('新密码', { exact: true }).waitFor()
    expect(await page.getByLabel('当前密码').count()).toBe(0)
    await type(page.getByLabel('新密码', { exact: true }), 'mountain lake 27 birds')
    await type(page.getByLabel('再输入一次'), 'mountain lake 27 birds')
    await page.getByRole('button', { name: '保存并继续' }).click()
    await page.waitForURL('**/console/start')
    await page.getByLabel('企业 ID').waitFor()
  })

  it('connects the corp, and goes on by itself', async () => {
    const { page } = view
    await type(page.getByLabel('企业 ID'), world.corpId)
    await type(page.getByLabel('企业名称'), '示例企业')
    await type(page.getByLabel('通讯录同步 Secret'), world.sandbox.contactSecret)
    await step(page, '接入企业').getByRole('button', { name: '接入企业', exact: true }).click()
    await ticked(page, '接入企业')
    await step(page, '验证通讯录回调').getByText('正在等企业微信来验证').waitFor()
    await look(page, { dark: true })
  })

  it('ticks the callback as soon as WeCom has verified it', async () => {
    const { page, context } = view
    const own = step(page, '验证通讯录回调')
    const values = await own.locator('.wisp-copy code').allTextContents()
    const wecom = await context.newPage()
    await wecom.goto(`${world.sandbox.url}/callback`)
    await wecom.getByText('没有设置').waitFor()
    for (const [index, name] of ['URL', 'Token', 'EncodingAESKey'].entries()) {
      await page.bringToFront()
      await own.getByRole('button', { name: `复制 ${name}` }).click()
      await wecom.bringToFront()
      await type(wecom.getByRole('textbox', { name }), values[index] ?? '')
    }
    await wecom.getByRole('button', { name: '保存' }).click()
    await wecom.getByText('已通过验证').waitFor()
    await page.bringToFront()
    await ticked(page, '验证通讯录回调')
    await step(page, '添加自建应用').getByLabel('AgentId').waitFor()
    await wecom.close()
  })

  it('adds the agent and sends the first message, with few clicks', async () => {
    const { page } = view
    const agent = world.sandbox.agents[0]
    if (!agent) throw new Error('no agent')
    const form = step(page, '添加自建应用')
    await type(form.getByLabel('AgentId'), String(agent.agentId))
    await type(form.getByLabel('名称'), '工作台')
    await type(form.getByRole('textbox', { name: 'Secret' }), agent.secret)
    await form.getByRole('button', { name: '保存', exact: true }).click()
    await ticked(page, '添加自建应用')
    await ticked(page, '完成首次同步')
    await head(page, '完成首次同步')
      .getByText(/\d+ 名成员/)
      .waitFor()
    const test = step(page, '发一条测试消息')
    await pick(page, test.getByRole('combobox'), '张三')
    await test.getByRole('button', { name: '发送测试' }).click()
    await test.getByText(/服务商已接受/).waitFor()
    expect(counted.clicks).toBeGreaterThan(20)
    expect(counted.clicks).toBeLessThanOrEqual(clicksAtMost)
    await ticked(page, '发一条测试消息')
    await look(page, { dark: true })
  })

  it('keeps what is typed in a step while another is looked at', async () => {
    const { page } = view
    await head(page, '创建开发者').click()
    await step(page, '创建开发者').getByLabel('名称').fill('报修系统')
    await head(page, '接入企业').click()
    await step(page, '接入企业').getByText(world.corpId).waitFor()
    await head(page, '创建开发者').click()
    expect(await step(page, '创建开发者').getByLabel('名称').inputValue()).toBe('报修系统')
  })

  it('names an administrator and creates a developer, and is done', async () => {
    const { page } = view
    await head(page, '指定管理员').click()
    const roles = step(page, '指定管理员')
    await look(page)
    await pick(page, roles.getByRole('combobox').first(), '张三')
    expect(await roles.getByRole('radio', { name: /^超级管理员/ }).isChecked()).toBe(true)
    await roles.getByRole('button', { name: '添加管理员' }).click()
    await ticked(page, '指定管理员')
    const developers = step(page, '创建开发者')
    await look(page)
    const further = developers.getByText('高级', { exact: true })
    await further.click()
    await developers.getByLabel('IP 白名单').fill('999.1.1.1')
    await further.click()
    await developers.getByLabel('IP 白名单').waitFor({ state: 'hidden' })
    // What is wrong opens what it was folded into.
    await developers.getByRole('button', { name: '创建开发者' }).click()
    await developers
      .getByText(/999\.1\.1\.1/)
      .last()
      .waitFor()
    await look(page)
    await developers.getByLabel('IP 白名单').fill('')
    await developers.getByRole('button', { name: '创建开发者' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '我已保存好，关闭' }).click()
    await ticked(page, '创建开发者')
    await page.getByText('全部完成，成员可以使用平台了。').waitFor()
    await look(page, { dark: true })
  })

  it('is afterwards how the corp is connected and checked', async () => {
    const { page } = view
    await page.goto('/console/start')
    await page.locator('.corps-steps h3').first().waitFor()
    expect(await page.locator('.start-steps').count()).toBe(0)
    const titles = await page.locator('.corps-steps h3').allTextContents()
    expect(titles.map(one => one.replace(/还没有检查|\s/g, ''))).toEqual(doctorSteps)
    await page.getByRole('button', { name: '开始体检' }).click()
    await page.getByText('全部通过，可以使用').waitFor()
    await look(page)
    expect(await page.getByText('EncodingAESKey', { exact: true }).count()).toBe(0)
    await page.getByRole('button', { name: '显示 Token 与 EncodingAESKey' }).click()
    await page.getByText('EncodingAESKey', { exact: true }).waitFor()
    await page.goto('/')
    await page.waitForURL('**/console')
    await page.getByRole('heading', { level: 1, name: '总览' }).waitFor()
    expect(await page.locator('.overview-steps').count()).toBe(0)
  })
})

describe('another installation', () => {
  let other: World
  beforeAll(async () => {
    const overrides = { wecomOptions: { timeoutMs: 5000, retries: 1 } }
    other = await startWorld({ members: 90, synced: false, overrides })
  })
  afterAll(() => other.close())

  it('shows the first sync as it goes, and ticks it', async () => {
    const { page, close, complaints } = await visit(other, { as: 'system' })
    page.setDefaultTimeout(30_000)
    await other.control('faults', { match: 'user/list', mode: 'slow', delayMs: 3000, probability: 1 })
    await connect(page, other)
    await head(page, '完成首次同步').getByText('正在同步').waitFor()
    await head(page, '完成首次同步').click()
    await step(page, '完成首次同步').getByRole('progressbar', { name: '全量同步 #1' }).waitFor()
    await look(page, { dark: true })
    await other.control('faults', undefined, 'DELETE')
    await ticked(page, '完成首次同步')
    await step(page, '发一条测试消息').getByRole('combobox').waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('has all that was saved after the back button, and in a tab that was open before', async () => {
    const { page, context, close } = await visit(other, { as: 'system' })
    await page.goto('/console/start?step=callback')
    await page.getByRole('link', { name: '修改地址' }).click()
    await page.waitForURL('**/console/system/corps/settings')
    await page.goBack()
    await ticked(page, '接入企业')
    await removeWhole(other.ctx, other.corpId)
    await page.goto('/console/start')
    await page.getByLabel('企业 ID').waitFor()
    await connect(await context.newPage(), other)
    // A browser that is driven shows all its pages at once, so that it is told what it would notice.
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await ticked(page, '接入企业')
    await close()
  })
})

describe('the sandbox’s callback page', () => {
  it('says what is wrong as WeCom’s console does, and is looked at', async () => {
    const { page, close } = await visit(world)
    const corp = world.ctx.corps.get(world.corpId)
    await page.goto(`${world.sandbox.url}/callback`)
    await page.getByText('已通过验证').waitFor()
    await page.getByRole('button', { name: '停用' }).click()
    await page.getByText('没有设置').waitFor()
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('请填写 EncodingAESKey').waitFor()
    await page.getByLabel('URL').fill(`${world.server.url}/admin/syncController/addressBookChange`)
    await page.getByRole('textbox', { name: 'Token' }).fill(corp.callback.token)
    await page.getByRole('button', { name: '随机获取 EncodingAESKey' }).click()
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByRole('alert').getByText('回调地址请求不通过').waitFor()
    await look(page)
    await close()
  })
})
