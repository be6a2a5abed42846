import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { setApp } from '../../server/features/apps/apps.ts'
import { browserOf } from '../../server/features/oidc/browser.fixture.ts'
import {
  addClient,
  begin,
  memberNamed,
  signInTo,
  type TestClient,
} from '../../server/features/oidc/client.fixture.ts'
import type { World } from '../harness.ts'
import { signIn } from '../sign-in.ts'
import { closeBrowser, look, phone, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let visited: Visit | undefined
/** The application, which shows a page for everything. Redirects lead to it, so it has to be there. */
let application: Server
let home: string
beforeAll(async () => {
  world = await startWorld()
  application = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end('<!doctype html><link rel="icon" href="data:,"><title>应用</title><h1>应用</h1>')
  }).listen(0, '127.0.0.1')
  await once(application, 'listening')
  home = `http://127.0.0.1:${(application.address() as AddressInfo).port}`
})
afterEach(async () => {
  await visited?.close()
})
afterAll(async () => {
  await closeBrowser()
  application.close()
  await world.close()
})

async function open(options: Parameters<typeof visit>[1] = {}): Promise<Visit> {
  visited = await visit(world, { as: 'member', ...options })
  return visited
}

const client = (name: string, settings: Partial<Parameters<typeof addClient>[2]> = {}) =>
  addClient(world, name, { oidc: { redirectUris: [`${home}/cb`], device: true }, ...settings })

async function goTo({ page }: Visit, app: TestClient, parameters: Record<string, string> = {}) {
  await page.goto((await begin(app, parameters)).url.href)
}

const seen = async ({ page, complaints }: Visit) => {
  await look(page, { dark: true })
  expect(complaints.filter(one => !/status of 40[03]/.test(one))).toEqual([])
}

it('signs in without a page, and says who cannot enter', async () => {
  const app = await client('图书馆')
  const window = await open()
  await goTo(window, app)
  await window.page.waitForURL(`${home}/cb?code=*`)
  const only = { everyone: false, departments: [], memberIds: [memberNamed(world, 'lisi').id], tags: [] }
  await setApp(world.ctx, 'test', world.corpId, app.appId, { visibility: only })
  await goTo(window, app)
  await window.page.getByRole('heading', { name: '不能进入「图书馆」' }).waitFor()
  await seen(window)
  await window.page.getByRole('link', { name: '返回应用' }).click()
  await window.page.waitForURL(`${home}/cb?error=access_denied*`)
})

it('asks before a third party is given anything', async () => {
  const app = await client('外部问卷', {
    relation: 'third-party',
    claims: [
      { name: 'profile', purpose: '称呼填写人' },
      { name: 'email', purpose: '发送结果' },
    ],
  })
  const window = await open({ size: phone })
  await goTo(window, app, { scope: 'openid profile email' })
  await window.page.getByRole('heading', { name: '同意向「外部问卷」提供信息？' }).waitFor()
  await seen(window)
  await window.page.getByRole('button', { name: '不同意' }).click()
  await window.page.waitForURL(`${home}/cb?error=access_denied*`)
  await goTo(window, app, { scope: 'openid profile email' })
  await window.page.getByRole('button', { name: '同意并继续' }).click()
  await window.page.waitForURL(`${home}/cb?code=*`)
})

it('signs in a device by the code that it shows', async () => {
  const app = await client('大屏')
  const { initiateDeviceAuthorization } = await import('openid-client')
  const device = await initiateDeviceAuthorization(app.config, { scope: 'openid' })
  const window = await open({ size: phone })
  await window.page.goto(device.verification_uri)
  await window.page.getByLabel('设备代码').waitFor()
  await seen(window)
  await window.page.getByLabel('设备代码').fill(device.user_code)
  await window.page.keyboard.press('Enter')
  await window.page.getByText('在设备上登录「大屏」？').waitFor()
  await seen(window)
  await window.page.getByRole('button', { name: '允许登录' }).click()
  await window.page.getByRole('heading', { name: '设备已登录' }).waitFor()
  await seen(window)
  // The address that the device shows as a picture has the code in it.
  const second = await initiateDeviceAuthorization(app.config, { scope: 'openid' })
  await window.page.goto(second.verification_uri_complete ?? '')
  await window.page.getByText(second.user_code).waitFor()
})

it('signs out where the person says so, or the application shows who they are', async () => {
  const app = await client('公告', {
    oidc: { redirectUris: [`${home}/cb`], postLogoutRedirectUris: [`${home}/bye`] },
  })
  const window = await open()
  await window.page.goto(`${app.issuer}/session/end?client_id=${app.clientId}`)
  await window.page.getByRole('heading', { name: '退出登录？' }).waitFor()
  await seen(window)
  await window.page.getByRole('button', { name: '不退出' }).click()
  await window.page.getByRole('heading', { name: '未退出登录' }).waitFor()
  await window.page.goto(`${app.issuer}/session/end?client_id=${app.clientId}`)
  await window.page.getByRole('button', { name: '退出登录' }).click()
  await window.page.getByRole('heading', { name: '已退出登录' }).waitFor()
  await seen(window)
  const session = await signIn(world, { userId: 'zhangsan' })
  const tokens = await signInTo(app, browserOf(world, session))
  const [name = '', value = ''] = session.cookie.split('=')
  await window.context.addCookies([{ name, value, url: world.server.url }])
  const query = new URLSearchParams({
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: `${home}/bye`,
  })
  await window.page.goto(`${app.issuer}/session/end?${query}`)
  await window.page.waitForURL(`${home}/bye`)
  expect(window.complaints).toEqual([])
})

it('says what an application did wrong', async () => {
  const app = await client('教务')
  const window = await open()
  await goTo(window, app, { redirect_uri: `${home}/other` })
  await window.page.getByRole('heading', { name: '应用发来的登录请求有误' }).waitFor()
  await seen(window)
  await window.page.goto(`${app.issuer}/interaction/${'x'.repeat(43)}`)
  await window.page.getByRole('heading', { name: '请从应用重新登录' }).waitFor()
  await seen(window)
})
