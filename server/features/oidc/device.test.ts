import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { browserOf, hiddenFields, openBrowser, type TestBrowser } from './browser.fixture.ts'
import { addClient, memberNamed, type TestClient } from './client.fixture.ts'

let world: World
let tv: TestClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  tv = await addClient(world, '大屏', {
    oidc: { isPublic: true, redirectUris: [], device: true, refresh: true },
  })
})
afterAll(() => world.close())

type Device = Awaited<ReturnType<typeof client.initiateDeviceAuthorization>>

/** One question of the device, without waiting. */
async function ask({ device_code }: Device): Promise<{ status: number; body: Record<string, unknown> }> {
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    client_id: tv.clientId,
    device_code,
  })
  const response = await fetch(`${tv.issuer}/token`, { method: 'POST', body })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const start = () => client.initiateDeviceAuthorization(tv.config, { scope: 'openid' })

/** Enters the code and comes to the page that asks whether to let the device sign in. */
async function enter(browser: TestBrowser, code: string) {
  const page = await browser.get(`${tv.issuer}/device`)
  expect(page.html).toContain('登录设备')
  return browser.post(`${tv.issuer}/device`, { ...hiddenFields(page.html), user_code: code })
}

describe('a device', () => {
  it('is signed in by somebody who enters its code', async () => {
    const browser = browserOf(world, await signIn(world, { userId: 'zhangsan' }))
    const device = await start()
    expect((await ask(device)).body).toMatchObject({ error: 'authorization_pending' })
    const confirm = await enter(browser, device.user_code)
    expect(confirm.html).toContain('在设备上登录「大屏」？')
    expect(confirm.html).toContain(device.user_code)
    const done = await browser.post(`${tv.issuer}/device`, hiddenFields(confirm.html))
    expect(done.html).toContain('设备已登录')
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(device)))
    expect(answers.map(one => one.status).sort()).toEqual([200, 400, 400, 400, 400])
    const { body } = answers.find(one => one.status === 200) ?? { body: {} }
    expect(body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) })
  })

  it('has people sign in first', async () => {
    const browser = openBrowser(world.server.url)
    const device = await start()
    const confirm = await enter(browser, device.user_code)
    const landed = await browser.post(`${tv.issuer}/device`, hiddenFields(confirm.html))
    expect(landed.url.pathname).toBe('/signin')
    const { cookie } = await signIn(world, { userId: 'lisi' })
    browser.setCookie(`${cookie}; Path=/`)
    const done = await browser.get(landed.url.searchParams.get('to') ?? '')
    expect(done.html).toContain('设备已登录')
    const { body } = await ask(device)
    const info = await client.fetchUserInfo(tv.config, String(body['access_token']), client.skipSubjectCheck)
    expect(info.sub).toBe(String(memberNamed(world, 'lisi').id))
  })

  it('hears that somebody refused', async () => {
    const browser = browserOf(world, await signIn(world, { userId: 'zhangsan' }))
    const device = await start()
    const confirm = await enter(browser, device.user_code)
    const page = await browser.post(`${tv.issuer}/device`, { ...hiddenFields(confirm.html), abort: 'yes' })
    expect(page.html).toContain('已拒绝这次登录')
    expect((await ask(device)).body).toMatchObject({ error: 'access_denied' })
  })

  it('is not found by guessing, and guesses come to an end', async () => {
    const browser = browserOf(world, await signIn(world, { userId: 'zhangsan' }))
    expect((await enter(browser, 'BCDF-GHJK')).html).toContain('没有这个代码')
    let page = await browser.get(`${tv.issuer}/device`)
    for (let n = 0; n < 60 && page.status === 200; n++)
      page = await browser.post(`${tv.issuer}/device`, { ...hiddenFields(page.html), user_code: 'BCDF-GHJK' })
    expect(page.status).toBe(429)
  })
})
