import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { callerOf } from '../../../sandbox/test-caller.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { readUpstream, storedPicture, storedPictureOf } from '../../../test/journeys/mirror-check.ts'
import { eventually } from '../../../test/journeys/server-process.ts'
import { approveRun, requestSync } from './request.ts'
import { findRun, readDrift, runIn } from './runs/run-store.ts'
import { syncStatus } from './status.ts'

/** Makes a change at WeCom for which no callback is sent. */
async function silently(world: World, path: string, body: Record<string, unknown>): Promise<void> {
  const caller = await callerOf(world.sandbox)
  const answer = path.endsWith('/delete')
    ? await caller.get(path, body as Record<string, string>)
    : await caller.post(path, body)
  expect(answer).toMatchObject({ errcode: 0 })
}

async function expectEqual(world: World): Promise<void> {
  const upstream = storedPictureOf(await readUpstream(world.sandbox))
  expect(await storedPicture(world.ctx.db, world.corpId)).toEqual(upstream)
}

/** The physical place of every mirror row: any update moves a row, even one that writes the same values. */
async function places(world: World): Promise<unknown> {
  const rows = await sql`
    select 'member' as t, id::text, xmin::text, ctid::text from member
    union all select 'department', id::text, xmin::text, ctid::text from department
    union all select 'tag', id::text, xmin::text, ctid::text from tag
    union all select 'change', seq::text, xmin::text, ctid::text from directory_change
    order by 1, 2`.execute(world.ctx.db)
  return rows.rows
}

