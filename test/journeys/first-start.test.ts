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

  it('ends its words with the tour, which leads to everything', async () => {
    const { sandboxUrl } = one.demo()
    expect(one.output()).toContain(`${sandboxUrl}/tour`)
    const page = await newPage(desktop)
    await page.goto(`${sandboxUrl}/tour`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await axe(page)
  })

  it('an administrator signs in, sets a password of their own and sends a message, which is on the phone', async () => {
    const { platformUrl, sandboxUrl, admin } = one.demo()
    const page = await newPage(desktop)
    await page.goto(`${platformUrl}/console`)
    await page.waitForURL(/\/signin/)
    await page.getByRole('button', { name: '管理员登录' }).click()
    await page.getByLabel('用户名').fill(admin.user)
    await page.getByLabel('密码', { exact: true }).fill(admin.password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByLabel('当前密码').fill(admin.password)
    await page.getByLabel('新密码', { exact: true }).fill('a password of my own')
    await page.getByLabel('再输入一次').fill('a password of my own')
    await page.getByRole('button', { name: '保存并继续' }).click()
    await page.getByRole('heading', { name: '总览' }).waitFor()
    await axe(page)

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
    await visible.getByText('张三').first().waitFor()
  })
})
