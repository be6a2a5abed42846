import { afterAll, beforeAll, expect, it } from 'vitest'
import { addSource } from '../../server/features/source/set-source.ts'
import { startWorld, type World } from '../harness.ts'
import { soak } from '../soak.ts'
import { type Nodes, startNodes } from './nodes-under-fire.ts'
import { eventually } from './server-process.ts'

const count = soak(240, 20_000)
/** Shares of the rows of each run at which a node is killed. */
const kills = soak([0.3, 0.7], [0.1, 0.3, 0.5, 0.7, 0.9])
const teams = soak(6, 100)
const withinMs = soak(120_000, 15 * 60_000)
const rowsAtOnce = 500

type Person = { 工号: string; 姓名: string; 手机: string; 部门: string; 职务: string; 直属上级工号: string }
type WrittenMember = {
  userid: string
  name: string
  mobile: string
  position: string
  status: number
  department: number[]
  direct_leader: string[]
}
type Corp = { members: WrittenMember[]; departments: { id: number; name: string; parentid: number }[] }

let world: World
let nodes: Nodes
let sourceId: number
let untouched: WrittenMember[]
beforeAll(async () => {
  world = await startWorld({ members: 50, departments: 8 })
  const { ctx, corpId } = world
  const settings = { name: '人事', approval: 'auto', autoAtMost: 100_000 } as const
  const fields = [
    ['name', '姓名'],
    ['mobile', '手机'],
    ['departments', '部门'],
    ['position', '职务'],
    ['leader', '直属上级工号'],
  ].map(([field = '', column = '']) => ({ field, column, owner: 'source' as const }))
  sourceId = await addSource(ctx, 'test', corpId, 'put', { ...settings, fields })
  const dev = await world.addDeveloper({ scopes: ['source:write'] })
  untouched = (await corp()).members
  await world.server.close()
  nodes = await startNodes({ ...world, dev })
})
afterAll(async () => {
  await nodes?.stop()
  await world.sandbox.close()
})

const corp = async () => (await world.control('state')) as unknown as Corp

function personOf(n: number): Person {
  const team = n % teams
  return {
    工号: `src${n}`,
    姓名: `员工${n}`,
    手机: `131${String(n).padStart(8, '0')}`,
    部门: `事业部${team % 3}/团队${team}`,
    职务: '专员',
    直属上级工号: n < teams ? '' : `src${team}`,
  }
}

/** A call whose node died is made again. */
async function put(body: object): Promise<void> {
  const answer = await nodes.post('/api/source/put', { sourceId, ...body })
  if (!answer) return put(body)
  expect(answer.retMessage).toBe('成功')
}

async function putAll(people: readonly Person[]): Promise<void> {
  for (let n = 0; n < people.length; n += rowsAtOnce) await put({ people: people.slice(n, n + rowsAtOnce) })
}

type Progress = { id: number; state: string; total: number; done: number; failed: number }
async function lastRun(): Promise<Progress | undefined> {
  const [run] = await nodes.query<Progress>(`
    select r.id::int, r.state, count(*) filter (where row.state <> 'shown')::int as total,
      count(*) filter (where row.state = 'done')::int as done,
      count(*) filter (where row.state in ('failed', 'overtaken'))::int as failed
    from people_source_run r left join people_source_row row on row.corp_id = r.corp_id and row.run_id = r.id
    group by r.id, r.state order by r.id desc limit 1`)
  return run
}

/** Writes what the source has now, with kills on the way. Returns how many rows were not written. */
async function writtenUnderFire(): Promise<number> {
  const before = (await lastRun())?.id ?? 0
  await put({ complete: '1' })
  const open = [...kills]
  let failed = -1
  await eventually(
    'the run is written',
    async () => {
      const run = await lastRun()
      if (!run || run.id <= before) return false
      if (open[0] !== undefined && run.done >= run.total * open[0]) {
        open.shift()
        await nodes.kill()
      }
      failed = run.failed
      return run.state === 'done'
    },
    withinMs,
    50,
  )
  return failed
}

async function expectAsIn(source: readonly Person[], left: readonly string[]): Promise<void> {
  const { members, departments } = await corp()
  const pathOf = (id: number | undefined): string => {
    const one = departments.find(each => each.id === id)
    return !one || one.id === 1 ? '' : `${pathOf(one.parentid)}/${one.name}`
  }
  const paths = new Map(departments.map(one => [one.id, pathOf(one.id).slice(1)]))
  const shown = members
    .filter(one => one.userid.startsWith('src') && one.status !== 2)
    .map(one => ({
      工号: one.userid,
      姓名: one.name,
      手机: one.mobile,
      部门: one.department.map(id => paths.get(id)).join(';'),
      职务: one.position,
      直属上级工号: one.direct_leader.join(),
    }))
  const sorted = (list: readonly Person[]) => [...list].sort((a, b) => a.工号.localeCompare(b.工号))
  expect(sorted(shown)).toEqual(sorted(source))
  const disabled = members.filter(one => one.userid.startsWith('src') && one.status === 2)
  expect(disabled.map(one => one.userid).sort()).toEqual([...left].sort())
  // Nothing else was touched, and no department was made twice.
  expect(members.filter(one => !one.userid.startsWith('src'))).toEqual(untouched)
  expect(new Set(departments.map(one => `${one.parentid} ${one.name}`)).size).toBe(departments.length)
}

const created = async () => {
  const calls = (await world.control('calls')) as Record<string, Record<string, number>>
  return calls['/cgi-bin/user/create']?.['0'] ?? 0
}

it('people of a source are written while nodes are killed: nobody twice, and WeCom is as the source says', {
  timeout: soak(400_000, 60 * 60_000),
}, async () => {
  const people = Array.from({ length: count }, (_, n) => personOf(n))
  await putAll(people)
  expect(await writtenUnderFire()).toBe(0)
  await expectAsIn(people, [])
  expect(await created()).toBe(count)

  // A tenth moves, a tenth is renamed, and as many leave as may without asking.
  const leaving = people.slice(-Math.min(20, Math.floor(count * 0.04)))
  const staying = people.slice(0, -leaving.length).map((one, n) => {
    if (n % 10 === 3) return { ...one, 部门: `事业部${n % 3}/新团队${n % 5}` }
    return n % 10 === 5 ? { ...one, 姓名: `${one.姓名}改`, 职务: '主管' } : one
  })
  await putAll(staying)
  await put({ removePeople: leaving.map(one => one.工号) })
  expect(await writtenUnderFire()).toBe(0)
  await expectAsIn(
    staying,
    leaving.map(one => one.工号),
  )
  expect(await created()).toBe(count)

  // An empty source changes nothing.
  const run = await lastRun()
  for (let n = 0; n < staying.length; n += rowsAtOnce)
    await put({ removePeople: staying.slice(n, n + rowsAtOnce).map(one => one.工号) })
  await put({ complete: '1' })
  await eventually(
    'it was found empty',
    async () => (await nodes.query('select from people_source where failing_since is not null')).length > 0,
    withinMs,
    100,
  )
  expect(await lastRun()).toEqual(run)
  await expectAsIn(
    staying,
    leaving.map(one => one.工号),
  )

  // What wisp wrote is in the address book, row by row.
  await eventually(
    'the mirror is as WeCom',
    async () => {
      const [row] = await nodes.query<{ n: number }>(
        `select count(*)::int as n from member where user_key like 'src%' and left_at is null and status <> 2`,
      )
      return row?.n === staying.length
    },
    withinMs,
    500,
  )
  expect(nodes.kills).toHaveLength(kills.length * 2)
  expect(await nodes.stop()).toEqual([0, 0])
})
