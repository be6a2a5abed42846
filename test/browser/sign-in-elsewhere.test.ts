import { createServer } from 'node:net'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startCasSample } from '../../sandbox/sign-in-samples/cas-app.ts'
import { startOidcSample } from '../../sandbox/sign-in-samples/oidc-app.ts'
import type { RunningSample, SignInStep } from '../../sandbox/sign-in-samples/parts.ts'
import { requireSecondFactor } from '../../server/callers/sign-in/factor/second-factor.ts'
import { codesSent } from '../../server/callers/sign-in/sms-code/sms-code.ts'
import { saveWays } from '../../server/callers/sign-in/ways/ways.ts'
import { setSignIn } from '../../server/features/app-sign-in/set-sign-in.ts'
import type { SignInSettings } from '../../server/features/app-sign-in/setting/settings.ts'
import { addApp, setApp } from '../../server/features/apps/apps.ts'
import { shownSms, useSms } from '../../server/features/messages/messages.fixture.ts'
import { putAgent, setCorp } from '../../server/organisation/corps/corps.ts'
import { setRole } from '../../server/organisation/people/administrators.ts'
import type { World } from '../harness.ts'
import { signIn } from '../sign-in.ts'
import { until } from '../until.ts'
import { withAuthenticator } from './authenticator.ts'
import {
  axe,
  closeBrowser,
  desktop,
  fitsWidth,
  launchBrowser,
  look,
  phone,
  type Visit,
  type VisitOptions,
  visit,
} from './browser.ts'
import { startWorld } from './world.ts'

type Sample = RunningSample & { appId: string; steps: SignInStep[] }

let world: World
/** The address of the corp is a name, as passkeys need. */
let local: string
let library: Sample
let survey: Sample
let grades: Sample
const visited: Visit[] = []

const by = { actor: 'test', approves: true }
const claims = [{ name: 'profile', purpose: '显示姓名' }]
const phoneBrowser =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36'
const wecom = `${phoneBrowser} wxwork/4.1.30 MicroMessenger/7.0.1`

async function freePort(host: string): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

async function listening() {
  const steps: SignInStep[] = []
  const host = '127.0.0.1'
  const port = await freePort(host)
  const url = `http://${host}:${port}`
  return { steps, url, options: { host, port, onStep: (step: SignInStep) => void steps.push(step) } }
}

async function startOidc(name: string, relation: 'own' | 'third-party'): Promise<Sample> {
  const { steps, url, options } = await listening()
  const { ctx, corpId } = world
  const { id: appId } = await addApp(ctx, 'test', corpId, { name })
  const { clientSecret, signIn: client } = await setSignIn(ctx, by, corpId, appId, {
    kind: 'oidc',
    relation,
    claims,
    oidc: {
      redirectUris: [`${url}/callback`],
      postLogoutRedirectUris: [`${url}/`],
      logoutUri: `${url}/logout`,
    },
  })
  const { issuer } = ctx.appSignIns.addressesOf(corpId)
  const clientId = client?.oidc?.clientId ?? ''
  const running = await startOidcSample({
    ...options,
    issuer,
    clientId,
    clientSecret,
    scope: 'openid profile',
  })
  return { ...running, appId, steps }
}

async function startCas(name: string): Promise<Sample> {
  const { steps, url, options } = await listening()
  const { ctx, corpId } = world
  const { id: appId } = await addApp(ctx, 'test', corpId, { name })
  const cas = { services: [`${url}/`], allowsHttp: true }
  await setSignIn(ctx, by, corpId, appId, { kind: 'cas', claims, cas })
  const running = await startCasSample({ ...options, base: ctx.appSignIns.addressesOf(corpId).casBase })
  return { ...running, appId, steps }
}

beforeAll(async () => {
  await launchBrowser()
  world = await startWorld({ members: 20, departments: 4, tags: 2 })
  local = world.server.url.replace('127.0.0.1', 'localhost')
  const { ctx, corpId } = world
  const [agent] = world.sandbox.agents
  if (agent) await putAgent(ctx, 'test', corpId, { ...agent, uses: ['signin'] })
  await setCorp(ctx, 'test', corpId, { publicUrl: local })
  await useSms(world, 'tencent')
  await saveWays(ctx, 'test', corpId, { ways: ['wecom', 'sms', 'passkey'], smsTemplate: 'code' })
  library = await startOidc('图书馆', 'own')
  survey = await startOidc('外部问卷', 'third-party')
  grades = await startCas('教务系统')
}, 180_000)
afterEach(async () => {
  for (const { complaints, close } of visited.splice(0)) {
    await close()
    // A refused page is an error of HTTP, and a session that has ended an answer of that kind; browsers note both.
    expect(complaints.filter(one => !/status of 40[13]/.test(one))).toEqual([])
  }
})
afterAll(async () => {
  await closeBrowser()
  for (const one of [library, survey, grades]) await one.close()
  await world.close()
})

type Opening = VisitOptions & { cookie?: Parameters<BrowserContext['addCookies']>[0][number] }

