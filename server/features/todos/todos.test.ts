import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { setDeveloper } from '../../callers/developers/developer-admin.ts'
import { addApp } from '../apps/apps.ts'
import { readFeed } from '../events/event-store.ts'

let world: World
let dev: Caller
let appId: string
let count = 0
const newApp = async (name: string, devId: string | null) =>
  (await addApp(world.ctx, 'test', world.corpId, { name, homeUrl: 'https://oa.example.com/', devId })).id

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 4 })
  dev = await world.addDeveloper({ scopes: ['todo:read', 'todo:write', 'webhook:manage'] })
  appId = await newApp('OA', dev.devId)
})
afterAll(() => world.close())

const number = () => `T-${++count}`
const todo = (change: object = {}) => ({
  todoNo: number(),
  userId: 'zhangsan',
  agentId: appId,
  title: '请假审批',
  url: 'https://oa.example.com/approve',
  ...change,
})
const put = async (...list: object[]) => {
  const answer = await dev.post('/api/todo/put', { list })
  if (answer.retCode !== '0') throw new Error(JSON.stringify(answer))
  return answer.body.list as { todoNo: string; result: string; code: string; reason: string }[]
}
const resultsOf = async (...list: object[]) => (await put(...list)).map(one => one.result)
const get = async (todoNo: string, userId?: string, agentId = appId) =>
  (await dev.get('/api/todo/get', { agentId, todoNo, ...(userId ? { userId } : {}) })).body.list
const stateOf = async (todoNo: string) => (await get(todoNo)).map((one: { state: string }) => one.state)

