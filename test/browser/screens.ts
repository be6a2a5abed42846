import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext } from 'playwright-core'
import { buildPages } from '../../scripts/build-pages.ts'
import { followLoading, launchChromium } from './chromium.ts'
import type { ScreenPlace } from './screens/places.ts'
import { type State, states } from './screens/states.ts'
import { middleOf, wordsAtMost, wordsOfPage } from './words-of-page.ts'

/**
 * `npm run screens`: a picture of every page and of each tab at three widths, light and dark, into coverage/screens: with the data of
 * `npm start` (full), on day one, with a corp that has nothing yet (empty), without the right (locked), while the server fails (broken),
 * is away, or cannot be reached (offline). Says which page complained, hangs over its edge, or has too many words. `--only /console/sync` takes some,
 * `--state full,locked` these states, `--width 390 --theme dark` these alone.
 */
const out = resolve(import.meta.dirname, '../../coverage/screens')
const widths = [390, 768, 1440]
const themes = ['light', 'dark'] as const
const settleMs = 400
/** The workbench always waits for a message, so that its network is never idle. */
const loadsMs = 5000
const atOnce = 2
const highest = 8000

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    state: { type: 'string', default: '' },
    width: { type: 'string', default: widths.join() },
    theme: { type: 'string', default: themes.join() },
  },
})

/** Of each page of the console that is full of data, at the widest. */
const words = new Map<string, number>()

type Theme = (typeof themes)[number]
type Visit = { state: State; place: ScreenPlace; path: string; theme: Theme }

async function takeState(browser: Browser, state: State): Promise<number> {
  const paths = state.paths.filter(path => path.startsWith(values.only))
  if (paths.length === 0) return 0
  mkdirSync(join(out, state.name), { recursive: true })
  const place = await state.open()
  const wanted = themes.filter(theme => values.theme.split(',').includes(theme))
  const visits = wanted.flatMap(theme => paths.map(path => ({ state, place, path, theme })))
  let complaints = 0
  const worker = async () => {
    for (let next = visits.shift(); next; next = visits.shift()) complaints += await takeAll(browser, next)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  await place.close()
  return complaints
}

async function takeAll(browser: Browser, visit: Visit): Promise<number> {
  const { state, place, path, theme } = visit
  const context = await browser.newContext({
    baseURL: place.url,
    locale: 'zh-CN',
    colorScheme: theme,
    reducedMotion: 'reduce',
  })
  const member = state.as(path)
  if (member !== undefined) await addCookies(place, context, await place.cookieOf(member))
  else if (place.adminCookie && path !== '/signin') await addCookies(place, context, place.adminCookie)
  else if (path !== '/signin') await signIn(place, context)
  await state.disturb?.(context)
  let complaints = 0
  const wanted = widths.filter(width => values.width.split(',').includes(String(width)))
  for (const width of wanted) complaints += await take(context, visit, width)
  await context.close()
  return complaints
}

async function signIn({ url, admin }: ScreenPlace, context: BrowserContext): Promise<void> {
  const data = { name: admin.user, password: admin.password }
  const answer = await context.request.post(`${url}/web/sign-in/password`, { data })
  if (!answer.ok()) throw new Error(await answer.text())
}

async function addCookies({ url }: ScreenPlace, context: BrowserContext, cookies: string): Promise<void> {
  await context.addCookies(
    cookies.split('; ').map(one => {
      const [name = '', value = ''] = one.split('=')
      return { name, value, url }
    }),
  )
}

async function take(
  context: BrowserContext,
  { state, place, path, theme }: Visit,
  width: number,
): Promise<number> {
  const page = await context.newPage()
  const said: string[] = []
  // A state that disturbs has errors on purpose.
  if (!state.disturb) page.on('console', message => message.type() === 'error' && said.push(message.text()))
  page.on('pageerror', error => said.push(String(error)))
  await page.setViewportSize({ width, height: width < 500 ? 844 : 900 })
  const loaded = followLoading(page)
  await page.goto(path.replace('$id', place.objects[path.replace(/\/\$id.*/, '')] ?? '1'))
  await loaded(loadsMs).catch(() => undefined)
  await page.waitForTimeout(state.settleMs ?? settleMs)
  // As high as all that there is, so that what stays at the window's edges stands where the page ends.
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width, height: Math.min(height, highest) })
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  if (over > 0) said.push(`${over} px over the right edge`)
  if (state.name === 'full' && path.startsWith('/console') && width === 1440) {
    const count = await page.evaluate<number>(wordsOfPage)
    words.set(path, count)
    if (count > wordsAtMost.any) said.push(`${count} Chinese characters, at most ${wordsAtMost.any}`)
  }
  const name = `${path.slice(1).replaceAll(/[/?=]/g, '-')}-${width}-${theme}.png`
  await page.screenshot({ path: join(out, state.name, name), fullPage: true })
  await page.close()
  for (const words of said) console.log(`${state.name} ${path} ${width} ${theme}: ${words.slice(0, 300)}`)
  return said.length
}

await buildPages()
const wanted = states.filter(one => values.state === '' || values.state.split(',').includes(one.name))
if (process.argv.length === 2) rmSync(out, { recursive: true, force: true })
const browser = await launchChromium()
let complaints = 0
for (const state of wanted) complaints += await takeState(browser, state)
await browser.close()
if (words.size > 0) {
  const counted = [...words].sort(([, a], [, b]) => b - a).map(([path, count]) => `${count} ${path}`)
  console.log(
    `Chinese characters: ${middleOf([...words.values()])} on the middle page\n${counted.join('\n')}`,
  )
}
console.log(`${out}: ${complaints === 0 ? 'no complaints' : `${complaints} complaints, above`}`)
