import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { buildPages } from '../../scripts/build-pages.ts'
import type { World } from '../harness.ts'
import { type SignInRole, signInAs } from '../sign-in.ts'
import { axe, axeOnce } from './axe.ts'
import { launchChromium } from './chromium.ts'
import { closeWindows, openWindow } from './windows.ts'

export { axe, axeOnce }

export const phone = { width: 390, height: 844 }
export const tablet = { width: 768, height: 1024 }
export const desktop = { width: 1440, height: 900 }

let launched: Promise<Browser> | undefined

/** One Chromium for all files of a worker, with which it ends, and the pages built; `closeBrowser` in afterAll. */
export function launchBrowser(): Promise<Browser> {
  launched ??= launch()
  return launched
}

async function launch(): Promise<Browser> {
  await buildPages()
  return launchChromium()
}

/** Closes all windows but those that wait for the next visit. */
export async function closeBrowser(): Promise<void> {
  if (launched) await closeWindows(await launched)
}

export type Visit = {
  page: Page
  context: BrowserContext
  /** What the console complained about: errors of scripts, refused resources, the page's policy. */
  complaints: string[]
  close(): Promise<void>
}

export type VisitOptions = {
  size?: { width: number; height: number }
  as?: SignInRole
  userId?: string
  departments?: { departmentId: number; manage: boolean }[]
  userAgent?: string
  dark?: boolean
  /** The browser has loaded nothing yet, and what it loads stays with it: for addresses that mean something else in another world. */
  isNew?: boolean
}

/** A window of a browser of its own, signed in as somebody or nobody (default). Paths are relative to wisp. */
export async function visit(world: World, options: VisitOptions = {}): Promise<Visit> {
  const { size = desktop, userAgent, isNew = false } = options
  const { context, close } = await openWindow(await launchBrowser(), {
    baseURL: world.server.url,
    viewport: size,
    hasTouch: size === phone,
    isNew,
    ...(userAgent ? { userAgent } : {}),
  })
  if (options.as && options.as !== 'nobody') {
    const { cookie } = await signInAs(world, options.as, options.userId, options.departments)
    const [name = '', value = ''] = cookie.split('=')
    await context.addCookies([{ name, value, url: world.server.url, httpOnly: true, sameSite: 'Lax' }])
  }
  const page = await context.newPage()
  if (options.dark) await page.emulateMedia({ colorScheme: 'dark' })
  const complaints: string[] = []
  page.on('console', message => {
    // A save that was refused because somebody else saved is an answer; browsers note it down.
    const isStale = message.text().includes('status of 409')
    if (message.type() === 'error' && !isStale) complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  return { page, context, complaints, close }
}

/**
 * Opens an address as a link does where the page shows another one of the console, or of the pages for developers, and resolves when it is
 * there. To load everything anew takes four times the processor time, and is for what only a reload shows: what the page has read within the
 * last five seconds stays, and so do its notices.
 */
export async function follow(page: Page, address: string): Promise<void> {
  const firstOf = (path: string) => /^\/(\w+)/.exec(path)?.[1]
  const isNear = firstOf(new URL(page.url(), 'http://nowhere').pathname) === firstOf(address)
  if (!isNear) return void (await page.goto(address))
  await page.evaluate(`new Promise(done => {
    const go = () => {
      const router = self.__TSR_ROUTER__
      // Its script may come after the page.
      if (!router) return void requestAnimationFrame(go)
      const end = router.subscribe('onRendered', () => { end(); done() })
      history.pushState({}, '', ${JSON.stringify(address)})
    }
    go()
  })`)
}

/** Nothing hangs over the right edge, once charts and the like have followed the width. */
export async function fitsWidth(page: Page): Promise<void> {
  const over = () =>
    page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  await expect.poll(over, { timeout: 5000 }).toBeLessThanOrEqual(0)
}

/** Does something while the window has another size, as a phone has what a journey on a desktop has made. */
export async function resized(page: Page, size: typeof phone, use: () => Promise<void>): Promise<void> {
  const own = page.viewportSize() ?? desktop
  await page.setViewportSize(size)
  // What is laid out by script follows in the next frame.
  await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
  await use()
  await page.setViewportSize(own)
}

/**
 * Looks at what a journey has made: no fault for axe, and nothing over the edge, neither in its own window nor in one of
 * another size. A journey is made once; what only the other size has is done there by `resized`. Of the states of a page axe looks at
 * the first alone in the other size; `npm run soak` looks at all (`axe.ts`).
 */
export async function look(page: Page, { size = phone, dark = false } = {}): Promise<void> {
  await axe(page)
  await fitsWidth(page)
  const isOther = size.width !== page.viewportSize()?.width
  if (!isOther && !dark) return
  if (dark) await page.emulateMedia({ colorScheme: 'dark' })
  await resized(page, size, async () => {
    await axeOnce(page, isOther ? 'all' : 'colours')
    if (isOther) await fitsWidth(page)
  })
  if (dark) await page.emulateMedia({ colorScheme: 'light' })
}