describe('a to-do', () => {
  it('is created, updated, found, and done and opened again', async () => {
    const given = todo({
      dueAt: '2027-01-10T00:00:00+08:00',
      priority: '2',
      sender: '李四',
      step: '部门审批',
    })
    expect(await put(given)).toEqual([{ todoNo: given.todoNo, result: 'created', code: '', reason: '' }])
    expect(await resultsOf(given)).toEqual(['same'])
    expect(await resultsOf({ ...given, title: '请假审批（改）' })).toEqual(['updated'])
    expect(await get(given.todoNo)).toMatchObject([
      {
        userId: 'zhangsan',
        title: '请假审批（改）',
        state: 'open',
        kind: 'todo',
        priority: '2',
        agentId: appId,
        pcUrl: given.url,
        mobileUrl: given.url,
        dueAt: '2027-01-09T16:00:00.000Z',
        endedAt: '',
      },
    ])
    expect(await resultsOf({ ...given, state: 'done' })).toEqual(['updated'])
    expect(await stateOf(given.todoNo)).toEqual(['done'])
    expect(await resultsOf({ ...given, state: 'open' })).toEqual(['updated'])
    expect(await resultsOf({ ...given, state: 'withdrawn' })).toEqual(['updated'])
    expect(await resultsOf({ ...given, state: 'open' })).toEqual(['updated'])
    expect(await get(given.todoNo)).toMatchObject([{ state: 'open', endedAt: '' }])
  })

  it('is not changed by an older version, and takes the newest of two that come at once', async () => {
    const sent = 1_795_000_000_000
    const given = todo({ version: sent })
    await put(given)
    expect(await resultsOf({ ...given, version: sent - 1, state: 'done' })).toEqual(['stale'])
    expect(await stateOf(given.todoNo)).toEqual(['open'])
    const both = [1, 2].map(later => put({ ...given, version: sent + later, title: `v${later}` }))
    await Promise.all(both)
    expect(await get(given.todoNo)).toMatchObject([{ title: 'v2', version: String(sent + 2) }])
    const fresh = todo()
    const twice = await Promise.all([put(fresh), put(fresh)])
    expect(
      twice
        .flat()
        .map(one => one.result)
        .sort(),
    ).toEqual(['created', 'same'])
  })

  it('names what a row calls by another name, and refuses it where the developer wants that', async () => {
    const { dueAt: _, ...row } = todo() as Record<string, unknown>
    const given = { list: [row, { ...row, dueat: '2027-01-10T00:00:00+08:00' }] }
    const warned = await dev.post('/api/todo/put', given)
    expect(warned).toMatchObject({
      retCode: '0',
      body: { list: [{ result: 'created' }, { result: 'same' }] },
    })
    expect(warned.headers.get('x-wisp-warning')).toBe('unknown list[1].dueat (dueAt?)')
    await setDeveloper(world.ctx, 'test', dev.devId, { strictInputs: true })
    const strict = await dev.post('/api/todo/put', given)
    await setDeveloper(world.ctx, 'test', dev.devId, { strictInputs: false })
    expect(strict.retMessage).toBe(
      '参数错误: 没有参数 list[1].dueat（是不是 dueAt？）；此开发者不接受未知参数',
    )
    await world.ctx.requests.flush()
    const { rows } = await sql<{ unknown: unknown }>`
      select unknown from call_log where dev_id = ${dev.devId} and unknown <> '[]'`.execute(world.ctx.db)
    expect(rows).toContainEqual({ unknown: [{ name: 'list[1].dueat', length: 5, nearest: 'dueAt' }] })
  })

  it('gives each row its own result', async () => {
    const good = todo()
    const results = await put(
      good,
      todo({ userId: 'nobody' }),
      todo({ agentId: 'app000000000000' }),
      todo({ title: '' }),
      todo({ url: 'javascript:alert(1)' }),
      todo({ url: undefined }),
      todo({ dueAt: '2027-01-10 00:00' }),
      todo({ kind: 'other' }),
      { ...good, title: '后来的' },
    )
    expect(results.map(one => [one.result, one.code])).toEqual([
      ['created', ''],
      ['refused', '1007'],
      ['refused', '1002'],
      ['refused', '1001'],
      ['refused', '1000'],
      ['refused', '1000'],
      ['refused', '1000'],
      ['refused', '1000'],
      ['updated', ''],
    ])
    expect(results[3]?.reason).toContain('list[3].title')
    expect(await get(good.todoNo)).toMatchObject([{ title: '后来的' }])
  })

  it('takes 500 at once and not 501', async () => {
    const list = Array.from({ length: 501 }, () => todo())
    expect(await dev.post('/api/todo/put', { list })).toMatchObject({ retCode: '1000' })
    expect(new Set(await resultsOf(...list.slice(1)))).toEqual(new Set(['created']))
    expect((await dev.get('/api/todo/count', { agentId: appId, state: 'open' })).body.count).toBeGreaterThan(
      499,
    )
  })

  it('is one for each person, ended together or alone', async () => {
    const todoNo = number()
    await put(todo({ todoNo }), todo({ todoNo, userId: 'lisi' }), todo({ todoNo, userId: 'wangwu' }))
    const end = (path: string, body: object) => dev.post(path, { agentId: appId, todoNo, ...body })
    expect((await end('/api/todo/finish', { userId: 'lisi' })).body).toEqual({ ended: 1, total: 1 })
    expect((await end('/api/todo/withdraw', {})).body).toEqual({ ended: 2, total: 3 })
    expect((await end('/api/todo/finish', {})).body).toEqual({ ended: 0, total: 3 })
    expect((await stateOf(todoNo)).sort()).toEqual(['done', 'withdrawn', 'withdrawn'])
    expect(await dev.post('/api/todo/finish', { agentId: appId, todoNo: 'none' })).toMatchObject({
      retCode: '1000',
    })
  })

  it("is no other developer's, and needs the scope", async () => {
    const other = await world.addDeveloper({ scopes: ['todo:read', 'todo:write'] })
    const given = todo()
    await put(given)
    const body = { agentId: appId, todoNo: given.todoNo }
    expect(await other.post('/api/todo/finish', body)).toMatchObject({ retCode: '1002' })
    expect(await other.get('/api/todo/get', body)).toMatchObject({ retCode: '1002' })
    expect((await other.get('/api/todo/list', {})).body).toEqual({ list: [], total: 0 })
    const none = await world.addDeveloper({ scopes: ['directory:read'] })
    expect(await none.post('/api/todo/put', { list: [] })).toMatchObject({ retCode: '1009' })
  })

  it('tells its developer what becomes of it, once', async () => {
    const given = todo()
    await put(given)
    await put({ ...given, title: '改名' })
    await put({ ...given, title: '改名', state: 'done' })
    const types = await until('two events', async () => {
      const rows = await readFeed(world.ctx.db, world.corpId, { since: 0 }, 5000)
      const [row] = await get(given.todoNo)
      const own = rows.filter(one => one.entity === `todo:${row.todoId}`).map(one => one.type)
      return own.length >= 2 ? own : undefined
    })
    expect(types).toEqual(['todo.opened', 'todo.done'])
  })
})

