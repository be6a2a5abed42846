import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts'
import { createUpstreamPool, type UpstreamPool } from '../transport/pool.ts'
import { createTokenSource, memoryTokenStore } from '../transport/token-source.ts'
import { createWecomClient, type WecomClient, type WecomClientOptions } from './client.ts'
import { type WecomError, WecomUnavailable } from './errors.ts'
import { detectRegime } from './regime.ts'
import { fetchToken } from './token.ts'
import { failureOf } from './upstream.fixture.ts'

let sandbox: Sandbox
let pool: UpstreamPool
let now = 1_700_000_000_000

beforeAll(async () => {
  sandbox = await startSandbox({ members: 120, seed: 7, now: () => now })
  pool = createUpstreamPool()
})
afterEach(async () => {
  await control('DELETE', 'faults')
  await control('DELETE', 'calls')
  await control('POST', 'limits', { perMinute: null, concurrent: null })
  await control('POST', 'trustedIps', { ips: null })
  await control('POST', 'regime', { regime: 'full' })
})
afterAll(async () => {
  await pool.close()
  await sandbox.close()
})

async function control<T = unknown>(method: string, path: string, body?: object): Promise<T> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(`${sandbox.url}/_sandbox/${path}`, init)
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

const calls = () => control<Record<string, Record<string, number>>>('GET', 'calls')
const fault = (mode: string, times: number | null, match = 'tag/') =>
  control('POST', 'faults', { match, mode, times })

function client(secret: string, more: Partial<WecomClientOptions> = {}): WecomClient {
  const { url: baseUrl, corpId } = sandbox
  const tokens = createTokenSource({
    store: memoryTokenStore(),
    fetchToken: () => fetchToken({ pool, baseUrl, corpId, secret, now: () => now }),
    now: () => now,
  })
  return createWecomClient({ baseUrl, corpId, secret, tokens, pool, sleep: () => wait(1), ...more })
}

const contact = (more?: Partial<WecomClientOptions>) => client(sandbox.contactSecret, more)
const agent = (more?: Partial<WecomClientOptions>) => client(sandbox.agents[0]!.secret, more)

