import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../harness.ts'
import { type Ledger, prepareLedger } from '../journeys/ledger.ts'
import { type ServerProcess, startProcess } from '../journeys/server-process.ts'
import { type PgBouncer, startPgBouncer } from '../pgbouncer.ts'
import { createDatabaseAt, databaseOf } from '../postgres.ts'
import { type Server, type Standbys, startStandbys } from '../standbys.ts'
import { until } from '../until.ts'

const afterPromotionMs = 3000
const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

/** Four servers of Debian's PostgreSQL, with a PgBouncer beside each; two nodes whose clocks differ, and their load. */
describe('failovers of PostgreSQL behind PgBouncer', () => {
  let cluster: Standbys
  let bouncers: PgBouncer[]
  let database: string
  let world: World
  let nodes: ServerProcess[]
  let ledger: Ledger
  beforeEach(async () => {
    cluster = await startStandbys('system', 4)
    bouncers = await Promise.all(cluster.servers.map(one => startPgBouncer(one.port)))
    database = databaseOf(await createDatabaseAt(cluster.first.adminUrl))
    const through = `postgres://wisp@${bouncers.map(one => `127.0.0.1:${one.port}`).join(',')}/${database}`
    world = await startWorld({
      members: 400,
      env: { WISP_DATABASE_URL: through, WISP_DATABASE_DIRECT_URL: cluster.url(database) },
    })
    world.clock.offsetMs = -5000
    nodes = [await startProcess(world.env)]
    ledger = await prepareLedger(world, [world.server.url, ...nodes.map(one => one.url)])
    ledger.begin()
    await until('enough before', () => ledger.firstAfter(0) && ledger.counts().message > 100, 60_000)
  }, 120_000)
  afterEach(async () => {
    await ledger?.stop()
    for (const node of nodes ?? []) await node.stop()
    await world?.close()
    for (const one of bouncers ?? []) await one.stop()
    await cluster?.stop()
  })

  async function failOver(what: string, since: number): Promise<Server> {
    const promoted = await cluster.failOver()
    const promotedAt = performance.now()
    const first = Object.values(
      await until('writes of all kinds', () => ledger.firstAfter(promotedAt), 60_000),
    )
    const after = Math.max(...first) - promotedAt
    console.log(
      `${what}: all kinds written ${Math.round(after)} ms after the promotion, ${Math.round(Math.max(...first) - since)} ms after the primary was gone`,
    )
    expect(after).toBeLessThan(afterPromotionMs)
    await until('more after', () => ledger.firstAfter(promotedAt + 3000), 60_000)
    return promoted
  }

  async function settle(server: Server) {
    await ledger.stop()
    const query = (text: string) => server.query(text, database)
    await ledger.settled(query)
    console.log(JSON.stringify(ledger.counts()))
    await ledger.check(query)
  }

  it('two in a row: the primary that was promoted is killed too, and both come back as they were', async () => {
    let since = performance.now()
    await cluster.first.kill()
    await pause(1500)
    const second = await failOver('killed', since)
    await cluster.first.start()
    since = performance.now()
    await second.kill()
    await pause(1500)
    const third = await failOver('killed again', since)
    await second.start()
    await pause(3000)
    // Both take writes, and nobody writes to them.
    for (const old of [cluster.first, second]) {
      const connected = `select application_name as name, state from pg_stat_activity
        where datname = current_database() and application_name ~ '^wisp [0-9]'`
      expect(await old.query(connected, database)).toEqual([])
    }
    await settle(third)
  })

  it('a primary that freezes: it takes no write when it thaws after the promotion', async () => {
    const since = performance.now()
    cluster.first.freeze()
    await pause(6000)
    const second = await failOver('frozen', since)
    cluster.first.thaw()
    await pause(3000)
    await settle(second)
  })

  it('commits whose wait was cancelled: what nobody knows is asked again, and done once', async () => {
    const [, ...standbys] = cluster.servers
    for (const one of standbys) one.freeze()
    const said = async () => (await fetch(`${world.server.url}/readyz`)).text()
    await until(
      'the warning',
      async () => (await said()).includes('what is written is not confirmed'),
      60_000,
    )
    const cancel = "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'"
    let cancelled = 0
    const end = performance.now() + 8000
    while (performance.now() < end) {
      cancelled += (await cluster.first.query(cancel)).length
      await pause(100)
    }
    for (const one of standbys) one.thaw()
    console.log(`${cancelled} waits cancelled`)
    expect(cancelled).toBeGreaterThan(20)
    const since = performance.now()
    await until('writes', () => ledger.firstAfter(since), 60_000)
    await settle(cluster.first)
  })
})
