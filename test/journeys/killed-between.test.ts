import { afterAll, beforeAll, expect, it } from 'vitest'
import { addCasApp, casAt } from '../../server/features/cas/browser.fixture.ts'
import { openBrowser } from '../../server/features/oidc/browser.fixture.ts'
import { addClient, begin, type TestClient } from '../../server/features/oidc/client.fixture.ts'
import { startWorld, type World } from '../harness.ts'
import { signIn } from '../sign-in.ts'
import { type ServerProcess, startProcess } from './server-process.ts'

/** An application redeems what a person brings at another node than the one that gave it, which is no more. */
const service = 'https://cas.example.com/app'
const withinMs = 10_000

let world: World
let dying: ServerProcess
let app: TestClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  app = await addClient(world, '图书馆', { oidc: { redirectUris: ['https://lib.example.com/back'] } })
  await addCasApp(world, '教务', { services: [service] })
  dying = await startProcess({ ...world.env, WISP_PUBLIC_URL: world.ctx.publicUrl() })
})
afterAll(async () => {
  await dying.kill()
  await world.close()
})

async function redeem(code: string, verifier: string) {
  const { issuer, clientId, clientSecret, redirectUri } = app
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  const init = { method: 'POST', body: new URLSearchParams(form), headers: { authorization } }
  const response = await fetch(`${issuer}/token`, init)
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

it('a code and a ticket of a node that was killed are good on the other, once', async () => {
  const { cookie } = await signIn(world, { userId: 'zhangsan' })
  const browser = openBrowser(dying.url, world.server.url)
  browser.setCookie(`${cookie}; Path=/`)
  const asked = await begin(app)
  const landed = await browser.get(asked.url.href)
  const code = landed.url.searchParams.get('code') ?? ''
  const { casBase } = world.ctx.appSignIns.addressesOf(world.corpId)
  const ticket = await casAt(dying.url + new URL(casBase).pathname).ticket(cookie, service)
  await dying.kill()
  const killedAt = performance.now()

  const tokens = await redeem(code, asked.verifier)
  const headers = { authorization: `Bearer ${tokens.body['access_token']}` }
  const info = await fetch(`${app.issuer}/me`, { headers })
  // The application repeats itself at once, as clients do whose first answer was slow.
  const validated = await Promise.all(
    [1, 2, 3].map(() => casAt(casBase).ask('serviceValidate', { service, ticket })),
  )
  expect(performance.now() - killedAt).toBeLessThan(withinMs)
  expect([tokens.status, info.status]).toEqual([200, 200])
  expect(tokens.body['id_token']).toMatch(/./)
  expect(await redeem(code, asked.verifier)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  expect(validated.filter(({ text }) => text.includes('<cas:user>zhangsan<'))).toHaveLength(1)
  expect(validated.filter(({ text }) => text.includes('INVALID_TICKET'))).toHaveLength(2)
})