describe('every method', () => {
  test('departments, members and ids are those of the corp', async () => {
    const state = await control<{
      departments: { id: number; parentid: number; name: string; order: number }[]
      members: { userid: string; department: number[] }[]
    }>('GET', 'state')
    const wecom = contact()
    const { department } = await wecom.departmentList()
    expect(department.map(d => d.id).sort()).toEqual(state.departments.map(d => d.id).sort())
    const simple = await wecom.departmentSimpleList()
    expect(simple.department_id).toHaveLength(department.length)
    const child = department.find(d => d.parentid === 1)!
    expect((await wecom.departmentGet(child.id)).department).toEqual(child)
    const below = (await wecom.departmentList(child.id)).department
    expect(below.map(d => d.id)).toContain(child.id)
    expect(below.length).toBeLessThan(department.length)

    const members = new Set<string>()
    for (const { id } of department) {
      const [full, names] = await Promise.all([wecom.userList(id), wecom.userSimpleList(id)])
      expect(names.userlist.map(m => m.userid)).toEqual(full.userlist.map(m => m.userid))
      for (const { userid } of full.userlist) members.add(userid)
    }
    expect([...members].sort()).toEqual(state.members.map(m => m.userid).sort())

    const pairs: string[] = []
    for (let cursor = ''; ; ) {
      const page = await wecom.userListId({ cursor, limit: 50 })
      pairs.push(...page.dept_user.map(row => `${row.userid} ${row.department}`))
      cursor = page.next_cursor
      if (cursor === '') break
    }
    expect(pairs.sort()).toEqual(state.members.flatMap(m => m.department.map(d => `${m.userid} ${d}`)).sort())
    const someone = state.members[0]!.userid
    expect((await wecom.userGet(someone.toUpperCase())).userid).toBe(someone)
    expect(await failureOf(wecom.userGet('nobody-here'))).toMatchObject({ kind: 'notFound' })
    expect(await failureOf(wecom.departmentGet(2_000_000_000))).toMatchObject({ kind: 'notFound' })
  })

  test('tags: list, read, add, remove, what is invalid', async () => {
    const wecom = contact()
    const { taglist } = await wecom.tagList()
    const { tagid } = taglist[0]!
    const before = await wecom.tagGet(tagid)
    const outsider = (await wecom.userListId()).dept_user.find(
      row => !before.userlist.some(member => member.userid === row.userid),
    )!.userid
    const added = await wecom.addTagUsers(tagid, [outsider, 'ghost'], [2_000_000_000])
    expect(added).toEqual({ invalidUsers: ['ghost'], invalidParties: [2_000_000_000] })
    expect((await wecom.tagGet(tagid)).userlist.map(member => member.userid)).toContain(outsider)
    expect(await wecom.delTagUsers(tagid, [outsider], [])).toEqual({ invalidUsers: [], invalidParties: [] })
    expect(await wecom.tagGet(tagid)).toEqual(before)
    expect(await wecom.addTagUsers(tagid, ['ghost'], [2_000_000_000])).toEqual({
      invalidUsers: ['ghost'],
      invalidParties: [2_000_000_000],
    })
    expect(await failureOf(wecom.tagGet(999_999))).toMatchObject({ errcode: 40068, kind: 'notFound' })
  })

  test('agents, sign-in and addresses', async () => {
    const wecom = agent()
    const { agentId, name } = sandbox.agents[0]!
    expect(await wecom.agentGet(agentId)).toMatchObject({ agentid: agentId, name })
    expect((await wecom.agentList()).agentlist.map(a => a.agentid)).toContain(agentId)
    expect(await failureOf(wecom.agentGet(sandbox.agents[1]!.agentId))).toMatchObject({ kind: 'forbidden' })
    expect((await wecom.apiDomainIps()).ip_list.length).toBeGreaterThan(0)
    const userId = (await contact().userListId()).dept_user[0]!.userid
    const code = (scope: string) => control<{ code: string }>('POST', 'code', { userId, scope })
    expect(await wecom.getUserInfo((await code('snsapi_base')).code)).toEqual({ userid: userId })
    const info = await wecom.getUserInfo((await code('snsapi_privateinfo')).code)
    expect(info.userid).toBe(userId)
    expect(await wecom.getUserDetail(info.user_ticket!)).toMatchObject({ userid: userId })
    const stranger = await control<{ code: string }>('POST', 'code', { openId: 'o-1' })
    expect(await wecom.getUserInfo(stranger.code)).toEqual({ openid: 'o-1' })
    expect(await failureOf(wecom.getUserInfo(stranger.code))).toMatchObject({ errcode: 40029 })
    expect(await failureOf(wecom.getUserDetail('nothing'))).toMatchObject({ errcode: 84015 })
  })

  test('both regimes are told apart, and what stays readable in the restricted one', async () => {
    expect(await detectRegime(contact())).toBe('full')
    await control('POST', 'regime', { regime: 'restricted' })
    const wecom = contact()
    expect(await detectRegime(wecom)).toBe('restricted')
    expect((await wecom.departmentSimpleList()).department_id.length).toBeGreaterThan(1)
    expect((await wecom.userListId()).dept_user.length).toBeGreaterThan(100)
    const userlist = (await agent().userList(1)).userlist
    for (const member of userlist) expect(member.mobile).toBeUndefined()
    expect((await agent().departmentList()).department.length).toBeGreaterThan(1)
  })
})

describe('credentials', () => {
  test('a wrong secret, a wrong corp and a foreign address', async () => {
    const wrong = await failureOf(client('not-the-secret').tagList())
    expect(wrong).toMatchObject({ errcode: 40001, kind: 'config', path: '/cgi-bin/gettoken' })
    const tokens = createTokenSource({
      store: memoryTokenStore(),
      fetchToken: () =>
        fetchToken({ pool, baseUrl: sandbox.url, corpId: 'ww0', secret: sandbox.contactSecret }),
      now: Date.now,
    })
    expect(await failureOf(contact({ tokens }).tagList())).toMatchObject({ errcode: 40013, kind: 'config' })
    await control('POST', 'trustedIps', { contact: true, ips: ['9.9.9.9'] })
    const foreign = (await failureOf(contact().departmentList())) as WecomError
    expect(foreign).toMatchObject({ errcode: 60020, kind: 'config', fromIp: '127.0.0.1' })
  })

  test.each(['tokenExpired', 'tokenRevoked'])('%s in the middle: one refetch, no failure', async mode => {
    const wecom = contact()
    await wecom.tagList()
    await control('DELETE', 'calls')
    await fault(mode, 1)
    await Promise.all(Array.from({ length: 30 }, () => wecom.tagList()))
    expect((await calls())['/cgi-bin/gettoken']).toEqual({ '0': 1 })
    expect((await calls())['/cgi-bin/tag/list']!['0']).toBe(30)
  })

  test('a token is refreshed before it ends, and after it ended', async () => {
    const wecom = contact()
    await wecom.tagList()
    await control('DELETE', 'calls')
    now += 7_200_000 - 200_000
    await wecom.tagList()
    await wecom.tagList()
    expect((await calls())['/cgi-bin/gettoken']).toEqual({ '0': 1 })
    now += 200_000
    await wecom.tagList()
    expect((await calls())['/cgi-bin/tag/list']).toEqual({ '0': 3 })
  })
})

