import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  pushTo as pushToAgent,
  pushXml,
  textFields,
} from '../../server/features/agents/pushes/push.fixture.ts'
import { begins } from '../../server/features/alerts/open-alerts.fixture.ts'
import { callbackSettings } from '../../server/organisation/corps/corps.ts'
import { callerOf, startWorld, type World } from '../harness.ts'
import { createDatabaseAt, type Postgres, startPostgres } from '../postgres.ts'
import { eventually, type ServerProcess, startProcess } from './server-process.ts'

/** One node runs in this process; the other is the real program. WeCom soon gives up what is refused. */
describe('what WeCom pushes in vain', () => {
  let postgres: Postgres
  let world: World
  let other: ServerProcess | undefined
  let agentId: number
  beforeAll(async () => {
    postgres = await startPostgres({ durable: false, binaries: 'embedded' })
    world = await startWorld({ env: { WISP_DATABASE_URL: await createDatabaseAt(postgres.adminUrl) } })
    await world.connectCallback()
    agentId = await world.connectAgent()
    const settings = callbackSettings(world.ctx, world.ctx.corps.get(world.corpId))
    await world.control('callback', { ...settings, retryDelaysMs: [50, 100] })
    await world.settle()
    other = await startProcess(world.env)
  })
  afterAll(async () => {
    await other?.stop()
    await world.close()
    await postgres.stop()
  })

  const givenUp = () =>
    eventually('WeCom to give up', async () => (await world.control('callback'))['pending'] === 0)
  const aliasAt = async (url: string) =>
    (await callerOf(url, world.dev).get('/api/user/get', { userId: 'zhangsan' })).body?.alias
  const has = (url: string, alias: string) =>
    eventually(`${alias} at ${url}`, async () => (await aliasAt(url)) === alias, 30_000, 100)
  const change = (alias: string) => world.admin('user/update', { userid: 'zhangsan', alias })
  const stored = async () =>
    (await world.ctx.db.selectFrom('inbox_event').select('id').where('stream', '=', 'directory').execute())
      .length
  const lastCheck = () =>
    world.ctx.db
      .selectFrom('sync_run')
      .select(['state', 'counts'])
      .where('requested_by', '=', 'outage')
      .orderBy('id', 'desc')
      .executeTakeFirst()

  it('while PostgreSQL is away is there soon after it is back, on both nodes, and what is lost is told', {
    timeout: 60_000,
  }, async () => {
    const before = await stored()
    await postgres.halt()
    await change('停机时改的')
    const message = pushXml(world, agentId, textFields('停机时发的'))
    expect((await pushToAgent(world, agentId, message)).status).toBe(503)
    await givenUp()
    await postgres.resume()
    const since = performance.now()
    await has(world.server.url, '停机时改的')
    await has(other!.url, '停机时改的')
    console.log(`mended ${Math.round(performance.now() - since)} ms after PostgreSQL was back`)
    // Nothing of it came by a repetition.
    expect(await stored()).toBe(before)
    await eventually('the end of the check', async () => (await lastCheck())?.state === 'done')
    expect(await lastCheck()).toMatchObject({ counts: { member: { put: 1 } } })
    await begins(world.ctx, 'agentPushesMissed')
    const figures = await Promise.all(
      [world.server.url, other!.url].map(async url => (await fetch(`${url}/metrics`)).text()),
    )
    const mended = figures.map(text => Number(/^wisp_missed_changes_total (\d+)$/m.exec(text)?.[1] ?? 0))
    expect(mended[0]! + mended[1]!).toBe(1)
  })

  it('while no node is there is mended by the first one that comes', { timeout: 60_000 }, async () => {
    await other!.stop()
    await world.server.close()
    await change('无人时改的')
    await givenUp()
    other = await startProcess(world.env)
    await has(other.url, '无人时改的')
    const log = () => other!.log.join('')
    expect(log()).toContain('the address books are checked')
    const line = /"changes":1,"msg":"the address book has the changes that were missed"/
    await eventually('the line in the log', async () => line.test(log()))
  })
})
