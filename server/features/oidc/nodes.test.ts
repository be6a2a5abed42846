import { sql } from 'kysely'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { type Server, startServer } from '../../server.ts'
import { setApp } from '../apps/apps.ts'
import { browserOf, openBrowser } from './browser.fixture.ts'
import { addClient, begin, memberNamed, redeem, signInTo, type TestClient } from './client.fixture.ts'
import { keysOf } from './keys/key-store.ts'
import { rotateAgedKeys, rotateKeys, stateMs } from './keys/keys.ts'

const rounds = 3
const atOnce = 8
const crowd = 64

let world: World
let other: Server
let app: TestClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  const now = () => Date.now() + world.clock.offsetMs
  other = await startServer(readConfig(world.env), { log: createLog('silent'), now })
  app = await addClient(world, '图书馆', {
    oidc: { redirectUris: ['https://lib.example.com/callback'], refresh: true },
  })
})
afterAll(async () => {
  await other.close()
  await world.close()
})

/** What a request to the issuer becomes on the other node. */
const there = (url: string | URL) => String(url).replace(world.server.url, other.url)

const basic = () => `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')}`

async function post(base: string, form: Record<string, string>) {
  const init = { method: 'POST', body: new URLSearchParams(form), headers: { authorization: basic() } }
  const response = await fetch(`${base}${new URL(app.issuer).pathname}/token`, init)
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

/** At the token endpoint of a node; a public client has no secret. */
async function refresh(base: string, { clientId, clientSecret, issuer }: TestClient, token: string) {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: token,
    client_id: clientId,
    ...(clientSecret ? { client_secret: clientSecret } : {}),
  })
  const response = await fetch(`${base}${new URL(issuer).pathname}/token`, { method: 'POST', body })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

/** What becomes of an access token and of a refresh token: 401 and 400 when they are good for nothing. */
async function statesOf(given: TestClient, tokens: Partial<Record<string, unknown>>): Promise<number[]> {
  const authorization = `Bearer ${tokens['access_token']}`
  const info = await fetch(`${given.issuer}/me`, { headers: { authorization } })
  return [info.status, (await refresh(world.server.url, given, String(tokens['refresh_token']))).status]
}

const nodeOf = (n: number) => (n % 2 ? other.url : world.server.url)

