import type { Browser, Page } from 'playwright-core'
import { buildPages } from '../../scripts/build-pages.ts'
import { followLoading, launchChromium } from '../../test/browser/chromium.ts'
import type { BenchServer } from '../bed.ts'
import { type Figure, median, short } from '../report.ts'

const visits = 5
/** Pages of different kinds, with what is there when they can be used. */
const nextPages = [
  { path: '/console/directory', usable: 'main td .directory-person, main .wisp-cards .directory-person' },
  {
    path: '/console/messages',
    usable: 'main .ant-table-placeholder, main .ant-table-row, main .wisp-cards, main .wisp-blank',
  },
  { path: '/console/sync', usable: 'main .wisp-panel' },
  { path: '/console/apps', usable: 'main .ant-table-row, main .wisp-cards' },
] as const

/** A telephone is laid out otherwise, and its lists are cards. */
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

type Visit = { kb: number; files: number; nextMs: number[]; shift: number }

/**
 * The console as a super administrator opens it with an empty cache, at both sizes: the bytes and files of the first page as they came,
 * how long the next pages take, and how far anything that is shown jumps meanwhile.
 */
export async function measureConsolePages(measured: BenchServer): Promise<Figure[]> {
  await buildPages()
  const browser = await launchChromium({ isAsPeoples: true })
  try {
    const made: Visit[] = []
    for (let n = 0; n < visits; n++) for (const size of sizes) made.push(await visit(browser, measured, size))
    const next = made.flatMap(one => one.nextMs)
    const widest = Math.max(...made.map(one => one.shift))
    return [
      {
        name: 'console, first load',
        measured: median(made.map(one => one.kb)),
        unit: 'kB',
        target: { atMost: 350 },
        detail: `with the overview and its charts, compressed as it came, ${made.length} visits`,
      },
      {
        name: 'console, files of the first load',
        measured: Math.max(...made.map(one => one.files)),
        unit: '',
        target: { atMost: 25 },
        detail: 'the page, its scripts, styles and texts; calls come on top',
      },
      {
        name: 'console, next page',
        measured: median(next),
        unit: 'ms',
        target: { atMost: 300 },
        detail: `from the click to its rows, its code not loaded before; longest ${short(Math.max(...next))} ms of ${next.length}`,
      },
      {
        name: 'console, layout shift',
        measured: widest,
        unit: '',
        target: { atMost: 0.02 },
        detail: `the largest of ${made.length * (nextPages.length + 1)} pages, at both sizes`,
      },
    ]
  } finally {
    await browser.close()
  }
}

const watchShift = `window.shift = 0
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })`

async function visit(
  browser: Browser,
  { server, population }: BenchServer,
  viewport: (typeof sizes)[number],
): Promise<Visit> {
  const url = String(server.ready['ready'])
  const context = await browser.newContext({ viewport, locale: 'zh-CN' })
  const [name = '', value = ''] = population.cookies.at(-1)?.split('=') ?? []
  await context.addCookies([{ name, value, url }])
  const page = await context.newPage()
  await page.addInitScript(watchShift)
  let bytes = 0
  let files = 0
  page.on('requestfinished', request => {
    if (!new URL(request.url()).pathname.startsWith('/web/')) files += 1
  })
  const session = await context.newCDPSession(page)
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await session.send('Network.enable')
  const loaded = followLoading(page)
  await page.goto(`${url}/console`)
  await page.locator('.overview-figures').waitFor()
  await loaded()
  const first = { kb: bytes / 1000, files }
  const shifts = [await takeShift(page)]
  const nextMs: number[] = []
  for (const { path, usable } of nextPages) {
    nextMs.push(await open(page, path, usable))
    await loaded()
    shifts.push(await takeShift(page))
  }
  await context.close()
  return { ...first, nextMs, shift: Math.max(...shifts) }
}

const takeShift = (page: Page) => page.evaluate<number>('[window.shift, (window.shift = 0)][0]')

/** As a link does, whose group of the navigation need not be open; the time is taken in the page. */
function open(page: Page, path: string, usable: string): Promise<number> {
  return page.evaluate<number>(`new Promise(done => {
    const startedAt = performance.now()
    const before = document.querySelector('main h1')
    const look = () => {
      const title = document.querySelector('main h1')
      // The page before stays until this one is loaded.
      const isThere = title && title !== before && !document.querySelector('main .wisp-skeleton')
      if (isThere && document.querySelector('${usable}')) done(performance.now() - startedAt)
      else requestAnimationFrame(look)
    }
    history.pushState({}, '', '${path}')
    dispatchEvent(new PopStateEvent('popstate'))
    requestAnimationFrame(look)
  })`)
}