describe("reconciling a person's to-dos", () => {
  it('creates what is missing, withdraws what is gone, and leaves what came later', async () => {
    const agentId = await newApp('另一个', dev.devId)
    const asOf = 1_795_000_003_000
    const known = todo({ agentId, userId: 'lisi', version: asOf - 2000 })
    const gone = todo({ agentId, userId: 'lisi', version: asOf - 2000 })
    const later = todo({ agentId, userId: 'lisi', version: asOf + 2000 })
    await put(known, gone, later)
    const missing = todo({ agentId })
    const rows = [known, missing].map(({ userId: _, agentId: _app, ...row }) => row)
    const ask = (list: unknown) => dev.post('/api/todo/reconcile', { agentId, userId: 'lisi', asOf, list })
    expect((await ask(rows)).body.list).toEqual([
      { todoNo: known.todoNo, result: 'same' },
      { todoNo: missing.todoNo, result: 'created' },
      { todoNo: gone.todoNo, result: 'withdrawn' },
      { todoNo: later.todoNo, result: 'kept' },
    ])
    // What was finished after the list was made is not opened again by it.
    const late = todo({ agentId, userId: 'lisi' })
    await put(late)
    await dev.post('/api/todo/finish', { agentId, todoNo: late.todoNo })
    const { userId: _user, agentId: _agent, ...listed } = late as Record<string, unknown>
    expect((await ask([listed])).body.list[0]).toEqual({ todoNo: late.todoNo, result: 'stale' })
    expect(await ask([...rows, rows[0]])).toMatchObject({ retCode: '1000' })
    expect(await ask([{ ...rows[0], state: 'done' }])).toMatchObject({ retCode: '1000' })
    expect(await ask(undefined)).toMatchObject({ retCode: '1001' })
  })

  it('leaves what did not change as it is, and an older list does not withdraw it', async () => {
    const agentId = await newApp('对账', dev.devId)
    const { userId, agentId: _, ...row } = todo({ agentId, userId: 'lisi' }) as Record<string, unknown>
    const moment = Date.now() - 60_000
    const ask = async (asOf: number, list: unknown[]) =>
      (await dev.post('/api/todo/reconcile', { agentId, userId, asOf, list })).body.list
    const named = (result: string) => [{ todoNo: row['todoNo'], result }]
    const changedAt = async () => (await get(String(row['todoNo']), 'lisi', agentId))[0].changedAt
    expect(await ask(moment, [row])).toEqual(named('created'))
    const before = await changedAt()
    expect(await ask(moment + 2000, [row])).toEqual(named('same'))
    expect(await changedAt()).toBe(before)
    expect(await ask(moment + 1000, [])).toEqual(named('kept'))
    expect(await ask(moment + 1000, [{ ...row, title: '旧的标题' }])).toEqual(named('stale'))
    expect(await ask(moment + 3000, [{ ...row, title: '新的标题' }])).toEqual(named('updated'))
    expect(await changedAt()).not.toBe(before)
    expect(await ask(moment + 4000, [])).toEqual(named('withdrawn'))
  })

  it('refuses seconds and microseconds where milliseconds are wanted', async () => {
    const at = 1_795_000_000
    for (const [asOf, told] of [
      [at, 'these are seconds'],
      [at * 1_000_000, 'of the years 2000 to 2199'],
      [1, 'of the years 2000 to 2199'],
    ] as const) {
      const asked = await dev.post(
        '/api/todo/reconcile',
        { agentId: appId, userId: 'lisi', asOf, list: [] },
        { 'accept-language': 'en' },
      )
      expect(asked, String(asOf)).toMatchObject({
        retCode: '1000',
        retMessage: expect.stringContaining(told),
      })
    }
    const [row] = await put(todo({ version: at }))
    expect(row).toMatchObject({
      code: '1000',
      reason: expect.stringContaining('list[0].version 应为毫秒时间戳'),
    })
  })
})

