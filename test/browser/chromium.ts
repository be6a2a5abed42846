import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type Page, type Request } from 'playwright-core'
import { browsers } from '../../scripts/test/browsers.ts'
import { until } from '../until.ts'

/** The system's Chromium. */
export function chromiumPath(): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin']
  const path = browsers.flatMap(name => folders.map(folder => join(folder, name))).find(existsSync)
  if (!path) throw new Error('no Chromium: apt-get install chromium-headless-shell')
  return path
}

/** `isAsPeoples`: what scripts take is measured, as in a browser that people use. */
export function launchChromium({ isAsPeoples = false } = {}): Promise<Browser> {
  // Pages of tests live for seconds: compilers that optimise cost more than they bring.
  const scripts = isAsPeoples ? [] : ['--js-flags=--no-turbofan --no-maglev']
  const lean = ['--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage', ...scripts]
  // The pages of a window share a process, and what this has compiled.
  const shared = '--renderer-process-limit=1'
  const args = [
    '--no-sandbox',
    ...lean,
    shared,
    ...(process.env['CHROME_FLAGS'] ?? '').split(' ').filter(Boolean),
  ]
  return chromium.launch({ executablePath: chromiumPath(), args })
}

/** Nothing more is asked for when nothing was for so long. */
const quietMs = 500

/**
 * To be called before a page is opened that always has a request that waits: for messages, or for what needs somebody. The function that
 * it returns resolves when everything else is loaded.
 */
export function followLoading(page: Page): (withinMs?: number) => Promise<unknown> {
  const loading = new Set<Request>()
  const isWaiting = (request: Request) => /[?&]known=\d/.test(request.url())
  let changedAt = Date.now()
  const note = (change: () => void) => {
    change()
    changedAt = Date.now()
  }
  page.on('request', request => {
    if (!isWaiting(request)) note(() => loading.add(request))
  })
  for (const end of ['requestfinished', 'requestfailed'] as const)
    page.on(end as 'requestfinished', request => {
      if (loading.has(request)) note(() => loading.delete(request))
    })
  const isOver = () => loading.size === 0 && Date.now() - changedAt > quietMs
  return withinMs => until('everything is loaded', isOver, withinMs)
}
