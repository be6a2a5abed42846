import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { putAgent } from '../../../organisation/corps/corps.ts'
import { putReminder } from '../../../platform/inbox/event-store.ts'
import type { WecomClient } from '../../../upstream/wecom/client.ts'
import { WecomError } from '../../../upstream/wecom/errors.ts'
import type { FullMember } from '../person-store.ts'
import { previewNow } from '../preview-now.ts'
import { removeSource, setSource } from '../set-source.ts'
import { csvOf, header, newSource, type TestSource } from '../source.fixture.ts'
import { lookAtNight } from '../work.ts'
import { refuseRun } from './approve-run.ts'
import { writtenMember } from './members.ts'
import { type RunRow, runsOf } from './run-store.ts'
import type { Present } from './truth.ts'
import { undoRun } from './undo-run.ts'
import { writeRow } from './write-row.ts'

let world: World
let source: TestSource
beforeAll(async () => {
  world = await startWorld({
    members: 30,
    departments: 6,
    isOneClock: true,
    overrides: { wecomOptions: { retries: 1, timeoutMs: 1000 } },
  })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.control('faults', undefined, 'DELETE')
})

type Member = {
  userid: string
  name: string
  department: number[]
  status: number
  position: string
  mobile: string
  direct_leader: string[]
}
type Dump = { members: Member[]; departments: { id: number; name: string; parentid: number }[] }
const corp = async () => (await world.control('state')) as unknown as Dump
const member = async (userid: string) => (await corp()).members.find(one => one.userid === userid)
const department = async (name: string) => (await corp()).departments.find(one => one.name === name)
const inMirror = (userId: string) => world.ctx.mirrors.of(world.corpId).members.byKey(userId)
const refused = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: Error) => error.message,
  )
const line = (
  key: string,
  more: Partial<Record<'name' | 'mobile' | 'department' | 'position' | 'leader', string>> = {},
) => [
  key,
  more.name ?? `员工${key}`,
  more.mobile ?? `139${key.charCodeAt(0)}${key.replace(/\D/g, '').padStart(5, '0')}`,
  more.department ?? '人力/招聘',
  more.position ?? '专员',
  more.leader ?? '',
]

/** Lets the time pass until a run that has stopped is tried again; another try may just be under way. */
async function goesOn(runId: number): Promise<void> {
  await until('it goes on', async () => {
    const run = await source.run(runId)
    if (run?.failure == null) return true
    world.clock.offsetMs += 700_000
    world.ctx.queue.kick(world.corpId)
    return false
  })
  await source.ended(runId)
}