describe('on two nodes', () => {
  it('a sign-in begins on one, goes on on the other, and is redeemed on either', async () => {
    const session = await signIn(world, { userId: 'zhangsan' })
    const browser = openBrowser(other.url, world.server.url)
    const asked = await begin(app, { prompt: 'consent' })
    browser.setCookie(`${session.cookie}; Path=/`)
    const landed = await browser.get(there(asked.url))
    const tokens = await redeem(app, landed, asked)
    const info = await fetch(there(`${app.issuer}/me`), {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(info.status).toBe(200)
    await session.post('/web/sign-out')
    const over = async () =>
      (
        await fetch(there(`${app.issuer}/me`), {
          headers: { authorization: `Bearer ${tokens.access_token}` },
        })
      ).status === 401
    await until('the other node knows', over, 1000)
  })

  it('one of many who redeem a code at once gets tokens, which are good for nothing', async () => {
    const browser = browserOf(world, await signIn(world, { userId: 'zhangsan' }))
    for (let round = 0; round < rounds; round++) {
      const asked = await begin(app)
      const { url } = await browser.get(asked.url.href)
      const form = {
        grant_type: 'authorization_code',
        redirect_uri: app.redirectUri,
        code_verifier: asked.verifier,
        code: url.searchParams.get('code') ?? '',
      }
      const answers = await Promise.all(Array.from({ length: atOnce }, (_, n) => post(nodeOf(n), form)))
      expect(answers.filter(one => one.status === 200)).toHaveLength(1)
      expect(answers.filter(one => one.body['error'] === 'invalid_grant')).toHaveLength(atOnce - 1)
      const given = answers.find(one => one.status === 200)?.body ?? {}
      expect(await statesOf(app, given)).toEqual([401, 400])
    }
  })

  it('one of many who use a refresh token of a public client at once gets the next, and the grant ends', async () => {
    const open = await addClient(world, '手机教务', {
      oidc: { isPublic: true, redirectUris: ['https://edu.example.com/cb'], refresh: true },
    })
    const browser = browserOf(world, await signIn(world, { userId: 'zhangsan' }))
    for (let round = 0; round < rounds; round++) {
      const tokens = await signInTo(open, browser)
      const ask = (n: number) => refresh(nodeOf(n), open, tokens.refresh_token ?? '')
      const answers = await Promise.all(Array.from({ length: atOnce }, (_, n) => ask(n)))
      expect(answers.filter(one => one.status === 200)).toHaveLength(1)
      const given = answers.find(one => one.status === 200)?.body ?? {}
      expect(await statesOf(open, given)).toEqual([401, 400])
      expect(await statesOf(open, { ...tokens })).toEqual([401, 400])
    }
  })

  it('two applications that sign somebody in at once both get their tokens', async () => {
    const second = await addClient(world, '公告', { oidc: { redirectUris: ['https://n.example.com/cb'] } })
    const session = await signIn(world, { userId: 'lisi' })
    const all = await Promise.all(
      Array.from({ length: atOnce }, (_, n) => signInTo(n % 2 ? app : second, browserOf(world, session))),
    )
    for (const [n, tokens] of all.entries()) {
      const { config } = n % 2 ? app : second
      const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
      expect(info.sub).toBe(String(memberNamed(world, 'lisi').id))
    }
    expect(new Set(all.filter((_, n) => n % 2).map(one => one.claims()?.['sid'])).size).toBe(1)
  })

  it('what an administrator changes counts on the other within a second', async () => {
    const tokens = await signInTo(app, browserOf(world, await signIn(world, { userId: 'zhangsan' })))
    const ask = async () =>
      (
        await fetch(there(`${app.issuer}/me`), {
          headers: { authorization: `Bearer ${tokens.access_token}` },
        })
      ).status
    expect(await ask()).toBe(200)
    await setApp(world.ctx, 'test', world.corpId, app.appId, { enabled: false })
    await until('the other node refuses', async () => (await ask()) === 401, 1000)
    await setApp(world.ctx, 'test', world.corpId, app.appId, { enabled: true })
    await until('the other node lets in', async () => (await ask()) === 200, 1000)
  })
})

describe('many requests of one person', () => {
  it('leave the others their turn', async () => {
    const other = await addClient(world, '安静的应用', {
      oidc: { redirectUris: ['https://q.example.com/cb'] },
    })
    const session = await signIn(world, { userId: 'lisi' })
    const quiet = await signIn(world, { userId: 'zhangsan' })
    let isOver = false
    let flooded = 0
    const asked = await begin(app)
    const flood = Array.from({ length: crowd }, async () => {
      for (; !isOver; flooded++) await browserOf(world, session).get(asked.url.href)
    })
    const signIns = 5
    for (let n = 0; n < signIns; n++) await signInTo(other, browserOf(world, quiet))
    const during = flooded
    isOver = true
    await Promise.all(flood)
    // In one queue with all of them, each of its requests would wait for the whole crowd.
    const requests = signIns * 3
    expect(during).toBeLessThan((requests * crowd) / 2)
  }, 60_000)
})

describe('pages and programs of one network', () => {
  const ask = (path: string, init: RequestInit = {}) => fetch(`${app.issuer}${path}`, init)
  const token = () =>
    ask('/token', {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: app.clientId }),
    })
  const page = (path: string) => ask(path, { headers: { accept: 'text/html' } })

  it.each([
    ['programs', token, () => page('/auth?client_id=nobody'), 400],
    ['pages', () => page('/device'), () => ask('/jwks'), 200],
  ])('wait for nobody of the other kind: %s hang', async (_which, hanging, other, status) => {
    // What the library stores cannot be read meanwhile, so that each of these keeps its turn.
    const hung: Promise<Response>[] = []
    await world.ctx.db.transaction().execute(async tx => {
      await sql`lock table oidc_record in access exclusive mode`.execute(tx)
      for (let n = 0; n < 12; n++) hung.push(hanging())
      const began = performance.now()
      expect((await other()).status).toBe(status)
      expect(performance.now() - began).toBeLessThan(2000)
    })
    for (const one of await Promise.all(hung)) expect([200, 401]).toContain(one.status)
  })
})