describe('on the workbench', () => {
  let zhangsan: SignedInClient
  let lisi: SignedInClient
  beforeAll(async () => {
    zhangsan = await signIn(world, { userId: 'zhangsan' })
    lisi = await signIn(world, { userId: 'lisi' })
  })
  const mine = async (as: SignedInClient, query: Record<string, string> = {}) =>
    (await as.get('/web/todos', { appId, ...query })).body

  it('a person sees their own alone, opens them with a ticket, and finishes what they may', async () => {
    const given = todo({ finishBy: 'person' })
    await put(given)
    const { list } = await mine(zhangsan, { words: given.todoNo })
    expect(list).toMatchObject([{ title: given.title, appName: 'OA', mayFinish: true, readAt: '' }])
    const { id } = list[0]
    expect(await lisi.post('/web/todos/open', { id, isPhone: '0' })).toMatchObject({ status: 403 })
    const opened = await zhangsan.post('/web/todos/open', { id, isPhone: '0' })
    expect(opened.body.url).toMatch(/^https:\/\/oa\.example\.com\/approve\?jessionId=/)
    expect((await get(given.todoNo))[0].readAt).not.toBe('')
    expect(await lisi.post('/web/todos/finish', { id })).toMatchObject({ status: 403 })
    expect(await zhangsan.post('/web/todos/finish', { id })).toMatchObject({ retCode: '0' })
    expect(await zhangsan.post('/web/todos/finish', { id })).toMatchObject({ retCode: '0' })
    expect(await stateOf(given.todoNo)).toEqual(['done'])
    expect((await mine(zhangsan, { view: 'ended', words: given.todoNo })).list).toMatchObject([
      { state: 'done' },
    ])
  })

  it('a list has its numbers with it, in the order that was asked, also when a page is empty', async () => {
    const own = await newApp('会签', dev.devId)
    const wangwu = await signIn(world, { userId: 'wangwu' })
    const days = ['03', '01', '02']
    const given = days.map(day =>
      todo({ userId: 'wangwu', agentId: own, dueAt: `2027-01-${day}T08:00:00.5+08:00` }),
    )
    await put(...given, todo({ userId: 'wangwu', agentId: own, kind: 'read' }))
    const read = async (query: Record<string, string>) =>
      (await wangwu.get('/web/todos', { appId: own, ...query })).body
    const due = await read({ order: 'due', pageSize: '2' })
    expect(due.list.map((one: { dueAt: string }) => one.dueAt)).toEqual([
      '2027-01-01T00:00:00.500Z',
      '2027-01-02T00:00:00.500Z',
    ])
    const numbers = { total: 3, open: { todo: 3, read: 1 }, apps: [{ id: own, name: '会签', count: 4 }] }
    expect(due).toMatchObject(numbers)
    expect(await read({ pageNo: '9' })).toMatchObject({ ...numbers, list: [] })
    expect(await read({ view: 'ended' })).toMatchObject({ ...numbers, total: 0, list: [] })
  })

  it('finishes nothing that only its app does, and no address of another origin gets a ticket', async () => {
    const given = todo({ url: 'https://elsewhere.example.com/x' })
    await put(given)
    const { list } = await mine(zhangsan, { words: given.todoNo })
    const { id } = list[0]
    expect(await zhangsan.post('/web/todos/finish', { id })).toMatchObject({ retCode: '1000' })
    expect((await zhangsan.post('/web/todos/open', { id, isPhone: '1' })).body.url).toBe(given.url)
  })

  it('shows the number of open ones on a tile, and else what the app has counted', async () => {
    const counted = await newApp('邮箱', dev.devId)
    const set = (list: unknown) => dev.post('/api/badge/set', { agentId: counted, list })
    expect((await set([{ userId: 'zhangsan', count: 7 }])).body).toEqual({ set: 1 })
    for (const one of [-1, 10_000_000_000, 'abc'])
      expect(await set([{ userId: 'zhangsan', count: one }])).toMatchObject({ retCode: '1000' })
    const tiles = async () =>
      new Map(
        (await zhangsan.get('/web/todos/tiles')).body.list.map((one: { appId: string; count: number }) => [
          one.appId,
          one.count,
        ]),
      )
    expect((await tiles()).get(counted)).toBe(7)
    await put(todo({ agentId: counted }))
    expect((await tiles()).get(counted)).toBe(1)
    await set([{ userId: 'zhangsan', count: 0 }])
    const rows = (await zhangsan.get('/web/portal/waiting')).body.list
    expect(rows).toContainEqual(expect.objectContaining({ icon: 'todo', to: 'todos', title: '待办' }))
  })

  it('stand among what waits for a person by their due times, those without one in the list alone', async () => {
    const userId = [...world.ctx.mirrors.of(world.corpId).members.all()].at(-1)?.userId ?? ''
    const days = [9, 3, 7, 5, 4, 6]
    const dueAt = (day: number) => `2027-02-0${day}T00:00:00.000Z`
    const list = days.map(day => todo({ userId, title: `${day} 日`, dueAt: dueAt(day) }))
    await put(todo({ userId }), ...list)
    const person = await signIn(world, { userId })
    const { due, list: rows } = (await person.get('/web/portal/waiting')).body
    expect(rows).toMatchObject([{ title: '待办', count: 7 }])
    expect(due).toMatchObject(
      [3, 4, 5, 6, 7].map(day => ({ title: `${day} 日`, note: 'OA', dueAt: dueAt(day), to: 'todo' })),
    )
  })
})
