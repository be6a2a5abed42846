import type { Browser, BrowserContext } from 'playwright-core'

/** What all pages of a window have. */
export type WindowKind = {
  baseURL: string
  viewport: { width: number; height: number }
  hasTouch?: boolean
  userAgent?: string
}

/** `isChanged`: a test put something into all its pages that does not come out again: a script, a function, a clock. */
type Window = { key: string; context: BrowserContext; isChanged: boolean }

const keptAtMost = 4
/** Those that were closed and have forgotten everything, for the next visits of the worker. */
const kept: Window[] = []
const open = new Set<Window>()

/**
 * A window that knows nobody. Closed, it forgets cookies, what pages stored and what they were allowed, and keeps what is dear: its
 * process, and the scripts that this has loaded and compiled. One that `isNew` has loaded nothing yet.
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
      if (window.isChanged) return window.context.close()
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
  const window: Window = { key, context, isChanged: false }
  const note = <Holder extends object>(holder: Holder, names: readonly (keyof Holder)[]) => {
    for (const name of names) {
      const own = holder[name] as (...given: unknown[]) => unknown
      const noted = (...given: unknown[]) => {
        window.isChanged = true
        return own.apply(holder, given)
      }
      holder[name] = noted as Holder[typeof name]
    }
  }
  note(context, ['addInitScript', 'exposeBinding', 'exposeFunction'])
  note(context.clock, ['install', 'setFixedTime', 'setSystemTime'])
  return window
}

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