describe('synchronisation', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({
      members: 120,
      departments: 30,
      overrides: { wecomOptions: { timeoutMs: 400, retries: 1, concurrency: 3 } },
    })
  })
  afterAll(() => world.close())
  afterEach(() => world.control('faults', undefined, 'DELETE'))

  it('mirrors every department, member and tag field by field', async () => {
    await expectEqual(world)
    const run = await findRun(world.ctx.db, world.corpId, 1)
    expect(run).toMatchObject({ state: 'done', first: true, problems: [], error: null })
    expect(run?.progress).toMatchObject({ pagesDone: 30, pagesTotal: 30, members: 120 })
    expect(run?.counts.member).toEqual({ put: 120, drop: 0 })
  })

  it('writes no row when nothing changed', async () => {
    const before = await places(world)
    expect(before).toHaveLength(120 + 30 + 4 + (120 + 30 + 4))
    await world.sync('full')
    await world.sync('reconcile')
    expect(await places(world)).toEqual(before)
  })

  it('says what drifted, field by field, and a dry run applies nothing of it', async () => {
    const [first, second, third] = (await readUpstream(world.sandbox)).members.slice(3, 6)
    if (!first || !second || !third) throw new Error('no members')
    await silently(world, 'user/update', { userid: first.userid, name: '漂移', position: '顾问' })
    await silently(world, 'user/create', {
      userid: 'Fresh',
      name: '新人',
      department: [1],
      mobile: '13911112222',
    })
    await silently(world, 'user/delete', { userid: third.userid })
    await silently(world, 'department/update', { id: 5, name: '改名部', order: 77 })
    await silently(world, 'department/create', { id: 900, name: '新部门', parentid: 5 })
    await silently(world, 'tag/update', { tagid: 1, tagname: '改名标签' })
    await silently(world, 'tag/delete', { tagid: 2 })
    await silently(world, 'tag/create', { tagid: 50, tagname: '新标签' })
    await silently(world, 'tag/addtagusers', { tagid: 50, userlist: [second.userid], partylist: [5] })
    const before = await places(world)

    const dry = await readDrift(world.ctx.db, await world.sync('dry-run'), 100)
    expect(await places(world)).toEqual(before)
    const find = (kind: string, entityId: string) =>
      dry.filter(one => one.kind === kind && one.entityId === entityId)
    expect(find('member', first.userid)).toEqual([
      {
        kind: 'member',
        op: 'put',
        entityId: first.userid,
        fields: { name: [first.name, '漂移'], position: [first.position, '顾问'] },
      },
    ])
    expect(find('member', 'Fresh')).toEqual([{ kind: 'member', op: 'put', entityId: 'Fresh', fields: {} }])
    expect(find('member', third.userid)).toMatchObject([{ op: 'drop' }])
    expect(find('department', '5')).toMatchObject([
      { op: 'put', fields: { name: [expect.any(String), '改名部'], sortNo: [expect.any(Number), 77] } },
    ])
    expect(find('department', '900')).toMatchObject([{ op: 'put', fields: {} }])
    expect(find('tag', '1')).toMatchObject([
      { op: 'put', fields: { name: [expect.any(String), '改名标签'] } },
    ])
    expect(find('tag', '2')).toMatchObject([{ op: 'drop' }])
    expect(find('tag', '50')).toMatchObject([{ op: 'put' }])

    const id = await world.sync('reconcile')
    const drift = await readDrift(world.ctx.db, id, 100)
    const names = (list: typeof drift) => list.map(one => `${one.kind} ${one.op} ${one.entityId}`).sort()
    // Removing a departed member from its tags is part of dropping the member.
    expect(names(drift)).toEqual(expect.arrayContaining(names(dry).filter(one => !one.startsWith('tag put'))))
    expect(drift.find(one => one.entityId === first.userid)?.fields).toEqual(
      dry.find(one => one.entityId === first.userid)?.fields,
    )
    await expectEqual(world)
    expect(await readDrift(world.ctx.db, await world.sync('reconcile'), 100)).toEqual([])
  })

  it('reports every field of a member and a department that can drift', async () => {
    const { members, departments } = await readUpstream(world.sandbox)
    const userid = members[8]?.userid ?? ''
    const target = departments.find(one => one.parentid !== 0 && one.id !== 5)?.id ?? 0
    await silently(world, 'user/update', {
      userid,
      name: '全改',
      alias: '全',
      position: '全职',
      mobile: '13900009999',
      gender: members[8]?.gender === '1' ? '2' : '1',
      email: 'all.fields@example.com',
      address: '新地址',
      department: [target, 1],
      order: [9, 8],
      is_leader_in_dept: [1, 0],
      main_department: 1,
      direct_leader: [members[9]?.userid],
      extattr: { attrs: [{ type: 1, name: '主页', web: { url: 'https://a.example/', title: '主' } }] },
      enable: 0,
    })
    await silently(world, 'department/update', { id: target, parentid: 5, name: '全改部', order: 123 })
    const drift = await readDrift(world.ctx.db, await world.sync('reconcile'), 100)
    expect(Object.keys(drift.find(one => one.entityId === userid)?.fields ?? {}).sort()).toEqual(
      [
        'address',
        'alias',
        'attributes',
        'departments',
        'directLeaders',
        'email',
        'leaderIn',
        'mainDepartment',
        'mobile',
        'name',
        'orders',
        'position',
        'sex',
        'status',
      ].sort(),
    )
    const moved = drift.find(one => one.kind === 'department' && one.entityId === String(target))
    expect(Object.keys(moved?.fields ?? {})).toEqual(expect.arrayContaining(['name', 'parentId', 'sortNo']))
    await expectEqual(world)
    await silently(world, 'user/update', { userid, alias: '又改' })
    const again = await readDrift(world.ctx.db, await world.sync('reconcile'), 100)
    expect(again.map(one => [one.entityId, Object.keys(one.fields)])).toEqual([[userid, ['alias']]])
  })

  it.each([
    ['busy', 'user/list', 5],
    ['rateLimit', 'user/list', 3],
    ['html', 'user/list', 4],
    ['truncated', 'department/list', 3],
    ['http500', 'tag/get', 3],
    ['timeout', 'user/list', 3],
    ['tokenExpired', 'user/list', 2],
    ['tokenRevoked', 'tag/list', 2],
    ['code:42001', 'user/list', 4],
    ['code:40014', 'department/list', 3],
    ['code:45033', 'user/list', 3],
  ])('%s at %s, %i times, delays a run and harms nothing', async (mode, match, times) => {
    await silently(world, 'user/update', { userid: 'zhangsan', alias: `经历${mode}` })
    await world.control('faults', { match, mode, times })
    const id = await world.sync('full')
    expect(await findRun(world.ctx.db, world.corpId, id)).toMatchObject({ state: 'done' })
    await expectEqual(world)
    const { body } = await world.dev.get('/api/user/get', { userId: 'zhangsan' })
    expect(body.alias).toBe(`经历${mode}`)
  })

  it.each([
    ['code:60020', 'user/list', '60020'],
    ['code:60011', 'user/list', '60011'],
    ['code:60011', 'department/list', '60011'],
    ['code:48002', 'tag/list', '48002'],
  ])('%s at %s ends a run with the reason and keeps everybody', async (mode, match, reason) => {
    const before = await storedPicture(world.ctx.db, world.corpId)
    await world.control('faults', { match, mode })
    const id = await world.sync('full')
    const run = await findRun(world.ctx.db, world.corpId, id)
    const error = { zh: expect.stringContaining(reason), en: expect.stringContaining(reason) }
    expect(run).toMatchObject({ state: 'failed', error })
    expect(await storedPicture(world.ctx.db, world.corpId)).toEqual(before)
  })

  it('can be watched while it runs', async () => {
    // Slow enough that progress is written in between, yet far from the client's 400 ms even on a busy machine.
    await world.control('faults', { match: 'user/list', mode: 'slow', delayMs: 200 })
    const id = await requestSync(world.ctx, 'test', world.corpId, 'full')
    const seen = await eventually('a run half way', async () => {
      const run = (await syncStatus(world.ctx, world.corpId)).runs.find(one => one.id === id)
      const { pagesDone = 0, pagesTotal = 0 } = run?.progress ?? {}
      return run?.state === 'running' && pagesDone > 0 && pagesDone < pagesTotal && run
    })
    expect(runIn('zh', seen).phase).toBe('成员')
    expect(runIn('en', seen).phase).toBe('members')
    await world.ctx.sync.drain(world.corpId)
  })

  it('answers the open run to who asks for another', async () => {
    await world.control('faults', { match: 'user/list', mode: 'slow', delayMs: 100 })
    const [one, two] = [
      await requestSync(world.ctx, 'a', world.corpId, 'full'),
      await requestSync(world.ctx, 'b', world.corpId, 'full'),
    ]
    expect(two).toBe(one)
    await world.ctx.sync.drain(world.corpId)
  })

  it('stops before it deletes more than 20 % and more than 20 members, until that is approved', async () => {
    const { members } = await readUpstream(world.sandbox)
    const spared = new Set(['zhangsan', ...members.slice(0, 80).map(one => one.userid)])
    const gone = members.map(one => one.userid).filter(userid => !spared.has(userid))
    expect(gone.length).toBeGreaterThan(24)
    await silently(world, 'user/batchdelete', { useridlist: gone })
    const before = await storedPicture(world.ctx.db, world.corpId)
    const id = await world.sync('full')
    const stopped = await findRun(world.ctx.db, world.corpId, id)
    const zh = expect.stringMatching(`^将删除 \\d+ 个成员中的 ${gone.length} 个`)
    const en = expect.stringMatching(`^would delete ${gone.length} of \\d+ members`)
    expect(stopped).toMatchObject({ state: 'approval', error: { zh, en } })
    expect(await storedPicture(world.ctx.db, world.corpId)).toEqual(before)
    // A nightly run asks for approval again and deletes nothing by itself.
    const nightly = await world.sync('reconcile')
    expect(await findRun(world.ctx.db, world.corpId, nightly)).toMatchObject({ state: 'approval' })
    await approveRun(world.ctx, 'test', world.corpId, id)
    await world.ctx.sync.drain(world.corpId)
    expect(await findRun(world.ctx.db, world.corpId, id)).toMatchObject({ state: 'done', approved: true })
    await expectEqual(world)
  })

  it('refuses to approve what does not wait for it', async () => {
    await expect(approveRun(world.ctx, 'test', world.corpId, 1)).rejects.toMatchObject({ code: '1000' })
  })
})