async function open({ cookie, ...options }: Opening = {}): Promise<Visit> {
  const one = await visit(world, options)
  if (cookie) await one.context.addCookies([cookie])
  one.page.setDefaultTimeout(15_000)
  visited.push(one)
  return one
}

/** Somebody who is signed in at the corp's own address. */
async function memberAt(userId: string): Promise<Opening> {
  const [name = '', value = ''] = (await signIn(world, { userId })).cookie.split('=')
  return { cookie: { name, value, url: local, httpOnly: true, sameSite: 'Lax' } }
}

/** Of wisp's pages that the window has shown, by path. */
function pagesOf(page: Page): string[] {
  const seen: string[] = []
  page.on('response', response => {
    const url = new URL(response.url())
    const isPage = response.request().resourceType() === 'document' && response.status() < 300
    if (url.origin === local && isPage) seen.push(url.pathname)
  })
  return seen
}

const begin = (page: Page, app: Sample) => page.goto(`${app.url}/sign-in`)

async function isIn(page: Page, app: Sample, who: string): Promise<void> {
  await page.waitForURL(`${app.url}/`)
  await page.getByText(/^已登录。/).waitFor()
  await page.getByText(who, { exact: true }).first().waitFor()
}

async function isOut(page: Page, app: Sample): Promise<void> {
  await page.goto(`${app.url}/`)
  await page.getByText('还没有人在这里登录').waitFor()
}

/** Whoever holds the phone, in the place of WeCom. */
async function asWecom(page: Page, userId: string, path: string): Promise<void> {
  await page.waitForURL(`**${path}?*`)
  await page.locator(`[data-userid=${userId}]`).click()
}

const scan = (page: Page, userId: string) => asWecom(page, userId, '/wwlogin/sso/login')
const inWecom = (page: Page, userId: string) => asWecom(page, userId, '/connect/oauth2/authorize')

/** Changes how an application signs in, as an administrator does. */
async function set(app: Sample, settings: Partial<SignInSettings>): Promise<void> {
  const kind = world.ctx.appSignIns.of(app.appId)?.kind ?? 'oidc'
  await setSignIn(world.ctx, by, world.corpId, app.appId, { kind, ...settings })
}

describe('a desktop', () => {
  it('signs in by QR once for three applications, and out of all by one of them', async () => {
    const { page } = await open()
    await begin(page, library)
    await page.getByRole('link', { name: '企业微信扫码登录' }).waitFor()
    await look(page, { dark: true })
    await page.getByRole('link', { name: '企业微信扫码登录' }).click()
    await scan(page, 'zhangsan')
    await isIn(page, library, '张三')

    const pages = pagesOf(page)
    await begin(page, grades)
    await isIn(page, grades, '张三')
    expect(pages).toEqual([])

    await begin(page, survey)
    await page.getByRole('heading', { name: '同意向「外部问卷」提供信息？' }).waitFor()
    await page.getByText('姓名、账号和头像：显示姓名').waitFor()
    await look(page, { dark: true })
    await page.getByRole('button', { name: '同意并继续' }).click()
    await isIn(page, survey, '张三')

    const told = [survey, grades].map(one => one.steps.length)
    await page.goto(`${library.url}/`)
    await page.getByRole('link', { name: '退出登录' }).click()
    await page.waitForURL(`${library.url}/`)
    const wasTold = () => [survey, grades].every((one, at) => one.steps.length > told[at]!)
    await until('both others are told', wasTold, 20_000)
    expect([survey, grades].map(one => one.steps.at(-1))).toEqual(['oidc-out', 'cas-out'])
    for (const app of [library, survey, grades]) await isOut(page, app)
    await begin(page, grades)
    await page.getByRole('link', { name: '企业微信扫码登录' }).waitFor()
  })
  it('asks a third party’s application again after its consent was withdrawn', async () => {
    const { page, complaints } = await open(await memberAt('zhaomin'))
    await begin(page, survey)
    await page.getByRole('button', { name: '同意并继续' }).click()
    await isIn(page, survey, '赵敏')
    await page.goto(`${local}/portal`)
    await page.getByRole('button', { name: '赵敏' }).click()
    await page.getByRole('button', { name: '授权' }).click()
    await page.getByRole('button', { name: '撤回', exact: true }).click()
    await page.getByText(/会收到退出通知/).waitFor()
    await page.getByRole('button', { name: '撤回', exact: true }).click()
    await until('the application is told', () => survey.steps.at(-1) === 'oidc-out', 20_000)
    await isOut(page, survey)
    await begin(page, survey)
    await page.getByRole('heading', { name: '同意向「外部问卷」提供信息？' }).waitFor()
    await page.getByRole('button', { name: '不同意' }).click()
    await page.getByText(/没有登录：access_denied/).waitFor()
    // That page of the application is an error of HTTP.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('status of 502')])
  })

  it('signs in by a passkey, or by QR and the passkey, where the least is a second factor', async () => {
    await set(library, { leastAcr: 3 })
    const { page, context } = await open(await memberAt('wangwu'))
    await withAuthenticator(page)
    await page.goto(`${local}/portal?me=devices`)
    await page.getByRole('button', { name: '添加通行密钥' }).click()
    await page.getByRole('list', { name: '恢复码' }).waitFor()

    await context.clearCookies()
    await begin(page, library)
    await page.getByRole('button', { name: '用通行密钥' }).click()
    await isIn(page, library, 'wisp:3')

    await context.clearCookies()
    await begin(page, library)
    await page.getByRole('link', { name: '企业微信扫码登录' }).click()
    await scan(page, 'wangwu')
    await page.getByRole('heading', { name: '两步验证' }).waitFor()
    await look(page, { dark: true })
    await page.getByRole('button', { name: '用通行密钥' }).click()
    await isIn(page, library, 'wisp:3')
    await set(library, { leastAcr: 1 })
  })
})

