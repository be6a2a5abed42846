import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { setCorp } from '../../../organisation/corps/corps.ts'
import { clockOf } from '../../../platform/moments.ts'
import { addApp } from '../../apps/apps.ts'
import { readFeed } from '../../events/event-store.ts'
import { setTodoAppSettings } from '../settings/settings.ts'

let world: World
let dev: Caller
let admin: SignedInClient
let zhangsan: SignedInClient
let lisi: SignedInClient
let open: string
let closed: string
let count = 0
const minute = 60_000

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 4 })
  dev = await world.addDeveloper({ scopes: ['todo:read', 'todo:write', 'webhook:manage'] })
  const app = async (name: string) =>
    (
      await addApp(world.ctx, 'test', world.corpId, {
        name,
        homeUrl: 'https://oa.example.com/',
        devId: dev.devId,
      })
    ).id
  ;[open, closed] = [await app('OA'), await app('财务')]
  await setTodoAppSettings(world.ctx, 'test', world.corpId, closed, { mayPassOn: false })
  admin = await signInAs(world, 'super', 'wangwu')
  zhangsan = await signIn(world, { userId: 'zhangsan' })
  lisi = await signIn(world, { userId: 'lisi' })
})
afterAll(() => world?.close())
beforeEach(async () => {
  world.clock.offsetMs = 0
  await sql`delete from todo`.execute(world.ctx.db)
  await sql`delete from todo_delegation`.execute(world.ctx.db)
})

const allow = (mayPassOn: boolean) => setTodoAppSettings(world.ctx, 'test', world.corpId, open, { mayPassOn })
const at = (minutes: number) => new Date(world.ctx.now() + minutes * minute).toISOString()
async function put(change: object = {}): Promise<string> {
  const todoNo = `D-${++count}`
  const row = {
    todoNo,
    userId: 'zhangsan',
    agentId: open,
    title: todoNo,
    url: 'https://oa.example.com/x',
    ...change,
  }
  expect((await dev.post('/api/todo/put', { list: [row] })).body.list).toMatchObject([{ code: '' }])
  return row.todoNo
}
const get = async (todoNo: string, agentId = open) =>
  (await dev.get('/api/todo/get', { agentId, todoNo })).body.list[0]
const holder = async (todoNo: string) => (await get(todoNo))?.holderUserId
const listOf = async (as: SignedInClient, view = 'todo') =>
  (await as.get('/web/todos', { view })).body.list.map((one: { title: string }) => one.title).sort()
const delegate = (body: object) =>
  admin.post('/web/console/todos/delegations/add', { from: 'zhangsan', to: 'lisi', endsAt: at(60), ...body })
const minutely = () => world.ctx.jobs.run('todo-holders')

