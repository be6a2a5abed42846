import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Server as TlsServer } from 'node:https'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page, Response } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  configurationsOf,
  secretPlaceholder,
} from '../../server/features/app-sign-in/configurations/configurations.ts'
import { setSignIn } from '../../server/features/app-sign-in/set-sign-in.ts'
import { addApp, setApp } from '../../server/features/apps/apps.ts'
import { memberNamed } from '../../server/features/oidc/client.fixture.ts'
import { launchChromium } from '../browser/chromium.ts'
import { startWorld, type World } from '../harness.ts'
import { signIn } from '../sign-in.ts'
import { until } from '../until.ts'
import {
  type Authority,
  createEngines,
  freePort,
  makeAuthority,
  startFront,
  userOf,
  writeFor,
} from './engines.ts'

/**
 * Clients of OpenID Connect that nobody here wrote, from Debian, with people in Chromium. wisp is behind a TLS front with an authority
 * that they are told to trust, at localhost; the applications are at 127.0.0.1, which is another host. Each runs as a user of its own.
 */
const engines = createEngines()
const users = { apache: userOf('www-data'), authlib: userOf('nobody') }
const claims = [{ name: 'profile', purpose: '显示姓名' }]
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
      return ((await answer.json()) as { signedIn: boolean }).signedIn
    },
    async signOut() {
      const answer = await context.request.post(`${frontUrl}/web/sign-out`, { headers, data: {} })
      expect(answer.status()).toBe(200)
    },
  }
  return { page: await context.newPage(), session }
}

type Client = {
  appId: string
  url: string
  /** Where it signs out by itself, and then leads to. */
  logout: string
  bye: string
}

type Registered = {
  appId: string
  clientId: string
  clientSecret: string
  issuer: string
  configuration: string
}

async function register(
  name: string,
  oidc: { redirectUris: string[]; postLogoutRedirectUris: string[]; logoutUri: string },
): Promise<Registered> {
  const { ctx, corpId } = world
  const app = await addApp(ctx, 'test', corpId, { name, homeUrl: new URL('/', oidc.redirectUris[0]).href })
  const by = { actor: 'test', approves: true }
  const made = await setSignIn(ctx, by, corpId, app.id, { kind: 'oidc', claims, oidc })
  const addresses = ctx.appSignIns.addressesOf(corpId)
  const configuration = configurationsOf(app, made.signIn!, addresses).find(one => one.name === name)
  return {
    ...{ appId: app.id, clientId: made.signIn?.oidc?.clientId ?? '', clientSecret: made.clientSecret },
    ...{ issuer: addresses.issuer, configuration: configuration?.text ?? '' },
  }
}

const isUp = (url: string) => async () =>
  (await fetch(url, { redirect: 'manual' }).catch(() => undefined)) !== undefined

/** By the configuration that the console gives administrators. */
async function startApache(): Promise<Client> {
  const [port, user] = [await freePort(), users.apache]
  const url = `https://127.0.0.1:${port}`
  const [redirect, bye] = [`${url}/oidc/callback`, `${url}/bye.html`]
  const app = await register('mod_auth_openidc', {
    ...{ redirectUris: [redirect], postLogoutRedirectUris: [bye] },
    logoutUri: `${redirect}?logout=backchannel`,
  })
  const folder = engines.folderOf('apache', user)
  mkdirSync(join(folder, 'site'))
  writeFileSync(join(folder, 'site', 'index.html'), 'inside')
  writeFileSync(join(folder, 'site', 'bye.html'), 'signed out')
  const passphrase = writeFor(user, join(folder, 'passphrase'), randomBytes(24).toString('hex'))
  const configuration = app.configuration
    .replace(secretPlaceholder, app.clientSecret)
    .replace('/etc/apache2/oidc-passphrase', passphrase)
  const modules = [
    'mpm_event',
    'authn_core',
    'authz_core',
    'authz_user',
    'headers',
    'dir',
    'ssl',
    'auth_openidc',
  ]
  writeFileSync(
    join(folder, 'apache.conf'),
    `ServerRoot ${folder}
ServerName 127.0.0.1:${port}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
LogLevel warn
Listen 127.0.0.1:${port}
User www-data
Group www-data
Mutex file:${folder}
${modules.map(name => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
DocumentRoot ${folder}/site
DirectoryIndex index.html
SSLEngine on
SSLCertificateFile ${authority.certFile}
SSLCertificateKeyFile ${authority.keyFile}
OIDCCABundlePath ${authority.caFile}
${configuration}
<Location />
  Header always set X-Signed-In "expr=%{REMOTE_USER}"
  Header always set X-Name "expr=%{HTTP:OIDC_CLAIM_name}"
</Location>
<Location /bye.html>
  AuthType None
  Require all granted
</Location>
`,
  )
  const args = ['-D', 'FOREGROUND', '-f', join(folder, 'apache.conf')]
  const env = { PATH: `${process.env['PATH']}:/usr/sbin` }
  await engines.start('/usr/sbin/apache2', args, { cwd: folder, env }, isUp(`${url}/bye.html`))
  return { appId: app.appId, url: `${url}/`, logout: `${redirect}?logout=${encodeURIComponent(bye)}`, bye }
}

async function startAuthlib(): Promise<Client> {
  const [port, user] = [await freePort(), users.authlib]
  const url = `https://127.0.0.1:${port}`
  const { appId, clientId, clientSecret, issuer } = await register('Authlib', {
    ...{ redirectUris: [`${url}/callback`], postLogoutRedirectUris: [`${url}/bye`] },
    logoutUri: `${url}/back-channel`,
  })
  const folder = engines.folderOf('authlib', user)
  const script = join(folder, 'app.py')
  copyFileSync(join(import.meta.dirname, 'authlib-app.py'), script)
  const keyFile = writeFor(user, join(folder, 'host.key'), readFileSync(authority.keyFile, 'utf8'))
  const settings = {
    ...{ clientId, clientSecret, issuer, port, keyFile, certFile: authority.certFile },
    ...{ scope: 'openid profile', sessionKey: randomBytes(24).toString('hex') },
  }
  // Debian's, whatever other Python there is.
  const args = ['-B', script, JSON.stringify(settings)]
  const env = { REQUESTS_CA_BUNDLE: authority.caFile }
  await engines.start('/usr/bin/python3', args, { ...user, cwd: folder, env }, isUp(`${url}/bye`))
  return { appId, url: `${url}/`, logout: `${url}/logout`, bye: `${url}/bye` }
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
    client = await start()
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
    expect(await page.textContent('body'), readFileSync(engines.dir+'/apache/error.log','utf8')).toContain('access_denied')
    expect(await isStillInside(page, client)).toBe(false)
  })

  it.each([
    ['nonce', /\/auth\?/],
    ['state', /^https:\/\/127\.0\.0\.1.*[?&]code=/],
  ])('takes nobody for signed in with another %s', async (parameter, where) => {
    const { page } = await windowOf('zhangsan')
    const url = await leadTo(page, client.url, where)
    expect(url.searchParams.get(parameter)).toMatch(/./)
    url.searchParams.set(parameter, 'forged')
    const answer = await page.goto(url.href)
    expect(new URL(page.url()).origin).toBe(new URL(client.url).origin)
    expect(await enteredAs(answer)).toBe('')
    expect(await isStillInside(page, client)).toBe(false)
  })
})
