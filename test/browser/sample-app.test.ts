import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SampleApp, startSampleApp } from '../../sandbox/sample-app/sample-app.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { setChannel } from '../../server/features/channels/settings/settings.ts'
import { putAgent } from '../../server/organisation/corps/corps.ts'
import type { Caller, World } from '../harness.ts'
import { closeBrowser, look, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let sample: SampleApp
let developer: Caller
let appId: string
beforeAll(async () => {
  world = await startWorld({ members: 60 })
  const { ctx, corpId, sandbox, server } = world
  const agent = sandbox.agents[0]!
  await putAgent(ctx, 'test', corpId, { ...agent, uses: ['messages'] })
  await setChannel(ctx, 'test', corpId, 'wecom', { agentId: agent.agentId })
  developer = await world.addDeveloper({
    scopes: ['directory:read', 'message:send', 'message:type', 'ticket:issue', 'inbox:embed'],
  })
  sample = await startSampleApp({ url: server.url, ...developer })
  const homeUrl = `${sample.url}/`
  appId = (await addApp(ctx, 'test', corpId, { name: '示例应用', devId: developer.devId, homeUrl })).id
})
afterAll(async () => {
  await closeBrowser()
  await sample?.close()
  await world?.close()
})

describe('the sample application', () => {
  it('shows who came, the address book, messages, and where the menu leads', async () => {
    const { body } = await developer.post('/api/ticket/issue', { userId: 'zhangsan', appId })
    const { page, complaints, close } = await visit(world)
    const looksRight = () => look(page, { dark: true })
    await page.goto(`${sample.url}/?jessionId=${body.jessionId}`)
    await page.getByRole('heading', { name: '张三，您好' }).waitFor()
    expect(page.url()).toBe(`${sample.url}/`)
    await page.getByRole('button', { name: '给自己发消息' }).click()
    await page.getByText('已发送，请看手机').waitFor()
    await looksRight()
    await page.getByRole('navigation', { name: '页面' }).getByText('通讯录').click()
    await page.locator('.node[aria-current=true]').waitFor()
    await page.getByLabel('查找成员').fill('zs')
    await page.locator('.members li', { hasText: 'zhangsan' }).waitFor()
    await looksRight()
    for (const path of ['/popup', '/message', '/approval', '/notice', '/page/help']) {
      await page.goto(sample.url + path)
      await page.locator('#main .card').first().waitFor()
      await looksRight()
    }
    expect(complaints).toEqual([])
    await close()
  })

  it('has the inbox in its pages, by keyboard, in the dark and on a phone', async () => {
    const { body } = await developer.post('/api/ticket/issue', { userId: 'zhangsan', appId })
    const card = {
      msgType: '01',
      title: '{{ title }}',
      content: '请在周五前确认。',
      url: 'https://oa.example.com/1',
    }
    const type = {
      key: 'paid',
      name: '报销',
      channels: ['wecom'],
      receipt: true,
      templates: { wecom: { zh: card } },
    }
    expect((await developer.post('/api/message/type/put', type)).retCode).toBe('0')
    const send = async (title: string) => {
      const notice = { type: 'paid', toUser: 'zhangsan', data: { title }, requestId: title }
      expect((await developer.post('/api/message/notify', notice)).retCode).toBe('0')
    }
    await send('报销单 118 已付款')
    const { page, complaints, close } = await visit(world)
    const seen = (button: string) => page.getByRole('button', { name: button })
    await page.goto(`${sample.url}/people?jessionId=${body.jessionId}`)
    await page.locator('.node[aria-current=true]').waitFor()
    const bell = page.locator('.bell')
    await seen('消息，2 条未读消息').waitFor()
    await bell.focus()
    await page.keyboard.press('Enter')
    const row = page.locator('.row', { hasText: '报销单 118 已付款' })
    await row.waitFor()
    expect(await bell.getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('ArrowDown')
    expect(await row.evaluate(one => one.matches(':focus'))).toBe(true)
    await page.keyboard.press('Enter')
    const link = page.getByRole('link', { name: '查看详情（在新标签页中打开）' })
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer')
    await look(page, { dark: true })
    await seen('收到').click()
    await page.getByText('已确认收到').waitFor()
    // Another message comes while it is open.
    await send('第二张')
    await seen('显示新消息').click()
    await page.locator('.row', { hasText: '第二张' }).waitFor()
    await page.locator('.row', { hasText: '第二张' }).click()
    await page.locator('li', { hasText: '第二张' }).getByRole('button', { name: '归档' }).click()
    await page.locator('.row', { hasText: '第二张' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '未读', exact: true }).click()
    await page.locator('.row', { hasText: '来自示例应用' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await bell.evaluate(one => one.matches(':focus'))).toBe(true)
    expect(await bell.getAttribute('aria-expanded')).toBe('false')
    await seen('消息，1 条未读消息').waitFor()
    expect(await page.evaluate(numbersByScript)).toEqual([1, 1])
    expect(complaints).toEqual([])
    await close()
  })

  it('asks people who come without a ticket to sign in again', async () => {
    const { page, close } = await visit(world)
    await page.goto(`${sample.url}/people?jessionId=dead`)
    await page.getByRole('heading', { name: '请重新登录' }).waitFor()
    await look(page, { dark: true })
    await close()
  })
})

it('opens in the portal, has it open a popup and lets the page within close it', async () => {
  const { page, close } = await visit(world, { as: 'member', userId: 'zhangsan' })
  await page.goto(`/portal/app/${appId}`)
  const app = page.frameLocator(`iframe[src^="${sample.url}"]`)
  await app.getByRole('heading', { name: '张三，您好' }).waitFor()
  await app
    .getByRole('link', { name: /^弹窗与选人/ })
    .first()
    .click()
  await app.getByRole('button', { name: '480 × 320' }).click()
  const dialog = page.getByRole('dialog', { name: '480 × 320' })
  const inner = dialog.frameLocator('iframe')
  await inner.getByRole('heading', { name: '这是应用的页面' }).waitFor()
  await inner.getByRole('button', { name: '关闭窗口' }).click()
  await dialog.waitFor({ state: 'detached' })
  await app.getByRole('button', { name: '文档里的写法' }).click()
  await page.getByRole('dialog', { name: '测试弹窗' }).waitFor()
  await close()
})

/** Sets `getTicket` of one inbox before it becomes a custom element, and of another after it stands in the page. Returns their numbers. */
async function numbersByScript(): Promise<number[]> {
  type Inbox = HTMLElement & { getTicket: () => Promise<string> }
  const getTicket = async () => {
    const answer = await fetch('/app/inbox-ticket', { method: 'POST' })
    return ((await answer.json()) as { ticket: string }).ticket
  }
  const early = document.implementation.createHTMLDocument('').createElement('wisp-inbox') as Inbox
  const late = document.createElement('wisp-inbox') as Inbox
  const numbers = [early, late].map(
    inbox =>
      new Promise<number>(resolve =>
        inbox.addEventListener('unread', event => resolve((event as CustomEvent).detail.unread)),
      ),
  )
  for (const inbox of [early, late])
    inbox.setAttribute('src', document.querySelector('wisp-inbox')?.getAttribute('src') ?? '')
  early.getTicket = getTicket
  document.body.append(early, late)
  late.getTicket = getTicket
  const shown = await Promise.all(numbers)
  early.remove()
  late.remove()
  return shown
}