describe('faults', () => {
  const passing = [
    'busy',
    'http500',
    'html',
    'truncated',
    'timeout',
    'acceptedThenTimeout',
    'rateLimit',
    'code:45033',
  ]
  test.each(passing)('a read survives %s twice', async mode => {
    await fault(mode, 2)
    expect((await contact({ timeoutMs: 200 }).tagList()).taglist.length).toBeGreaterThan(0)
    const outcomes = (await calls())['/cgi-bin/tag/list']!
    expect(outcomes['0']).toBe(1)
    expect(Object.values(outcomes).reduce((a, b) => a + b)).toBe(3)
  })

  test('slow is only slow', async () => {
    await control('POST', 'faults', { match: 'tag/', mode: 'slow', delayMs: 100, times: 1 })
    await contact().tagList()
    expect((await calls())['/cgi-bin/tag/list']).toEqual({ '0': 1 })
  })

  test('gettoken fails in every way and recovers', async () => {
    for (const mode of ['busy', 'http500', 'html', 'truncated', 'rateLimit']) {
      await fault(mode, 2, 'gettoken')
      await contact().tagList()
    }
  })

  test.each([
    ['acceptedThenTimeout', 'timeout', 1],
    ['truncated', 'json', 1],
    ['http500', 'http', 0],
    ['timeout', 'timeout', 0],
  ])('a write is not repeated after %s, which is ambiguous', async (mode, reason, carriedOut) => {
    const wecom = contact({ timeoutMs: 200 })
    const { tagid } = (await wecom.tagList()).taglist[0]!
    const members = new Set((await wecom.tagGet(tagid)).userlist.map(member => member.userid))
    const outsider = (await wecom.userListId()).dept_user.find(row => !members.has(row.userid))!.userid
    await fault(mode, null, 'addtagusers')
    const error = await failureOf(wecom.addTagUsers(tagid, [outsider], []))
    expect(error).toBeInstanceOf(WecomUnavailable)
    expect(error).toMatchObject({ reason, ambiguous: true })
    expect((await calls())['/cgi-bin/tag/addtagusers']).toEqual({ [mode]: 1 })
    expect((await wecom.tagGet(tagid)).userlist.length - members.size).toBe(carriedOut)
    if (carriedOut === 1) await wecom.delTagUsers(tagid, [outsider], [])
  })

  test.each(['busy', 'rateLimit', 'tokenRevoked'])('a write is repeated after %s', async mode => {
    const wecom = contact()
    const { tagid } = (await wecom.tagList()).taglist[0]!
    await fault(mode, 1, 'deltagusers')
    await wecom.delTagUsers(tagid, [(await wecom.userListId()).dept_user[0]!.userid], [])
    expect((await calls())['/cgi-bin/tag/deltagusers']!['0']).toBe(1)
  })
})

describe('limits', () => {
  test('45033: a parallel sync slows down to what WeCom allows and ends well', async () => {
    await control('POST', 'limits', { concurrent: 2 })
    const ownPool = createUpstreamPool()
    const wecom = contact({ pool: ownPool, concurrency: 8, limitRetries: 12, sleep: () => wait(5) })
    await Promise.all(Array.from({ length: 60 }, () => wecom.tagList()))
    const outcomes = (await calls())['/cgi-bin/tag/list']!
    expect(outcomes['0']).toBe(60)
    expect(outcomes['45033']).toBeGreaterThan(0)
    // Without the gate, eight parallel calls where two are allowed would be refused far more often than served.
    expect(outcomes['45033']).toBeLessThan(60)
    await ownPool.close()
  })

  test('45009: the corp waits out the block of a minute', async () => {
    await control('POST', 'limits', { perMinute: 20 })
    const start = now
    const sleep = async (ms: number) => {
      now += ms
    }
    const wecom = contact({ pool: createUpstreamPool(), limitRetries: 20, sleep })
    await Promise.all(Array.from({ length: 30 }, () => wecom.tagList()))
    const outcomes = (await calls())['/cgi-bin/tag/list']!
    expect(outcomes['0']).toBe(30)
    expect(now - start).toBeGreaterThanOrEqual(60_000)
    expect(outcomes['45009']).toBeLessThan(40)
  })
})
