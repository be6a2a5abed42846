import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { Server as TlsServer } from 'node:https'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page, Response } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { setApp } from '../../server/features/apps/apps.ts'
import { memberNamed } from '../../server/features/oidc/client.fixture.ts'
import { launchChromium } from '../browser/chromium.ts'
import { startWorld, type World } from '../harness.ts'
import { signIn } from '../sign-in.ts'
import { until } from '../until.ts'
import { type Authority, createEngines, freePort, makeAuthority, startFront, userOf } from './engines.ts'
import {
  type Client,
  type RegisteredClient,
  register,
  startApache,
  startAuthlib,
} from './openid-applications.ts'

/**
 * Clients of OpenID Connect that nobody here wrote, from Debian, with people in Chromium. wisp is behind a TLS front with an authority
 * that they are told to trust, at localhost; the applications are at 127.0.0.1, which is another host. Each runs as a user of its own.
 */
const engines = createEngines()
const everyone = { everyone: true, departments: [], memberIds: [], tags: [] }
let world: World
let authority: Authority
let front: TlsServer
let frontUrl: string
let browser: Browser
const windows: BrowserContext[] = []

beforeAll(async () => {
  authority = makeAuthority(engines.dir)
  const port = await freePort()
  frontUrl = `https://localhost:${port}`
  world = await startWorld({
    members: 20,
    departments: 3,
    env: { WISP_PUBLIC_URL: frontUrl, WISP_TRUSTED_PROXIES: '127.0.0.1' },
  })
  front = startFront(authority, new URL(world.server.url), port)
  browser = await launchChromium()
})
afterEach(async () => {
  for (const one of windows.splice(0)) await one.close()
})
afterAll(async () => {
  await browser.close()
  await engines.close()
  front.closeAllConnections()
  front.close()
  await world.close()
})

/** Of wisp, as the window's pages use it. */
type Session = { isOpen(): Promise<boolean>; signOut(): Promise<void> }

/** A window in which somebody is signed in to wisp. */
async function windowOf(userId: string): Promise<{ page: Page; session: Session }> {
  const { cookie, csrf } = await signIn(world, { userId })
  const [name = '', value = ''] = cookie.split('=')
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'zh-CN' })
  windows.push(context)
  await context.addCookies([
    { name: `__Host-${name}`, value, url: frontUrl, httpOnly: true, sameSite: 'Lax' },
  ])
  const headers = { 'x-wisp-csrf': csrf, origin: frontUrl }
  const session: Session = {
    async isOpen() {
      const answer = await context.request.get(`${frontUrl}/web/session`)
      return ((await answer.json()) as { body: { signedIn: boolean } }).body.signedIn
    },
    async signOut() {
      const answer = await context.request.post(`${frontUrl}/web/sign-out`, { headers, data: {} })
      expect(answer.status()).toBe(200)
    },
  }
  return { page: await context.newPage(), session }
}

/** Whom the application takes somebody for; '' for nobody. */
async function enteredAs(answer: Response | null): Promise<string> {
  if (!answer || !(await answer.text()).includes('inside')) return ''
  return (await answer.headerValue('x-signed-in')) ?? ''
}

/** As somebody whose browser has no session of wisp any more: whether the application alone still knows them. */
async function isStillInside(page: Page, { url }: Client): Promise<boolean> {
  const answer = await page.context().request.get(url, { maxRedirects: 0 })
  return answer.status() === 200
}

/** Follows the redirects from an address to the first that is like this, which nothing is asked of. */
async function leadTo(page: Page, from: string, wanted: RegExp): Promise<URL> {
  let url = from
  for (let hops = 0; hops < 10; hops++) {
    const answer = await page.context().request.get(url, { maxRedirects: 0 })
    url = new URL(answer.headers()['location'] ?? '', url).href
    if (wanted.test(url)) return new URL(url)
  }
  throw new Error(`${from} does not lead to ${wanted}, but to ${url}`)
}

