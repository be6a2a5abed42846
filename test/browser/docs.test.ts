import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTrialWorld } from '../docs/trial-world.fixture.ts'
import type { Caller, World } from '../harness.ts'
import { closeBrowser, look, phone, resized, type Visit, visit } from './browser.ts'

let world: World
let dev: Caller
beforeAll(async () => {
  ;({ world, dev } = await startTrialWorld())
}, 120_000)
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

describe('the site for developers', () => {
  let view: Visit
  const foreign: string[] = []
  beforeAll(async () => {
    view = await visit(world)
    view.page.setDefaultTimeout(30_000)
    // With the network cut nothing is missed.
    await view.context.route(
      url => url.origin !== world.server.url,
      route => {
        foreign.push(route.request().url())
        return route.abort()
      },
    )
  }, 60_000)
  afterEach(() => {
    expect(view.complaints).toEqual([])
    expect(foreign).toEqual([])
  })
  afterAll(() => view?.close())

  const signIn = async () => {
    const { page } = view
    await page.getByText('填入身份，在本页试调用').click()
    await page.getByLabel('devId', { exact: true }).last().fill(dev.devId)
    await page.getByLabel('devSecret', { exact: true }).last().fill(dev.devSecret)
    await page.getByRole('button', { name: '取得 devToken' }).click()
    await page.locator('#who').getByText('试调用', { exact: true }).waitFor()
  }

  it('leads from the first page through a guide to a call', async () => {
    const { page } = view
    await page.goto('/docs')
    await page.getByRole('heading', { level: 1, name: '一个下午完成对接' }).waitFor()
    await look(page)
    await page
      .locator('main')
      .getByRole('link', { name: /^快速开始/ })
      .click()
    await page.waitForURL('**/docs/start/quick-start')
    await page.getByRole('heading', { level: 1, name: '快速开始' }).waitFor()
    await look(page)
    await page.getByRole('button', { name: '搜索文档' }).click()
    await page.getByRole('combobox', { name: '搜索文档' }).fill('fsxx')
    await page.getByRole('option', { name: /^发送消息通知/ }).waitFor()
    await page.getByRole('combobox', { name: '搜索文档' }).fill('短信模板变量')
    await page.locator('mark').getByText('短信模板变量').first().waitFor()
    await page.getByRole('combobox', { name: '搜索文档' }).fill('😀'.repeat(250))
    await page.getByRole('status').getByText('没有找到').waitFor()
    await page.getByRole('combobox', { name: '搜索文档' }).fill('fsxx')
    await page.getByRole('option', { name: /^发送消息通知/ }).waitFor()
    await look(page)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/docs/reference/message-send')
    await page.getByRole('heading', { level: 1, name: '发送消息通知' }).waitFor()
    await look(page)
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: '快速开始' }).waitFor()
  })

  it('tries a call as a developer, with values that it sees, and sends a message', async () => {
    const { page } = view
    await page.goto('/docs/reference/user-get')
    await page.getByRole('button', { name: '发送请求' }).click()
    await page.getByText('先填入 devId 和 devSecret').waitFor()
    await page.getByLabel('devId', { exact: true }).last().fill(dev.devId)
    await page.getByLabel('devSecret', { exact: true }).last().fill('wrong')
    await page.getByRole('button', { name: '取得 devToken' }).click()
    await page.getByRole('alert').getByText('1003').waitFor()
    await page.goto('/docs/reference/user-get')
    await signIn()
    expect(await page.locator('#input-userId').inputValue()).not.toBe('')
    await page.getByRole('button', { name: '发送请求' }).click()
    await page.locator('#answer-body').getByText('"orgList"').waitFor()
    await look(page)
    // The identity survives going to another page, since only the page is replaced.
    await page.locator('#nav').getByText('消息中心', { exact: true }).click()
    await page
      .locator('#nav')
      .getByRole('link', { name: /发送消息通知/ })
      .click()
    await page.getByRole('heading', { level: 1, name: '发送消息通知' }).waitFor()
    await page.locator('#who').getByText('试调用', { exact: true }).waitFor()
    await page.getByRole('button', { name: '发送请求' }).click()
    await page.locator('#answer-body').getByText('"msgId"').waitFor()
    // The message goes to the developer's owner, and what was entered is there again after a reload.
    expect(await page.locator('#input-toUser').inputValue()).toBe('zhangsan')
    await page.locator('#input-content').fill('刷新后还在')
    await page.reload()
    expect(await page.locator('#input-content').inputValue()).toBe('刷新后还在')
    expect(await page.locator('#input-toUser').inputValue()).toBe('')
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain(
      dev.devSecret,
    )
    await resized(page, phone, async () => {
      await page.getByRole('button', { name: '目录' }).click()
      await page.locator('#nav').getByRole('link', { name: '入门', exact: true }).click()
      await page
        .locator('main')
        .getByRole('link', { name: /^快速开始/ })
        .click()
      await page.getByRole('heading', { level: 1, name: '快速开始' }).waitFor()
    })
  })

  it('leads from nothing to a sent message within ten clicks', async () => {
    const fresh = await visit(world)
    const { page } = fresh
    await page.goto('/docs')
    let clicks = 0
    await page.exposeFunction('countClick', () => ++clicks)
    const count = "addEventListener('click', event => event.isTrusted && countClick(), true)"
    await page.addInitScript(count)
    await page.evaluate(count)
    const main = page.locator('main')
    await main.getByRole('link', { name: /^快速开始/ }).click()
    await page.waitForURL('**/docs/start/quick-start')
    await main.locator('a[href="/docs/reference/message-send"]').first().click()
    await page.waitForURL('**/docs/reference/message-send')
    await page.getByText('填入身份，在本页试调用').click()
    for (const [name, value] of [
      ['devId', dev.devId],
      ['devSecret', dev.devSecret],
    ] as const) {
      const field = page.getByLabel(name, { exact: true }).last()
      await field.click()
      await field.fill(value)
    }
    await page.getByRole('button', { name: '取得 devToken' }).click()
    await page.locator('#who').getByText('试调用', { exact: true }).waitFor()
    await page.getByRole('button', { name: '发送请求' }).click()
    await page.locator('#answer-body').getByText('"sent"').waitFor()
    expect(clicks).toBeGreaterThan(5)
    expect(clicks).toBeLessThanOrEqual(10)
    expect(fresh.complaints).toEqual([])
    await fresh.close()
  })

  it('leads from a refused call to the page of its code, and shows the request in another language', async () => {
    const { page } = view
    await page.goto('/docs/reference/org-higherList')
    await signIn()
    await page.locator('#input-orgId').fill('99999')
    for (const [language, part] of [
      ['Java', 'HttpRequest'],
      ['C#', 'HttpClient'],
      ['Go', 'http.NewRequest'],
      ['Python', 'urllib'],
    ] as const) {
      await page.getByRole('tab', { name: language, exact: true }).click()
      await page.locator('#snippet').getByText(part).first().waitFor()
    }
    await page.locator('#snippet').getByText('orgId=99999').waitFor()
    await page.getByRole('button', { name: '发送请求' }).click()
    await page.getByRole('link', { name: '1005 的原因和处理办法' }).click()
    await page.waitForURL('**/docs/errors/1005')
    await page.getByRole('heading', { level: 1, name: /^1005/ }).waitFor()
    await look(page)
    await page.getByRole('link', { name: 'English' }).click()
    await page.waitForURL('**/docs/en/errors/1005')
    await page.locator('html[lang=en]').waitFor()
    await look(page)
  })

  it('leads from a former address and section to the page that tells it now', async () => {
    const { page } = view
    await page.goto('/docs/guides/changes-and-webhooks#变更流')
    await page.waitForURL('**/docs/build/change-feed')
    await page.goto('/docs/en/build/todos#reminders-and-escalation')
    await page.waitForURL('**/docs/en/build/todo-reminders')
    await page.goto('/docs/build/webhooks#创建订阅')
    await page.getByRole('heading', { level: 1, name: 'Webhook 与事件流' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/docs/build/webhooks')
  })

  it('shows what an event is, from the guide, and the same section in the other language', async () => {
    const { page } = view
    await page.goto('/docs/build/webhooks')
    await page.locator('main').getByRole('link', { name: '事件目录' }).click()
    await page.getByRole('link', { name: 'bill.paid', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: '账单已付款' }).waitFor()
    await page.locator('main').getByText('"type": "bill.paid"').waitFor()
    await page.locator('main').getByText(`${world.server.url}/api/webhook/create`).waitFor()
    await look(page)
    await page.locator('#fields').scrollIntoViewIfNeeded()
    await page.evaluate("document.getElementById('fields').scrollIntoView()")
    await page.getByRole('link', { name: 'English' }).click()
    await page.locator('html[lang=en]').waitFor()
    expect(
      await page.evaluate("Math.abs(document.getElementById('fields').getBoundingClientRect().top)"),
    ).toBeLessThan(200)
    await page.goto('/docs/events')
    await page.getByRole('heading', { level: 1, name: '事件目录' }).waitFor()
    await look(page)
  })

  it('says so when the devToken has died, and gets another where it knows the secret', async () => {
    const { page } = view
    await page.goto('/docs/reference/org-tagList')
    await signIn()
    let isDead = true
    await page.route('**/api/org/tagList', route => {
      if (!isDead) return route.continue()
      isDead = false
      return route.fulfill({ json: { retCode: '1004', retMessage: 'devToken 已失效' } })
    })
    await page.getByRole('button', { name: '发送请求' }).click()
    await page.getByText('已自动重新取得并重发').waitFor()
    await page.locator('#answer-body').getByText('"tagName"').first().waitFor()
    await page.unroute('**/api/org/tagList')
  })

  it('shows the beginning of an answer of a megabyte, and stays quick', async () => {
    const { page } = view
    await page.goto('/docs/reference/org-tagList')
    await signIn()
    const list = Array.from({ length: 20_000 }, (_one, index) => ({
      tagId: String(index),
      tagName: '标签'.repeat(5),
    }))
    await page.route('**/api/org/tagList', route =>
      route.fulfill({ json: { retCode: '0', retMessage: '成功', body: { list } } }),
    )
    await page.getByRole('button', { name: '发送请求' }).click()
    await page.getByText(/返回共 1\.\d MB/).waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '下载全部' }).click()
    expect((await download).suggestedFilename()).toBe('answer.json')
    await page.unroute('**/api/org/tagList')
  })

  it('takes no devToken from another origin', async () => {
    const { page } = view
    await page.goto('/docs/reference/org-tagList')
    await page.evaluate(`postMessage({ type: 'wisp.docs.token', devToken: 'x', expiresIn: 7200 }, '*')`)
    await page.evaluate('new Promise(requestAnimationFrame)')
    expect(await page.getByText('填入身份，在本页试调用').isVisible()).toBe(true)
  })

  it('follows the dark theme, and says when a page is not there', async () => {
    const { page } = view
    await page.goto('/docs/reference/message-send')
    await page.getByRole('button', { name: '切换深色与浅色' }).click()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await look(page)
    await page.getByRole('button', { name: '切换深色与浅色' }).click()
    const answer = await page.goto('/docs/guides/nothing')
    expect(answer?.status()).toBe(404)
    await page.getByRole('heading', { name: '没有这一页' }).waitFor()
    view.complaints.length = 0
    await page.goto('/docs/errors/')
    await page.getByRole('heading', { level: 1, name: '全部错误码' }).waitFor()
    await page.goto('/docs/guides/bills')
    await page.waitForURL('**/docs/build/payments')
  })
})

