import fc from 'fast-check'
import { sql } from 'kysely'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, call, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { nextSecond } from '../../../test/until.ts'
import { useAgents } from '../../features/messages/messages.fixture.ts'
import { endpoints } from '../../features.ts'
import { setCorp } from '../../organisation/corps/corps.ts'
import { ApiError } from '../../platform/http/errors.ts'
import {
  choice,
  integer,
  optionalIds,
  optionalText,
  structured,
  text,
  time,
} from '../../platform/http/input.ts'
import { setDeveloper } from '../developers/developer-admin.ts'
import { createPace, pace } from './pace.ts'
import { loggedParams, toldParams } from './params.ts'
import { createRequests } from './requests.ts'

describe('the pace', () => {
  const kept = (times: number, keeps: () => boolean) =>
    Array.from({ length: times }, keeps).filter(Boolean).length

  it('keeps few successes of a second, and leaves room for who calls seldom', () => {
    const { keeps } = createPace()
    for (const second of [1, 2, 3]) {
      expect(kept(5000, () => keeps('busy', false, second * 1000))).toBe(1 + pace.furtherSuccesses)
      expect(keeps('seldom', false, second * 1000 + 999)).toBe(true)
    }
    expect(kept(100, () => keeps(`one ${Math.random()}`, false, 9000))).toBe(pace.successes)
  })

  it('shares a second among those who called in the one before', () => {
    const { keeps } = createPace()
    for (const who of ['a', 'b', 'c', 'd']) kept(3, () => keeps(who, false, 2000))
    expect(kept(100, () => keeps('a', false, 3000))).toBe(1 + pace.furtherSuccesses / 4)
    expect(kept(100, () => keeps('b', false, 3000))).toBe(1 + pace.furtherSuccesses / 4)
  })

  it('keeps far more failures, but not all of a burst, nor of one that goes on for hours', () => {
    const { keeps } = createPace()
    expect(kept(5000, () => keeps('a', true, 0))).toBe(pace.failuresOfOne)
    expect(keeps('b', true, 500)).toBe(true)
    let all = pace.failuresOfOne
    for (let second = 1; second < 3600; second++) all += kept(150, () => keeps('a', true, second * 1000))
    expect(all).toBe(pace.failuresOfOneAnHour)
    expect(keeps('a', true, 3600_000)).toBe(true)
  })
})

