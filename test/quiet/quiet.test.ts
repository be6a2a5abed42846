import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import { type Server, startServer } from '../../server/server.ts'
import { startWorld, type World } from '../harness.ts'
import { until } from '../until.ts'
import { insertCorps } from './generated-corps.ts'
import { makeAllDue, nowhere } from './measure.ts'

const corps = 200
const nodes = 2
const nightlyHours = 4

let world: World
let client: pg.Client
let second: Server
let env: Record<string, string>
beforeAll(async () => {
  world = await startWorld({ synced: false, env: { WISP_WECOM_URL: nowhere, WISP_OFFICIAL_URL: nowhere } })
  env = { ...world.env, WISP_NODE_NAME: 'second', WISP_NIGHTLY_HOURS: String(nightlyHours) }
  client = new pg.Client(env['WISP_DATABASE_DIRECT_URL'] ?? env['WISP_DATABASE_URL'])
  await client.connect()
  await insertCorps(world.ctx, client, { prefix: 'corp', corps, members: 2 })
  await world.ctx.reloadConfig()
  second = await startServer(readConfig(env), overrides(), { jobsByHand: true })
})
afterAll(async () => {
  await second?.close()
  await client.end()
  await world.close()
})

const query = vi.spyOn(pg.Client.prototype, 'query')
afterAll(() => query.mockRestore())

const overrides = () => ({ log: createLog('silent'), now: world.ctx.now })

/** How many statements this process sends in the meantime, those of heartbeats among them. */
async function statementsIn(work: () => Promise<unknown>): Promise<number> {
  query.mockClear()
  await work()
  return query.mock.calls.length
}
const wait = (ms: number) => () => new Promise(resolve => setTimeout(resolve, ms))

const nightly = async () =>
  (
    await sql<{ corpId: string; ms: number }>`
      select corp_id as "corpId", extract(epoch from due_at - ${new Date(world.ctx.now())}::timestamptz)::float8 * 1000 as ms
      from queue where stream = 'nightly' order by due_at`.execute(world.ctx.db)
  ).rows

it('looks for what is due in all corps at once, every minute and every five', async () => {
  for (const name of ['sms-receipts', 'todo-care', 'todo-holders', 'reconciliation', 'oidc-keys'])
    expect(await statementsIn(() => world.ctx.jobs.run(name)), name).toBeLessThan(20)
  expect(await statementsIn(() => world.ctx.jobs.run('alerts')), 'alerts').toBeLessThan(110)
})

it('does next to nothing at rest, and while WeCom is away and something is due in every corp', async () => {
  expect(await statementsIn(wait(3000)), 'at rest').toBeLessThan(6 * nodes * 3)
  await makeAllDue(client)
  expect(await statementsIn(wait(6000)), 'due in every corp').toBeLessThan(20 * nodes * 6)
  await until('the silence on both nodes', () =>
    [world.ctx, second.ctx].every(ctx => ctx.answering.silence('wecom') !== undefined),
  )
  // What had begun before is given back by then.
  expect(await statementsIn(wait(3000)), 'afterwards').toBeLessThan(12 * nodes * 3)
  world.clock.offsetMs += 130_000
  await world.ctx.jobs.run('alerts')
  const { rows } = await client.query('select corp_id, cause from alert where ended_at is null')
  expect(rows).toEqual([{ corp_id: null, cause: 'wecomUnreachable' }])
}, 60_000)

it('spreads the night by corp, and what is overdue when a node starts', async () => {
  expect(await statementsIn(() => world.ctx.jobs.run('nightly'))).toBeLessThan(12)
  const planned = await nightly()
  expect(planned).toHaveLength(corps)
  const span = (corps - 1) * 5000
  expect(planned.at(-1)?.ms).toBeLessThan(span)
  const firstMinute = planned.filter(one => one.ms < 60_000)
  expect(firstMinute.length).toBeLessThan(30)
  // Nodes were away for hours, and the night's work is still there.
  await sql`update queue set due_at = due_at - interval '6 hours' where stream = 'nightly'`.execute(
    world.ctx.db,
  )
  const third = await startServer(readConfig({ ...env, WISP_NODE_NAME: 'third' }), overrides())
  const again = await nightly()
  const left = new Set(again.map(one => one.corpId))
  // Those that the node took before it looked are few.
  expect(left.size).toBeGreaterThan(corps - 6)
  const placeOf = new Map(planned.map(({ corpId }, place) => [corpId, place]))
  const places = again.map(({ corpId }) => placeOf.get(corpId)!)
  expect(places.filter((place, n) => n > 0 && place < places[n - 1]!).length).toBeLessThan(6)
  expect(again.filter(one => one.ms < 60_000).length).toBeLessThan(30)
  await third.close()
})

it('tells the operator once what all corps have for one reason, and their own people nothing', async () => {
  await client.query(`delete from queue where stream = 'alerts'`)
  await client.query(
    `insert into upstream_credential (corp_id, owner, name, refused, refused_at)
      select corp_id, 'wecom:contact', 'access_token', case corp_id when 'corp1' then 40001 else 60020 end, now() from corp
      on conflict (corp_id, owner, name) do update set refused = excluded.refused`,
  )
  await world.ctx.jobs.run('alerts')
  const open = await client.query(
    `select corp_id is null as of_all, shared_at is null as is_own, count(*)::int as n from alert
      where cause = 'secretRefused' and ended_at is null group by 1, 2 order by 3`,
  )
  expect(open.rows).toEqual([
    { of_all: false, is_own: true, n: 1 },
    { of_all: true, is_own: true, n: 1 },
    { of_all: false, is_own: false, n: corps - 1 },
  ])
  const told = await client.query(
    `select corp_id from alert where cause = 'secretRefused' and tried_at is not null`,
  )
  expect(told.rows.filter(one => one.corp_id !== 'corp1')).toEqual([])
  const rowsOf = async (withInstallation: boolean) =>
    (await world.ctx.needsAttention({ corpId: 'corp9', withInstallation })).filter(
      one => one.kind === 'secretRefused',
    )
  const [seen, ...more] = await rowsOf(true)
  expect(more).toEqual([])
  expect(seen?.title).toMatchObject({ zh: expect.stringMatching(/^199 个企业：企业微信拒绝了/) })
  expect(seen?.what).toMatchObject({ zh: expect.stringContaining('60020') })
  expect((await rowsOf(false)).map(one => one.title)).toEqual([
    expect.objectContaining({ zh: '企业微信拒绝了通讯录同步 Secret' }),
  ])
  await client.query('update upstream_credential set refused = null')
  await world.ctx.jobs.run('alerts')
  const left = await client.query(`select from alert where cause = 'secretRefused' and ended_at is null`)
  expect(left.rowCount).toBe(0)
})
