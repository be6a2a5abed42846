import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext } from 'playwright-core'
import { buildPages } from '../../scripts/build-pages.ts'
import { pages } from '../../web/console/pages.ts'
import { launchChromium } from './chromium.ts'
import { type DemoWorld, startDemoWorld } from './demo-world.ts'

/**
 * `npm run screens`: a picture of every page at three widths, light and dark, with a full corp and on day one, into
 * coverage/screens. Says which page complained or hangs over its edge. `--only /console/sync` takes some.
 */
const out = resolve(import.meta.dirname, '../../coverage/screens')
const widths = [390, 768, 1440]
const themes = ['light', 'dark'] as const
const settleMs = 400

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } })

const consolePaths = pages.map(page => page.path.replace('/{-$tab}', ''))
/** As a member, who has messages and bills and owns a developer; everything else is seen by the administrator. */
const memberPaths = ['/portal', '/mobile', '/pay/', '/pay/bill/1', '/pay/history', '/developer']
const full = [...consolePaths, ...memberPaths].map(path => ({ path, isEmpty: false }))
const empty = [...consolePaths, '/signin'].map(path => ({ path, isEmpty: true }))
const wanted = (list: typeof full) => list.filter(one => one.path.startsWith(values.only))

type Shot = { path: string; address: string; width: number; theme: (typeof themes)[number]; folder: string }

async function signIn(world: DemoWorld, context: BrowserContext): Promise<void> {
  const { user: name, password } = world.admin
  const url = `${world.server.url}/web/sign-in/password`
  const answer = await context.request.post(url, { data: { name, password } })
  if (!answer.ok()) throw new Error(await answer.text())
}

async function beMember(world: DemoWorld, context: BrowserContext): Promise<void> {
  const [name = '', value = ''] = (await world.cookieOf('zhangsan')).split('=')
  await context.addCookies([{ name, value, url: world.server.url }])
}

/** The address of something that there is, if there is any. */
function withObject(path: string, { server: { ctx }, sandbox }: DemoWorld): string {
  const { corpId } = sandbox
  const ids: Partial<Record<string, string>> = {
    '/console/apps/developers/$id': ctx.developers.all()[0]?.devId,
    '/console/apps/$id': ctx.apps.ofCorp(corpId)[0]?.id,
    '/console/official/accounts/$id': ctx.accounts.ofCorp(corpId)[0]?.originalId,
    '/console/payments/merchants/$id': ctx.merchants.ofCorp(corpId)[0]?.mchId,
  }
  return path.replace('$id', ids[path] ?? '1')
}

async function takeAll(browser: Browser, isEmpty: boolean): Promise<number> {
  const list = wanted(isEmpty ? empty : full)
  if (list.length === 0) return 0
  const world = await startDemoWorld({ isEmpty })
  const folder = join(out, isEmpty ? 'empty' : 'full')
  mkdirSync(folder, { recursive: true })
  let complaints = 0
  for (const theme of themes) {
    for (const { path } of list) {
      const context = await browser.newContext({
        baseURL: world.server.url,
        locale: 'zh-CN',
        colorScheme: theme,
        reducedMotion: 'reduce',
      })
      if (memberPaths.includes(path)) await beMember(world, context)
      else if (path !== '/signin') await signIn(world, context)
      const address = withObject(path, world)
      for (const width of widths) complaints += await take(context, { path, address, width, theme, folder })
      await context.close()
    }
  }
  await world.close()
  return complaints
}

async function take(context: BrowserContext, { path, address, width, theme, folder }: Shot): Promise<number> {
  const page = await context.newPage()
  const said: string[] = []
  page.on('console', message => message.type() === 'error' && said.push(message.text()))
  page.on('pageerror', error => said.push(String(error)))
  await page.setViewportSize({ width, height: width < 500 ? 844 : 900 })
  await page.goto(address)
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(settleMs)
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  if (over > 0) said.push(`${over} px over the right edge`)
  const name = `${path.slice(1).replaceAll('/', '-')}-${width}-${theme}.png`
  await page.screenshot({ path: join(folder, name), fullPage: true })
  await page.close()
  for (const words of said) console.log(`${path} ${width} ${theme}: ${words.slice(0, 300)}`)
  return said.length
}

await buildPages()
rmSync(out, { recursive: true, force: true })
const browser = await launchChromium()
const complaints = (await takeAll(browser, false)) + (await takeAll(browser, true))
await browser.close()
console.log(`${out}: ${complaints === 0 ? 'no complaints' : `${complaints} complaints, above`}`)