describe('a delegation', () => {
  it('gives the delegate what is open and what comes, and back what is left at its end', async () => {
    await allow(true)
    const [first, kept, elsewhere] = [await put(), await put(), await put({ agentId: closed })]
    expect((await delegate({})).body).toMatchObject({ moved: 2 })
    const later = await put()
    expect(await listOf(lisi)).toEqual([first, kept, later].sort())
    expect(await listOf(zhangsan)).toEqual([elsewhere])
    expect((await zhangsan.get('/web/todos/tiles')).body.open).toEqual({ todo: 1, read: 0 })
    // The delegate opens and finishes it, its person does not any more, and its sender finds it as before.
    const { id } = (await lisi.get('/web/todos', { words: first })).body.list[0]
    expect((await zhangsan.post('/web/todos/open', { id, isPhone: '0' })).status).toBe(403)
    expect((await lisi.post('/web/todos/open', { id, isPhone: '0' })).body.url).toContain('jessionId=')
    expect(await get(first)).toMatchObject({ userId: 'zhangsan', holderUserId: 'lisi', state: 'open' })
    await put({ todoNo: first, title: first, content: 'changed' })
    const finish = { agentId: open, todoNo: first, userId: 'zhangsan' }
    expect((await dev.post('/api/todo/finish', finish)).body).toEqual({ ended: 1, total: 1 })
    expect(await listOf(lisi, 'ended')).toContain(first)
    world.clock.offsetMs = 61 * minute
    await minutely()
    expect(await holder(kept)).toBe('zhangsan')
    expect(await holder(later)).toBe('zhangsan')
    expect(await holder(first)).toBe('lisi')
    await until('its events', async () => {
      const feed = await readFeed(world.ctx.db, world.corpId, { since: 0 }, 5000)
      return feed.filter(one => one.type === 'todo.transferred').length === 5
    })
  })

  it('begins by the clock, leads on along a chain, and ends when somebody says so', async () => {
    await allow(true)
    const todoNo = await put()
    await delegate({ startsAt: at(10), endsAt: at(60) })
    await delegate({ from: 'lisi', to: 'wangwu', startsAt: at(20), endsAt: at(60) })
    await minutely()
    expect(await holder(todoNo)).toBe('zhangsan')
    world.clock.offsetMs = 11 * minute
    await minutely()
    expect(await holder(todoNo)).toBe('lisi')
    world.clock.offsetMs = 21 * minute
    await minutely()
    expect(await holder(todoNo)).toBe('wangwu')
    const { list } = (await zhangsan.get('/web/todos/delegations')).body
    expect(list).toMatchObject([{ to: { userId: 'lisi' }, state: 'current', isMine: true }])
    expect((await lisi.post('/web/todos/delegations/end', { id: list[0].id })).retCode).toBe('1000')
    expect((await zhangsan.post('/web/todos/delegations/end', { id: list[0].id })).body).toEqual({ moved: 1 })
    expect(await holder(todoNo)).toBe('zhangsan')
  })

  it('goes back when the app allows it no more', async () => {
    await allow(true)
    const todoNo = await put()
    await delegate({})
    await allow(false)
    await minutely()
    expect(await holder(todoNo)).toBe('zhangsan')
    expect((await delegate({ from: 'wangwu' })).retMessage).toContain('可委托与移交')
  })

  it('is refused where it makes no sense, with why', async () => {
    await allow(true)
    const refusal = async (body: object) => (await delegate(body)).retMessage
    expect(await refusal({ to: 'zhangsan' })).toContain('自己')
    expect(await refusal({ to: 'nobody' })).toContain('nobody')
    expect(await refusal({ endsAt: at(-1) })).toContain('endsAt')
    expect(await refusal({ endsAt: at(400 * 1440) })).toContain('366')
    await delegate({ startsAt: at(10), endsAt: at(60) })
    expect(await refusal({ to: 'wangwu', startsAt: at(50), endsAt: at(90) })).toContain('重叠')
    // On the clocks of the corp, whatever zone the process has.
    const startsAt = world.ctx.now() + 10 * minute
    const begins = (zone: string) => clockOf(startsAt, zone).slice(11, 15)
    const overlapping = { to: 'wangwu', startsAt: at(50), endsAt: at(90) }
    expect(await refusal(overlapping)).toContain(begins('Asia/Shanghai'))
    await setCorp(world.ctx, 'test', world.corpId, { timeZone: 'Asia/Kolkata' })
    expect(await refusal(overlapping)).toContain(begins('Asia/Kolkata'))
    await setCorp(world.ctx, 'test', world.corpId, { timeZone: 'Asia/Shanghai' })
    expect((await delegate({ to: 'wangwu', startsAt: at(60), endsAt: at(90) })).retCode).toBe('0')
    expect(await refusal({ from: 'lisi', to: 'zhangsan', startsAt: at(20), endsAt: at(90) })).toContain(
      '一圈',
    )
    expect((await delegate({ from: 'lisi', to: 'zhangsan', startsAt: at(60), endsAt: at(80) })).retCode).toBe(
      '0',
    )
    const mine = { to: 'zhangsan', endsAt: at(60) }
    expect((await zhangsan.post('/web/todos/delegations/add', mine)).retMessage).toContain('自己')
  })
})

