import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { signIn } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { readConfig } from '../../../platform/config.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { type Server, startServer } from '../../../server.ts'
import { addApp } from '../../apps/apps.ts'
import { fresh, shownWecom } from '../../messages/messages.fixture.ts'
import { allDays } from '../../quiet-hours/quiet-hours.ts'
import { setQuietHours } from '../../quiet-hours/set-quiet-hours.ts'
import { addDelegation } from '../delegations/delegations.ts'
import { setTodoCards } from '../settings/card-settings.ts'
import { setTodoAppSettings } from '../settings/settings.ts'

let world: World
let second: Server
let dev: Caller
let appId: string
let agentId: number
let count = 100

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 4 })
  agentId = await world.connectAgent()
  dev = await world.addDeveloper({ scopes: ['todo:read', 'todo:write'] })
  const settings = { name: 'OA', homeUrl: 'https://oa.example.com/', devId: dev.devId, agentId }
  appId = (await addApp(world.ctx, 'test', world.corpId, settings)).id
  const now = () => Date.now() + world.clock.offsetMs
  second = await startServer(readConfig(world.env), { log: createLog('silent'), now }, { jobsByHand: true })
})
afterAll(async () => {
  await second?.close()
  await world?.close()
})
beforeEach(() => {
  world.clock.offsetMs = 0
})

type SeenCard = { card: Record<string, unknown>; replaced: string | null }
const row = (change: object = {}) => ({
  todoNo: `C-${++count}`,
  userId: 'zhangsan',
  agentId: appId,
  title: `请假审批 ${count}`,
  url: 'https://oa.example.com/approve',
  sender: '李四',
  process: '请假',
  notify: true,
  ...change,
})
async function put(change: object = {}) {
  const one = row(change)
  const answer = await dev.post('/api/todo/put', { list: [one] })
  expect(answer).toMatchObject({ body: { list: [{ code: '' }] } })
  return one
}
const finish = (todoNo: string, how: 'finish' | 'withdraw' = 'finish') =>
  dev.post(`/api/todo/${how}`, { agentId: appId, todoNo })
const stateOf = async (todoNo: string) =>
  (await dev.get('/api/todo/get', { agentId: appId, todoNo })).body.list.map(
    (one: { state: string }) => one.state,
  )

/** Nothing is to be sent or changed any more, on both nodes. */
const settled = () =>
  until('all cards', async () => {
    const { rows } = await sql<{ n: number }>`
      select (select count(*) from todo_card where due_at <= ${new Date(world.ctx.now())})::int
        + (select count(*) from message_part where state in ('waiting', 'sending'))::int as n`.execute(
      world.ctx.db,
    )
    return rows[0]?.n === 0
  })

/** What the sandbox got of a to-do, in order. */
async function sent(title: string) {
  await settled()
  const all = await shownWecom(world)
  return all.filter(one => !one.deduplicated && JSON.stringify(one.content).includes(title))
}
async function seenBy(title: string, userid: string): Promise<SeenCard> {
  const own = (await sent(title)).findLast(one => one.to.includes(userid))
  return (await world.control(
    `cards?msgId=${encodeURIComponent(own?.msgId ?? '')}&userid=${userid}`,
  )) as never
}
async function press(title: string, userid: string, key: string, more: object = {}) {
  const own = (await sent(title)).findLast(one => one.to.includes(userid))
  const pressed = await world.control('cards/press', { msgId: own?.msgId, userid, key, ...more })
  if (pressed['error']) throw new Error(String(pressed['error']))
  await settled()
}

