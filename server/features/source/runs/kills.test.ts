import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { soak } from '../../../../test/soak.ts'
import { until } from '../../../../test/until.ts'
import { allDepartments } from '../../../organisation/directory/store.ts'
import { removeSource } from '../set-source.ts'
import { newSource, type TestSource } from '../source.fixture.ts'
import { runView } from '../view.ts'
import { lookAtNight } from '../work.ts'
import { refuseRun } from './approve-run.ts'
import { type RunRow, runsOf } from './run-store.ts'
import { readPresent } from './truth.ts'
import { undoRun } from './undo-run.ts'

/** At which calls a node is killed, before or after WeCom had the call. */
const kills = soak<{ calls: number[]; moments: ('before' | 'after')[] }>(
  { calls: [2, 4, 6], moments: ['after'] },
  { calls: [1, 2, 3, 4, 5, 6, 7], moments: ['before', 'after'] },
)

let world: World
beforeAll(async () => {
  world = await startWorld({
    members: 30,
    departments: 6,
    isOneClock: true,
    overrides: { wecomOptions: { retries: 1, timeoutMs: 1000 } },
  })
})
afterAll(() => world.close())

type Member = { userid: string; name: string; department: number[]; status: number; direct_leader: string[] }
type Dump = { members: Member[]; departments: { id: number; name: string; parentid: number }[] }
const corp = async () => (await world.control('state')) as unknown as Dump
const member = async (userid: string) => (await corp()).members.find(one => one.userid === userid)
const refused = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: Error) => error.message,
  )
let mobiles = 0
const line = (key: string, department: string, position = '专员', leader = '') => [
  key,
  `员工${key}`,
  `137${String(++mobiles).padStart(8, '0')}`,
  department,
  position,
  leader,
]

const writing = [
  'createDepartment',
  'updateDepartment',
  'deleteDepartment',
  'createMember',
  'updateMember',
] as const
type Call = (body: never) => Promise<void>

/** Puts something in front of all calls that write, until it is taken away again. */
function inFront(of: World, around: (call: () => Promise<void>) => Promise<void>): () => void {
  const contact = of.ctx.corps.get(of.corpId).contact as unknown as Record<string, Call>
  const before = writing.map(name => [name, contact[name] as Call] as const)
  for (const [name, call] of before) contact[name] = body => around(() => call.call(contact, body))
  return () => {
    for (const [name, call] of before) contact[name] = call
  }
}

/** Kills what writes at its call of this number, so that nothing is noted of it, and lets another go on. Returns whether it came so far. */
async function killedAt(n: number, moment: 'before' | 'after', write: () => Promise<void>): Promise<boolean> {
  let [calls, isDead] = [0, false]
  const back = inFront(world, async call => {
    if (isDead) throw new Error('killed')
    const isLast = ++calls === n
    if (isLast) isDead = true
    if (!isLast || moment === 'after') await call()
    if (isLast) throw new Error('killed')
  })
  const revived = (async () => {
    await until('it is killed or done', () => isDead || calls < 0)
    back()
    world.clock.offsetMs += 40_000
    world.ctx.queue.kick(world.corpId)
  })()
  await write()
  const wasKilled = isDead
  calls = -1
  await revived
  back()
  return wasKilled
}

describe('a node that is killed', () => {
  const shown = async (prefix: string) => {
    const { members, departments } = await corp()
    const nameOf = new Map(departments.map(one => [one.id, one.name]))
    return members
      .filter(one => one.userid.startsWith(prefix))
      .map(one => [one.userid, nameOf.get(one.department[0] ?? 0), one.status, one.direct_leader.join()])
      .sort()
  }
  const cases = kills.moments.flatMap(moment => kills.calls.map(n => [n, moment] as const))

  it.each(cases)('at call %i, %s WeCom had it, leaves nobody twice and nothing undone', async (n, moment) => {
    const source = await newSource(world)
    const at = `${moment === 'after' ? 'n' : 'v'}${n}`
    const [a, b, c] = [`${at}a`, `${at}b`, `${at}c`]
    const first = [line(a, `${at}甲/${at}乙`, '专员', b), line(b, `${at}甲`), line(c, `${at}甲/${at}乙`)]
    let wasKilled = await killedAt(n, moment, async () => void (await source.write(first)))
    expect(wasKilled).toBe(n <= 6)
    expect(await shown(at)).toEqual([
      [a, `${at}乙`, 4, b],
      [b, `${at}甲`, 4, ''],
      [c, `${at}乙`, 4, ''],
    ])
    const [[, , mobile = ''] = [], boss = []] = first
    const second = [
      [a, `员工${a}`, mobile, `${at}甲/${at}丙`, '主管', ''],
      [...boss.slice(0, 4), '经理', ''],
    ]
    wasKilled = await killedAt(n, moment, async () => void (await source.write(second, 1)))
    expect(wasKilled).toBe(n <= 4)
    expect(await shown(at)).toEqual([
      [a, `${at}丙`, 4, ''],
      [b, `${at}甲`, 4, ''],
      [c, `${at}乙`, 2, ''],
    ])
    const places = (await corp()).departments.map(one => `${one.parentid} ${one.name}`)
    expect(new Set(places).size).toBe(places.length)
    await removeSource(world.ctx, 'test', world.corpId, source.id)
  })
})