describe('the inputs that are kept', () => {
  const fields = {
    userId: text('', { max: 64 }),
    toUser: optionalIds('', { max: 1000 }),
    orgId: optionalText('', { max: 32 }),
    msgId: text('', { max: 64 }),
    tagId: text('', { max: 32 }),
    limit: integer('', { min: 1, max: 2_147_483_647 }),
    kind: choice('', ['one', 'two']),
    from: time(''),
    webhookId: text('', { max: 64, pattern: /^wh_[0-9a-f]{24}$/ }),
    data: structured('', Type.Object({})),
  }
  const kept = (given: Record<string, unknown>) => loggedParams(Object.keys(fields), fields, given)

  it('are ids and choices as they were declared, long ids shortened', () => {
    const given = {
      userId: 'zhangsan',
      toUser: Array.from({ length: 30 }, (_, n) => `u${n}`),
      orgId: 7,
      msgId: 'mZ3k9wmZ3k9wmZ3k9wmZ3k9wmZ3k9wab',
      tagId: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
      limit: '500',
      kind: 'two',
      from: '2026-01-31T08:00:00.000Z',
      webhookId: 'wh_012345670123456701234567',
      content: '你好',
    }
    expect(kept(given)).toEqual({
      userId: 'zhangsan',
      toUser: 'u0|u1|u2|u3|u4|u5|u6|u7|u8|u9|… (30)',
      orgId: '7',
      msgId: 'mZ3k9wmZ… (32)',
      tagId: '3f2504e0… (36)',
      limit: '500',
      kind: 'two',
      from: '2026-01-31T08:00:00.000Z',
      webhookId: 'wh_012345670123456701234567',
    })
    expect(kept({ toUser: 'a|b,张三' })).toEqual({ toUser: 'a|b|(text 2)' })
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`name${n}`, fields.userId]))
    const all = loggedParams(
      Object.keys(many),
      many,
      Object.fromEntries(Object.keys(many).map(name => [name, 'y'.repeat(20)])),
    )
    expect(JSON.stringify(all).length).toBeLessThan(1700)
  })

  it('show only kind and length of all else, in the language of the reader', () => {
    const params = kept({
      userId: '+8613800138000',
      toUser: ['138-0013-8000', 'zhang.san@example.com', { a: 1 }],
      orgId: '13800138000',
      msgId: 'x'.repeat(43),
      tagId: '张三',
      limit: 91234567,
      kind: 'three',
      from: '010-62551234',
      webhookId: 'wh_11010119900307461X',
      data: { a: 1 },
    })
    expect(params).toEqual({
      userId: '(text 14)',
      toUser: '(text 13)|(text 21)|(object)',
      orgId: '(digits 11)',
      msgId: '(text 43)',
      tagId: '(text 2)',
      limit: '(digits 8)',
      kind: '(text 5)',
      from: '(text 12)',
      webhookId: '(text 21)',
      data: '(object)',
    })
    expect(toldParams(params, 'zh')).toMatchObject({ userId: '文本(14)', orgId: '数字(11)', data: '对象' })
    expect(toldParams(params, 'en')).toMatchObject({ toUser: 'text(13)|text(21)|object' })
  })

  /** What people and programs put where an id belongs, and must not be found again. */
  const secrets = fc.oneof(
    ...[
      /^(\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}$/,
      /^(\+?852[ -]?)?[569]\d{3}[ -]?\d{4}$/,
      /^(\(?0\d{2,3}\)?[ -]?)?[2-8]\d{6,7}$/,
      /^[1-9]\d{5}(19|20)\d{2}(0\d|1[0-2])[0-3]\d\d{3}[\dX]$/,
      /^62\d{2}( ?\d{4}){3}( ?\d{3})?$/,
      /^[a-z]{2,12}[._-]?[a-z]{1,9}@[a-z]{2,10}\.(com|cn)$/,
      /^[A-Za-z0-9_-]{43}$/,
      /^[A-Za-z0-9_-]{32}$/,
      /^[\u4e00-\u9fa5]{2,20}$/,
      /^[A-Za-z0-9]{4,10}[!#%& ][A-Za-z0-9]{2,6}$/,
    ].map(pattern => fc.stringMatching(pattern)),
  )
  const wrapped = secrets.chain(secret =>
    fc.tuple(
      fc.constant(secret),
      fc.oneof(
        ...[
          secret,
          [secret],
          ['zhangsan', secret],
          `zhangsan|${secret}`,
          `${secret},lisi`,
          `u${secret}`,
          { [secret]: secret },
          [[secret]],
          ...(/^\d{1,15}$/.test(secret) ? [Number(secret)] : []),
        ].map(value => fc.constant<unknown>(value)),
      ),
    ),
  )
  const plain = (text: string) => text.replace(/[^\p{L}\p{N}@]/gu, '')

  it('hold nothing private in any input of any call', () => {
    fc.assert(
      fc.property(fc.constantFrom(...endpoints), wrapped, ({ path, logged = [], input }, [secret, value]) => {
        const given = Object.fromEntries(Object.keys(input).map(name => [name, value]))
        for (const [name, stored] of Object.entries(loggedParams(logged, input, given))) {
          expect(plain(stored), `${path} ${name}`).not.toContain(plain(secret))
          for (const part of stored.split('|'))
            expect(part, `${path} ${name}`).toMatch(
              /^(\((text|digits) \d+\)|\(object\)|zhangsan|lisi|[\w.:-]{1,20}|[\w.:-]{8}… \(\d+\))$/,
            )
        }
      }),
      { numRuns: 5000 },
    )
  })

  it('are declared by calls, and none of them is a secret or a content', () => {
    const logged = endpoints.flatMap(one => one.logged ?? [])
    expect(logged).toContain('userId')
    expect(
      // `key` alone is the key of a type of messages.
      logged.filter(
        name =>
          name !== 'key' &&
          /token|secret|jession|mobile|name|title|content|text|proof|key|url|openid/i.test(name),
      ),
    ).toEqual([])
    for (const { path, logged = [], input } of endpoints)
      expect(Object.keys(input), path).toEqual(expect.arrayContaining([...logged]))
  })
})

