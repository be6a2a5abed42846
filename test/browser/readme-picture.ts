import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Browser, BrowserContext } from 'playwright-core'
import { buildPages } from '../../scripts/build-pages.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { putFavourite } from '../../server/features/apps/workbench/arrange.ts'
import { memberPerson } from '../../server/organisation/directory/permissions/person.ts'
import { memberOf } from '../../server/organisation/people/administrators.ts'
import { followLoading, launchChromium } from './chromium.ts'
import { type DemoWorld, startDemoWorld } from './demo-world.ts'

/**
 * `node test/browser/readme-picture.ts` makes the pictures of the READMEs, in docs/images: the members page of the console
 * and the workbench on a phone, as they look beside a sandbox.
 */
const out = resolve(import.meta.dirname, '../../docs/images')
const pictures = [
  { name: 'console-and-phone.webp', language: 'en' },
  { name: 'console-and-phone.zh-CN.webp', language: 'zh' },
]
/** Twice the width that GitHub gives to a page's pictures, for sharp screens. */
const size = { width: 1760, height: 1120 }

const moreApps = [
  ['用印申请', '办公'],
  ['招聘', '人事'],
  ['培训', '人事'],
  ['采购', '财务'],
  ['差旅', '财务'],
  ['发票', '财务'],
  ['食堂', '后勤'],
] as const
const member = 'zhangsan'
const favourites = ['请假审批', '费用报销', '一码通', '会议室预订']

/** More applications, and a member's favourites, as an organisation has them after some weeks. */
async function addApps({ server: { ctx }, sandbox: { corpId } }: DemoWorld): Promise<void> {
  for (const [name, category] of moreApps)
    await addApp(ctx, 'demo', corpId, { name, category, homeUrl: 'https://app.example/' })
  const person = memberPerson(ctx, corpId, memberOf(ctx, corpId, member))
  const { body } = JSON.parse(String((await ctx.workbench.read(corpId, person)).bytes))
  const apps: { id: string; name: string }[] = body.apps
  for (const name of favourites) {
    const app = apps.find(one => one.name === name)
    if (!app) throw new Error(`no app ${name}`)
    await putFavourite(ctx, corpId, person, app.id)
  }
}

async function asAdministrator({ admin }: DemoWorld, context: BrowserContext): Promise<void> {
  const data = { name: admin.user, password: admin.password }
  const answer = await context.request.post('/web/sign-in/password', { data })
  if (!answer.ok()) throw new Error(await answer.text())
}

async function asMember(world: DemoWorld, context: BrowserContext): Promise<void> {
  const [name = '', value = ''] = (await world.cookieOf(member)).split('=')
  await context.addCookies([{ name, value, url: world.server.url }])
}

type Screen = {
  path: string
  language: string
  width: number
  height: number
  signIn(world: DemoWorld, context: BrowserContext): Promise<void>
}

/** A picture of a page as an address that an `img` can show. */
async function shoot(browser: Browser, world: DemoWorld, screen: Screen): Promise<string> {
  const { path, language, width, height, signIn } = screen
  const context = await browser.newContext({
    baseURL: world.server.url,
    locale: 'zh-CN',
    viewport: { width, height },
    deviceScaleFactor: 2,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  await signIn(world, context)
  const page = await context.newPage()
  await page.addInitScript(chosen => localStorage.setItem('wisp.language', chosen), language)
  const isLoaded = followLoading(page)
  await page.goto(path)
  await isLoaded()
  await page.waitForFunction(() => [...document.images].every(image => image.complete))
  const png = await page.screenshot()
  await context.close()
  return `data:image/png;base64,${png.toString('base64')}`
}

const frame = (desktop: string, phone: string) => `<!doctype html>
<style>
  html { zoom: 2; }
  body { margin: 0; }
  img { position: absolute; display: block; box-sizing: border-box; background: #fff; }
  #desktop { left: 12px; top: 8px; width: 796px; border-radius: 8px; box-shadow: 0 0 0 1px #1f23281f, 0 6px 18px #1f23282e; }
  #phone { right: 14px; bottom: 20px; width: 196px; padding: 6px; border-radius: 26px; background: #1c2027;
    box-shadow: 0 8px 22px #1f23285c; }
</style>
<img id="desktop" src="${desktop}"><img id="phone" src="${phone}">`

/** The protocol takes pictures as WebP, which Playwright's own method does not offer. */
async function compose(browser: Browser, desktop: string, phone: string): Promise<Buffer> {
  const context = await browser.newContext({ viewport: size })
  const page = await context.newPage()
  await page.setContent(frame(desktop, phone))
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setDefaultBackgroundColorOverride', { color: { r: 0, g: 0, b: 0, a: 0 } })
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 90 })
  await context.close()
  return Buffer.from(data, 'base64')
}

await buildPages()
mkdirSync(out, { recursive: true })
const world = await startDemoWorld({ members: 300 })
await addApps(world)
const browser = await launchChromium()
for (const { name, language } of pictures) {
  const desktop = await shoot(browser, world, {
    path: '/console/directory',
    language,
    width: 1440,
    height: 900,
    signIn: asAdministrator,
  })
  const phone = await shoot(browser, world, {
    path: '/mobile',
    language,
    width: 390,
    height: 844,
    signIn: asMember,
  })
  const picture = await compose(browser, desktop, phone)
  writeFileSync(join(out, name), picture)
  console.log(`docs/images/${name}: ${Math.ceil(picture.length / 1000)} kB`)
}
await browser.close()
await world.close()
