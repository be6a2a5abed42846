import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, call, callerOf, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { type LimitSettings, standardLimits } from '../../organisation/corps/call-limits.ts'
import { setCorp } from '../../organisation/corps/corps.ts'
import type { CallGroup } from '../../platform/http/gate.ts'
import { dayOf, nextDayAt } from '../../platform/operation/day.ts'
import { setDeveloper } from '../developers/developer-admin.ts'
import type { Developer } from '../developers/developers.ts'
import { groupOf } from './groups.ts'
import { createLimits, type Limits } from './limits.ts'
import { usesOf } from './store.ts'

let world: World
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  as = await signInAs(world, 'super')
})
afterAll(() => world.close())

const withLimits = (callLimits: LimitSettings, scopes?: string[]) =>
  world.addDeveloper({ callLimits, ...(scopes ? { scopes } : {}) })

describe('the group of a call', () => {
  const of = (scope: string | undefined, methods = ['POST']) =>
    groupOf({ methods, access: { by: 'developer', scope } })

  it.each<[string | undefined, string[], CallGroup]>([
    ['directory:read', ['GET'], 'read'],
    ['directory:read', ['GET', 'POST'], 'read'],
    ['message:send', ['GET'], 'read'],
    ['message:send', ['POST'], 'message'],
    ['official:write', ['POST'], 'message'],
    ['official:read', ['GET'], 'read'],
    ['pay:write', ['POST'], 'pay'],
    ['pay:read', ['GET', 'POST'], 'read'],
    ['tag:write', ['POST'], 'write'],
    [undefined, ['POST'], 'write'],
  ])('with scope %s and %j is %s', (scope, methods, group) => expect(of(scope, methods)).toBe(group))

  it('is what the declaration says, and none where anybody may call', () => {
    expect(groupOf({ group: 'token', methods: ['GET'], access: { by: 'anyone' } })).toBe('token')
    expect(groupOf({ methods: ['GET'], access: { by: 'anyone' } })).toBeUndefined()
  })
})

describe('an answer', () => {
  it('tells the limits and what is left, whatever way it takes', async () => {
    const dev = await withLimits({ read: { perMinute: 600, perDay: 5000 } })
    const policy = '"read";q=600;w=60, "read-day";q=5000;w=86400'
    const first = await dev.get('/api/user/get', { userId: 'nobody' })
    expect(first.retCode).toBe('1007')
    const member = [...world.ctx.mirrors.of(world.corpId).members.all()][0]?.userId ?? ''
    const answers = [
      first,
      await dev.get('/api/user/get', { userId: member }),
      await dev.get('/api/org/list'),
    ]
    const etag = answers[2]?.headers.get('etag') ?? ''
    expect(etag).not.toBe('')
    const same = await fetch(`${world.server.url}/api/org/list?devToken=${await dev.token()}`, {
      headers: { 'if-none-match': etag },
    })
    expect(same.status).toBe(304)
    for (const { headers } of [...answers, same]) {
      expect(headers.get('ratelimit-policy')).toBe(policy)
      expect(headers.get('ratelimit')).toMatch(/^"read";r=59\d;t=\d, "read-day";r=499\d;t=\d{1,5}$/)
    }
    expect(same.headers.get('ratelimit')).toMatch(/"read-day";r=4996;/)
    expect((await call(`${world.server.url}/api/user/get`)).headers.get('ratelimit')).toBeNull()
  })

  it('beyond the rate is 1010 with the time until the next call, and nothing else is', async () => {
    const dev = await withLimits({ read: { perMinute: 3 } }, ['directory:read', 'message:send'])
    for (let n = 0; n < 3; n++) expect((await dev.get('/api/org/tagList')).retCode).toBe('0')
    const refused = await dev.get('/api/org/tagList')
    expect([refused.status, refused.retCode]).toEqual([429, '1010'])
    expect(refused.retMessage).toContain('每分钟 3 次')
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(15)
    expect(wait).toBeLessThanOrEqual(20)
    expect(refused.headers.get('ratelimit')).toMatch(/^"read";r=0;t=\d\d, /)
    expect((await dev.post('/api/message/send', { toUser: 'x' })).retCode).toBe('1001')
    expect((await world.dev.get('/api/org/tagList')).retCode).toBe('0')
    world.clock.offsetMs += 21_000
    expect((await dev.get('/api/org/tagList')).retCode).toBe('0')
    expect((await dev.get('/api/org/tagList')).retCode).toBe('1010')
  })

  it('beyond the number of a day is 1010 until the next Beijing day', async () => {
    const dev = await withLimits({ read: { perDay: 2 } })
    for (let n = 0; n < 2; n++) expect((await dev.get('/api/org/tagList')).retCode).toBe('0')
    const refused = await dev.get('/api/org/tagList')
    expect(refused.retMessage).toContain('今天已达 2 次')
    const now = world.ctx.now()
    const untilDay = (nextDayAt(now) - now) / 1000
    expect(Math.abs(Number(refused.headers.get('retry-after')) - untilDay)).toBeLessThan(5)
  })

  it('to somebody who has the secret counts for tokens, and only to them', async () => {
    const { devId, devSecret } = await withLimits({ token: { perMinute: 2 } })
    const url = (secret: string) =>
      `${world.server.url}/api/token/getDevToken?${new URLSearchParams({ devId, devSecret: secret })}`
    for (let n = 0; n < 5; n++) expect((await call(url('wrong'))).retCode).toBe('1003')
    const codes = []
    for (let n = 0; n < 3; n++) codes.push((await call(url(devSecret))).retCode)
    expect(codes).toEqual(['0', '0', '1010'])
  })
})