describe('the first page', () => {
  it('is whole within a second, and loads little', async () => {
    const view = await visit(world)
    await view.page.goto('/docs', { waitUntil: 'load' })
    const { ms, bytes } = await view.page.evaluate<{ ms: number; bytes: number }>(`(() => {
      const [page] = performance.getEntriesByType('navigation')
      const loaded = [page, ...performance.getEntriesByType('resource')]
      return { ms: page.domContentLoadedEventEnd, bytes: loaded.reduce((sum, one) => sum + one.encodedBodySize, 0) }
    })()`)
    expect(bytes).toBeLessThan(40_000)
    // Also on a machine that is busy with other tests.
    expect(ms).toBeLessThan(1000)
    await view.close()
  })
})

describe('from the console', () => {
  it('hands a devToken over, again after a reload, and never a secret', async () => {
    const view = await visit(world, { as: 'super' })
    const { page, context } = view
    await page.goto(`/console/apps/developers?open=${dev.devId}`)
    const opening = context.waitForEvent('page')
    await page.getByRole('button', { name: '打开接口文档' }).click()
    const docs = await opening
    await docs.locator('#who').getByText('试调用', { exact: true }).waitFor()
    expect(docs.url()).not.toContain(dev.devId)
    await docs.getByRole('button', { name: '发送请求' }).click()
    await docs.locator('#answer-body').getByText('"samples"').waitFor()
    await docs.reload()
    await docs.locator('#who').getByText('试调用', { exact: true }).waitFor()
    expect(await docs.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain(
      dev.devId,
    )
    expect(view.complaints).toEqual([])
    await view.close()
  })
})