describe('a run that is stopped', () => {
  let source: TestSource
  beforeAll(async () => {
    source = await newSource(world)
  })
  const view = async (runId: number) => {
    const run = await source.run(runId)
    return run && runView(world.ctx.db, run, 'zh')
  }
  const countIn = async (prefix: string) =>
    (await corp()).members.filter(one => one.userid.startsWith(prefix)).length

  it('shows what was written of it, also of rows that were under way', async () => {
    let open = () => {}
    const opened = new Promise<void>(resolve => {
      open = resolve
    })
    let begun = 0
    const back = inFront(world, async call => {
      begun++
      await opened
      await call()
    })
    const lines = Array.from({ length: 60 }, (_, n) => line(`stop${n}`, ''))
    const { runId } = await source.preview(lines)
    await source.approve(runId)
    await until('some are under way', () => begun > 0)
    await refuseRun(world.ctx, 'test', world.corpId, runId)
    expect(await view(runId)).toMatchObject({ state: 'refused', done: 0, failed: 0, left: 60 })
    open()
    await until('they are noted', async () => ((await view(runId))?.done ?? 0) > 0)
    back()
    const written = await countIn('stop')
    expect(await view(runId)).toMatchObject({
      state: 'refused',
      done: written,
      failed: 0,
      left: 60 - written,
    })
    expect(written).toBeLessThan(60)
    expect((await source.rows(runId)).filter(one => one.state === 'sending')).toEqual([])
  })

  it('counts rows of a killed node as not written, and says that they may be', async () => {
    await killedAt(1, 'after', async () => {
      const { runId } = await source.preview([line('late1', '')])
      await source.approve(runId)
      await until('it is under way', async () => (await source.rows(runId))[0]?.state === 'sending')
      await refuseRun(world.ctx, 'test', world.corpId, runId)
      expect(await view(runId)).toMatchObject({ state: 'refused', done: 0, left: 1 })
    })
    await world.settle()
    const [run] = await runsOf(world.ctx.db, world.corpId, source.id, { limit: 1 })
    expect(await view(run?.id ?? 0)).toMatchObject({ state: 'refused', done: 0, left: 1 })
  })

  it('is approved once where two do it at a time', async () => {
    const fresh = await newSource(world)
    const { runId } = await fresh.preview([line('two1', '')])
    const both = await Promise.all([refused(fresh.approve(runId)), refused(fresh.approve(runId))])
    expect(both.filter(one => one === 'done')).toHaveLength(1)
    expect(both.find(one => one !== 'done')).toContain('这次运行')
    await fresh.ended(runId)
    expect(await countIn('two1')).toBe(1)
  })
})

it('says of each department and person below one that was not made why, and makes them once later', async () => {
  const source = await newSource(world)
  const lines = [line('u1', '工厂/车间/班组'), line('u2', '工厂'), line('u3', '办公室')]
  await world.control('faults', { match: 'department/create', mode: 'code:60008', times: 1 })
  const run = await source.write(lines)
  await world.control('faults', undefined, 'DELETE')
  const told = (await source.rows(run)).map(one => [one.name, one.state, one.result])
  expect(told).toEqual([
    ['工厂', 'failed', expect.stringContaining('60008')],
    ['车间', 'failed', expect.stringContaining('上级部门“工厂”没有建成')],
    ['班组', 'failed', expect.stringContaining('上级部门“车间”没有建成')],
    ['办公室', 'done', null],
    ['员工u1', 'failed', expect.stringContaining('部门“班组”没有建成')],
    ['员工u2', 'failed', expect.stringContaining('部门“工厂”没有建成')],
    ['员工u3', 'done', null],
  ])
  expect(await source.results(await source.write(lines))).toEqual([
    'department-add 工厂 done',
    'department-add 车间 done',
    'department-add 班组 done',
    'join u1 done',
    'join u2 done',
  ])
  const made = (await corp()).departments.map(one => one.name)
  for (const name of ['工厂', '车间', '班组', '办公室'])
    expect(made.filter(one => one === name)).toHaveLength(1)
})