describe('the card of a to-do', () => {
  it('goes to its person alone, leads to it through wisp, and says 已完成 when its app has finished it', async () => {
    const { todoNo, title } = await put({ priority: '2', dueAt: '2031-01-10T00:00:00+08:00', step: '部门' })
    const [card, ...more] = await sent(title)
    expect(more).toEqual([])
    expect(card).toMatchObject({ to: ['zhangsan'], agentId })
    expect(card?.content).toMatchObject({
      card_type: 'text_notice',
      source: { desc: 'OA' },
      main_title: { title, desc: '请假 · 部门' },
      card_action: { type: 1, url: expect.stringMatching(/\/mobile\?todo=\d+$/) },
      horizontal_content_list: [
        { keyname: '发起人', value: '李四' },
        { keyname: '截止', value: expect.stringContaining('1 月 10 日') },
        { keyname: '优先级', value: '紧急' },
      ],
    })
    await finish(todoNo)
    expect((await seenBy(title, 'zhangsan')).card).toMatchObject({ emphasis_content: { title: '已完成' } })
    expect(await sent(title)).toHaveLength(1)
  })

  it('is not sent without notify, nor for what is done already, and once for what comes twice', async () => {
    const quiet = await put({ notify: false })
    const done = await put({ state: 'done' })
    const twice = row()
    await Promise.all([1, 2, 3].map(() => dev.post('/api/todo/put', { list: [twice] })))
    const lengths: number[] = []
    for (const { title } of [quiet, done, twice]) lengths.push((await sent(title)).length)
    expect(lengths).toEqual([0, 0, 1])
  })

  it('is sent again when the to-do is opened again', async () => {
    const one = await put()
    await sent(one.title)
    await finish(one.todoNo, 'withdraw')
    expect((await seenBy(one.title, 'zhangsan')).card).toMatchObject({
      emphasis_content: { title: '已撤回' },
    })
    await dev.post('/api/todo/put', { list: [one] })
    expect(await sent(one.title)).toHaveLength(2)
    expect((await seenBy(one.title, 'zhangsan')).card['emphasis_content']).toBeUndefined()
  })

  it('finishes what its person may finish, once, however often the press comes', async () => {
    const { todoNo, title } = await put({ finishBy: 'person' })
    expect((await sent(title))[0]?.content['button_list']).toMatchObject([
      { text: '查看', type: 1 },
      { text: '完成' },
    ])
    await world.control('faults', { match: 'callback/agent', mode: 'duplicateCallback', times: 1 })
    await press(title, 'zhangsan', 'finish')
    expect(await stateOf(todoNo)).toEqual(['done'])
    expect((await seenBy(title, 'zhangsan')).card).toMatchObject({ emphasis_content: { title: '已完成' } })
    const feed = await sql<{ n: number }>`
      select count(*)::int as n from event_outbox where type = 'todo.done' and data->>'todoId' =
        (select id::text from todo where todo_no = ${todoNo})`.execute(world.ctx.db)
    expect(feed.rows[0]?.n).toBeLessThanOrEqual(1)
  })

  it('says what is true when the corner menu is pressed, and finishes nothing by it', async () => {
    const { todoNo, title } = await put()
    await sent(title)
    await press(title, 'zhangsan', 'refresh', { menu: true })
    expect(await stateOf(todoNo)).toEqual(['open'])
    expect((await seenBy(title, 'zhangsan')).card).toMatchObject({ card_type: 'text_notice' })
    await finish(todoNo)
    await settled()
    expect((await seenBy(title, 'zhangsan')).card).toMatchObject({ emphasis_content: { title: '已完成' } })
  })

  it('tells the truth by its link when no code is left', async () => {
    const { todoNo, title } = await put()
    await sent(title)
    world.clock.offsetMs = 80 * 3_600_000
    await fresh(world, dev).post('/api/todo/finish', { agentId: appId, todoNo })
    await settled()
    expect((await seenBy(title, 'zhangsan')).card['emphasis_content']).toBeUndefined()
    const { rows } = await sql<{ id: number }>`select id from todo where todo_no = ${todoNo}`.execute(
      world.ctx.db,
    )
    const opened = await (await signIn(world, { userId: 'zhangsan' })).post('/web/todos/open', {
      id: rows[0]?.id,
      isPhone: '1',
    })
    expect([opened.status, opened.body.state]).toEqual([200, 'done'])
    const other = await (await signIn(world, { userId: 'lisi' })).post('/web/todos/open', {
      id: rows[0]?.id,
      isPhone: '1',
    })
    expect([other.status, other.retMessage]).toEqual([403, expect.stringContaining('不是您的待办')])
  })

  it('goes to whoever has it by delegation, and tells the first that it is not theirs any more', async () => {
    await setTodoAppSettings(world.ctx, 'test', world.corpId, appId, { mayPassOn: true })
    const { title } = await put({ finishBy: 'person' })
    await sent(title)
    const now = world.ctx.now()
    const period = { startsAt: new Date(now - 60_000), endsAt: new Date(now + 86_400_000) }
    await addDelegation(world.ctx, 'test', world.corpId, { from: 'zhangsan', to: 'lisi', ...period })
    await settled()
    expect((await seenBy(title, 'zhangsan')).card).toMatchObject({
      emphasis_content: { title: '已由他人处理' },
    })
    expect((await seenBy(title, 'lisi')).card['button_list']).toHaveLength(2)
    await press(title, 'lisi', 'finish')
    expect((await seenBy(title, 'lisi')).card).toMatchObject({ emphasis_content: { title: '已完成' } })
    await sql`delete from todo_delegation`.execute(world.ctx.db)
  })

  it('waits for the end of quiet hours, and is a plain one where people read in WeChat', async () => {
    const { ctx, corpId } = world
    const hour = new Date(ctx.now()).getUTCHours() * 60
    await setQuietHours(ctx, 'test', corpId, {
      days: allDays,
      from: hour,
      to: (hour + 120) % 1440,
      timeZone: 'UTC',
    })
    const { title } = await put()
    await until('the card waits', async () => {
      const { rows } = await sql`select 1 from todo_card where due_at > ${new Date(ctx.now())}`.execute(
        ctx.db,
      )
      return rows.length === 1
    })
    expect(await sent(title)).toHaveLength(0)
    await setQuietHours(ctx, 'test', corpId, null)
    await setTodoCards(ctx, 'test', corpId, { inWechat: true })
    world.clock.offsetMs = 3 * 3_600_000
    await sql`update queue set due_at = now() where stream = 'todo-cards'`.execute(ctx.db)
    ctx.queue.kick(corpId)
    await until('the card', async () => (await sent(title)).length === 1)
    expect((await sent(title))[0]).toMatchObject({ msgtype: 'textcard' })
    await setTodoCards(ctx, 'test', corpId, { inWechat: false })
  })

  it('that fails keeps no other waiting, and is looked at again later', async () => {
    const { ctx } = world
    const broken = await put()
    const other = await put({ userId: 'lisi' })
    await sent(other.title)
    // No time that a card could name.
    await sql`update todo set due_at = 'infinity' where todo_no = ${broken.todoNo}`.execute(ctx.db)
    await Promise.all([finish(broken.todoNo), finish(other.todoNo)])
    await until('the other card', async () => 'emphasis_content' in (await seenBy(other.title, 'lisi')).card)
    const { rows } = await sql<{ later: boolean; shows: string }>`
      select c.due_at > ${new Date(ctx.now() + 30_000)} as later, c.shows from todo_card c join todo t on t.id = c.todo_id
      where t.todo_no = ${broken.todoNo}`.execute(ctx.db)
    expect(rows).toEqual([{ later: true, shows: 'open' }])
  })
})