describe('a phone', () => {
  it('signs in within WeCom without a page, and confirms where the least is more than that', async () => {
    const { page } = await open({ size: phone, userAgent: wecom })
    const pages = pagesOf(page)
    await begin(page, library)
    await inWecom(page, 'lisi')
    await isIn(page, library, '李四')
    await page.getByText('wisp:1', { exact: true }).first().waitFor()
    expect(pages).toEqual([])
    await set(grades, { leastAcr: 2 })
    await begin(page, grades)
    await page.getByRole('heading', { name: '确认是您本人' }).waitFor()
    await axe(page)
    await fitsWidth(page)
    await page.getByRole('button', { name: '确认登录' }).click()
    await inWecom(page, 'lisi')
    await isIn(page, grades, '李四')
    await set(grades, { leastAcr: 1 })
  })

  it('asks an administrator within WeCom for the second factor that is due, instead of going round', async () => {
    const { ctx, corpId } = world
    await setRole(ctx, 'test', corpId, 'zhaomin', { level: 2 })
    await requireSecondFactor(ctx, 'test', true)
    const { page } = await open({ size: phone, userAgent: wecom })
    await page.goto(`${local}/console`)
    await inWecom(page, 'zhaomin')
    await page.getByRole('heading', { name: '确认是您本人' }).waitFor()
    await look(page, { size: desktop, dark: true })
    await page.getByRole('button', { name: '确认登录' }).click()
    await inWecom(page, 'zhaomin')
    await page.getByRole('heading', { name: '设置两步验证' }).waitFor()
    await requireSecondFactor(ctx, 'test', false)
  })

  it('signs in by a code by SMS in its own browser', async () => {
    const { page } = await open({ size: phone, userAgent: phoneBrowser })
    await begin(page, library)
    const link = (await page.getByRole('link', { name: '打开企业微信' }).getAttribute('href')) ?? ''
    expect(new URL(link).searchParams.get('url')).toContain(`${local}/signin/wecom?`)
    await page.getByRole('button', { name: '短信验证码登录' }).click()
    const rows = world.ctx.db.selectFrom('member').select('mobile').where('user_id', '=', 'lisi')
    await page.getByLabel('手机号').fill((await rows.executeTakeFirstOrThrow()).mobile)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '输入短信验证码' }).waitFor()
    await axe(page)
    await fitsWidth(page)
    await codesSent()
    const code = /\d{6}/.exec((await shownSms(world)).at(-1)?.text ?? '')?.[0] ?? ''
    await page.getByLabel('验证码').fill(code)
    await page.keyboard.press('Enter')
    await isIn(page, library, '李四')
    await page.getByText('["sms"]').first().waitFor()
  })
})

describe('somebody for whom the application is not', () => {
  it.each(['library', 'grades'] as const)(
    'is told by %s in both languages why and whom to ask, with a number for the help desk',
    async which => {
      const { ctx, corpId } = world
      const app = which === 'library' ? library : grades
      const name = which === 'library' ? '图书馆' : '教务系统'
      const memberIds = [ctx.mirrors.of(corpId).members.byKey('lisi')!.id]
      await setApp(ctx, 'test', corpId, app.appId, {
        visibility: { everyone: false, departments: [], memberIds, tags: [] },
      })
      const { page } = await open({ size: phone, ...(await memberAt('wangwu')) })
      await begin(page, app)
      await page.getByRole('heading', { name: `不能进入「${name}」` }).waitFor()
      await page.getByText('原因：不在应用的可见范围内。').waitFor()
      const english = page.locator('[lang=en]')
      await english.getByRole('heading', { name: `You cannot enter “${name}”` }).waitFor()
      await english.getByText('Why: the application is not open to this person.').waitFor()
      await english.getByText(/the help desk or an administrator/).waitFor()
      await look(page, { size: desktop, dark: true })
      const number = await page
        .locator('dl div', { has: page.getByText('编号', { exact: true }) })
        .locator('dd')
        .textContent()
      await isOut(page, app)
      await ctx.strangers.settled()
      const desk = await open({ as: 'helpDesk', userId: 'zhangsan' })
      await desk.page.goto(`/console/help-desk?q=${number}`)
      await desk.page.getByText('应用没有对此人开放').waitFor()
    },
  )
})
