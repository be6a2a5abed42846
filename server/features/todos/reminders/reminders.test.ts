import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { readConfig } from '../../../platform/config.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { type Server, startServer } from '../../../server.ts'
import { addApp } from '../../apps/apps.ts'
import { readFeed } from '../../events/event-store.ts'
import { arrived, useAgents } from '../../messages/messages.fixture.ts'
import { allDays } from '../../quiet-hours/quiet-hours.ts'
import { setQuietHours } from '../../quiet-hours/set-quiet-hours.ts'
import { setTodoAppSettings } from '../settings/settings.ts'

let world: World
let second: Server
let dev: Caller
let appId: string
let count = 0
const minute = 60_000

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 4 })
  await useAgents(world)
  await world.admin('user/update', { userid: 'zhangsan', direct_leader: ['lisi'] })
  await world.admin('user/update', { userid: 'lisi', direct_leader: ['lisi'] })
  await world.admin('user/create', {
    userid: 'owner',
    name: '负责人',
    department: [1],
    mobile: '13900000001',
    direct_leader: [],
  })
  await world.sync()
  dev = await world.addDeveloper({
    scopes: ['todo:read', 'todo:write', 'webhook:manage'],
    owners: ['wangwu'],
  })
  const settings = { name: 'OA', homeUrl: 'https://oa.example.com/', devId: dev.devId }
  appId = (await addApp(world.ctx, 'test', world.corpId, settings)).id
  const now = () => Date.now() + world.clock.offsetMs
  const overrides = { log: createLog('silent'), now }
  second = await startServer(readConfig(world.env), overrides, { jobsByHand: true })
})
afterAll(async () => {
  await second?.close()
  await world?.close()
})
beforeEach(async () => {
  world.clock.offsetMs = 0
  await sql`delete from todo`.execute(world.ctx.db)
  await sql`delete from todo_notice`.execute(world.ctx.db)
})

const at = (minutes: number) => new Date(world.ctx.now() + minutes * minute).toISOString()
const number = () => `R-${++count}`
async function put(change: object): Promise<string> {
  const todoNo = number()
  const row = {
    todoNo,
    userId: 'zhangsan',
    agentId: appId,
    title: todoNo,
    url: 'https://oa.example.com/x',
    ...change,
  }
  const answer = await dev.post('/api/todo/put', { list: [row] })
  expect(answer.body.list).toMatchObject([{ code: '' }])
  return todoNo
}
const set = (change: Parameters<typeof setTodoAppSettings>[4]) =>
  setTodoAppSettings(world.ctx, 'test', world.corpId, appId, change)
const later = (minutes: number) => {
  world.clock.offsetMs += minutes * minute
}

/** Both nodes look at once, until nobody waits to be told. */
async function look(): Promise<void> {
  await Promise.all([world.ctx, second.ctx].map(one => one.jobs.run('todo-care')))
  await until('all that is due', async () => {
    const { rows } = await sql<{ n: number }>`
      select (select count(*) from todo where care_at <= ${new Date(world.ctx.now())})::int
        + (select count(*) from queue where stream = 'todo-care'
          and (lease is not null or due_at <= ${new Date(world.ctx.now())}))::int as n`.execute(world.ctx.db)
    return rows[0]?.n === 0
  })
}
const notices = async () =>
  (
    await sql<{ kind: string; user: string; outcome: string | null }>`
      select n.kind, m.user_id as user, n.outcome from todo_notice n join member m on m.id = n.to_id
      order by n.at, n.kind, m.user_id`.execute(world.ctx.db)
  ).rows
const toldOf = async (title: string) => (await arrived(world, title)).map(one => one.to)
const eventsOf = async (type: string) =>
  (await readFeed(world.ctx.db, world.corpId, { since: 0 }, 5000)).filter(one => one.type === type)

