import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axe, closeBrowser, desktop, fitsWidth, launchBrowser, phone } from '../browser/browser.ts'
import { ready, type Start, start, stop } from './start-process.ts'

/** Follows a newcomer after `npm start`, in a real browser and with only what was printed. */
describe('from the first start to the first message', { timeout: 240_000 }, () => {
  let base: string
  let one: Start
  let tour: Page
  const contexts: BrowserContext[] = []
  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'wisp-first-'))
    one = await ready(start(join(base, 'data')))
  }, 240_000)
  afterAll(async () => {
    for (const context of contexts) await context.close()
    await closeBrowser()
    await stop(one.child)
    rmSync(base, { recursive: true, force: true })
  })

  const newPage = async (size: typeof desktop): Promise<Page> => {
    const browser = await launchBrowser()
    const context = await browser.newContext({ viewport: size, locale: 'zh-CN', reducedMotion: 'reduce' })
    contexts.push(context)
    return context.newPage()
  }

  const isDone = (title: string) =>
    tour
      .locator('.step', { has: tour.getByRole('heading', { name: title }) })
      .getByRole('img', { name: '已完成' })
      .waitFor()

  it('ends its words with the tour, which leads to everything', async () => {
    const { sandboxUrl } = one.demo()
    expect(one.output()).toContain(`${sandboxUrl}/tour`)
    tour = await newPage(desktop)
    await tour.goto(`${sandboxUrl}/tour`)
    await tour.getByText('已完成 0 / 8').waitFor()
    await axe(tour)
  })

  it('an administrator signs in, sets a password of their own and sends a message, which is on the phone', async () => {
    const { platformUrl, sandboxUrl, admin } = one.demo()
    await tour.getByRole('button', { name: admin.password }).waitFor()
    const [page] = await Promise.all([
      tour.waitForEvent('popup'),
      tour.getByRole('link', { name: '打开控制台' }).click(),
    ])
    await page.waitForURL(/\/signin/)
    await page.getByRole('button', { name: '管理员登录' }).click()
    await page.getByLabel('用户名').fill(admin.user)
    await page.getByLabel('密码', { exact: true }).fill(admin.password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByLabel('新密码', { exact: true }).fill('a password of my own')
    await page.getByLabel('再输入一次').fill('a password of my own')
    await page.getByRole('button', { name: '保存并继续' }).click()
    await page.getByRole('heading', { name: '总览' }).waitFor()
    await axe(page)
    await isDone('以管理员登录控制台')
    await tour.getByText('密码已经改过').waitFor()
    expect(await tour.content()).not.toContain(admin.password)

    const title = `你好 ${Date.now()}`
    const sent = await page.evaluate<{ retCode: string; retMessage: string }>(`(async () => {
      const { body } = await (await fetch('/web/session')).json()
      const headers = { 'content-type': 'application/json', 'x-wisp-csrf': body.csrf }
      const message = { sendType: '0', msgType: '03', agentName: '控制台', toUser: 'zhangsan',
        content: ${JSON.stringify(title)}, requestId: 'first-message' }
      return (await fetch('/web/messages/send', { method: 'POST', headers, body: JSON.stringify(message) })).json()
    })()`)
    expect(sent.retCode, sent.retMessage).toBe('0')
    await page.goto(`${platformUrl}/console/messages`)
    await page.getByText('控制台').first().waitFor()

    const handset = await newPage(desktop)
    await handset.goto(`${sandboxUrl}/phone?user=zhangsan`)
    await handset.getByText(title).first().waitFor()
  })

  it('walks through the rest of the tour in the same tab, and sees every step ticked', async () => {
    const all = tour.context().pages()
    const page = all.find(other => other !== tour)!
    // The steps beyond the eight are folded.
    await tour.getByText('更多（7）').click()
    const go = (name: string) => tour.getByRole('link', { name, exact: true }).click()
    await go('以成员登录')
    await page.getByText('张三').first().click()
    await page.getByRole('button', { name: '示例应用' }).first().waitFor()
    await isDone('以成员登录工作台')
    await go('打开示例应用')
    const app = page.frameLocator('iframe').first()
    await app.getByRole('button', { name: '给自己发消息' }).click()
    await isDone('打开示例应用')
    await isDone('发一条消息，到手机上看')
    await app
      .getByRole('link', { name: /^弹窗与选人/ })
      .first()
      .click()
    await app.getByRole('button', { name: '打开弹窗' }).click()
    await isDone('弹出平台的窗口')
    await go('打开应用的菜单')
    await page.getByRole('button', { name: '同步菜单' }).click()
    await isDone('同步菜单')
    await go('打开统一支付')
    await page.getByRole('checkbox', { name: /工会会费/ }).click()
    await page.getByRole('button', { name: '去支付' }).click()
    await page.getByText('请使用微信扫一扫').or(page.getByLabel('微信支付二维码')).first().waitFor()
    await go('张三的手机')
    await page.getByRole('button', { name: '扫一扫' }).click()
    await page.getByRole('button', { name: /^工会会费/ }).click()
    await page.getByRole('button', { name: '立即支付' }).click()
    await isDone('缴一笔费')
    await go('打开我的开发者')
    await page.getByText('示例开发者').first().click()
    await page.getByText('密钥', { exact: true }).first().click()
    await page.getByRole('button', { name: '添加密钥' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '添加密钥' }).click()
    await isDone('自己管自己的接口')
    await go('打开手机里的微信')
    await page.locator('.conversation').first().click()
    await page.getByRole('button', { name: '输入文字' }).click()
    await page.getByLabel('写消息').fill('在吗')
    await page.getByRole('button', { name: '发送' }).click()
    await isDone('看看公众号')
    await go('打开李四的资料')
    await page.getByRole('button', { name: '编辑' }).click()
    await page.getByLabel('职务').fill('顾问')
    await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await isDone('改一个人，看平台跟着变')
    for (const name of ['打开 OpenID Connect 应用', '打开 CAS 应用']) {
      await tour.getByRole('link', { name, exact: true }).first().click()
      await page.getByRole('link', { name: '登录', exact: true }).click()
      await page.getByRole('link', { name: '退出登录' }).waitFor()
    }
    await isDone('登录一次，进两个别的系统')
    await page.getByRole('link', { name: '退出登录' }).click()
    await isDone('退出一次，两个系统都退出')
    await go('打开手机批假')
    await page
      .getByRole('button', { name: /工作台/ })
      .first()
      .click()
    await page.getByRole('button', { name: '同意', exact: true }).click()
    await isDone('在手机上批一张请假')
    await go('打开小 OA')
    await page.getByRole('button', { name: '办结' }).first().click()
    await isDone('办一条 OA 推来的待办')
    await go('打开故障开关')
    await page.getByRole('button', { name: '打开', exact: true }).click()
    await isDone('弄坏点什么')
    await tour.getByText('全部走完了').waitFor()
    await axe(tour)
    expect(tour.context().pages()).toEqual(all)
    await fetch(`${one.demo().sandboxUrl}/_sandbox/faults`, { method: 'DELETE' })
  })

  it.each([
    ['a desktop', desktop, '/portal'],
    ['a phone', phone, '/mobile'],
  ] as const)('a member signs in by WeCom and opens the sample app on %s', async (_name, size, path) => {
    const { platformUrl } = one.demo()
    const page = await newPage(size)
    await page.goto(`${platformUrl}${path}`)
    await page.waitForURL(/\/signin/)
    await page
      .getByRole('button', { name: /企业微信.*登录/ })
      .or(page.getByRole('link', { name: /企业微信.*登录/ }))
      .first()
      .click()
    await page.waitForURL(url => url.href.startsWith(one.demo().sandboxUrl))
    await page.getByText('张三').first().click()
    await page.waitForURL(url => url.href.startsWith(`${platformUrl}${path}`))
    const tile = page.getByText('示例应用', { exact: true }).first()
    await tile.waitFor()
    await axe(page)
    await fitsWidth(page)
    await tile.click()
    const visible = size === desktop ? page.frameLocator('iframe').first() : page
    // Texts of the inbox in the head may have the name too, and are not shown.
    await visible.getByText('张三').filter({ visible: true }).first().waitFor()
  })

  it('prints no password that was changed when it is started again', async () => {
    const { admin } = one.demo()
    await stop(one.child)
    one = await ready(start(join(base, 'data')))
    expect(one.output()).toContain('您自己设的密码')
    expect(one.output()).not.toContain(admin.password)
  })
})