describe('settings', () => {
  const limitOf = async (dev: Caller) =>
    (await dev.get('/api/org/tagList')).headers.get('ratelimit-policy')?.split(',')[0]

  it('of the corp hold for all its developers, and of a developer for it, at once', async () => {
    const { ctx, corpId } = world
    const dev = await world.addDeveloper()
    expect(await limitOf(dev)).toBe(`"read";q=${standardLimits.read.perMinute};w=60`)
    await setCorp(ctx, 'test', corpId, { callLimits: { read: { perMinute: 700 } } })
    expect(await limitOf(dev)).toBe('"read";q=700;w=60')
    await setDeveloper(ctx, 'test', dev.devId, { callLimits: { read: { perMinute: 900 } } })
    expect(await limitOf(dev)).toBe('"read";q=900;w=60')
    await setDeveloper(ctx, 'test', dev.devId, { callLimits: {} })
    await setCorp(ctx, 'test', corpId, { callLimits: {} })
    expect(await limitOf(dev)).toBe(`"read";q=${standardLimits.read.perMinute};w=60`)
  })

  it('are shown and saved with the use of today and before', async () => {
    const dev = await world.addDeveloper()
    await dev.get('/api/org/tagList')
    const read = async () => (await as.get('/web/developers/limits', { devId: dev.devId })).body
    const shown = await read()
    expect(shown.groups[0]).toEqual({
      group: 'read',
      limit: standardLimits.read,
      own: { perMinute: null, perDay: null },
      inherited: standardLimits.read,
      usedToday: 1,
      refusedToday: 0,
    })
    const limits = { read: { perMinute: 1, perDay: null }, pay: { perMinute: null } }
    const change = { devId: dev.devId, version: shown.version, limits }
    expect((await as.post('/web/developers/limits/save', change)).body.groups[0]).toMatchObject({
      limit: { perMinute: 1, perDay: standardLimits.read.perDay },
      own: { perMinute: 1, perDay: null },
    })
    expect((await as.post('/web/developers/limits/save', change)).retMessage).toContain('已被他人修改')
    await dev.get('/api/org/tagList')
    await dev.get('/api/org/tagList')
    const after = await read()
    expect(after.groups[0]).toMatchObject({ usedToday: 2, refusedToday: 1 })
    expect(after.days).toContainEqual({ day: dayOf(world.ctx.now()), group: 'read', used: 2, refused: 1 })
  })

  it('of the corp are a form of their own, with the days of the request log', async () => {
    const { version, groups } = (await as.get('/web/developers/defaults')).body
    expect(groups[0]).toEqual({
      group: 'read',
      own: { perMinute: null, perDay: null },
      standard: standardLimits.read,
    })
    const limits = { read: { perMinute: 60_000 } }
    const saved = await as.post('/web/developers/defaults/save', { version, requestLogDays: 5, limits })
    expect(saved.body).toMatchObject({
      requestLogDays: 5,
      groups: [{ own: { perMinute: 60_000, perDay: null } }, {}, {}, {}, {}],
    })
    const back = { version: saved.body.version, requestLogDays: 7, limits: {} }
    expect((await as.post('/web/developers/defaults/save', back)).retCode).toBe('0')
  })
})

