import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callerOf, startWorld, type World } from '../../../../test/harness.ts'
import { signIn } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { addApp } from '../../../features/apps/apps.ts'
import { requestSync } from '../../../organisation/sync/request.ts'
import { type Server, startServer } from '../../../server.ts'
import { clockWrong } from '../../clock-cause.ts'
import { readConfig } from '../../config.ts'
import { createLog } from '../../operation/log.ts'
import { claim, enqueue, renew, taskState } from '../../queue/queue-store.ts'

/** Two nodes of which one is five seconds ahead of the other. */
const aheadMs = 5000

let world: World
let ahead: Server
let both: readonly Pick<World, 'ctx' | 'server' | 'corpId'>[]
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, env: { WISP_NODE_NAME: 'node1' } })
  const env = { ...world.env, WISP_NODE_NAME: 'node2' }
  const now = () => Date.now() + aheadMs
  ahead = await startServer(readConfig(env), { log: createLog('silent'), now }, { jobsByHand: true })
  both = [world, { ctx: ahead.ctx, server: ahead, corpId: world.corpId }]
})
afterAll(async () => {
  await ahead?.close()
  await world?.close()
})
const ways = () => both.map((from, n) => ({ from, to: both[1 - n]! }))

it('both are alive to both', async () => {
  for (const { from } of ways()) await until('both', () => from.ctx.homes.names().join(' ') === 'node1 node2')
})

it('tokens, sessions and tickets of either are good at the other', async () => {
  const developer = await world.addDeveloper({ scopes: ['directory:read', 'ticket:issue'] })
  const app = await addApp(world.ctx, 'test', world.corpId, { name: '应用', devId: developer.devId })
  for (const { from, to } of ways()) {
    const here = callerOf(from.server.url, developer)
    await until('the developer is known', async () => (await here.get('/api/developer/self')).retCode === '0')
    const far = callerOf(to.server.url, developer)
    const query = new URLSearchParams({ devToken: await here.token(), userId: 'zhangsan' })
    const answer = await fetch(`${to.server.url}/api/user/get?${query}`)
    expect(await answer.json()).toMatchObject({ retCode: '0' })
    const session = await signIn(from, { userId: 'zhangsan' })
    const elsewhere = () =>
      fetch(`${to.server.url}/web/portal/workbench`, { headers: { cookie: session.cookie } })
    expect((await elsewhere()).status).toBe(200)
    await from.ctx.sessions.end(session.sessionId)
    await until('the end of the session', async () => (await elsewhere()).status === 401, 2000)
    const issued = await here.post('/api/ticket/issue', { userId: 'zhangsan', appId: app.id })
    const person = await far.get('/api/user/getInfo', { jessionId: issued.body.jessionId })
    expect(person.body).toMatchObject({ userId: 'zhangsan' })
  }
})

it('what either has to do is done soon, and once', async () => {
  for (const { from } of ways()) {
    const id = await requestSync(from.ctx, 'test', world.corpId, 'reconcile')
    const find = () =>
      world.ctx.db.selectFrom('sync_run').select('state').where('id', '=', id).executeTakeFirst()
    await until('the run', async () => (await find())?.state === 'done', 4000)
  }
})

it('a lease is kept by the clock of the database alone', async () => {
  const { ctx } = world
  for (const one of both) await one.ctx.queue.stop()
  await enqueue(ctx.db, [{ corpId: world.corpId, stream: 'nightly' }], new Date(ctx.now()))
  const take = (by: (typeof both)[number], lateMs = 0) =>
    claim(
      ctx.db,
      'nightly',
      { id: by.ctx.nodeId, newId: by.ctx.newId, homes: by.ctx.homes, held: [] },
      new Date(by.ctx.now() + lateMs),
      1,
    )
  const [behind, fast] = both
  const [taken] = await take(behind!, 1000)
  expect(taken?.lease.corpId).toBe(world.corpId)
  expect(await take(fast!, 60_000)).toEqual([])
  expect([...(await renew(ctx.db, [taken!.lease]))]).toEqual([taken!.lease.id])
})

describe('a node whose machine is ten minutes ahead', () => {
  const wrongMs = 600_000
  let wrong: Server
  const lines: string[] = []
  beforeAll(async () => {
    const collect = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
    const env = { ...world.env, WISP_NODE_NAME: 'node3' }
    const wall = () => Date.now() + wrongMs
    wrong = await startServer(
      readConfig(env),
      { log: createLog('info', collect), wall },
      { jobsByHand: true },
    )
  })
  afterAll(() => wrong?.close())

  it('writes the time of the database, and says once that its own is wrong', async () => {
    expect(Math.abs(wrong.ctx.now() - Date.now())).toBeLessThan(1000)
    const told = () => lines.filter(line => line.includes('600 s ahead of that of the database'))
    const metrics = await (await fetch(`${wrong.url}/metrics`)).text()
    expect(metrics).toMatch(/^wisp_clock_ahead_seconds (600|599\.9\d*)$/m)
    const { warnings } = (await (await fetch(`${wrong.url}/readyz`)).json()) as { warnings: string[] }
    expect(warnings.join()).toContain('600 s ahead of that of the database')
    expect(told()).toHaveLength(1)
    const { found } = await clockWrong.find(world.ctx)
    expect(found).toEqual([
      {
        corpId: null,
        subject: 'node3',
        detail: { place: 'node3', off: { zh: '10 分钟', en: '10 minutes' }, isAhead: true },
      },
    ])
  })

  it('leaves what is due to others, and works alone when there are none', async () => {
    expect(wrong.ctx.leavesDue()).toBe(true)
    const task = { corpId: world.corpId, stream: 'directory-missed', key: '' } as const
    // The others have stopped working in the test before this one; they only say that they are there.
    await enqueue(wrong.ctx.db, [task], new Date(wrong.ctx.now()))
    const before = await taskState(world.ctx.db, task)
    wrong.ctx.queue.kick()
    const end = performance.now() + 1000
    await until('a second', async () => {
      expect(await taskState(world.ctx.db, task)).toEqual(before)
      return performance.now() > end
    })
    await ahead.close()
    await world.ctx.database.presence?.end()
    await until('it knows that it is alone', () => !wrong.ctx.leavesDue(), 15_000)
    wrong.ctx.queue.kick()
    const isTaken = async () => String((await taskState(world.ctx.db, task))?.dueAt) !== String(before?.dueAt)
    await until('its own turn', isTaken, 10_000)
  })
})
