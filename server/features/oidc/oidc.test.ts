import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { browserOf } from './browser.fixture.ts'
import { addClient, begin, type TestClient } from './client.fixture.ts'

let world: World
let app: TestClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  app = await addClient(world, '图书馆', {
    claims: [{ name: 'profile', purpose: '显示姓名' }],
    oidc: { redirectUris: ['https://lib.example.com/callback'], refresh: true },
  })
})
afterAll(() => world.close())

describe('a sign-in', () => {
  it('leads a person who is signed in to wisp straight to the application', async () => {
    const browser = browserOf(world, await signIn(world, { userId: 'zhangsan' }))
    const asked = await begin(app, { scope: 'openid profile' })
    const landed = await browser.get(asked.url.href)
    expect(landed.url.origin).toBe('https://lib.example.com')
    const tokens = await client.authorizationCodeGrant(app.config, landed.url, asked.checks)
    const claims = tokens.claims()
    expect(claims).toMatchObject({ preferred_username: 'zhangsan', acr: 'wisp:2' })
    const info = await client.fetchUserInfo(app.config, tokens.access_token, claims?.sub ?? '')
    expect(info).toMatchObject({ preferred_username: 'zhangsan' })
  })
})