describe('a run', () => {
  beforeAll(async () => {
    source = await newSource(world)
  })

  it('makes departments and people after approval, parents and leaders first, and the mirror has them', async () => {
    const lines = [line('h1', { leader: 'h2' }), line('h2', { department: '人力', position: '经理' })]
    const { runId, counts } = await source.preview(lines)
    expect(counts).toMatchObject({ joiners: 2, departmentsAdded: 2, leavers: 0, strangers: 30 })
    expect(await member('h1')).toBeUndefined()
    await source.approve(runId)
    await source.ended(runId)
    expect(await source.results(runId)).toEqual([
      'department-add 人力 done',
      'department-add 招聘 done',
      'join h1 done',
      'join h2 done',
      'leader h1 done',
    ])
    const [top, team] = [await department('人力'), await department('招聘')]
    expect(team?.parentid).toBe(top?.id)
    expect(await member('h1')).toMatchObject({
      department: [team?.id],
      direct_leader: ['h2'],
      mobile: '13910400001',
    })
    expect(inMirror('h1')).toMatchObject({ name: '员工h1', departments: [team?.id] })
    const again = await source.preview(lines)
    expect(again.counts).toMatchObject({ joiners: 0, changed: 0, movers: 0, leavers: 0 })
    // There is nothing to approve.
    expect(await source.run(again.runId)).toMatchObject({ state: 'done', approvedBy: null })
  })

  it('moves and changes, and shows what was changed by hand; the owner decides', async () => {
    await world.admin('user/update', { userid: 'h1', position: '改过的', mobile: '13811110000' })
    await world.sync()
    const { runId } = await source.preview([
      line('h1', { department: '人力' }),
      line('h2', { department: '人力' }),
    ])
    const [move, change] = await source.rows(runId, ['move', 'change'])
    expect(move).toMatchObject({ userId: 'h1', fields: { position: ['改过的', '专员'] }, notes: ['byHand'] })
    // The mobile is the person's own.
    expect(Object.keys(move?.fields ?? {})).not.toContain('mobile')
    expect(change).toMatchObject({ userId: 'h2', fields: { position: ['经理', '专员'] }, notes: [] })
    await source.approve(runId)
    await source.ended(runId)
    expect(await member('h1')).toMatchObject({ position: '专员', mobile: '13811110000' })
    // 招聘 was made by wisp, and nobody is in it any more.
    expect(await department('招聘')).toBeUndefined()
  })

  it('asks where too many leave, disables them, and lets them in again', async () => {
    const { runId, counts } = await source.preview([line('h2', { department: '人力' })])
    expect(counts).toMatchObject({ leavers: 1, before: 2 })
    expect(await refused(source.approve(runId))).toContain('有 1 人离职（共 2 人）')
    expect(await member('h1')).toMatchObject({ status: 4 })
    await source.approve(runId, 1)
    await source.ended(runId)
    expect(await member('h1')).toMatchObject({ status: 2 })
    const back = await source.write([line('h1', { department: '人力' }), line('h2', { department: '人力' })])
    expect(await source.results(back)).toEqual(['return h1 done'])
    expect(await member('h1')).toMatchObject({ status: 1 })
  })

  it('deletes leavers after the set time, and not whom somebody let in again', async () => {
    const lines = [line('h2', { department: '人力' }), line('h3'), line('h4'), line('h10')]
    await source.write(lines, 1)
    await source.write(lines.slice(0, 1), 3)
    await world.admin('user/update', { userid: 'h3', enable: 1 })
    await world.sync()
    world.clock.offsetMs += 31 * 86_400_000
    // The source has this one again, which nobody has approved yet.
    const { counts } = await source.preview([line('h2', { department: '人力' }), line('h10')])
    expect(counts).toMatchObject({ returned: 1 })
    await lookAtNight(world.ctx)
    // Once, however often it is looked at before that is written.
    await lookAtNight(world.ctx)
    await until('h4 is deleted', async () => (await member('h4')) === undefined)
    await world.settle()
    expect(await member('h3')).toBeDefined()
    expect(await member('h10')).toMatchObject({ status: 2 })
    expect(inMirror('h4')).toBeUndefined()
    const runs = await runsOf(world.ctx.db, world.corpId, source.id, { limit: 50 })
    expect(runs.filter(one => one.kind === 'delete')).toHaveLength(1)
  })

  it('is refused when it is true no more, older than a day, or by other settings', async () => {
    const lines = [line('h2', { department: '人力', position: '总监' })]
    const first = await source.preview(lines)
    await world.admin('user/update', { userid: 'h2', position: '手改' })
    await world.sync()
    expect(await refused(source.approve(first.runId))).toContain('1 行与预览不符')
    const second = await source.preview(lines)
    expect(await refused(source.approve(first.runId))).toContain('已作废')
    await setSource(world.ctx, 'test', world.corpId, source.id, { autoAtMost: 60 })
    expect(await refused(source.approve(second.runId))).toContain('已作废')
    const third = await source.preview(lines)
    world.clock.offsetMs += 25 * 3_600_000
    expect(await refused(source.approve(third.runId))).toContain('超过 24 小时')
    await lookAtNight(world.ctx)
    expect(await source.run(third.runId)).toMatchObject({ state: 'refused' })
    const fourth = await source.preview(lines)
    await refuseRun(world.ctx, 'test', world.corpId, fourth.runId)
    expect(await refused(source.approve(fourth.runId))).toContain('已作废')
    expect(await member('h2')).toMatchObject({ position: '手改' })
  })

  it('can be taken back, but for what was changed since', async () => {
    const before = await member('h2')
    const run = await source.write([
      line('h2', { department: '人力', position: '顾问' }),
      line('h5', { department: '人力/薪酬' }),
      line('h6', { department: '人力' }),
    ])
    await world.admin('user/update', { userid: 'h2', position: '又改' })
    await world.sync()
    const undo = await undoRun(world.ctx, 'test', world.corpId, run)
    expect((await source.run(undo))?.counts).toMatchObject({ deleted: 2, departmentsRemoved: 1 })
    // A row that was changed by hand is left as it is.
    expect(await refused(source.approve(undo, 2))).toContain('1 行与预览不符')
    await world.admin('user/update', { userid: 'h2', position: '顾问' })
    await world.sync()
    expect(await refused(source.approve(undo))).toContain('离职')
    await source.approve(undo, 2)
    await source.ended(undo)
    expect((await source.results(undo)).sort()).toEqual([
      'change h2 done',
      'delete h5 done',
      'delete h6 done',
      'department-remove 薪酬 done',
    ])
    expect(await member('h2')).toMatchObject({ position: before?.position })
    expect(await department('薪酬')).toBeUndefined()
  })

  it('makes people again whom somebody deleted, and takes nobody else for them', async () => {
    const run = await source.write([
      line('h2', { department: '人力' }),
      line('h9', { department: '人力', name: 'Li' }),
    ])
    const cased = await source.write([
      line('h2', { department: '人力' }),
      line('h9', { department: '人力', name: 'LI' }),
    ])
    // 招聘 stays while those who are disabled are in it.
    expect(await source.results(cased)).toEqual(['change h9 done'])
    expect(await member('h9')).toMatchObject({ name: 'LI' })
    await world.admin('user/delete', { userid: 'h9' })
    await world.sync()
    const { runId } = await source.preview([
      line('h2', { department: '人力' }),
      line('h9', { department: '人力' }),
    ])
    expect(await source.rows(runId, ['join'])).toMatchObject([{ userId: 'h9', notes: ['deletedByHand'] }])
    await world.admin('user/create', { userid: 'h9', name: '别人', mobile: '13700000001', department: [1] })
    await world.sync()
    expect((await source.preview([line('h2', { department: '人力' })])).counts).toMatchObject({ leavers: 0 })
    const undo = await undoRun(world.ctx, 'test', world.corpId, run).catch(() => undefined)
    expect(undo === undefined ? [] : await source.rows(undo, ['delete'])).toEqual([])
  })

  it('changes nothing for an empty source, nor for a line that is wrong', async () => {
    expect(await refused(source.preview([]))).toContain('人事源没有任何人')
    const other = (await corp()).members.find(one => one.mobile !== '' && one.userid !== 'h2')
    const { runId, counts } = await source.preview([
      line('h2', { department: '人力' }),
      line('h2'),
      line('h7', { mobile: other?.mobile ?? '' }),
      ['', '无名', '', '', '', ''],
      line('h8', { name: '=A1' }),
    ])
    expect(counts).toMatchObject({ joiners: 0, leavers: 0, problems: 6 })
    const told = (await source.rows(runId, ['problem'])).map(one => `${one.line} ${one.result}`)
    expect(told.join()).toContain('与第 3 行是同一人')
    expect(told.join()).toContain(`手机号属于成员 ${other?.userid}`)
  })
})

