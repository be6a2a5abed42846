import type { EventEmitter } from 'node:events'
import type { Browser, BrowserContext } from 'playwright-core'

/** What all pages of a window have. */
export type WindowKind = {
  baseURL: string
  viewport: { width: number; height: number }
  hasTouch?: boolean
  userAgent?: string
}

/** `isChanged`: a test changed something for all its pages that `forget` does not take back. */
type Window = { key: string; context: BrowserContext; isChanged: boolean; listeners: number }

const keptAtMost = 4
/** Those that were closed and have forgotten everything, for the next visits of the worker. */
const kept: Window[] = []
const open = new Set<Window>()

/**
 * A window that knows nobody. Closed, it forgets cookies, what pages stored and what they were allowed, and keeps what is dear: its
 * process, and the scripts that this has loaded and compiled. Other files that the server lets browsers keep stay too: they are named by
 * their hash, but for pictures of conversations. One that `isNew` has loaded nothing yet, and is not opened again.
 */
export async function openWindow(
  browser: Browser,
  { isNew = false, ...kind }: WindowKind & { isNew?: boolean },
): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const key = JSON.stringify(kind)
  const at = isNew ? -1 : kept.findIndex(one => one.key === key)
  const window = at < 0 ? await newWindow(browser, key, kind) : kept.splice(at, 1)[0]
  if (!window) throw new Error('no window')
  open.add(window)
  return {
    context: window.context,
    async close() {
      if (!open.delete(window)) return
      if (isNew || window.isChanged || listenersOf(window.context) > window.listeners)
        return window.context.close()
      await forget(window.context)
      kept.push(window)
      if (kept.length > keptAtMost) await kept.shift()?.context.close()
    },
  }
}

/** Closes those that tests have left open. */
export async function closeWindows(browser: Browser): Promise<void> {
  open.clear()
  const left = browser.contexts().filter(context => !kept.some(one => one.context === context))
  await Promise.all(left.map(context => context.close()))
}

async function newWindow(browser: Browser, key: string, kind: WindowKind): Promise<Window> {
  const context = await browser.newContext({
    ...kind,
    locale: 'zh-CN',
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  // An empty page, with which the process of the others stays.
  await context.newPage()
  const window: Window = { key, context, isChanged: false, listeners: 0 }
  noteCalls(context, isLasting, window)
  for (const part of [context.clock, context.tracing]) noteCalls(part, () => true, window)
  window.listeners = listenersOf(context)
  return window
}

/** What a context is told that holds for all its pages from then on. Routes, permissions and cookies are forgotten. */
const isLasting = (name: string) =>
  /^(set|expose|addInitScript|routeFromHAR|routeWebSocket)/.test(name) && name !== 'setMaxListeners'

function noteCalls(holder: object, isNoted: (name: string) => boolean, window: Window): void {
  const methods = holder as Record<string, unknown>
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(holder))) {
    const own = methods[name]
    if (name === 'constructor' || name.startsWith('_') || typeof own !== 'function' || !isNoted(name))
      continue
    methods[name] = (...given: unknown[]) => {
      window.isChanged = true
      return own.apply(holder, given)
    }
  }
}

const listenersOf = (context: BrowserContext) =>
  (
    [
      'page',
      'request',
      'requestfinished',
      'requestfailed',
      'response',
      'console',
      'dialog',
      'weberror',
    ] as const
  )
    .map(event => (context as unknown as EventEmitter).listenerCount(event))
    .reduce((sum, count) => sum + count, 0)

async function forget(context: BrowserContext): Promise<void> {
  const [empty, ...pages] = context.pages()
  if (!empty) throw new Error('the window has lost its first page')
  await Promise.all(pages.map(page => page.close()))
  await context.unrouteAll()
  await context.clearPermissions()
  await context.clearCookies()
  const inspector = await context.newCDPSession(empty)
  await inspector.send('Storage.clearDataForOrigin', { origin: '*', storageTypes: 'all' })
  await inspector.detach()
}