describe('several nodes', () => {
  let at = Date.parse('2026-03-01T04:00:00Z')
  const node = () => createLimits({ ...world.ctx, now: () => at })
  const times = (limits: Limits, developer: Developer, n: number) =>
    Array.from({ length: n }, () => limits.admit(developer, 'read').refusal === undefined).filter(Boolean)
      .length
  const developerWith = async (callLimits: LimitSettings) => {
    const { devId } = await withLimits(callLimits)
    return world.ctx.developers.get(devId)!
  }

  it('share a rate, but for what each lets through within a second', async () => {
    const developer = await developerWith({ read: { perMinute: 600 } })
    const nodes = [node(), node(), node()]
    let passed = 0
    for (let second = 0; second < 180; second++) {
      for (const one of nodes) passed += times(one, developer, 20)
      for (const one of nodes) await one.share()
      at += 1000
    }
    // A full bucket and three minutes; each node may be wrong by a second of calls.
    expect(passed).toBeGreaterThanOrEqual(600 + 3 * 600 - 60)
    expect(passed).toBeLessThan(600 + 3 * 600 + 120)
  })

  it('share the number of a day, which starts at midnight in Beijing, and keep what they counted', async () => {
    at = Date.parse('2026-03-01T15:59:00Z')
    const developer = await developerWith({ read: { perDay: 100 } })
    const [a, b] = [node(), node()]
    expect(times(a, developer, 60)).toBe(60)
    await a.share()
    expect(times(b, developer, 1)).toBe(1)
    await b.share()
    expect(times(b, developer, 60)).toBe(39)
    at = Date.parse('2026-03-01T16:00:01Z')
    expect(times(b, developer, 60)).toBe(60)
    await b.share()
    const of = { corpId: world.corpId, devId: developer.devId, sinceDay: '2026-03-01' }
    expect(await usesOf(world.ctx.db, of)).toEqual([
      { day: '2026-03-01', group: 'read', used: 100, refused: 21 },
      { day: '2026-03-02', group: 'read', used: 60, refused: 0 },
    ])
  })

  it('go by their own count after a start and while the database is away, and lose none of it', async () => {
    at = Date.parse('2026-03-05T04:00:00Z')
    const { db } = world.ctx
    const developer = await developerWith({ read: { perMinute: 100 } })
    const first = node()
    expect(times(first, developer, 100)).toBe(100)
    await first.share()
    const second = node()
    await sql`alter table call_use rename to call_use_away`.execute(db)
    expect(times(second, developer, 120)).toBe(100)
    await expect(second.share()).rejects.toThrow('call_use')
    await sql`alter table call_use_away rename to call_use`.execute(db)
    await second.share()
    const of = { corpId: world.corpId, devId: developer.devId, sinceDay: '2026-03-05' }
    expect(await usesOf(db, of)).toEqual([{ day: '2026-03-05', group: 'read', used: 200, refused: 20 }])
  })

  it('do not make a developer wait for what others did long ago', async () => {
    at = Date.parse('2026-03-06T04:00:00Z')
    const developer = await developerWith({ read: { perMinute: 60 } })
    const [a, b] = [node(), node()]
    expect(times(a, developer, 1)).toBe(1)
    await a.share()
    for (let minute = 0; minute < 10; minute++) {
      expect(times(b, developer, 60)).toBe(60)
      await b.share()
      at += 60_000
    }
    expect(times(a, developer, 1)).toBe(1)
    await a.share()
    expect(times(a, developer, 60)).toBeGreaterThan(55)
  })

  it('that write the same rows do not wait for each other for ever', async () => {
    const developers = await Promise.all(Array.from({ length: 8 }, () => developerWith({})))
    const nodes = [node(), node()]
    for (let round = 0; round < 10; round++) {
      nodes.forEach((one, index) => {
        for (const developer of index === 0 ? developers : developers.toReversed()) times(one, developer, 3)
      })
      await Promise.all(nodes.map(one => one.share()))
    }
    const of = { corpId: world.corpId, devId: developers[0]!.devId, sinceDay: '2026-03-06' }
    expect(await usesOf(world.ctx.db, of)).toMatchObject([{ used: 60 }])
  })
})

it('a flood of one developer is refused from memory, and leaves others as they were', async () => {
  const limits = createLimits(world.ctx)
  const { devId } = await withLimits({ read: { perMinute: 1000 } })
  const flooding = world.ctx.developers.get(devId)!
  const other = world.ctx.developers.get(world.dev.devId)!
  const started = performance.now()
  let refused = 0
  for (let n = 0; n < 100_000; n++) if (limits.admit(flooding, 'read').refusal) refused++
  const usPerCall = ((performance.now() - started) / 100_000) * 1000
  expect(refused).toBeGreaterThan(98_000)
  // A call takes at least 60 µs otherwise; the machine may be busy.
  expect(usPerCall).toBeLessThan(30)
  expect(limits.admit(other, 'read').refusal).toBeUndefined()
  const caller = callerOf(world.server.url, world.dev)
  expect((await caller.get('/api/org/tagList')).retCode).toBe('0')
})