describe('WeCom', () => {
  beforeAll(async () => {
    source = await newSource(world)
  })

  it('refuses single rows, and the others go on', async () => {
    await world.control('faults', { match: 'user/create', mode: 'code:60104', times: 1 })
    const run = await source.write([line('w1'), line('w2')])
    const results = await source.results(run)
    expect(
      results
        .filter(one => one.startsWith('join'))
        .map(one => one.split(' ')[2])
        .sort(),
    ).toEqual(['done', 'failed'])
    const failed = (await source.rows(run)).find(one => one.state === 'failed')
    expect(failed?.result).toContain('60104')
    const again = await source.write([line('w1'), line('w2')])
    expect(await source.results(again)).toEqual([`join ${failed?.userId} done`])
  })

  it('refuses everything, and the run goes on by itself once that is over', async () => {
    await world.control('faults', { match: 'user/update', mode: 'code:48002', times: 6 })
    const lines = [line('w1', { position: '组长' }), line('w2', { position: '组长' })]
    const { runId } = await source.preview(lines)
    await source.approve(runId)
    await until('it has stopped', async () => (await source.run(runId))?.failure != null)
    expect((await source.run(runId))?.failure).toContain('48002')
    expect(await refused(removeSource(world.ctx, 'test', world.corpId, source.id))).toContain('正在写入')
    const other = await newSource(world)
    const { runId: second } = await other.preview([line('w9')])
    await other.approve(second)
    await refuseRun(world.ctx, 'test', world.corpId, second)
    expect(await other.run(second)).toMatchObject({ state: 'refused', progress: { done: 0 } })
    await world.control('faults', undefined, 'DELETE')
    await goesOn(runId)
    expect(await source.results(runId)).toEqual(['change w1 done', 'change w2 done'])
    expect(await source.run(runId)).toMatchObject({ state: 'done', failure: null })
  })

  it('makes nobody twice where its answers are lost', async () => {
    for (const match of ['user/create', 'department/create', 'user/update'])
      await world.control('faults', { match, mode: 'acceptedThenTimeout', times: 1 })
    const lines = [line('w1'), line('w2'), line('w3', { department: '人力/共享' })]
    const { runId } = await source.preview(lines)
    await source.approve(runId)
    await until('it has stopped or ended', async () => {
      world.clock.offsetMs += 61_000
      world.ctx.queue.kick(world.corpId)
      return (await source.run(runId))?.endedAt != null
    })
    const results = await source.results(runId)
    expect(results.every(one => one.endsWith('done'))).toBe(true)
    expect((await corp()).departments.filter(one => one.name === '共享')).toHaveLength(1)
    expect(await member('w3')).toMatchObject({ position: '专员' })
  })
})

