import { expect } from 'vitest'
import type { World } from '../harness.ts'
import type { Nodes } from './nodes-under-fire.ts'
import { eventually } from './server-process.ts'

/** `kills`: shares of the rows of each run at which a node is killed. `withinMs`: how long a run may take. */
export type JourneySize = { count: number; teams: number; kills: readonly number[]; withinMs: number }

/** As their HR system has them, by its columns. */
export type SourcePerson = {
  工号: string
  姓名: string
  手机: string
  部门: string
  职务: string
  直属上级工号: string
}

/** Where people come from: how a test changes it, and has wisp read it. */
export type PeopleSource = {
  put(people: readonly SourcePerson[]): Promise<void>
  remove(people: readonly SourcePerson[]): Promise<void>
  read(): Promise<void>
}

/** The nodes on the world's database, whose own server is closed. */
type Corp = Pick<World, 'control'> & { nodes: Nodes }

type WrittenMember = {
  userid: string
  name: string
  mobile: string
  position: string
  status: number
  department: number[]
  direct_leader: string[]
}
type WecomState = {
  members: WrittenMember[]
  departments: { id: number; name: string; parentid: number }[]
}

/**
 * Writes people into WeCom, moves and renames some, lets some leave, then reads an empty source, while nodes are killed: nobody is created
 * twice, WeCom is as the source says, and nothing else is touched.
 */
export async function writeUnderKills(corp: Corp, source: PeopleSource, size: JourneySize): Promise<void> {
  const { nodes } = corp
  const { count, kills, withinMs } = size
  const untouched = othersIn(await stateOf(corp))
  const ledger = async (there: readonly SourcePerson[], left: readonly SourcePerson[]) => {
    const state = await stateOf(corp)
    expect(shownIn(state)).toEqual(byNumber(there))
    const disabled = state.members.filter(one => isOfSource(one) && one.status === 2)
    expect(disabled.map(one => one.userid).sort()).toEqual(left.map(one => one.工号).sort())
    expect(othersIn(state)).toEqual(untouched)
    const places = state.departments.map(one => `${one.parentid} ${one.name}`)
    expect(new Set(places).size).toBe(places.length)
    expect(await createdIn(corp)).toBe(count)
  }
  const people = Array.from({ length: count }, (_, n) => personOf(n, size.teams))
  await source.put(people)
  expect(await writtenUnderKills(nodes, source, size)).toBe(0)
  await ledger(people, [])

  // A tenth moves, a tenth is renamed, and as many leave as may without asking.
  const leaving = people.slice(-Math.min(20, Math.floor(count * 0.04)))
  const staying = people.slice(0, -leaving.length).map((one, n) => {
    if (n % 10 === 3) return { ...one, 部门: `事业部${n % 3}/新团队${n % 5}` }
    return n % 10 === 5 ? { ...one, 姓名: `${one.姓名}改`, 职务: '主管' } : one
  })
  await source.put(staying.filter((one, n) => one !== people[n]))
  await source.remove(leaving)
  expect(await writtenUnderKills(nodes, source, size)).toBe(0)
  await ledger(staying, leaving)

  // An empty source changes nothing.
  const run = await lastRun(nodes)
  await source.remove(staying)
  await source.read()
  await eventually(
    'it was found empty',
    async () => (await nodes.query('select from people_source where failing_since is not null')).length > 0,
    withinMs,
    100,
  )
  expect(await lastRun(nodes)).toEqual(run)
  await ledger(staying, leaving)

  await mirrored(nodes, staying.length, withinMs)
  expect(nodes.kills).toHaveLength(kills.length * 2)
  expect(await nodes.stop()).toEqual([0, 0])
}

/** Waits until what wisp wrote is in the address book, which is read again row by row. */
async function mirrored(nodes: Nodes, members: number, withinMs: number): Promise<void> {
  await eventually(
    'the address book is as WeCom',
    async () => {
      const [row] = await nodes.query<{ n: number }>(
        `select count(*)::int as n from member where user_key like 'src%' and left_at is null and status <> 2`,
      )
      return row?.n === members
    },
    withinMs,
    500,
  )
}

function personOf(n: number, teams: number): SourcePerson {
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

const stateOf = async ({ control }: Corp) => (await control('state')) as unknown as WecomState
const isOfSource = ({ userid }: WrittenMember) => userid.startsWith('src')
const othersIn = ({ members }: WecomState) => members.filter(one => !isOfSource(one))
const byNumber = (list: readonly SourcePerson[]) => [...list].sort((a, b) => a.工号.localeCompare(b.工号))

async function createdIn({ control }: Corp): Promise<number | undefined> {
  const calls = (await control('calls')) as Record<string, Record<string, number>>
  return calls['/cgi-bin/user/create']?.['0']
}

/** Who of the source is in WeCom and not disabled, by the columns of the source. */
function shownIn({ members, departments }: WecomState): SourcePerson[] {
  const byId = new Map(departments.map(one => [one.id, one]))
  const pathOf = (id: number): string => {
    const one = byId.get(id)
    return !one || id === 1 ? '' : `${pathOf(one.parentid)}/${one.name}`
  }
  const shown = members
    .filter(one => isOfSource(one) && one.status !== 2)
    .map(one => ({
      工号: one.userid,
      姓名: one.name,
      手机: one.mobile,
      部门: one.department.map(id => pathOf(id).slice(1)).join(';'),
      职务: one.position,
      直属上级工号: one.direct_leader.join(),
    }))
  return byNumber(shown)
}

type Progress = { id: number; state: string; total: number; done: number; failed: number }

async function lastRun(nodes: Nodes): Promise<Progress | undefined> {
  const [run] = await nodes.query<Progress>(`
    select r.id::int, r.state, count(*) filter (where row.state <> 'shown')::int as total,
      count(*) filter (where row.state = 'done')::int as done,
      count(*) filter (where row.state in ('failed', 'overtaken'))::int as failed
    from people_source_run r left join people_source_row row on row.corp_id = r.corp_id and row.run_id = r.id
    group by r.id, r.state order by r.id desc limit 1`)
  return run
}

/** Writes what the source has now, with kills on the way. Returns how many rows were not written. */
async function writtenUnderKills(
  nodes: Nodes,
  source: PeopleSource,
  { kills, withinMs }: JourneySize,
): Promise<number> {
  const before = (await lastRun(nodes))?.id ?? 0
  await source.read()
  const open = [...kills]
  let failed = -1
  await eventually(
    'the run is written',
    async () => {
      const run = await lastRun(nodes)
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
