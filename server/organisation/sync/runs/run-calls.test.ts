import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { callerOf } from '../../../../sandbox/test-caller.ts'
import { call, startWorld, type World } from '../../../../test/harness.ts'
import { readUpstream } from '../../../../test/journeys/mirror-check.ts'
import { eventually } from '../../../../test/journeys/server-process.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'

describe('the console of the synchronisation', () => {
  let world: World
  let as: SignedInClient
  beforeAll(async () => {
    world = await startWorld({
      members: 90,
      departments: 12,
      overrides: { wecomOptions: { timeoutMs: 2000, retries: 1 } },
    })
    as = await signInAs(world, 'super')
  })
  afterAll(() => world.close())
  afterEach(() => world.control('faults', undefined, 'DELETE'))

  const upstream = async (path: string, body: Record<string, unknown>) => {
    const caller = await callerOf(world.sandbox)
    expect(await caller.post(path, body)).toMatchObject({ errcode: 0 })
  }
  const run = async (id: number) => (await as.get('/web/sync/run', { id })).body
  const start = async (kind: string) => {
    const answer = await as.post('/web/sync/start', { kind })
    expect(answer).toMatchObject({ status: 200, retCode: '0' })
    await world.ctx.sync.drain(world.corpId)
    return answer.body.id as number
  }

  it('says where the mirror stands and who keeps it', async () => {
    const { body } = await as.get('/web/sync/status')
    expect(body).toMatchObject({
      corpId: world.corpId,
      corpName: '测试企业',
      regime: 'full',
      members: 90,
      departments: 12,
      inbox: { pending: 0, parked: 0 },
      lagMs: 0,
      writer: null,
      openRun: null,
      awaitingApproval: null,
      lastDone: { kind: 'full', state: 'done', first: true, progress: { percent: 100, members: 90 } },
    })
  })

  it('starts each kind of run, and lists them by kind and state', async () => {
    const ids = [await start('full'), await start('reconcile'), await start('dry-run')]
    const { body } = await as.get('/web/sync/runs', { pageSize: 2 })
    expect(body.total).toBe(4)
    expect(body.list.map((one: { id: number }) => one.id)).toEqual([ids[2], ids[1]])
    const second = (await as.get('/web/sync/runs', { pageSize: 2, pageNo: 2 })).body
    expect(second.list).toHaveLength(2)
    const dry = (await as.get('/web/sync/runs', { kind: 'dry-run', state: 'done' })).body
    expect(dry).toMatchObject({ total: 1, list: [{ id: ids[2], requestedBy: expect.any(String) }] })
    expect((await as.get('/web/sync/runs', { state: 'failed' })).body.total).toBe(0)
  })

  it('shows a dry run’s difference field by field', async () => {
    const [first] = (await readUpstream(world.sandbox)).members
    await upstream('user/update', { userid: first?.userid, name: '漂移', position: '顾问' })
    await upstream('department/create', { id: 900, name: '新部门', parentid: 1 })
    const id = await start('dry-run')
    const { list, total } = (await as.get('/web/sync/drift', { id })).body
    expect(total).toBe(list.length)
    expect(list).toContainEqual(
      expect.objectContaining({
        kind: 'member',
        change: 'change',
        entityId: first?.userid,
        name: first?.name,
        fields: expect.arrayContaining([{ field: 'name', mirror: first?.name, wecom: '漂移' }]),
      }),
    )
    const added = (await as.get('/web/sync/drift', { id, kind: 'department', change: 'add' })).body
    expect(added).toMatchObject({ total: 1, list: [{ entityId: '900', fields: [] }] })
    expect((await run(id)).differences).toContainEqual({ kind: 'department', change: 'add', count: 1 })
    expect((await as.get('/web/sync/drift', { id, pageSize: 1, pageNo: 2 })).body.list).toHaveLength(1)
  })

  it('says in the reader’s language why a run failed', async () => {
    await world.control('faults', { match: 'user/list', mode: 'code:60020' })
    const id = await start('full')
    const inEnglish = async (path: string) =>
      (await call(`${world.server.url}${path}`, { headers: { cookie: as.cookie, 'accept-language': 'en' } }))
        .body
    expect((await run(id)).error).toMatch(/^企业微信 60020 服务器 IP 不在企业可信 IP 中/)
    const { error } = await inEnglish(`/web/sync/run?id=${id}`)
    expect(error).toMatch(/^WeCom 60020 the server's IP is not among the company's trusted IPs/)
    // English texts give the Chinese names of WeCom's pages in brackets.
    expect(error.replace(/\([^)]*\)/g, '')).toMatch(/^\P{sc=Han}+$/u)
    expect((await inEnglish('/web/sync/runs?state=failed')).list[0]).toMatchObject({ id, error })
  })

  it('cancels a run under way, and the next one goes through', async () => {
    await world.control('faults', { match: 'user/list', mode: 'slow', delayMs: 1000, probability: 1 })
    const { id } = (await as.post('/web/sync/start', { kind: 'full' })).body
    await eventually('the run is under way', async () => (await run(id)).state === 'running')
    const other = await as.post('/web/sync/start', { kind: 'dry-run' })
    expect(other.retMessage).toContain(`全量同步 #${id} 正在进行`)
    expect(await as.post('/web/sync/cancel', { id })).toMatchObject({ retCode: '0' })
    await world.control('faults', undefined, 'DELETE')
    await world.ctx.sync.drain(world.corpId)
    expect(await run(id)).toMatchObject({
      state: 'cancelled',
      error: expect.stringContaining('取消'),
      progress: { secondsLeft: null },
    })
    expect(await as.post('/web/sync/cancel', { id })).toMatchObject({ retCode: '1000' })
    expect((await run(await start('full'))).state).toBe('done')
  })

  it('stops before many deletions, says which, and goes on when approved', async () => {
    const { members } = await readUpstream(world.sandbox)
    const gone = members
      .map(one => one.userid)
      .filter(one => one !== 'zhangsan')
      .slice(-40)
    await upstream('user/batchdelete', { useridlist: gone })
    const id = await start('full')
    const waiting = await run(id)
    expect(waiting).toMatchObject({
      state: 'approval',
      deletes: [{ kind: 'member', count: 40, sample: expect.any(Array) }],
    })
    expect(waiting.deletes[0].sample).toHaveLength(10)
    const drift = (await as.get('/web/sync/drift', { id, change: 'drop', pageSize: 100 })).body
    expect(drift.list.map((one: { entityId: string }) => one.entityId).sort()).toEqual(gone.sort())
    expect((await as.get('/web/sync/status')).body.awaitingApproval).toMatchObject({ id })
    expect(await as.post('/web/sync/approve', { id })).toMatchObject({ retCode: '0' })
    await world.ctx.sync.drain(world.corpId)
    expect(await run(id)).toMatchObject({ state: 'done', approved: true, deletes: [] })
    expect((await as.get('/web/sync/status')).body).toMatchObject({ members: 50, awaitingApproval: null })
    expect(await as.post('/web/sync/approve', { id })).toMatchObject({ retCode: '1000' })
  })

  it.each([
    ['/web/sync/run', {}, '1001'],
    ['/web/sync/run', { id: 99999 }, '1000'],
    ['/web/sync/run', { id: '1 or 1' }, '1000'],
    ['/web/sync/drift', { id: 99999 }, '1000'],
    ['/web/sync/drift', { id: 1, change: 'all' }, '1000'],
    ['/web/sync/runs', { kind: 'half' }, '1000'],
    ['/web/sync/runs', { pageSize: 5000 }, '1000'],
    ['/web/sync/runs', { pageNo: 0 }, '1000'],
  ])('refuses %s %j', async (path, query, code) => {
    expect((await as.get(path, query as Record<string, string>)).retCode).toBe(code)
  })

  it.each([
    ['/web/sync/start', { kind: 'half' }, '1000'],
    ['/web/sync/start', {}, '1001'],
    ['/web/sync/approve', { id: 'x' }, '1000'],
    ['/web/sync/cancel', {}, '1001'],
  ])('refuses to post %s %j', async (path, body, code) => {
    expect((await as.post(path, body)).retCode).toBe(code)
  })

  it('is for administrators of the whole corp', async () => {
    for (const level of ['graded', 'member', 'nobody'] as const) {
      const other = await signInAs(world, level, 'lisi', [{ departmentId: 1, manage: true }])
      const status = level === 'nobody' ? 401 : 403
      for (const path of ['/web/sync/status', '/web/sync/runs', '/web/sync/run', '/web/sync/drift'])
        expect(await other.get(path, { id: 1 }), path).toMatchObject({ status })
      for (const path of ['/web/sync/start', '/web/sync/approve', '/web/sync/cancel'])
        expect(await other.post(path, { id: 1, kind: 'full' }), path).toMatchObject({ status })
    }
  })
})
