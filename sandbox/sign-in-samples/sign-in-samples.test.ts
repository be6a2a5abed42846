import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { setSignIn } from '../../server/features/app-sign-in/set-sign-in.ts'
import { addApp, setApp } from '../../server/features/apps/apps.ts'
import { startWorld, type World } from '../../test/harness.ts'
import { type SignedInClient, signIn } from '../../test/sign-in.ts'
import { until } from '../../test/until.ts'
import { Browser } from './browser.fixture.ts'
import { startCasSample } from './cas-app.ts'
import { startOidcSample } from './oidc-app.ts'
import type { RunningSample, SignInStep } from './parts.ts'

let world: World
let oidc: RunningSample
let cas: RunningSample
let oidcAppId: string
const steps: SignInStep[] = []

const claims = [{ name: 'profile', purpose: '显示姓名' }]
const by = { actor: 'test', approves: true }
const common = { host: '127.0.0.1', onStep: (step: SignInStep) => void steps.push(step) }

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3 })
  const { ctx, corpId } = world
  const [oidcPort, casPort] = [await freePort(), await freePort()]
  const [oidcUrl, casUrl] = [`http://127.0.0.1:${oidcPort}`, `http://127.0.0.1:${casPort}`]
  const add = (name: string) => addApp(ctx, 'test', corpId, { name })
  oidcAppId = (await add('OpenID Connect')).id
  const { clientSecret, signIn: client } = await setSignIn(ctx, by, corpId, oidcAppId, {
    kind: 'oidc',
    claims,
    oidc: {
      redirectUris: [`${oidcUrl}/callback`],
      postLogoutRedirectUris: [`${oidcUrl}/`],
      logoutUri: `${oidcUrl}/logout`,
    },
  })
  const services = { services: [`${casUrl}/`], allowsHttp: true }
  await setSignIn(ctx, by, corpId, (await add('CAS')).id, { kind: 'cas', claims, cas: services })
  const { issuer, casBase } = ctx.appSignIns.addressesOf(corpId)
  const clientId = client?.oidc?.clientId ?? ''
  oidc = await startOidcSample({
    ...common,
    port: oidcPort,
    issuer,
    clientId,
    clientSecret,
    scope: 'openid profile',
  })
  cas = await startCasSample({ ...common, port: casPort, base: casBase })
})
afterAll(async () => {
  await Promise.all([oidc.close(), cas.close()])
  await world.close()
})

const browserOf = ({ cookie }: SignedInClient) => new Browser(world.server.url, cookie)

describe('the sample applications', () => {
  afterEach(() => void steps.splice(0))

  it('sign somebody in with one sign-in', async () => {
    const browser = browserOf(await signIn(world, { userId: 'zhangsan' }))
    expect((await browser.open(cas.url)).text).toContain('还没有人在这里登录')
    const first = await browser.open(`${oidc.url}/sign-in`)
    expect([first.url, first.text]).toEqual([`${oidc.url}/`, expect.stringContaining('张三')])
    const second = await browser.open(`${cas.url}/sign-in`)
    expect([second.url, second.text]).toEqual([`${cas.url}/`, expect.stringContaining('张三')])
    expect(steps).toEqual(['oidc', 'cas'])
  })

  it.each(['oidc', 'cas'] as const)('sign somebody out of both from %s', async which => {
    const browser = browserOf(await signIn(world, { userId: 'lisi' }))
    for (const app of [oidc, cas]) await browser.open(`${app.url}/sign-in`)
    const end = await browser.open(`${which === 'oidc' ? oidc.url : cas.url}/sign-out`)
    expect(end.url).toBe(`${which === 'oidc' ? oidc.url : cas.url}/`)
    await until('both are signed out', () => steps.includes('oidc-out') && steps.includes('cas-out'))
    for (const app of [oidc, cas]) expect((await browser.open(app.url)).text).toContain('还没有人在这里登录')
    const again = await browser.open(`${cas.url}/sign-in`)
    expect(again.url).toContain('/signin?')
  })

  it('let nobody in with what they did not ask for', async () => {
    const browser = browserOf(await signIn(world, { userId: 'zhangsan' }))
    expect((await browser.open(`${oidc.url}/callback?code=x&state=y`)).text).toContain('state 不符')
    expect((await browser.open(`${cas.url}/?ticket=ST-1`)).text).toContain('INVALID_TICKET')
    const forged = new URLSearchParams({ logout_token: 'a.b.c' })
    expect((await fetch(`${oidc.url}/logout`, { method: 'POST', body: forged })).status).toBe(502)
    expect(steps).toEqual([])
  })

  it('let nobody in whom wisp refuses', async () => {
    const browser = browserOf(await signIn(world, { userId: 'wangwu' }))
    const memberIds = [world.ctx.mirrors.of(world.corpId).members.byKey('lisi')!.id]
    const visibility = { everyone: false, departments: [], memberIds, tags: [] }
    await setApp(world.ctx, 'test', world.corpId, oidcAppId, { visibility })
    const refused = await browser.open(`${oidc.url}/sign-in`)
    expect(refused.text).toMatch(/不能进入|access_denied/)
    expect((await browser.open(oidc.url)).text).toContain('还没有人在这里登录')
  })
})