it('reads of all departments only those that rows are about', async () => {
  const source = await newSource(world)
  const { runId } = await source.preview([line('d1', '仓库')])
  const run = await source.run(runId)
  const rows = await source.rows(runId)
  const { ctx, corpId } = world
  const known = await allDepartments(ctx.db, corpId)
  const about = { ...rows[0], departmentId: known[1]?.id } as RunRow
  const present = run && (await readPresent(ctx.db, run, [about], false))
  expect(known.flatMap(one => present?.department(one.id) ?? [])).toEqual([known[1]])
})

it('follows a person who was renamed in WeCom by hand, and makes nobody where it was not told', async () => {
  const source = await newSource(world)
  const person = (key: string, n: number, position: string) => [
    ...[key, `员工${key}`, `1350000000${n}`, '', position, ''],
  ]
  await source.write([person('old1', 1, '专员'), person('old2', 2, '专员')])
  // Without a callback, nobody can tell who the new userid is.
  await world.admin('user/rename', { userid: 'old1', new_userid: 'new1' })
  await world.sync()
  await world.connectCallback()
  await world.admin('user/rename', { userid: 'old2', new_userid: 'new2' })
  await world.settle()
  const { runId, counts } = await source.preview([person('old1', 1, '主管'), person('old2', 2, '主管')])
  expect(counts).toMatchObject({ joiners: 0, leavers: 0, changed: 1, problems: 1 })
  expect(await source.rows(runId, ['problem'])).toMatchObject([
    { key: 'old1', result: expect.stringContaining('手机号属于成员 new1') },
  ])
  expect(await source.rows(runId, ['change'])).toMatchObject([
    { key: 'old2', userId: 'new2', notes: expect.arrayContaining(['renamed']) },
  ])
  await source.approve(runId)
  await source.ended(runId)
  expect(await member('old2')).toBeUndefined()
  expect(await member('new2')).toMatchObject({ position: '主管' })
})

describe('a source that covers all', () => {
  it('deletes members whom it never had once their time has come, and keeps those who return', async () => {
    const { ctx, corpId } = world
    const { id: root } = await world.admin('department/create', { name: '外包', parentid: 1 })
    const names = ['x1', 'x2', 'x3', 'x4', 'x5']
    for (const [n, userid] of names.entries())
      await world.admin('user/create', {
        ...{ userid, name: userid, mobile: `1360000000${n}`, department: [root] },
      })
    await world.sync()
    const source = await newSource(world, { covers: 'all', root: root as number, departments: 'none' })
    const stays = ['x1', 'x1', '13600000000', '', '', '']
    const run = await source.write([stays], 4)
    expect((await source.results(run)).sort()).toEqual(
      ['x2', 'x3', 'x4', 'x5'].map(one => `leave ${one} done`),
    )
    // Nobody leaves twice.
    expect((await source.preview([stays])).counts).toMatchObject({ leavers: 0 })
    // One is in the source now, one was enabled by hand, and one is of another source.
    const back = await source.write([stays, ['x2', 'x2', '13600000001', '', '', '']])
    expect(await source.results(back)).toEqual(['return x2 done'])
    await world.admin('user/update', { userid: 'x3', enable: 1 })
    await world.sync()
    const other = await newSource(world, { departments: 'none' })
    await other.write([['x4', 'x4', '13600000003', '', '', '']])
    world.clock.offsetMs += 31 * 86_400_000
    await lookAtNight(ctx)
    await until('x5 is deleted', async () => (await member('x5')) === undefined)
    await world.settle()
    expect(await member('x2')).toMatchObject({ status: 1 })
    expect(await member('x3')).toMatchObject({ status: 1 })
    expect(await member('x4')).toMatchObject({ status: 2 })
    const [deletion] = await runsOf(ctx.db, corpId, source.id, { limit: 1 })
    expect(deletion).toMatchObject({ kind: 'delete', counts: { deleted: 1 } })
    // Somebody new with the same userid is a stranger again, who can leave.
    await world.admin('user/create', {
      userid: 'x5',
      name: '新人',
      mobile: '13600000009',
      department: [root],
    })
    await world.sync()
    const lines = [stays, ['x2', 'x2', '13600000001', '', '', '']]
    const second = await source.write(lines, 1)
    const undo = await undoRun(ctx, 'test', corpId, second)
    await source.approve(undo)
    await source.ended(undo)
    expect(await source.results(undo)).toEqual(['return x5 done'])
    expect((await source.preview(lines)).counts).toMatchObject({ leavers: 1 })
  })
})