describe('what somebody had who left', () => {
  beforeAll(async () => {
    await world.admin('user/create', {
      userid: 'leaver',
      name: '离人',
      department: [1],
      mobile: '13900000002',
    })
    await world.sync()
  })

  it('is shown by app and passed on, and its sender still finds it by them', async () => {
    await allow(true)
    const todoNo = await put({ userId: 'leaver' })
    const other = await put({ userId: 'leaver', agentId: closed })
    const passOn = (body: object) =>
      admin.post('/web/console/todos/pass-on', { from: 'leaver', to: 'lisi', appIds: [open], ...body })
    expect((await passOn({})).retMessage).toContain('还在职')
    await world.admin('user/delete', { userid: 'leaver' })
    await world.sync()
    const leavers = (await admin.get('/web/console/todos/leavers')).body.list
    expect(leavers).toMatchObject([{ userId: 'leaver', count: 2 }])
    expect(
      (await admin.get('/web/console/todos/leaver', { id: await idOf('leaver') })).body.apps,
    ).toMatchObject([{ appId: expect.any(String), count: 1, mayPassOn: expect.any(Boolean) }, { count: 1 }])
    expect((await passOn({ appIds: [closed] })).retMessage).toContain('不可移交')
    expect((await passOn({ to: 'leaver' })).retCode).toBe('1007')
    expect((await passOn({ to: 'nobody' })).retCode).toBe('1007')
    expect((await passOn({ appIds: [] })).retCode).toBe('1001')
    expect((await passOn({})).body).toEqual({ passedOn: 1 })
    expect((await passOn({})).retMessage).toContain('没有可移交')
    expect(await listOf(lisi)).toEqual([todoNo])
    expect(await get(todoNo)).toMatchObject({ userId: 'leaver', userName: '离人', holderUserId: 'lisi' })
    expect((await admin.get('/web/console/todos', { words: todoNo })).body.list).toMatchObject([
      { holder: { userId: 'lisi' }, meant: { userId: 'leaver', hasLeft: true } },
    ])
    expect((await admin.get('/web/console/todos', { person: 'leaver' })).body.list).toMatchObject([
      { todoNo: other, holder: { hasLeft: true } },
    ])
    // The successor's absence moves it on, and back.
    await delegate({ from: 'lisi', to: 'zhangsan' })
    expect(await holder(todoNo)).toBe('zhangsan')
    world.clock.offsetMs = 61 * minute
    await minutely()
    expect(await holder(todoNo)).toBe('lisi')
    const row = { todoNo, userId: 'leaver', agentId: open, title: 'x', url: 'https://oa.example.com/x' }
    const results = (await dev.post('/api/todo/put', { list: [row, { ...row, todoNo: 'new' }] })).body.list
    expect(results).toMatchObject([{ result: 'updated' }, { result: 'refused', code: '1007' }])
    const finish = { agentId: open, todoNo, userId: 'leaver' }
    expect((await dev.post('/api/todo/finish', finish)).body).toEqual({ ended: 1, total: 1 })
  })
})

