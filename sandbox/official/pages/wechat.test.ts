import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../../test/browser/chromium.ts'
import { type Sandbox, startSandbox } from '../../sandbox.ts'
import { control } from '../../test-caller.ts'
import {
  type AccountCaller,
  type AccountServer,
  accountCaller,
  keys,
  startAccountServer,
  textReply,
} from '../test/account.ts'

let sandbox: Sandbox
let account: AccountCaller
let server: AccountServer
let browser: Browser
let page: Page
const complaints: string[] = []
beforeAll(async () => {
  sandbox = await startSandbox({ members: 1 })
  account = await accountCaller(sandbox, 0)
  server = await startAccountServer(account.appId)
  await account.control('configure', { url: server.url, ...keys })
  await control(sandbox, 'POST', 'official/rules', { massJobMs: 0 })
  browser = await launchChromium()
  page = await browser.newPage({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
})
afterAll(async () => {
  await browser?.close()
  await sandbox.close()
  await server.close()
  expect(complaints).toEqual([])
})

test('a follower writes, is answered, presses the menu, receives, leaves and comes back by a QR code', async () => {
  const button = [{ name: '服务', sub_button: [{ type: 'click', name: '今日', key: 'TODAY' }] }]
  await account.post('cgi-bin/menu/create', { button })
  const openid = (await account.openids())[0]!
  server.reply = clear =>
    clear.includes('[text]') ? textReply(clear, '<img src=x onerror=alert(1)>您好') : undefined
  await page.goto(`${sandbox.url}/phone#originalId=${account.originalId}&openid=${openid}`)
  await page.getByRole('button', { name: '输入文字' }).click()
  await page.getByLabel('写消息').fill('在吗')
  await page.getByRole('button', { name: '发送' }).click()
  await page.locator('.mine .bubble', { hasText: '在吗' }).waitFor()
  await page.locator('.message:not(.mine)', { hasText: '<img src=x onerror=alert(1)>您好' }).waitFor()
  await page.getByText('被动回复').waitFor()
  await page.getByRole('button', { name: '显示菜单' }).click()
  await page.getByRole('button', { name: '☰ 服务' }).click()
  await page.getByRole('button', { name: '今日' }).click()
  await page.getByText('您点击了菜单：TODAY').waitFor()
  const text = { filter: { is_to_all: true }, msgtype: 'text', text: { content: '大家好' } }
  await account.post('cgi-bin/message/mass/sendall', text)
  await page.locator('.message', { hasText: '大家好' }).getByText('群发', { exact: true }).waitFor()
  await page.getByRole('button', { name: '输入文字' }).click()
  await page.getByRole('button', { name: '更多' }).click()
  await page.getByRole('button', { name: '取消关注' }).click()
  await page.getByRole('button', { name: '扫描二维码' }).click()
  await page.getByLabel('场景值').fill('门店7')
  await page.getByRole('button', { name: '扫描', exact: true }).click()
  await page.getByText('您关注了公众号：门店7').waitFor()
  expect(server.received.at(-1)!.clear).toContain('<EventKey><![CDATA[qrscene_门店7]]></EventKey>')
})

test('a member has WeChat beside WeCom: follows there, and what comes later counts as unread', async () => {
  server.reply = () => undefined
  await page.goto(`${sandbox.url}/phone`)
  await page.locator('.tab-wechat').click()
  const row = page.locator('.conversation', { hasText: '服务号' })
  await row.getByText('还没有关注').waitFor()
  await row.click()
  await page.getByRole('button', { name: '关注公众号' }).click()
  await page.getByText('您关注了公众号').waitFor()
  const openid = (await account.openids()).at(-1)!
  await page.getByRole('button', { name: '返回' }).click()
  await page.locator('.tab-sms').click()
  const content = { touser: openid, msgtype: 'text', text: { content: '欢迎' } }
  expect(await account.post('cgi-bin/message/custom/send', content)).toMatchObject({ errcode: 0 })
  await page.locator('.tab-wechat .badge', { hasText: '1' }).waitFor()
  await page.locator('.tab-wechat').click()
  await row.getByText('欢迎').waitFor()
  await row.click()
  await page.locator('.bubble', { hasText: '欢迎' }).waitFor()
  expect(await page.locator('.badge').count()).toBe(0)
  const { followers } = await control(
    sandbox,
    'GET',
    `official/followers?originalId=${account.originalId}&search=${openid}`,
  ).then(answer => answer.body as { followers: { nickname: string }[] })
  expect(`${followers[0]!.nickname}的手机 · wisp 沙箱`).toBe(await page.title())
})

test('the authorisation page goes back with the code of the chosen follower', async () => {
  const back = `${sandbox.url}/?x=1`
  await page.goto(
    `${sandbox.official.authorizeUrl}?appid=${account.appId}&redirect_uri=${encodeURIComponent(back)}&response_type=code&scope=snsapi_userinfo&state=7#wechat_redirect`,
  )
  await page
    .getByRole('button', { name: /^张 张三|张三/ })
    .first()
    .click()
  await page.getByRole('button', { name: '允许' }).click()
  await page.waitForURL(/\?x=1&code=[0-9a-f]{32}&state=7$/)
})
