import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../../test/harness.ts'
import { storedPicture } from '../../../../test/journeys/mirror-check.ts'
import { signIn } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { requestSync } from '../request.ts'
import type { RunDetail } from './run-calls.ts'
import { findRun, type RunKind, runIn } from './run-store.ts'
import {
  connectScripted,
  department,
  member,
  type ScriptedWecom,
  scriptedCorpId,
  startScripted,
} from './scripted-wecom.fixture.ts'

/** Answers that only a broken or badly configured WeCom gives. */
describe('an odd upstream', () => {
  let script: ScriptedWecom
  let world: World
  beforeEach(async () => {
    script = await startScripted()
    world = await startWorld({
      synced: false,
      env: { WISP_WECOM_URL: script.url },
      overrides: { wecomOptions: { timeoutMs: 400, retries: 0 } },
    })
    await connectScripted(world)
  })
  afterEach(async () => {
    await world.close()
    await script.close()
  })

  const mirror = () => storedPicture(world.ctx.db, scriptedCorpId)
  async function sync(kind: RunKind = 'full') {
    const id = await requestSync(world.ctx, 'test', scriptedCorpId, kind)
    await world.ctx.sync.drain(scriptedCorpId)
    const run = await findRun(world.ctx.db, scriptedCorpId, id)
    if (!run) throw new Error('no run')
    return runIn('zh', run)
  }

  async function inEnglish(id: number): Promise<RunDetail> {
    const { cookie } = await signIn(world, { admin: 'admin' })
    const url = `${world.server.url}/web/sync/run?corpId=${scriptedCorpId}&id=${id}`
    return (await call(url, { headers: { cookie, 'accept-language': 'en' } })).body as RunDetail
  }

  it('waits for a corp that is known and not in memory yet', async () => {
    world.ctx.mirrors.drop(scriptedCorpId)
    expect(await sync()).toMatchObject({ state: 'done', error: null })
  })

  it('never empties the mirror because nothing came', async () => {
    const before = await mirror()
    expect(Object.keys(before.members)).toEqual(['a', 'b', 'c'])
    script.departments = []
    const run = await sync()
    expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining('部门列表为空') })
    expect((await inEnglish(run.id)).error).toMatch(
      /^the list of departments from WeCom is empty: \P{sc=Han}+$/u,
    )
    expect(await mirror()).toEqual(before)
  })

  it('keeps who is named by themselves although no list has them', async () => {
    const before = await mirror()
    script.handlers.set('user/list', () => ({ userlist: [] }))
    expect(await sync()).toMatchObject({ state: 'done', counts: { member: { put: 0, drop: 0 } } })
    expect(await mirror()).toEqual(before)
  })

  it('syncs a forest whose root is out of sight, and says so', async () => {
    script.departments = [department(7, 1, '甲'), department(8, 7, '乙'), department(9, 1, '丙')]
    script.members = [member('a', 8), member('z', 9)]
    const run = await sync()
    expect(run).toMatchObject({ state: 'done' })
    expect(run.problems).toEqual(
      expect.arrayContaining([expect.stringContaining('根部门（1）不在可见范围内')]),
    )
    expect(Object.keys((await mirror()).departments)).toEqual(['7', '8', '9'])
    expect((await mirror()).departments['7']).toMatchObject({ parentid: 1 })
  })

  it('takes orphans as roots and breaks circles', async () => {
    script.departments = [
      ...script.departments,
      department(20, 404, '孤儿'),
      department(30, 31),
      department(31, 32),
      department(32, 30),
      department(40, 40),
    ]
    script.members.push(member('round', 31))
    const run = await sync()
    expect(run).toMatchObject({ state: 'done' })
    expect(run.problems.join()).toContain('部门 20 的上级 404 不可见')
    expect(run.problems.join()).toMatch(/30.*成环/)
    const { tree } = world.ctx.mirrors.of(scriptedCorpId)
    expect(tree.order).toHaveLength(8)
    expect((await mirror()).members['round']).toMatchObject({ departments: [31] })
    expect(await sync()).toMatchObject({
      counts: { department: { put: 0, drop: 0 }, member: { put: 0, drop: 0 } },
    })
  })

  it('tells English readers all that was wrong in English', async () => {
    script.departments = [department(2, 1), department(3, 404), department(30, 31), department(31, 30)]
    script.members.push(member('A', 2), { ...member('bad', 2), status: 70_000 }, member('far', 2, 999))
    const run = await sync()
    const english = await inEnglish(run.id)
    expect(run.problems).toHaveLength(7)
    expect(english.problems).toHaveLength(7)
    for (const problem of run.problems) expect(problem).toMatch(/\p{sc=Han}/u)
    for (const problem of [...english.problems, english.phase]) expect(problem).toMatch(/^\P{sc=Han}+$/u)
    expect(english.problems).toContain('member far is in departments that are not visible: 999')
  })

  it('keeps members of departments that it does not know', async () => {
    script.members.push(member('far', 2, 999))
    const run = await sync()
    expect(run.state).toBe('done')
    expect(run.problems).toEqual([expect.stringContaining('far 所在部门 999 不可见')])
    expect((await mirror()).members['far']).toMatchObject({ departments: [2, 999] })
  })

  it('takes one of two userids that differ in case only', async () => {
    script.members.push(member('A', 2), { ...member('B', 3), name: '另一个' })
    const run = await sync()
    expect(run.state).toBe('done')
    expect(run.problems.join()).toContain('大小写不同')
    expect(
      Object.keys((await mirror()).members)
        .map(one => one.toLowerCase())
        .sort(),
    ).toEqual(['a', 'b', 'c'])
  })

  it('takes a department that comes twice once', async () => {
    script.departments.push(department(2, 1, '研发二'))
    expect(await sync()).toMatchObject({ state: 'done' })
    expect((await mirror()).departments['2']).toMatchObject({ name: '研发二' })
  })

  it('goes on when a department went while it read', async () => {
    script.handlers.set('user/list', query =>
      query.get('department_id') === '3'
        ? { errcode: 60003 }
        : {
            userlist: script.members.filter(one =>
              one.department.includes(Number(query.get('department_id'))),
            ),
          },
    )
    expect(await sync()).toMatchObject({ state: 'done' })
    expect(Object.keys((await mirror()).members)).toEqual(['a', 'b', 'c'])
  })

  it('stores what it can and names whom the database cannot hold', async () => {
    script.members.push(
      { ...member('bad', 2), status: 70_000 },
      { ...member('good', 2), name: '半个\ud83d字\u0000' },
    )
    const run = await sync()
    expect(run.state).toBe('done')
    expect(run.problems).toEqual([expect.stringContaining('user:bad')])
    const { members } = await mirror()
    expect(members['bad']).toBeUndefined()
    expect(members['good']).toMatchObject({ name: '半个\ufffd字' })
  })

  it('says what a dry run would do although new departments are not there yet', async () => {
    script.departments.push(department(50, 1))
    script.members.push(member('new', 50))
    const before = await mirror()
    expect(await sync('dry-run')).toMatchObject({
      state: 'done',
      problems: [],
      counts: { department: { put: 1 }, member: { put: 1 } },
    })
    expect(await mirror()).toEqual(before)
  })

  it('does not let a page that it read before overwrite what an event brought since', async () => {
    // This page still shows the old name and is held back until the event has been applied.
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const stale = structuredClone(script.members)
    script.calls.length = 0
    script.handlers.set('user/list', async query => {
      const id = Number(query.get('department_id'))
      if (id === 2) await held
      return { userlist: stale.filter(one => one.department.includes(id)) }
    })
    const id = await requestSync(world.ctx, 'test', scriptedCorpId, 'full')
    await until('a page is read', () => script.calls.includes('user/list'))
    script.members[0]!['name'] = '后来的名字'
    await world.ctx.inbox.remind(world.ctx.db, {
      corpId: scriptedCorpId,
      stream: 'directory',
      kind: 'read_again',
      entity: 'user:a',
      isHint: false,
    })
    const nameOf = async () => ((await mirror()).members['a'] as { name: string }).name
    await until('the event is applied', async () => (await nameOf()) === '后来的名字')
    release()
    await world.ctx.sync.drain(scriptedCorpId)
    expect(await findRun(world.ctx.db, scriptedCorpId, id)).toMatchObject({ state: 'done' })
    expect(await nameOf()).toBe('后来的名字')
  })
})
