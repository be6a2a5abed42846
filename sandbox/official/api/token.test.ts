import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox.ts'
import { type Answer, control } from '../../test-caller.ts'

let sandbox: Sandbox
let now = Date.UTC(2026, 10, 26, 4)
beforeAll(async () => {
  sandbox = await startSandbox({ members: 1, now: () => now })
})
afterAll(async () => sandbox.close())
beforeEach(() => {
  now += 2 * 86_400_000
})

const credentials = (n: number): { appid: string; secret: string } => {
  const { appId, secret } = sandbox.official.accounts[n]!
  return { appid: appId, secret }
}
const ask = async (path: string, body?: unknown): Promise<Answer & { access_token: string }> => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  return (await fetch(`${sandbox.official.url}${path}`, init)).json() as never
}
const token = (query: Record<string, string>) =>
  ask(`/cgi-bin/token?${new URLSearchParams({ grant_type: 'client_credential', ...query })}`)
const stable = (more: object = {}) =>
  ask('/cgi-bin/stable_token', { grant_type: 'client_credential', ...credentials(0), ...more })
const settings = (body: object) =>
  control(sandbox, 'POST', 'official/settings', {
    originalId: sandbox.official.accounts[0]!.originalId,
    ...body,
  })
/** Whether a token still works: 0, or the errcode. */
const works = async (access_token: string): Promise<number> =>
  (await ask(`/cgi-bin/get_api_domain_ip?access_token=${access_token}`)).errcode ?? 0

test('a token by cgi-bin/token ends the last one after five minutes', async () => {
  const first = (await token(credentials(0))).access_token
  const second = (await token(credentials(0))).access_token
  expect(second).not.toBe(first)
  expect([await works(first), await works(second)]).toEqual([0, 0])
  now += 301_000
  expect([await works(first), await works(second)]).toEqual([42001, 0])
  expect([await works('short'), await works('x'.repeat(136)), await works('')]).toEqual([40014, 40001, 41001])
})

test('a stable token stays the same until its last five minutes', async () => {
  const first = await stable()
  expect(first).toEqual({ access_token: expect.any(String), expires_in: 7200 })
  now += 6_000_000
  expect(await stable()).toMatchObject({ access_token: first.access_token, expires_in: 1200 })
  now += 1_000_000
  const second = await stable()
  expect(second.access_token).not.toBe(first.access_token)
  expect([await works(first.access_token), await works(second.access_token)]).toEqual([0, 0])
  await token(credentials(0))
  expect(await works(second.access_token)).toBe(0)
})

test('force ends the token, waits half a minute, and is limited to a day', async () => {
  const first = (await stable()).access_token
  const forced = (await stable({ force_refresh: true })).access_token
  expect(await works(first)).toBe(40001)
  expect((await stable({ force_refresh: true })).access_token).toBe(forced)
  const errcodes = new Set<number | undefined>()
  for (let n = 0; n < 20; n++) {
    now += 30_000
    errcodes.add((await stable({ force_refresh: true })).errcode)
  }
  expect([...errcodes]).toEqual([undefined, 45009])
})

test('refusals have a rid', async () => {
  const { appid, secret } = credentials(0)
  expect(await token({ appid: 'wx0', secret })).toMatchObject({ errcode: 40013 })
  expect(await token({ appid, secret: 'x' })).toMatchObject({
    errcode: 40125,
    errmsg: expect.stringMatching(/^invalid appsecret rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
  })
  await settings({ whitelist: ['10.0.0.1'] })
  expect(await stable()).toMatchObject({
    errcode: 40164,
    errmsg: expect.stringContaining('invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: '),
  })
  await settings({ whitelist: null, tokenRefusal: 89503 })
  expect(await stable()).toMatchObject({ errcode: 89503 })
  await settings({ tokenRefusal: null })
  const dayLimits = { '/cgi-bin/stable_token': 0 }
  await control(sandbox, 'POST', 'official/rules', { dayLimits })
  expect(await stable()).toMatchObject({ errcode: 45009 })
  await control(sandbox, 'POST', 'official/rules', { rules: null })
  await control(sandbox, 'POST', 'faults', { match: 'official/cgi-bin/stable_token', mode: 'busy', times: 1 })
  expect(await stable()).toMatchObject({ errcode: -1 })
})