describe.each([
  ['mod_auth_openidc', startApache],
  ['Authlib', startAuthlib],
])('%s', (name, start) => {
  let client: Client
  beforeAll(async () => {
    client = await start({ world, engines, authority })
  })

  it('signs somebody in, and out when they sign out of wisp', async () => {
    const { page, session } = await windowOf('zhangsan')
    expect(await enteredAs(await page.goto(client.url)), await page.content()).toBe('zhangsan')
    expect(await isStillInside(page, client)).toBe(true)
    await session.signOut()
    await until('the application is told', async () => !(await isStillInside(page, client)), 20_000, 100)
  })

  it('signs somebody out of wisp', async () => {
    const { page, session } = await windowOf('zhangsan')
    expect(await enteredAs(await page.goto(client.url))).toBe('zhangsan')
    expect(await session.isOpen()).toBe(true)
    await page.goto(client.logout)
    await page.waitForURL(client.bye)
    expect(await page.textContent('body')).toContain('signed out')
    expect(await isStillInside(page, client)).toBe(false)
    expect(await session.isOpen()).toBe(false)
  })

  afterEach(async () => {
    await setApp(world.ctx, 'test', world.corpId, client.appId, { visibility: everyone })
  })

  it('gets an error for somebody whom wisp refuses, after a page with the reason', async () => {
    const visibility = { ...everyone, everyone: false, memberIds: [memberNamed(world, 'lisi').id] }
    await setApp(world.ctx, 'test', world.corpId, client.appId, { visibility })
    const { page } = await windowOf('zhangsan')
    const refused = await page.goto(client.url)
    expect([refused?.status(), await page.textContent('h1')]).toEqual([403, `不能进入「${name}」`])
    expect(await page.textContent('main')).toContain('不在应用的可见范围内')
    const [told] = await Promise.all([
      page.waitForResponse(answer => answer.url().startsWith(client.url)),
      page.click('a[href*="end=refused"]'),
    ])
    expect(new URL(told.url()).searchParams.get('error')).toBe('access_denied')
    expect(await enteredAs(told)).toBe('')
    expect(await page.textContent('body')).toContain(client.refusal)
    expect(await isStillInside(page, client)).toBe(false)
  })

  const authorization = /\/auth\?/
  const back = /^https:\/\/127\.0\.0\.1.*[?&]code=/

  it.each([
    ['nonce', 'the same', authorization, 'zhangsan'],
    ['nonce', 'another', authorization, ''],
    ['state', 'the same', back, 'zhangsan'],
    ['state', 'another', back, ''],
  ])('looks at the %s: with %s', async (parameter, which, where, expected) => {
    const { page } = await windowOf('zhangsan')
    const url = await leadTo(page, client.url, where)
    expect(url.searchParams.get(parameter)).toMatch(/./)
    if (which === 'another') url.searchParams.set(parameter, 'forged')
    const answer = await page.goto(url.href)
    expect(new URL(page.url()).origin).toBe(new URL(client.url).origin)
    expect(await enteredAs(answer)).toBe(expected)
    expect(await isStillInside(page, client)).toBe(expected !== '')
  })
})