describe('an error of WeCom', () => {
  const keys = Array.from({ length: 24 }, (_, n) => `k${n + 1}`)
  const lines = (position: string) => keys.map(key => line(key, { position }))
  beforeAll(async () => {
    source = await newSource(world)
    await source.write(lines('专员'))
  })

  it.each([
    ['user/create', 60102],
    ['user/update', 60121],
    ['user/update', 40003],
    ['department/create', 60008],
  ])('of %s is %i: the row says so, and the others go on', async (match, code) => {
    await world.control('faults', { match, mode: `code:${code}`, times: 1 })
    const run = await source.write([
      ...lines(`岗${code}`),
      ...(match === 'user/create' ? [line('k99')] : []),
      ...(match === 'department/create' ? [line('k98', { department: `部${code}` })] : []),
    ])
    const rows = await source.rows(run)
    const failed = rows.filter(one => one.state === 'failed')
    expect(failed[0]?.result).toContain(String(code))
    // Nobody is put into a department that was not made.
    expect(failed).toHaveLength(match === 'department/create' ? 2 : 1)
    expect(rows.filter(one => one.state === 'done').length).toBeGreaterThanOrEqual(keys.length - 1)
  })

  it.each([60020, 45009])('that is of all is %i: no more is sent, and the run goes on later', async code => {
    const updates = async () => {
      const calls = (await world.control('calls')) as Record<string, Record<string, number>>
      return Object.values(calls['/cgi-bin/user/update'] ?? {}).reduce((sum, n) => sum + n, 0)
    }
    await world.control('faults', { match: 'user/update', mode: `code:${code}`, times: 1000 })
    const before = await updates()
    const { runId } = await source.preview(lines(`级${code}`))
    await source.approve(runId)
    await until('it has stopped', async () => (await source.run(runId))?.failure != null)
    expect((await source.run(runId))?.failure).toContain(String(code))
    // Six at once, each with the one repetition of this world.
    expect((await updates()) - before).toBeLessThanOrEqual(12)
    await world.control('faults', undefined, 'DELETE')
    await goesOn(runId)
    expect((await source.rows(runId, ['change'])).map(one => one.state)).toEqual(keys.map(() => 'done'))
  })
})

