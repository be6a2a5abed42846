import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { faultsOf } from './axe.ts'
import { closeBrowser, desktop, launchBrowser } from './browser.ts'
import { openWindow } from './windows.ts'

let server: Server
let baseURL: string
beforeAll(async () => {
  server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<html lang="en"><title>Asked with ${request.headers.cookie ?? 'nothing'}</title>`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await closeBrowser()
  server.closeAllConnections()
  server.close()
})

const open = async () => openWindow(await launchBrowser(), { baseURL, viewport: desktop })

describe('a window', () => {
  it('is opened again, and has forgotten what it knew', async () => {
    const first = await open()
    const page = await first.context.newPage()
    await page.goto('/')
    await page.evaluate(async () => {
      // biome-ignore lint/suspicious/noDocumentCookie: the next window must not have it.
      document.cookie = 'known=1; max-age=1000'
      localStorage.setItem('known', '1')
      sessionStorage.setItem('known', '1')
      await (await caches.open('known')).put('/known', new Response('1'))
    })
    await first.context.grantPermissions(['geolocation'])
    await first.context.route('**/known', route => route.fulfill({ body: 'routed' }))
    await first.close()
    const second = await open()
    expect(second.context).toBe(first.context)
    const again = await second.context.newPage()
    await again.goto('/known')
    expect(await again.title()).toBe('Asked with nothing')
    const left = await again.evaluate(async () => ({
      stored: [localStorage.length, sessionStorage.length, (await caches.keys()).length],
      allowed: (await navigator.permissions.query({ name: 'geolocation' })).state,
    }))
    expect(left).toEqual({ stored: [0, 0, 0], allowed: 'prompt' })
    await second.close()
  })

  it.each([
    ['a script', (page: Page) => page.context().addInitScript('window.isChanged = true')],
    ['a function', (page: Page) => page.context().exposeFunction('isChanged', () => true)],
    ['a clock', (page: Page) => page.clock.install()],
    ['a clock that stands', (page: Page) => page.clock.pauseAt(Date.now() + 1000)],
    ['headers', (page: Page) => page.context().setExtraHTTPHeaders({ 'x-known': '1' })],
    ['no network', (page: Page) => page.context().setOffline(true)],
    ['another patience', (page: Page) => page.context().setDefaultTimeout(1)],
    ['other sockets', (page: Page) => page.context().routeWebSocket('**/known', () => {})],
    ['a listener', async (page: Page) => void page.context().on('request', () => {})],
  ])('is not opened again when all its pages got %s', async (_what, change) => {
    const first = await open()
    await change(await first.context.newPage())
    await first.close()
    const second = await open()
    expect(second.context).not.toBe(first.context)
    await second.close()
  })
})

it('a window that is new is neither one that was open before nor opened again', async () => {
  await (await open()).close()
  const browser = await launchBrowser()
  const known = new Set(browser.contexts())
  const fresh = await openWindow(browser, { baseURL, viewport: desktop, isNew: true })
  expect(known.has(fresh.context)).toBe(false)
  await fresh.close()
  expect(browser.contexts()).not.toContain(fresh.context)
})

describe('a look at a page for what hinders access', () => {
  let page: Page
  let close: () => Promise<void>
  beforeEach(async () => {
    const opened = await open()
    close = opened.close
    page = await opened.context.newPage()
    await page.goto('/')
  })
  afterEach(() => close())

  const legible = '<main class="legible"><p>Text</p></main>'
  const show = (html: string) => page.setContent(`<html lang="en"><title>Page</title>${html}</html>`)

  it.each([
    ['its colour', '<main class="legible"><p style="color: #ccc">Text</p></main>'],
    ['what is behind it', '<main class="legible" style="background: #111"><p>Text</p></main>'],
    ['how much of it shines through', '<main class="legible"><p style="opacity: 0.3">Text</p></main>'],
    [
      'the theme',
      `${legible}<style>@media (prefers-color-scheme: dark) { .legible { background: #222 } }</style>`,
    ],
  ])('finds a text illegible that was legible but for %s', async (_what, html) => {
    await show(legible)
    expect(await faultsOf(page)).toEqual([])
    expect(await faultsOf(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await show(html)
    const illegible = [expect.stringContaining('color-contrast')]
    for (let times = 0; times < 2; times++) expect(await faultsOf(page)).toEqual(illegible)
    expect(await faultsOf(page, 'colours')).toEqual(illegible)
  })

  it.each([
    [
      'had nothing else moved behind it',
      legible,
      `${legible}<div style="position: absolute; inset: 0; z-index: -1; background: #111"></div>`,
    ],
    [
      'was moved to another place',
      '<main><p style="position: absolute; top: 0">Text</p></main>',
      '<main><div style="height: 200px; background: #111"></div><p style="position: absolute; top: 0">Text</p></main>',
    ],
  ])('finds a text illegible that once %s', async (_what, before, after) => {
    await show(before)
    expect(await faultsOf(page)).toEqual([])
    await show(after)
    expect(await faultsOf(page)).toEqual([expect.stringContaining('color-contrast')])
  })

  it('finds a text illegible that becomes so while it is looked for axe', async () => {
    await show(legible)
    expect(await faultsOf(page)).toEqual([])
    await page.evaluate(() => {
      const { axe } = window as Window & { axe?: unknown }
      const get = () => {
        document.querySelector('p')!.style.color = '#ccc'
        return axe
      }
      Object.defineProperty(window, 'axe', { get })
    })
    expect(await faultsOf(page)).toEqual([expect.stringContaining('color-contrast')])
  })

  it('finds a button without a name on a page whose texts are all known', async () => {
    await show(legible)
    expect(await faultsOf(page)).toEqual([])
    await show(legible.replace('</main>', '<button type="button"></button></main>'))
    expect(await faultsOf(page)).toEqual([expect.stringContaining('button-name')])
  })
})