describe('oidc-agent, for a device', () => {
  const user = userOf('games')
  let app: RegisteredClient
  let env: NodeJS.ProcessEnv
  let folder: string
  beforeAll(async () => {
    app = await register({ world }, 'oidc-agent', { redirectUris: [], device: true, refresh: true })
    folder = engines.folderOf('agent', user, 0o700)
    for (const name of ['.config', '.config/oidc-agent']) engines.folderOf(`agent/${name}`, user, 0o700)
    const socket = join(folder, 'socket')
    const password = { OIDC_ENCRYPTION_PW: 'a password for tests' }
    env = { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, OIDC_SOCK: socket, ...password }
    const args = ['--console', '--no-autoreauthenticate', `--socket-path=${socket}`]
    await engines.start('oidc-agent', args, { ...user, cwd: folder, env }, async () => existsSync(socket))
  })
  afterEach(() => setApp(world.ctx, 'test', world.corpId, app.appId, { visibility: everyone }))

  type Run = { said: () => string; ended: Promise<number> }

  function run(program: string, ...args: string[]): Run {
    const child = spawn(program, args, { ...user, cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', text => {
        said += text
      })
    return { said: () => said, ended: once(child, 'close').then(([status]) => Number(status)) }
  }

  /** Adds an account, and ends when somebody has answered on a page. */
  function add(account: string, { issuer, clientId, clientSecret }: RegisteredClient): Run {
    const how = ['--manual', '--flow=device', '--prompt=none', '--confirm-default', '--pw-env']
    const client = [`--iss=${issuer}`, `--client-id=${clientId}`, `--client-secret=${clientSecret}`]
    const asked = ['--redirect-uri=', '--scope=openid profile offline_access']
    return run('oidc-gen', account, ...how, ...client, ...asked, `--cert-path=${authority.caFile}`)
  }

  async function answer(page: Page, { said }: Run, button: string): Promise<void> {
    const code = await until('a code', () => /\b[A-Z]{4}-[A-Z]{4}\b/.exec(said())?.[0], 20_000, 50).catch(
      error => Promise.reject(new Error(`${error}: ${said()}`)),
    )
    await page.goto(`${app.issuer}/device`)
    await page.fill('input[name=user_code]', code)
    await page.click('button')
    expect(await page.textContent('h1')).toBe('在设备上登录「oidc-agent」？')
    await page.click(`button:has-text("${button}")`)
  }

  /** A new access token, of the refresh token that it keeps. */
  async function renew(account: string): Promise<{ status: number; said: string }> {
    const renewed = run('oidc-token', '--force-new', account)
    return { status: await renewed.ended, said: renewed.said().trim() }
  }

  const userInfo = async (token: string) => {
    const answer = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }

  it('signs somebody in, renews, and gives back what it has when the account is deleted', async () => {
    const { page, session } = await windowOf('zhangsan')
    const added = add('mine', app)
    await answer(page, added, '允许登录')
    expect(await page.textContent('h1')).toBe('设备已登录')
    expect(await added.ended, added.said()).toBe(0)
    const { status, said } = await renew('mine')
    expect(status, said).toBe(0)
    const sub = String(memberNamed(world, 'zhangsan').id)
    expect((await userInfo(said)).body).toMatchObject({ sub, preferred_username: 'zhangsan', name: '张三' })
    // It was asked for offline_access, which outlives the session.
    await session.signOut()
    expect((await renew('mine')).status).toBe(0)
    const last = (await renew('mine')).said
    expect((await userInfo(last)).status).toBe(200)
    const deleted = run('oidc-gen', '--delete', 'mine', '--confirm-yes', '--pw-env', '--prompt=none')
    expect(await deleted.ended, deleted.said()).toBe(0)
    expect((await userInfo(last)).status).toBe(401)
  })

  it('hears that somebody refused', async () => {
    const { page } = await windowOf('zhangsan')
    const added = add('refused', app)
    await answer(page, added, '拒绝')
    expect(await page.textContent('main')).toContain('已拒绝这次登录')
    expect(await added.ended).not.toBe(0)
    expect(added.said()).toContain('access_denied')
  })

  it('gets nothing for somebody whom wisp refuses, at first and later', async () => {
    const { page } = await windowOf('zhangsan')
    const before = add('before', app)
    await answer(page, before, '允许登录')
    expect(await before.ended, before.said()).toBe(0)
    const visibility = { ...everyone, everyone: false, memberIds: [memberNamed(world, 'lisi').id] }
    await setApp(world.ctx, 'test', world.corpId, app.appId, { visibility })
    const renewed = await renew('before')
    expect([renewed.status === 0, renewed.said]).toEqual([false, expect.stringContaining('invalid_grant')])
    const added = add('later', app)
    await answer(page, added, '允许登录')
    expect(await page.textContent('main')).toContain('不在应用的可见范围内')
    await page.click('a[href*="end=refused"]')
    expect(await added.ended).not.toBe(0)
    expect(added.said()).toContain('access_denied')
  })

  it('needs a secret, because it sends the empty one of a public client', async () => {
    const open = await register({ world }, 'oidc-agent 2', { isPublic: true, redirectUris: [], device: true })
    const added = add('public', open)
    expect(await added.ended).not.toBe(0)
    expect(added.said()).toContain('client_secret must be provided')
  })
})
