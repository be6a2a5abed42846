import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../../test/harness.ts'
import { eventually } from '../../../../test/journeys/server-process.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'

describe('the console of contact events', () => {
  let world: World
  let as: SignedInClient
  beforeAll(async () => {
    world = await startWorld({ members: 40, departments: 6 })
    await world.connectCallback()
    as = await signInAs(world, 'super')
    await world.admin('user/create', { userid: 'Neu', name: '新来', department: [1], mobile: '13911112222' })
    await world.admin('user/update', { userid: 'Neu', name: '新名字' })
    await world.admin('department/create', { id: 700, name: '新部', parentid: 1 })
    await world.settle()
  })
  afterAll(() => world.close())

  const list = async (query: Record<string, string | number> = {}) =>
    (await as.get('/web/sync/events', query)).body
  const ids = (body: { list: { id: number }[] }) => body.list.map(one => one.id)

  it('lists them newest first, with how many and which kinds there are', async () => {
    const body = await list()
    expect(body.total).toBe(3)
    expect(body.list[0]).toMatchObject({
      changeType: 'create_party',
      entity: 'party:700',
      state: 'done',
      source: 'callback',
      attempts: 1,
      error: null,
    })
    expect(body.lastId).toBe(body.list[0].id)
    expect(body.changeTypes).toEqual(expect.arrayContaining(['create_party', 'create_user', 'update_user']))
    expect(JSON.stringify(body)).not.toContain('<xml>')
  })

  it('pages, sorts and filters in the database', async () => {
    const all = ids(await list({ sort: 'id' }))
    expect(ids(await list({ sort: 'id', pageSize: 2, pageNo: 2 }))).toEqual(all.slice(2))
    expect(ids(await list({ changeType: 'create_user' }))).toEqual([all[0]])
    expect(ids(await list({ entity: 'USER:neu', sort: 'id' }))).toEqual(all.slice(0, 2))
    expect(ids(await list({ text: '新名字' }))).toEqual([all[1]])
    expect(ids(await list({ text: 'Neu', sort: 'id' }))).toEqual(all.slice(0, 2))
    expect((await list({ text: '%' })).total).toBe(0)
    expect((await list({ state: 'parked' })).total).toBe(0)
    expect((await list({ source: 'callback', state: 'done' })).total).toBe(3)
    const future = new Date(Date.now() + 3_600_000).toISOString()
    expect((await list({ from: future })).total).toBe(0)
    expect((await list({ to: future })).total).toBe(3)
    expect(ids(await list({ sort: 'entity' }))[0]).toBe(all[2])
  })

  it('shows one with what WeCom sent and what that says', async () => {
    const [id = 0] = ids(await list({ changeType: 'create_user' }))
    const { body } = await as.get('/web/sync/event', { id })
    expect(body.plain).toContain('<ChangeType>create_user</ChangeType>')
    expect(body.raw).toMatch(/^[\w+/]+=*$/)
    expect(body).toMatchObject({ id, state: 'done', hits: 1 })
  })

  it('replays one, or several, and twice is no harm', async () => {
    const before = await world.ctx.db.selectFrom('directory_change').selectAll().execute()
    const [id = 0, ...others] = ids(await list())
    for (const chosen of [[id], [id], [id, ...others]]) {
      expect((await as.post('/web/sync/replay', { ids: chosen })).body).toEqual({ count: chosen.length })
      await world.settle()
      expect((await list({ state: 'done' })).total).toBe(3)
    }
    expect(await world.ctx.db.selectFrom('directory_change').selectAll().execute()).toEqual(before)
  })

  it('replays a filtered selection, exactly as many as was said', async () => {
    const { total, lastId } = await list({ entity: 'user:neu' })
    const filter = { entity: 'user:neu', upTo: lastId }
    const wrong = await as.post('/web/sync/replay-filtered', { ...filter, expected: total + 1 })
    expect(wrong).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining(`现在有 ${total} 个`),
    })
    expect((await list({ state: 'pending' })).total).toBe(0)
    const done = await as.post('/web/sync/replay-filtered', { ...filter, expected: total })
    expect(done.body).toEqual({ count: 2 })
    await world.settle()
    expect((await list({ state: 'done' })).total).toBe(3)
    // The search text may be somebody's mobile number, so it must not be in the audit log.
    const secret = { text: 'Neu', upTo: lastId, expected: 2 }
    expect((await as.post('/web/sync/replay-filtered', secret)).body).toEqual({ count: 2 })
    await world.settle()
    const audit = await world.ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('act', '=', 'sync.replay')
      .execute()
    expect(audit.at(-1)).toMatchObject({ detail: { opened: 2, fields: ['text', 'upTo'] } })
    expect(JSON.stringify(audit)).not.toContain('Neu')
  })

  it('says in the reader’s language what became of an event, and finds it by what that says', async () => {
    const inEnglish = async (path: string) => {
      const headers = { cookie: as.cookie, 'accept-language': 'en' }
      return (await call(`${world.server.url}${path}`, { headers })).body
    }
    await world.control('faults', { match: 'user/get', mode: 'code:60011' })
    await world.admin('user/update', { userid: 'zhangsan', alias: '看不见' })
    await world.settle()
    const [hidden] = (await list()).list
    expect(hidden).toMatchObject({ state: 'done', error: '该成员不在可见范围内（60011），保留原有资料' })
    const english = (await inEnglish(`/web/sync/event?id=${hidden.id}`)).error
    expect(english).toMatch(/^this member is outside the visible range \(60011\): \P{sc=Han}+$/u)
    expect((await inEnglish('/web/sync/events?text=outside')).list).toMatchObject([
      { id: hidden.id, error: english },
    ])
    expect(ids(await list({ text: '不在可见范围' }))).toEqual([hidden.id])
    // Text of the other language must not match, nor must the JSON in which both are stored.
    for (const text of ['outside', '{"zh":', '","en":"']) expect((await list({ text })).total, text).toBe(0)

    await world.control('faults', undefined, 'DELETE')
    await world.control('faults', { match: 'user/get', mode: 'code:60020' })
    await world.admin('user/update', { userid: 'lisi', alias: '拒绝' })
    const waiting = await eventually('an event that waits', async () => {
      const [first] = (await list({ state: 'pending' })).list
      return first?.error && first
    })
    expect(waiting.error).toMatch(/^企业微信 60020 服务器 IP 不在企业可信 IP 中.*。\n请到企业微信管理后台/)
    expect(waiting.error).not.toMatch(/WecomError|cgi-bin|hint/)
    // The names of pages of WeCom's console stay Chinese, in brackets.
    const why = (await inEnglish(`/web/sync/event?id=${waiting.id}`)).error.replace(/\([^)]*\)/g, '')
    expect(why).toMatch(/^WeCom 60020 the server's IP \P{sc=Han}+$/u)
    await world.control('faults', undefined, 'DELETE')
    world.clock.offsetMs += 600_000
    await world.settle()
    world.clock.offsetMs = 0
  })

  it('answers nothing of another corp', async () => {
    const foreign = await as.get('/web/sync/event', { id: 1, corpId: 'ww0000' })
    expect(foreign.status).toBe(403)
  })

  it.each([
    ['/web/sync/events', { sort: 'plain' }, '1000'],
    ['/web/sync/events', { from: 'yesterday' }, '1000'],
    ['/web/sync/events', { state: 'lost' }, '1000'],
    ['/web/sync/event', {}, '1001'],
    ['/web/sync/event', { id: 4711 }, '1000'],
  ])('refuses %s %j', async (path, query, code) => {
    expect((await as.get(path, query as Record<string, string>)).retCode).toBe(code)
  })

  it.each([
    ['/web/sync/replay', {}, '1001'],
    ['/web/sync/replay', { ids: ['x'] }, '1000'],
    ['/web/sync/replay', { ids: [4711] }, '1000'],
    ['/web/sync/replay-filtered', { expected: 1 }, '1001'],
    ['/web/sync/replay-filtered', { upTo: 1, expected: 50_000 }, '1000'],
    ['/web/sync/replay-filtered', { upTo: 1, expected: 1, to: 'never' }, '1000'],
  ])('refuses to post %s %j', async (path, body, code) => {
    expect((await as.post(path, body)).retCode).toBe(code)
  })

  it('is for administrators of the whole corp', async () => {
    for (const level of ['graded', 'member', 'nobody'] as const) {
      const other = await signInAs(world, level, 'lisi', [{ departmentId: 1, manage: true }])
      const status = level === 'nobody' ? 401 : 403
      for (const path of ['/web/sync/events', '/web/sync/event'])
        expect(await other.get(path, { id: 1 }), path).toMatchObject({ status })
      for (const path of ['/web/sync/replay', '/web/sync/replay-filtered'])
        expect(await other.post(path, { ids: [1], upTo: 1, expected: 1 }), path).toMatchObject({ status })
    }
  })
})