describe('who comes back under their userid', () => {
  it('has again what is still open of theirs, but what was passed on', async () => {
    const comes = async () => {
      await world.admin('user/create', {
        userid: 'returner',
        name: '归人',
        department: [1],
        mobile: '13900007777',
      })
      await world.sync()
    }
    const leaves = async () => {
      await world.admin('user/delete', { userid: 'returner' })
      await world.sync()
    }
    // Nobody has set anything for this one.
    const { id: usual } = await addApp(world.ctx, 'test', world.corpId, {
      name: '门户',
      homeUrl: 'https://oa.example.com/',
      devId: dev.devId,
    })
    await comes()
    const [kept = '', passed = '', ended = ''] = await Promise.all(
      [closed, usual, closed].map(agentId => put({ userId: 'returner', agentId })),
    )
    await dev.post('/api/todo/finish', { agentId: closed, todoNo: ended, userId: 'returner' })
    await leaves()
    const handed = { from: 'returner', to: 'lisi', appIds: [usual] }
    expect((await admin.post('/web/console/todos/pass-on', handed)).body).toEqual({ passedOn: 1 })
    await comes()
    const heldBy = async (person: string) =>
      (await admin.get('/web/console/todos', { person, state: 'open' })).body.list
    expect(await heldBy('returner')).toMatchObject([
      { todoNo: kept, holder: { userId: 'returner', hasLeft: false }, meant: null },
    ])
    expect(await listOf(lisi)).toEqual([passed])
    expect((await admin.get('/web/console/todos/leavers')).body.list).toEqual([])
    // Its sender finds it by them, and puts no second one.
    const row = {
      todoNo: kept,
      userId: 'returner',
      agentId: closed,
      title: 'x',
      url: 'https://oa.example.com/x',
    }
    expect((await dev.post('/api/todo/put', { list: [row] })).body.list).toMatchObject([
      { result: 'updated' },
    ])
    await leaves()
    await comes()
    expect(await heldBy('returner')).toMatchObject([{ title: 'x', holder: { hasLeft: false } }])
    const finish = { agentId: closed, todoNo: kept, userId: 'returner' }
    expect((await dev.post('/api/todo/finish', finish)).body.ended).toBe(1)
    expect(await heldBy('returner')).toEqual([])
  })
})

describe('somebody else who gets the userid of who left', () => {
  it('inherits nothing; an administrator passes it on', async () => {
    const comes = async (name: string, mobile: string) => {
      await world.admin('user/create', { userid: 'zhangwei', name, department: [1], mobile })
      await world.sync()
    }
    await allow(true)
    await comes('张伟', '13900008881')
    const todoNo = await put({ userId: 'zhangwei' })
    await world.admin('user/delete', { userid: 'zhangwei' })
    await world.sync()
    await comes('张伟', '13900008882')
    const heldBy = async (person: string) =>
      (await admin.get('/web/console/todos', { person, state: 'open' })).body.list
    expect(await heldBy('zhangwei')).toEqual([])
    expect((await admin.get('/web/console/todos/leavers')).body.list).toMatchObject([
      { userId: 'zhangwei', count: 1 },
    ])
    const passOn = { from: 'zhangwei', to: 'lisi', appIds: [open] }
    expect((await admin.post('/web/console/todos/pass-on', passOn)).body).toEqual({ passedOn: 1 })
    expect(await heldBy('lisi')).toMatchObject([{ todoNo }])
    expect((await admin.post('/web/console/todos/pass-on', passOn)).retMessage).toContain('还在职')
    await dev.post('/api/todo/finish', { agentId: open, todoNo })
  })
})

/** Of the last leaver with this userid. */
async function idOf(userId: string): Promise<number> {
  const { list } = (await admin.get('/web/console/todos/leavers')).body
  return list.find((one: { userId: string }) => one.userId === userId).id
}

