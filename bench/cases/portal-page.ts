import type { Browser, CDPSession } from 'playwright-core'
import { buildPages } from '../../scripts/build-pages.ts'
import { followLoading, launchChromium } from '../../test/browser/chromium.ts'
import type { BenchServer } from '../bed.ts'
import { type Figure, median, short } from '../report.ts'

const visits = 5
const firstLoadAtMostKb = 250
const windows = [
  { name: 'portal', path: '/portal', size: { width: 1440, height: 900 } },
  { name: 'mobile', path: '/mobile', size: { width: 390, height: 844 } },
] as const

type Load = { kb: number; requests: number; usableMs: number }

/**
 * The workbench with sixty apps in a real browser with an empty cache: the bytes transferred, and the time
 * until a tile is visible.
 */
export async function measurePortalPage(measured: BenchServer): Promise<Figure[]> {
  await buildPages()
  const browser = await launchChromium({ isAsPeoples: true })
  try {
    const figures: Figure[] = []
    for (const { name, path, size } of windows) {
      const loads: Load[] = []
      for (let n = 0; n < visits; n++) loads.push(await visit(browser, measured, path, size))
      const middle = (read: (load: Load) => number) => median(loads.map(read))
      figures.push({
        name: `${name} page, first load`,
        measured: middle(load => load.kb),
        unit: 'kB',
        target: { atMost: firstLoadAtMostKb },
        detail: `${middle(load => load.requests)} requests, all of them counted as they came, ${visits} visits`,
      })
      figures.push({
        name: `${name} page, usable after`,
        measured: middle(load => load.usableMs),
        unit: 'ms',
        detail: `from the navigation to the first of 60 apps, longest ${short(Math.max(...loads.map(one => one.usableMs)))} ms`,
      })
    }
    return figures
  } finally {
    await browser.close()
  }
}

async function visit(
  browser: Browser,
  { server, population }: BenchServer,
  path: string,
  viewport: { width: number; height: number },
): Promise<Load> {
  const url = String(server.ready['ready'])
  const context = await browser.newContext({ viewport, locale: 'zh-CN' })
  const [name = '', value = ''] = population.cookies[0]?.split('=') ?? []
  await context.addCookies([{ name, value, url }])
  const page = await context.newPage()
  const { bytes, requests } = await countBytes(await context.newCDPSession(page))
  const loaded = followLoading(page)
  const startedAt = performance.now()
  await page.goto(`${url}${path}`, { waitUntil: 'commit' })
  await page.getByText('应用示例 0', { exact: true }).first().waitFor()
  const usableMs = performance.now() - startedAt
  await loaded()
  await context.close()
  return { kb: bytes() / 1000, requests: requests(), usableMs }
}

async function countBytes(session: CDPSession) {
  let bytes = 0
  let requests = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
    requests++
  })
  await session.send('Network.enable')
  return { bytes: () => bytes, requests: () => requests }
}
