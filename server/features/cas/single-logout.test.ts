import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { recentLogouts } from '../app-sign-in/logouts/store.ts'
import { setSignIn } from '../app-sign-in/set-sign-in.ts'
import { addCasApp, casAt } from './browser.fixture.ts'

let world: World
let cas: ReturnType<typeof casAt>

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3, env: { WISP_OUTBOUND_PRIVATE: 'refuse' } })
})
afterAll(() => world.close())

const service = (name: string) => `https://${name}.example.com/`
const logoutsOf = (appId: string) =>
  recentLogouts(world.ctx.db, world.corpId, { appId, limit: 10, offset: 0 })

async function addApp(name: string, logoutUri: string, settings = {}): Promise<string> {
  const id = await addCasApp(world, name, { services: [service(name)], logoutUri, ...settings })
  cas = casAt(world.ctx.appSignIns.addressesOf(world.corpId).casBase)
  return id
}

async function enter(person: SignedInClient, name: string): Promise<string> {
  const ticket = await cas.ticket(person.cookie, service(name))
  const { text } = await cas.ask('serviceValidate', { service: service(name), ticket })
  expect(text).toContain('<cas:user>')
  return ticket
}

async function listening(answer: boolean): Promise<{ url: string; bodies: string[]; close(): void }> {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += String(chunk)
    })
    request.on('end', () => {
      bodies.push(body)
      if (answer) response.end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`
  return {
    url,
    bodies,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('single logout', () => {
  it('is a form that every client can read, byte for byte', async () => {
    const there = await listening(true)
    const appId = await addApp('good', there.url)
    const person = await signIn(world, { userId: 'zhangsan' })
    const ticket = await enter(person, 'good')
    await person.post('/web/sign-out')
    const body = await until('the form', () => there.bodies[0])
    expect(body).toMatch(/^logoutRequest=[^&+ ]+$/)
    const xml = new URLSearchParams(body).get('logoutRequest') ?? ''
    expect(xml).not.toMatch(/[%+]/)
    const [id, at] = [/ID="([^"]+)"/.exec(xml)?.[1], /IssueInstant="([^"]+)"/.exec(xml)?.[1]]
    expect(id).toMatch(/^LR-[0-9a-f]{32}$/)
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(xml).toBe(
      `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${id}" Version="2.0" IssueInstant="${at}">` +
        '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">@NOT_USED@</saml:NameID>' +
        `<samlp:SessionIndex>${ticket}</samlp:SessionIndex></samlp:LogoutRequest>`,
    )
    const done = await until('the end', async () =>
      (await logoutsOf(appId)).find(one => one.state === 'done'),
    )
    expect(done).toMatchObject({ status: 200, cause: 'sign-out', sid: ticket })
    there.close()
  })

  it('is tried again where the application hangs, and holds up nobody else', async () => {
    const [hanging, good] = [await listening(false), await listening(true)]
    const slow = await addApp('slow', hanging.url)
    await addApp('quick', good.url)
    const person = await signIn(world, { userId: 'lisi' })
    await enter(person, 'slow')
    await enter(person, 'quick')
    await person.post('/web/sign-out')
    await until('the other is told', () => good.bodies.length > 0)
    const [logout] = await until(
      'the failure',
      async () => {
        const found = await logoutsOf(slow)
        return found[0]?.attempts ? found : undefined
      },
      30_000,
    )
    expect(logout).toMatchObject({ state: 'waiting', status: null })
    expect(logout?.error).not.toBe('')
    hanging.close()
    good.close()
  }, 60_000)

  it('does not reach private addresses that the installation does not allow', async () => {
    const appId = await addApp('inner', 'http://10.0.0.1/logout')
    const person = await signIn(world, { userId: 'wangwu' })
    await enter(person, 'inner')
    await person.post('/web/sign-out')
    const logout = await until('the refusal', async () =>
      (await logoutsOf(appId)).find(one => one.attempts > 0),
    )
    expect(logout.status).toBe(null)
    expect(logout.error).toContain('10.0.0.1')
  })

  it('is left out where the app does not want it, and when it does not use CAS any more', async () => {
    const there = await listening(true)
    const without = await addApp('without', there.url, { singleLogout: false })
    const changed = await addApp('changed', there.url)
    const person = await signIn(world, { userId: 'zhaomin' })
    await enter(person, 'without')
    await enter(person, 'changed')
    const by = { actor: 'test', approves: true }
    await setSignIn(world.ctx, by, world.corpId, changed, { kind: 'none' })
    await person.post('/web/sign-out')
    const logout = await until('the end', async () =>
      (await logoutsOf(changed)).find(one => one.state === 'failed'),
    )
    expect(logout.status).toBe(null)
    expect(await logoutsOf(without)).toEqual([])
    expect(there.bodies).toEqual([])
    there.close()
  })
})