describe('the request log', () => {
  let world: World
  let as: SignedInClient
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4 })
    as = await signInAs(world, 'super')
  })
  afterAll(() => world.close())

  const list = async (query: Record<string, string | number>) => {
    const answer = await as.get('/web/developers/requests', query)
    expect(answer.retCode).toBe('0')
    return answer.body
  }
  const idOf = (answer: { headers: Headers }) => answer.headers.get('x-request-id') ?? ''

  it('finds what succeeded and was refused in part, however much else succeeds', async () => {
    await useAgents(world)
    const dev = await world.addDeveloper({ scopes: ['directory:read', 'todo:write', 'message:send'] })
    for (let n = 0; n < 25; n++) await dev.get('/api/user/get', { userId: 'zhangsan' })
    const row = {
      todoNo: '1',
      userId: 'zhangsan',
      agentId: 'app0',
      title: 'x',
      url: 'https://oa.example.com',
    }
    const todos = await dev.post('/api/todo/put', { list: [row, { ...row, title: '' }] })
    const message = { toUser: 'zhangsan|nobody|none', toParty: '999999', agentName: 'x', content: 'x' }
    const sent = await dev.post('/api/message/send', { ...message, sendType: '0', msgType: '03' })
    expect(sent).toMatchObject({ retCode: '0', body: { invalidparty: '999999' } })
    const { list: found, total } = await list({ devId: dev.devId, outcome: 'partly' })
    expect(total).toBe(2)
    expect(found).toMatchObject([
      { requestId: idOf(sent), path: '/api/message/send', code: '0', refused: 3 },
      { requestId: idOf(todos), path: '/api/todo/put', code: '0', refused: 2 },
    ])
    expect((await list({ devId: dev.devId, outcome: 'failed' })).total).toBe(0)
  })

  it('has every failed call with what was sent, found by x-request-id', async () => {
    const dev = await world.addDeveloper({ scopes: ['directory:read'] })
    const unknown = await dev.get('/api/user/get', { userId: 'nobody' })
    const forbidden = await dev.post('/api/message/send', { toUser: 'a|b', title: '机密', content: '你好' })
    const { list: found, total } = await list({ devId: dev.devId, outcome: 'failed' })
    expect(total).toBe(2)
    expect(found[0]).toMatchObject({ requestId: idOf(forbidden), code: '1009', params: { toUser: 'a|b' } })
    expect(found[1]).toEqual({
      requestId: idOf(unknown),
      at: expect.any(String),
      devId: dev.devId,
      developer: '测试',
      path: '/api/user/get',
      method: 'GET',
      code: '1007',
      meaning: '无效的用户 id',
      ms: expect.any(Number),
      address: '127.0.0.1',
      params: { userId: 'nobody' },
      reason: '',
      mend: '',
      unknown: [],
      upstream: null,
      refused: 0,
    })
    const one = await as.get('/web/developers/requests/one', { requestId: idOf(unknown) })
    expect(one.body).toEqual(found[1])
    expect((await list({ requestId: idOf(forbidden) })).list).toEqual([found[0]])
    expect((await list({ devId: dev.devId, code: '1007' })).total).toBe(1)
    expect((await list({ devId: dev.devId, path: '/api/message/send' })).total).toBe(1)
    expect((await list({ devId: dev.devId, outcome: 'succeeded' })).list).toMatchObject([
      { path: '/api/token/getDevToken', code: '0', params: { devId: dev.devId } },
    ])
    const later = new Date(Date.now() + 60_000).toISOString()
    expect((await list({ devId: dev.devId, from: later })).total).toBe(0)
    expect((await as.get('/web/developers/requests/paths')).body.list).toContain('/api/user/get')
    const stored = await sql`select call_log::text from call_log`.execute(world.ctx.db)
    expect(JSON.stringify(stored.rows)).not.toMatch(/机密|你好/)
    expect(JSON.stringify(stored.rows)).not.toContain(await dev.token())
  })

  it('has a call whose caller hung up, of whom the connection knows no address, and all others beside it', async () => {
    const { ctx, corpId } = world
    const dev = await world.addDeveloper()
    const log = createRequests(ctx)
    for (const [id, ip] of [['gone', undefined] as const, ['here', '127.0.0.1'] as const])
      log.note(
        { path: '/api/y', input: {} },
        { id, method: 'GET', ip, query: {} } as never,
        ctx.developers.get(dev.devId)!,
        { ms: 1 },
      )
    await log.flush()
    const stored = await ctx.db
      .selectFrom('call_log')
      .select(['request_id', 'address'])
      .where('corp_id', '=', corpId)
      .where('path', '=', '/api/y')
      .orderBy('request_id')
      .execute()
    expect(stored).toEqual([
      { request_id: 'gone', address: '' },
      { request_id: 'here', address: '127.0.0.1' },
    ])
  })

  it('has those that failed before anybody was known, as far as it is known whose they were', async () => {
    const { url } = world.server
    const dev = await world.addDeveloper()
    const token = await dev.token()
    const wrongSecret = await call(`${url}/api/token/getDevToken?devId=${dev.devId}&devSecret=x`)
    const noJson = await fetch(`${url}/api/user/search?devToken=${token}`, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    })
    const wrongMethod = await fetch(`${url}/api/message/send?devToken=${token}`)
    await call(`${url}/api/token/getDevToken?devId=wd0&devSecret=x`)
    await call(`${url}/api/user/get?devToken=forged.1.2.3.4`)
    await setDeveloper(world.ctx, 'test', dev.devId, { enabled: false })
    const dead = await call(`${url}/api/user/get?devToken=${token}&userId=x`)
    const { list: found } = await list({ devId: dev.devId, outcome: 'failed' })
    expect(found.map((one: { requestId: string; code: string }) => [one.requestId, one.code])).toEqual([
      [idOf(dead), '1004'],
      [idOf(wrongMethod), '1000'],
      [idOf(noJson), '1000'],
      [idOf(wrongSecret), '1003'],
    ])
    const others = await sql<{ n: number }>`select count(*)::int as n from call_log where dev_id not in
      (select dev_id from developer)`.execute(world.ctx.db)
    expect(others.rows).toEqual([{ n: 0 }])
  })

  it('keeps some of many, and says how many it did not', async () => {
    const dev = await world.addDeveloper()
    await dev.token()
    await nextSecond()
    const calls = 60
    await Promise.all(Array.from({ length: calls }, () => dev.get('/api/org/tagList')))
    const { total, gaps } = await list({ devId: dev.devId, path: '/api/org/tagList', pageSize: 200 })
    const missed = gaps.reduce((sum: number, gap: { succeeded: number }) => sum + gap.succeeded, 0)
    expect(missed).toBeGreaterThan(0)
    expect(total + missed).toBe(calls)
    expect(gaps[0]).toMatchObject({ reason: 'pace', failed: 0 })
    expect(gaps[0].minute).toMatch(/:00\.000Z$/)
  })

  it('is the corp’s own: others find nothing', async () => {
    const failed = await world.dev.get('/api/user/get', { userId: 'nobody' })
    const system = await signInAs(world, 'system')
    const add = { newCorpId: 'ww0000', name: '别家', contactSecret: 'x', force: '1' }
    expect((await system.post('/web/corps/add', add)).retCode).toBe('0')
    const theirs = { corpId: 'ww0000', requestId: idOf(failed) }
    expect((await system.get('/web/developers/requests', theirs)).body.total).toBe(0)
    expect((await system.get('/web/developers/requests/one', theirs)).retCode).toBe('1000')
    const ofOurs = { corpId: 'ww0000', devId: world.dev.devId }
    expect((await system.get('/web/developers/requests', ofOurs)).retCode).toBe('1002')
  })

  it('becomes a file', async () => {
    const dev = await world.addDeveloper({ name: '导出' })
    const failed = await dev.get('/api/user/get', { userId: 'nobody' })
    const query = new URLSearchParams({ devId: dev.devId, outcome: 'failed' })
    const file = await fetch(`${world.server.url}/web/developers/requests/export?${query}`, {
      headers: { cookie: as.cookie },
    })
    const [head, line, ...rest] = (await file.text()).trim().split('\r\n')
    expect(head).toContain('时间,devId,开发者,接口')
    expect(line).toContain(`${dev.devId},导出,/api/user/get,GET,1007,`)
    expect(line).toContain(idOf(failed))
    expect(rest).toEqual([])
  })

  it('can be switched off, and then keeps nothing', async () => {
    const { ctx, corpId } = world
    await setCorp(ctx, 'test', corpId, { requestLogDays: 0 })
    await world.dev.get('/api/user/get', { userId: 'nobody' })
    expect(await list({})).toMatchObject({ total: 0, days: 0, gaps: [] })
    await ctx.jobs.run('retention')
    const left = await sql<{
      n: number
    }>`select count(*)::int as n from call_log where corp_id = ${corpId}`.execute(ctx.db)
    expect(left.rows).toEqual([{ n: 0 }])
    await setCorp(ctx, 'test', corpId, { requestLogDays: 3 })
    await world.dev.get('/api/user/get', { userId: 'nobody' })
    expect(await list({})).toMatchObject({ total: 1, days: 3 })
    await expect(setCorp(ctx, 'test', corpId, { requestLogDays: 8 })).rejects.toThrow('7')
  })

  it('loses nothing to a failed write, and only the oldest while writing fails for long', async () => {
    const { ctx, corpId } = world
    const dev: Caller = await world.addDeveloper()
    let at = Date.now()
    const log = createRequests({ ...ctx, now: () => at })
    const developer = ctx.developers.get(dev.devId)
    const note = (id: string) =>
      log.note(
        { path: '/api/x', input: {} },
        { id, method: 'GET', ip: '127.0.0.1', query: {} } as never,
        developer!,
        { failure: new ApiError('badParameter'), ms: 1 },
      )
    await sql`alter table call_log rename to call_log_away`.execute(ctx.db)
    note('first')
    await expect(log.flush()).rejects.toThrow('call_log')
    for (let n = 0; n < 6000; n++) {
      if (n % 50 === 0) at += 1000
      note(`n${n}`)
    }
    await expect(log.flush()).rejects.toThrow('call_log')
    await sql`alter table call_log_away rename to call_log`.execute(ctx.db)
    await log.flush()
    await log.flush()
    const stored = await sql<{ n: number; first: number }>`
      select count(*)::int as n, count(*) filter (where request_id = 'first')::int as first
      from call_log where corp_id = ${corpId} and dev_id = ${dev.devId} and path = '/api/x'`.execute(ctx.db)
    const gaps = await sql<{ failed: number }>`
      select sum(failed)::int as failed from call_gap where dev_id = ${dev.devId} and reason = 'memory'`.execute(
      ctx.db,
    )
    expect(stored.rows[0]?.first).toBe(0)
    expect((stored.rows[0]?.n ?? 0) + (gaps.rows[0]?.failed ?? 0)).toBe(6001)
    expect(stored.rows[0]?.n).toBe(5000)
  })
})