describe('the evident successor of a leaver', () => {
  const create = (userid: string, more: object = {}) =>
    world.admin('user/create', {
      userid,
      name: `${userid} 的名字`,
      department: [1],
      email: `${userid}@example.com`,
      ...more,
    })
  const drop = async (userid: string) => {
    await world.admin('user/delete', { userid })
    await world.sync()
  }
  const successor = async (userId: string) => {
    const { list } = (await admin.get('/web/console/todos/leavers')).body
    return list.find((one: { userId: string }) => one.userId === userId)?.successor
  }

  it('is their leader, else whom an administrator chose last', async () => {
    await allow(true)
    await create('led', { direct_leader: ['lisi'] })
    // Its department has no leader.
    await world.admin('department/create', { name: '新部门', parentid: 1, id: 900 })
    await create('alone', { department: [900] })
    await world.sync()
    const [led, other] = [await put({ userId: 'led' }), await put({ userId: 'led', agentId: closed })]
    await put({ userId: 'alone' })
    await drop('led')
    await drop('alone')
    const given = { userId: 'lisi', name: '李四', reason: 'leader', count: 1, appIds: [open] }
    expect(await successor('led')).toEqual(given)
    await admin.post('/web/console/todos/pass-on', { from: 'led', to: 'lisi', appIds: given.appIds })
    expect(await listOf(lisi)).toEqual([led])
    // Nothing of the other app may be passed on.
    expect(await successor('led')).toBeNull()
    expect(await successor('alone')).toMatchObject({ userId: 'lisi', reason: 'last', count: 1 })
    await dev.post('/api/todo/finish', { agentId: closed, todoNo: other })
  })

  it('is the member who has the userid now, to whom all is given back as it was', async () => {
    await allow(false)
    await create('maybe', { mobile: '13900009991' })
    await world.sync()
    const todoNo = await put({ userId: 'maybe' })
    await drop('maybe')
    await create('maybe', { mobile: '13900009992' })
    await world.sync()
    const given = { userId: 'maybe', name: 'maybe 的名字', reason: 'returned', count: 1, appIds: [open] }
    expect(await successor('maybe')).toEqual(given)
    const passOn = { from: 'maybe', to: 'maybe', appIds: [open] }
    expect((await admin.post('/web/console/todos/pass-on', passOn)).body).toEqual({ passedOn: 1 })
    const row = { todoNo, userId: 'maybe', agentId: open, title: 'x', url: 'https://oa.example.com/x' }
    expect((await dev.post('/api/todo/put', { list: [row] })).body.list).toMatchObject([
      { result: 'updated' },
    ])
    expect((await dev.post('/api/todo/finish', { agentId: open, todoNo })).body.ended).toBe(1)
  })

  it('is found for each of two leavers who had one userid', async () => {
    await allow(true)
    const titles = ['一', '二']
    for (const [at, title] of titles.entries()) {
      await create('twice', { name: `第${title}人`, mobile: `1390000777${at}`, direct_leader: ['lisi'] })
      await world.sync()
      await put({ userId: 'twice', title })
      await drop('twice')
    }
    const { list } = (await admin.get('/web/console/todos/leavers')).body
    const first = list.find((one: { name: string }) => one.name === '第一人')
    expect((await admin.get('/web/console/todos/leaver', { id: first.id })).body).toMatchObject({
      name: '第一人',
      apps: [{ count: 1 }],
    })
    const { appIds, userId: to } = first.successor
    const passOn = { from: 'twice', leaverId: first.id, to, appIds }
    expect((await admin.post('/web/console/todos/pass-on', passOn)).body).toEqual({ passedOn: 1 })
    expect((await admin.get('/web/console/todos', { person: 'lisi', state: 'open' })).body.list).toEqual(
      expect.arrayContaining([expect.objectContaining({ title: '一' })]),
    )
    const left = (await admin.get('/web/console/todos/leavers')).body.list
    expect(left.filter((one: { userId: string }) => one.userId === 'twice')).toMatchObject([
      { name: '第二人' },
    ])
  })

  it('needs no administrator where the number of the employee or a week tells who came back', async () => {
    const extattr = (value: string) => ({ extattr: { attrs: [{ type: 0, name: '工号', text: { value } }] } })
    const cases: [string, object, object, boolean][] = [
      ['numbered', { ...extattr('E1'), mobile: '13900009981' }, { ...extattr('E1'), name: '改名' }, true],
      ['recycled', extattr('E2'), extattr('E3'), false],
      ['shortly', {}, {}, true],
      ['renamed', {}, { name: '别人' }, false],
    ]
    for (const [userid, before] of cases) await create(userid, before)
    await world.sync()
    for (const [userid] of cases) await put({ userId: userid })
    for (const [userid] of cases) await world.admin('user/delete', { userid })
    await world.sync()
    for (const [userid, , after] of cases) await create(userid, after)
    await world.sync()
    for (const [userid, , , isBack] of cases)
      expect([userid, await successor(userid)], userid).toEqual([
        userid,
        isBack ? undefined : expect.objectContaining({ reason: 'returned' }),
      ])
  })
})
