import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../harness.ts'
import { eventually, type ServerProcess, startProcess } from '../journeys/server-process.ts'
import { createDatabaseAt, databaseOf, type Postgres, startPostgres } from '../postgres.ts'
import { type SilentProxy, startSilentProxy } from '../silent-proxy.ts'
import { until } from '../until.ts'

/** Longer than a node may be silent before others take it for dead. */
const frozenMs = 18_000

/** One node runs in this process; the other is the real program, with a network of its own to PostgreSQL. */
describe('what is no commit that waits for its standbys', () => {
  let postgres: Postgres
  let proxy: SilentProxy
  let world: World
  let other: ServerProcess
  let admin: pg.Client
  beforeAll(async () => {
    postgres = await startPostgres({ durable: false, binaries: 'embedded' })
    const url = await createDatabaseAt(postgres.adminUrl)
    admin = new pg.Client(postgres.adminUrl)
    await admin.connect()
    await admin.query(`alter database ${databaseOf(url)} set synchronous_commit = on`)
    world = await startWorld({ env: { WISP_DATABASE_URL: url } })
    await world.connectCallback()
    proxy = await startSilentProxy(url)
    other = await startProcess({ ...world.env, WISP_DATABASE_URL: proxy.url })
  })
  afterAll(async () => {
    await other.kill()
    await world.close()
    await proxy.close()
    await admin.end()
    await postgres.stop()
  })

  const unconfirmed = async (url: string) =>
    Number(/^wisp_database_unconfirmed (\d)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1])
  /** Looks for so long, and returns what it saw. */
  async function seen(url: string, ms: number): Promise<Set<number>> {
    const all = new Set<number>()
    const end = performance.now() + ms
    const look = async () => {
      all.add(await unconfirmed(url))
      return performance.now() > end
    }
    await until('the end of a time', look, ms + 30_000, 500)
    return all
  }
  const checks = async () =>
    (await world.ctx.db.selectFrom('sync_run').select('id').where('requested_by', '=', 'outage').execute())
      .length

  it('is not told of a network that is silent, which has the address books checked', async () => {
    const before = await checks()
    proxy.goSilent({ newOnesToo: true })
    expect([...(await seen(other.url, frozenMs))]).toEqual([0])
    proxy.recover()
    expect([...(await seen(other.url, 8000))]).toEqual([0])
    await eventually('a check', async () => (await checks()) > before, 30_000)
  })

  it('is not told of a node that stood still, for which others have the address books checked', async () => {
    await eventually('no check under way', async () => !(await openChecks()))
    const before = await checks()
    process.kill(other.pid, 'SIGSTOP')
    const end = performance.now() + frozenMs
    await until('its rest', () => performance.now() > end, 2 * frozenMs)
    process.kill(other.pid, 'SIGCONT')
    expect([...(await seen(other.url, 8000))]).toEqual([0])
    await eventually('a check', async () => (await checks()) > before, 30_000)
  })

  it('is told of commits that wait, while reads are answered, and no longer when they go on', async () => {
    const set = async (names: string) => {
      await admin.query(`alter system set synchronous_standby_names = '${names}'`)
      await admin.query('select pg_reload_conf()')
    }
    const read = async () => (await world.dev.get('/api/user/get', { userId: 'zhangsan' })).retCode
    expect(await read()).toBe('0')
    await set('nobody')
    try {
      // As many as a pool has connections, so that nobody gets one any more.
      const writes = Array.from({ length: 40 }, (_, n) =>
        world.addDeveloper({ name: `等待 ${n}` }).catch(() => undefined),
      )
      await until('the node to say so', async () => (await unconfirmed(world.server.url)) === 1, 60_000, 500)
      expect(await read()).toBe('0')
      await set('')
      await until(
        'the node to be content',
        async () => (await unconfirmed(world.server.url)) === 0,
        30_000,
        500,
      )
      await Promise.all(writes)
    } finally {
      await set('')
    }
  })

  const openChecks = async () =>
    (
      await world.ctx.db
        .selectFrom('sync_run')
        .select('id')
        .where('state', 'in', ['waiting', 'running'])
        .execute()
    ).length > 0
})