describe('posts to the pages', () => {
  it('are counted while they are answered, and not for ever', async () => {
    const body = new URLSearchParams({ client_id: app.clientId, state: 'x'.repeat(50_000) })
    // More than one sender may have in progress at once.
    for (let n = 0; n < 170; n++) {
      const answer = await fetch(`${app.issuer}/auth`, { method: 'POST', body, redirect: 'manual' })
      expect([n, answer.status]).toEqual([n, 400])
      await answer.text()
    }
  })
})

describe('a rotation of keys', () => {
  const published = async (base: string) => {
    const response = await fetch(`${base}${new URL(app.issuer).pathname}/jwks`)
    return ((await response.json()) as { keys: { kid: string }[] }).keys.map(one => one.kid)
  }
  const states = async () => {
    const keys = await keysOf(world.ctx.db, world.corpId)
    return keys.map(one => `${one.alg} ${one.state}`).sort()
  }
  /** As if that much time had passed for the keys. */
  const age = (ms: number) =>
    sql`update oidc_key set state_at = state_at - ${`${ms} ms`}::interval`.execute(world.ctx.db)
  const both = ['ES256 current', 'RS256 current']

  it('takes three steps, and no sign-in fails', async () => {
    let isOver = false
    const session = await signIn(world, { userId: 'zhangsan' })
    // The application keeps the keys that it was given at first, as long as it knows the one that signed.
    const signingIn = (async () => {
      let count = 0
      for (; !isOver; count++) await signInTo(app, browserOf(world, session))
      return count
    })()
    const before = await published(world.server.url)
    expect(await states()).toEqual(both)
    const turn = (options: Parameters<typeof rotateKeys>[3] = {}) =>
      rotateKeys(world.ctx, 'test', world.corpId, options)
    expect(await turn()).toBe('waits')
    expect(await turn({ begins: true })).toBe('published')
    expect(await turn({ begins: true })).toBe('waits')
    await until('the other node publishes them', async () => (await published(other.url)).length === 4, 2000)
    expect((await published(other.url)).slice(0, 2)).toEqual(before)
    await age(stateMs.next)
    await rotateAgedKeys(world.ctx)
    expect(await states()).toEqual([...both.slice(0, 1), 'ES256 old', ...both.slice(1), 'RS256 old'])
    await until(
      'the other node signs with them',
      async () => !before.includes((await published(other.url))[0] ?? ''),
    )
    expect(await turn({ atOnce: true })).toBe('withdrawn')
    expect(await states()).toEqual(both)
    isOver = true
    expect(await signingIn).toBeGreaterThan(0)
    expect(await published(world.server.url)).not.toContain(before[0])
  })

  it('begins by itself when the keys are old', async () => {
    await age(stateMs.current)
    await rotateAgedKeys(world.ctx)
    expect(await states()).toEqual(['ES256 current', 'ES256 next', 'RS256 current', 'RS256 next'])
  })

  it('made at once on two nodes makes one of each', async () => {
    await world.ctx.db.deleteFrom('oidc_key').execute()
    await Promise.all([world.ctx.reloadConfig(world.corpId), other.ctx.reloadConfig(world.corpId)])
    const [here, far] = await Promise.all([published(world.server.url), published(other.url)])
    expect(here).toHaveLength(2)
    expect(far).toEqual(here)
  })
})
