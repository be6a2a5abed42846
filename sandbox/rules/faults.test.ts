import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { type Caller, callerOf, control } from '../test-caller.ts'

let sandbox: Sandbox
let caller: Caller
let now = Date.now()
beforeAll(async () => {
  sandbox = await startSandbox({ members: 50, now: () => now })
  caller = await callerOf(sandbox)
})
afterAll(() => sandbox.close())
afterEach(async () => {
  await control(sandbox, 'DELETE', 'faults')
})

const fault = (input: object) => control(sandbox, 'POST', 'faults', input)
const getLisi = () => caller.get('user/get', { userid: 'lisi' })
const fetchLisi = (signal?: AbortSignal) =>
  fetch(`${sandbox.url}/cgi-bin/user/get?userid=lisi&access_token=${caller.token}`, signal ? { signal } : {})

describe('faults', () => {
  test.each([
    ['busy', -1],
    ['rateLimit', 45009],
    ['code:60011', 60011],
    ['code:48009', 48009],
  ])('%s answers %i as often as it was told', async (mode, errcode) => {
    await fault({ match: 'user/get', mode, times: 2 })
    expect([await getLisi(), await getLisi(), await getLisi()].map(answer => answer.errcode)).toEqual([
      errcode,
      errcode,
      0,
    ])
  })

  test('http500, html and truncated are no answers', async () => {
    await fault({ mode: 'http500', times: 1 })
    expect((await fetchLisi()).status).toBe(500)
    await fault({ mode: 'html', times: 1 })
    const html = await fetchLisi()
    expect(html.status).toBe(200)
    expect(await html.text()).toMatch(/^<html>/)
    await fault({ mode: 'truncated', times: 1 })
    const cut = await (await fetchLisi()).text()
    expect(cut).toMatch(/^\{"errcode":0/)
    expect(() => JSON.parse(cut)).toThrow()
  })

  test('tokenExpired and tokenRevoked end the token for good', async () => {
    await fault({ mode: 'tokenExpired', times: 1 })
    expect((await getLisi()).errcode).toBe(42001)
    expect((await getLisi()).errcode).toBe(42001)
    caller = await callerOf(sandbox)
    expect((await getLisi()).errcode).toBe(0)
    await fault({ mode: 'tokenRevoked', times: 1 })
    expect((await getLisi()).errcode).toBe(40014)
    expect((await getLisi()).errcode).toBe(40014)
    caller = await callerOf(sandbox)
    expect((await getLisi()).errcode).toBe(0)
  })

  test('slow waits, timeout never answers and does nothing, acceptedThenTimeout does the work', async () => {
    await fault({ mode: 'slow', delayMs: 150, times: 1 })
    const before = performance.now()
    expect((await getLisi()).errcode).toBe(0)
    expect(performance.now() - before).toBeGreaterThan(140)
    const create = (userid: string, mobile: string) =>
      fetch(`${sandbox.url}/cgi-bin/user/create?access_token=${caller.token}`, {
        method: 'POST',
        body: JSON.stringify({ userid, name: '某人', mobile }),
        signal: AbortSignal.timeout(200),
      })
    await fault({ match: '/user.create$/', mode: 'timeout', times: 1 })
    await expect(create('t1', '13000000011')).rejects.toThrow()
    expect((await caller.get('user/get', { userid: 't1' })).errcode).toBe(60111)
    await fault({ match: 'create', mode: 'acceptedThenTimeout', times: 1 })
    await expect(create('t2', '13000000012')).rejects.toThrow()
    expect((await caller.get('user/get', { userid: 't2' })).errcode).toBe(0)
  })

  test('chances are seeded, faults are listed and removed one by one', async () => {
    const draw = async () => {
      await sandbox.reset({ members: 50, seed: 4 })
      await fault({ match: 'user/get', mode: 'busy', probability: 0.5 })
      const answers = []
      for (let index = 0; index < 20; index++) answers.push((await getLisi()).errcode)
      return answers
    }
    const first = await draw()
    expect(new Set(first)).toEqual(new Set([0, -1]))
    expect(await draw()).toEqual(first)
    const { id } = (await fault({ match: 'department', mode: 'html' })).body
    const listed = (await control(sandbox, 'GET', 'faults')).body['faults'] as object[]
    expect(listed).toMatchObject([
      { mode: 'busy', probability: 0.5 },
      { id, mode: 'html', times: null, hits: 0 },
    ])
    await control(sandbox, 'DELETE', `faults?id=${id}`)
    expect((await control(sandbox, 'GET', 'faults')).body['faults']).toHaveLength(1)
  })

  test('calls are counted by what was answered', async () => {
    await control(sandbox, 'DELETE', 'calls')
    await getLisi()
    await caller.get('user/get', { userid: 'nobody' })
    await fault({ mode: 'http500', times: 1 })
    await fetchLisi()
    expect((await control(sandbox, 'GET', 'calls')).body).toEqual({
      '/cgi-bin/user/get': { 0: 1, 60111: 1, http500: 1 },
    })
  })
})

describe('limits', () => {
  afterEach(async () => {
    await control(sandbox, 'POST', 'limits', { perMinute: null, concurrent: null })
  })

  test('a minute has so many calls of one kind, then a minute of 45009', async () => {
    await control(sandbox, 'POST', 'limits', { perMinute: 3 })
    const codes = []
    for (let index = 0; index < 5; index++) codes.push((await getLisi()).errcode)
    expect(codes).toEqual([0, 0, 0, 45009, 45009])
    expect((await caller.get('tag/list')).errcode).toBe(0)
    now += 59_000
    expect((await getLisi()).errcode).toBe(45009)
    now += 1_001
    expect((await getLisi()).errcode).toBe(0)
  })

  test('wrong secrets count too', async () => {
    await control(sandbox, 'POST', 'limits', { perMinute: 1 })
    const url = `${sandbox.url}/cgi-bin/gettoken?corpid=${sandbox.corpId}&corpsecret=wrong`
    const codes = []
    for (let index = 0; index < 2; index++)
      codes.push(((await (await fetch(url)).json()) as { errcode: number }).errcode)
    expect(codes).toEqual([40001, 45009])
  })

  test('so many at a time, 45033 for the rest', async () => {
    await control(sandbox, 'POST', 'limits', { concurrent: 2 })
    const answers = await Promise.all(Array.from({ length: 8 }, getLisi))
    const codes = answers.map(answer => answer.errcode)
    expect(codes.filter(code => code === 0).length).toBeGreaterThanOrEqual(2)
    expect(codes).toContain(45033)
    expect((await getLisi()).errcode).toBe(0)
  })
})