it('writes over nobody who took the userid or id of a row that a killed node was sending', async () => {
  const taken = (errcode: number) => () => Promise.reject(new WecomError(errcode, '', '/cgi-bin'))
  const sent: string[] = []
  const contact = (name: string) =>
    ({
      createMember: taken(60102),
      createDepartment: taken(60008),
      userGet: async () => ({ name }),
      departmentGet: async () => ({ department: { name } }),
      updateMember: async () => void sent.push('member'),
      updateDepartment: async () => void sent.push('department'),
    }) as unknown as WecomClient
  const nobody = { truthOf: () => 'open', memberOf: () => undefined } as unknown as Present
  const row = { state: 'sending', name: '张三', userId: 'z3', fields: { name: ['', '张三'] } }
  const rows = [
    { ...row, kind: 'join', departmentId: null },
    { ...row, kind: 'department-add', departmentId: 7 },
  ] as unknown as RunRow[]
  for (const one of rows) {
    expect(await writeRow(contact('李四'), one, nobody, new Map())).toMatchObject({ state: 'failed' })
    expect(await writeRow(contact('张三'), one, nobody, new Map())).toEqual({ state: 'done' })
  }
  expect(sent).toEqual(['member', 'department'])
})

it('keeps order and lead in departments that stay', () => {
  const before = { departments: [1, 2], orders: [5, 7], leaderIn: [0, 1], attributes: [] }
  const body = writtenMember('a', { departments: ['1,2', '2,3'] }, before as unknown as FullMember)
  expect(body).toMatchObject({ department: [2, 3], order: [7, 0], is_leader_in_dept: [1, 0] })
})

it('is previewed once the address book has read again what was written', async () => {
  const late = await newSource(world)
  await late.write([line('w1')])
  const { ctx, corpId } = world
  const about = {
    corpId,
    stream: 'directory',
    kind: 'read_again',
    entity: 'member w1',
    isHint: false,
  } as const
  await putReminder(ctx.db, about, new Date(ctx.now() + 60_000))
  const preview = () => previewNow(ctx, 'test', corpId, late.id, csvOf([header, line('w1')]))
  expect(await refused(preview())).toContain('正在读回')
  await ctx.db.deleteFrom('inbox_event').where('entity', '=', about.entity).execute()
  expect(await refused(preview())).toBe('done')
})

it('keeps what WeCom hides as it was written', async () => {
  await world.control('regime', { regime: 'restricted' })
  const agent = world.sandbox.agents[0]
  if (agent) await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['names'] })
  await world.sync()
  try {
    const hidden = await newSource(world, {
      fields: [
        { field: 'name', column: '姓名', owner: 'source' },
        { field: 'mobile', column: '手机', owner: 'source' },
        { field: 'departments', column: '部门', owner: 'source' },
      ],
    })
    await hidden.write([line('r1')])
    expect(await member('r1')).toMatchObject({ mobile: '13911400001' })
    expect((await hidden.preview([line('r1')])).counts).toMatchObject({ changed: 0, joiners: 0 })
    await hidden.write([line('r1', { mobile: '13900009999' })])
    const { body } = await (await world.addDeveloper({ scopes: ['directory:read', 'directory:mobile'] })).get(
      '/api/user/get',
      {
        userId: 'r1',
      },
    )
    expect(JSON.stringify(body)).toContain('13900009999')
  } finally {
    await world.control('regime', { regime: 'full' })
  }
})
