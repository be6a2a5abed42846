import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { setApp } from '../apps/apps.ts'
import { browserOf } from './browser.fixture.ts'
import { addClient, begin, memberNamed, signInTo, type TestClient } from './client.fixture.ts'

let world: World
let app: TestClient
let open: TestClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  await world.connectCallback()
  app = await addClient(world, '图书馆', {
    claims: [{ name: 'profile', purpose: '显示姓名' }],
    oidc: { redirectUris: ['https://lib.example.com/callback'], refresh: true },
  })
  open = await addClient(world, '手机教务', {
    oidc: { isPublic: true, redirectUris: ['https://edu.example.com/callback'], refresh: true },
  })
})
afterAll(() => world.close())

const everyone = { everyone: true, departments: [], memberIds: [], tags: [] }
const browserFor = async (userId: string) => browserOf(world, await signIn(world, { userId }))
const refused = { error: 'invalid_grant' }

describe('a refresh token', () => {
  it('of a confidential client stays the same', async () => {
    const tokens = await signInTo(app, await browserFor('zhangsan'))
    for (const _time of [1, 2]) {
      const again = await client.refreshTokenGrant(app.config, tokens.refresh_token ?? '')
      expect(again.refresh_token).toBe(tokens.refresh_token)
      expect(again.claims()?.sub).toBe(tokens.claims()?.sub)
    }
    await world.ctx.signInLog.settled()
    const rows = await world.ctx.db
      .selectFrom('sign_in_log')
      .selectAll()
      .where('way', '=', 'refresh')
      .execute()
    expect(rows).toMatchObject([{ reason: '', acr: 2 }, { reason: '' }])
  })

  it('of a public client is another after each use, and one used twice ends all', async () => {
    const first = await signInTo(open, await browserFor('zhangsan'))
    const second = await client.refreshTokenGrant(open.config, first.refresh_token ?? '')
    expect(second.refresh_token).not.toBe(first.refresh_token)
    const reused = client.refreshTokenGrant(open.config, first.refresh_token ?? '')
    await expect(reused).rejects.toMatchObject(refused)
    const rest = client.refreshTokenGrant(open.config, second.refresh_token ?? '')
    await expect(rest).rejects.toMatchObject(refused)
  })

  it('ends with the session, unless it was asked for by offline_access', async () => {
    const session = await signIn(world, { userId: 'zhangsan' })
    const browser = browserOf(world, session)
    const online = await signInTo(app, browser)
    const offline = await signInTo(app, browser, { scope: 'openid offline_access' })
    await session.post('/web/sign-out')
    await expect(client.refreshTokenGrant(app.config, online.refresh_token ?? '')).rejects.toMatchObject(
      refused,
    )
    const sub = online.claims()?.sub ?? ''
    await expect(client.fetchUserInfo(app.config, online.access_token, sub)).rejects.toMatchObject({
      status: 401,
    })
    expect(await client.refreshTokenGrant(app.config, offline.refresh_token ?? '')).toMatchObject({
      access_token: expect.any(String),
    })
  })

  it('is not given where it is not allowed', async () => {
    const without = await addClient(world, '公告', { oidc: { redirectUris: ['https://n.example.com/cb'] } })
    const tokens = await signInTo(without, await browserFor('zhangsan'), { scope: 'openid offline_access' })
    expect(tokens.refresh_token).toBeUndefined()
  })
})

describe('somebody who may not any more', () => {
  const states = async (userId: string) => {
    const tokens = await signInTo(app, await browserFor(userId), { scope: 'openid profile offline_access' })
    const sub = tokens.claims()?.sub ?? ''
    return async () => {
      const outcome = await Promise.allSettled([
        client.refreshTokenGrant(app.config, tokens.refresh_token ?? ''),
        client.fetchUserInfo(app.config, tokens.access_token, sub),
        client.tokenIntrospection(app.config, tokens.access_token),
      ])
      return outcome.map(one => (one.status === 'fulfilled' ? (one.value.active ?? true) : false))
    }
  }

  it('is refused at the next refresh, userinfo and introspection, and again when they may', async () => {
    const ask = await states('zhangsan')
    expect(await ask()).toEqual([true, true, true])
    await setApp(world.ctx, 'test', world.corpId, app.appId, {
      visibility: { ...everyone, everyone: false, memberIds: [memberNamed(world, 'lisi').id] },
    })
    expect(await ask()).toEqual([false, false, false])
    await setApp(world.ctx, 'test', world.corpId, app.appId, { visibility: everyone })
    expect(await ask()).toEqual([true, true, true])
  })

  it('as a leaver is refused for good', async () => {
    const ask = await states('zhaomin')
    expect(await ask()).toEqual([true, true, true])
    await world.admin('user/delete', { userid: 'zhaomin' })
    await world.settle()
    expect(await ask()).toEqual([false, false, false])
  })
})

describe('an access token', () => {
  it('is void when the application takes it back', async () => {
    const tokens = await signInTo(app, await browserFor('zhangsan'))
    await client.tokenRevocation(app.config, tokens.access_token)
    const info = client.fetchUserInfo(app.config, tokens.access_token, tokens.claims()?.sub ?? '')
    await expect(info).rejects.toMatchObject({ status: 401 })
    expect((await client.tokenIntrospection(app.config, tokens.access_token)).active).toBe(false)
  })

  it('says nothing to another application', async () => {
    const tokens = await signInTo(open, await browserFor('zhangsan'))
    expect((await client.tokenIntrospection(app.config, tokens.access_token)).active).toBe(false)
    await client.tokenRevocation(app.config, tokens.access_token).catch(() => undefined)
    const info = await client.fetchUserInfo(open.config, tokens.access_token, tokens.claims()?.sub ?? '')
    expect(info.sub).toBe(String(memberNamed(world, 'zhangsan').id))
  })
})

describe('a pushed request', () => {
  it('is good once', async () => {
    const browser = await browserFor('zhangsan')
    const { url: plain } = await begin(app)
    const parameters = Object.fromEntries(plain.searchParams)
    const url = await client.buildAuthorizationUrlWithPAR(app.config, parameters)
    expect(url.searchParams.get('request_uri')).toMatch(/^urn:/)
    expect((await browser.get(url.href)).url.searchParams.get('code')).toMatch(/./)
    const again = await browser.get(url.href)
    expect(again.url.searchParams.get('code')).toBeNull()
  })
})

describe('what is stored', () => {
  it('has no code or token as it is used', async () => {
    const tokens = await signInTo(app, await browserFor('zhangsan'))
    const rows = JSON.stringify(await world.ctx.db.selectFrom('oidc_record').selectAll().execute())
    for (const secret of [tokens.access_token, tokens.refresh_token ?? '', app.clientSecret])
      expect(rows).not.toContain(secret)
  })
})