describe('what becomes due', () => {
  it('is told before and after, once over two nodes, and many in one message', async () => {
    await set({ remindMinutes: [-60, 30] })
    for (let n = 0; n < 12; n++) await put({ dueAt: at(90) })
    const done = await put({ dueAt: at(90) })
    await look()
    expect(await notices()).toEqual([])
    later(31)
    await dev.post('/api/todo/finish', { agentId: appId, todoNo: done })
    await look()
    await look()
    expect(await notices()).toEqual(Array(12).fill({ kind: 'remind', user: 'zhangsan', outcome: 'told' }))
    const [message, ...more] = await arrived(world, '您有 12 条待办到期提醒')
    expect(more).toEqual([])
    expect(message?.to).toEqual(['zhangsan'])
    expect(JSON.stringify(message?.content)).toContain('还有 4 条')
    const before = (await eventsOf('todo.overdue')).length
    later(90)
    await look()
    await until('overdue events', async () => (await eventsOf('todo.overdue')).length === before + 12)
    expect(await toldOf('您有 12 条待办到期提醒')).toHaveLength(2)
  })

  it('is planned anew when the setting or the due time changes, and ends with its to-do', async () => {
    await set({ remindMinutes: [] })
    const todoNo = await put({ dueAt: at(100) })
    const careAt = async () => {
      const { rows } = await sql<{
        at: Date | null
      }>`select care_at as at from todo where todo_no = ${todoNo}`.execute(world.ctx.db)
      return rows[0]?.at && Math.round((rows[0].at.getTime() - world.ctx.now()) / minute)
    }
    expect(await careAt()).toBe(100)
    await set({ remindMinutes: [-60] })
    await until('the plan', async () => (await careAt()) === 40)
    await put({ todoNo, dueAt: at(200) })
    expect(await careAt()).toBe(140)
    await put({ todoNo, dueAt: at(200), title: 'same due time' })
    expect(await careAt()).toBe(140)
    await dev.post('/api/todo/finish', { agentId: appId, todoNo })
    expect(await careAt()).toBeNull()
  })

  it('goes to the leader, and where there is none, or it is themselves or was asked, to the owners', async () => {
    await set({ remindMinutes: [], escalateMinutes: 60 })
    const first = await put({ dueAt: at(-61) })
    await put({ userId: 'lisi', dueAt: at(-61) })
    await look()
    expect(await notices()).toEqual([
      { kind: 'escalate', user: 'lisi', outcome: 'told' },
      { kind: 'escalate', user: 'wangwu', outcome: 'told' },
    ])
    expect(await toldOf('1 条待办超时未办，请过问')).toEqual([['lisi'], ['wangwu']])
    await put({ todoNo: first, dueAt: at(-70) })
    later(60)
    await look()
    expect((await notices()).filter(one => one.user === 'wangwu')).toHaveLength(2)
  })

  it('waits for the end of the quiet hours, and for nothing that ended in them', async () => {
    const now = new Date(world.ctx.now())
    const minuteNow = now.getUTCHours() * 60 + now.getUTCMinutes()
    const quiet = {
      from: (minuteNow + 1439) % 1440,
      to: (minuteNow + 30) % 1440,
      timeZone: 'UTC',
      days: allDays,
    }
    await set({ remindMinutes: [0], escalateMinutes: null })
    await setQuietHours(world.ctx, 'test', world.corpId, quiet)
    const [kept, gone] = [await put({ dueAt: at(0) }), await put({ dueAt: at(0) })]
    await look()
    expect(await notices()).toEqual(Array(2).fill({ kind: 'remind', user: 'zhangsan', outcome: null }))
    await dev.post('/api/todo/withdraw', { agentId: appId, todoNo: gone })
    later(31)
    await look()
    await until('told', async () => (await notices()).every(one => one.outcome !== null))
    expect((await notices()).map(one => one.outcome).sort()).toEqual(['moot', 'told'])
    const [message] = await arrived(world, '您有 1 条待办到期提醒')
    expect(JSON.stringify(message?.content)).toContain(kept)
    await setQuietHours(world.ctx, 'test', world.corpId, null)
  })

  it('sends under the same id what a node had begun when it died', async () => {
    await set({ remindMinutes: [0], escalateMinutes: null })
    await put({ dueAt: at(0) })
    await look()
    const told = (await toldOf('您有 1 条待办到期提醒')).length
    await sql`update todo_notice set ended_at = null, outcome = null`.execute(world.ctx.db)
    later(60)
    await look()
    await until('told again', async () => (await notices()).every(one => one.outcome === 'told'))
    expect(await toldOf('您有 1 条待办到期提醒')).toHaveLength(told)
  })

  it('refuses settings that mean nothing', async () => {
    for (const wrong of [
      { remindMinutes: [1, 2, 3, 4, 5, 6, 7] },
      { remindMinutes: [5, 5] },
      { remindMinutes: [-50_000] },
      { remindMinutes: [1.5] },
      { escalateMinutes: 0 },
    ])
      await expect(set(wrong)).rejects.toThrow(/remindMinutes|escalateMinutes/)
    const quiet = (from: number, to: number, timeZone = 'UTC') =>
      setQuietHours(world.ctx, 'test', world.corpId, { days: allDays, from, to, timeZone })
    await expect(quiet(60, 60)).rejects.toThrow('quietHours')
    await expect(quiet(60, 90, 'Mars/Olympus')).rejects.toThrow('Mars/Olympus')
  })
})
