import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Server, type Standbys, startStandbys } from '../../../../test/standbys.ts'
import { until } from '../../../../test/until.ts'
import { addressesOf, addressProblem } from '../../database-addresses.ts'
import { standbysWanted } from '../nodes/node-store.ts'
import { Pool } from '../pool.ts'
import { createPrimary, type PrimaryTracker } from './server-identity.ts'
import { clientTelling } from './telling-client.ts'
import { createWay, type DatabaseWay } from './way.ts'

describe('an address of several hosts', () => {
  it.each([
    ['postgres://u:p@a:5432/db', ['postgres://u:p@a:5432/db']],
    ['postgresql://u:p%40@a:1,b:2,[::1]:3/db?ssl=true', [':1', ':2', ':3']],
    ['postgres:///db?host=/run/postgresql', ['postgres:///db?host=/run/postgresql']],
  ])('%s', (url, found) => {
    const addresses = addressesOf(url)
    expect(addresses).toHaveLength(found.length)
    for (const [n, part] of found.entries()) expect(addresses[n]).toContain(part)
    expect(addressProblem(url)).toBeUndefined()
  })

  it.each([
    ['postgres://u@a,b:x/db', 'is no address'],
    ['postgres://u@a,,b/db', 'has an empty host'],
    ['postgres://u@a,b,a/db', 'names a host twice'],
    ['postgres://u@/db?host=a,b', 'several hosts in its query'],
    ['postgres://u:p/q@a,b/db', 'is no address'],
  ])('%s is refused: it %s', (url, why) => expect(addressProblem(url)?.en).toContain(why))
})

describe('a way to servers of which one takes writes', () => {
  let cluster: Standbys
  let primary: PrimaryTracker
  let way: DatabaseWay
  let pools: Pool[]
  beforeEach(async () => {
    cluster = await startStandbys('embedded')
    primary = createPrimary()
    way = createWay(cluster.url(), primary)
    pools = []
  })
  afterEach(async () => {
    for (const pool of pools) pool.cut()
    await cluster.stop()
  })

  const open = (to: DatabaseWay) => {
    const onReadOnly = () => {
      to.doubt()
      pool.cut()
    }
    const pool = new Pool(to, {
      Client: clientTelling({ onError: () => {}, onReadOnly, keepsPlans: true }),
      max: 2,
    })
    pool.on('error', () => undefined)
    pools.push(pool)
    return { pool, db: new Kysely<never>({ dialect: new PostgresDialect({ pool }) }) }
  }
  const portOf = (url: string) => Number(new URL(url).port)
  const asks = async (to: DatabaseWay) => {
    const client = new pg.Client(to.address())
    await client.connect()
    return to.check(client).finally(() => client.end())
  }
  const failed = (work: Promise<unknown>) =>
    work.then(
      () => 'nothing',
      (error: Error) => `${error.name}: ${error.message}`,
    )
  const others = (...some: Server[]) => cluster.servers.filter(one => !some.includes(one))
  const urlOf = (...some: Server[]) => some.map(one => one.adminUrl)
  const joined = (...some: Server[]) =>
    `postgres://wisp@${some.map(one => `127.0.0.1:${one.port}`).join(',')}/postgres`

  it('finds it wherever it stands, follows a promotion, and goes back to no server of before it', async () => {
    const { first } = cluster
    const reversed = createWay(joined(...cluster.servers.toReversed()), createPrimary())
    await Promise.all([way.find(), reversed.find()])
    expect([way.address(), reversed.address()].map(portOf)).toEqual([first.port, first.port])
    const { db } = open(way)
    await sql`create table written (n int)`.execute(db)
    await first.kill()
    expect(await failed(sql`insert into written values (1)`.execute(db))).toMatch(/^DatabaseAway/)
    way.doubt()
    await until('nobody', async () => (await failed(way.find())).includes('none of its hosts takes writes'))
    const started = performance.now()
    const second = await cluster.failOver()
    await until(
      'a write',
      async () => (await failed(sql`insert into written values (2)`.execute(db))) === 'nothing',
    )
    console.log(`first write ${Math.round(performance.now() - started)} ms after the promotion`)
    expect(portOf(way.address())).toBe(second.port)
    // The machine of the old one comes back, and takes writes as it did.
    await first.start()
    way.doubt()
    await way.find()
    expect(portOf(way.address())).toBe(second.port)
    const fresh = createWay(cluster.url(), createPrimary())
    await fresh.find()
    expect(portOf(fresh.address())).toBe(second.port)
    // Even when it is the only one that takes writes.
    await second.kill()
    way.doubt()
    await until('the refusal', async () =>
      (await failed(way.find())).includes('primary of before the last promotion'),
    )
    const alone = createWay(urlOf(first)[0]!, primary)
    expect(await failed(asks(alone))).toContain('must not be written to')
    expect(await failed(sql`insert into written values (3)`.execute(open(alone).db))).toMatch(
      /^DatabaseAway.*must not be written to/,
    )
  })

  it('chooses between two that were promoted at once only where it knows one of them', async () => {
    const { first } = cluster
    await way.find()
    await first.kill()
    const [one, two] = others(first) as [Server, Server]
    await one.promote()
    way.doubt()
    await way.find()
    await asks(way)
    expect(portOf(way.address())).toBe(one.port)
    await two.promote()
    way.doubt()
    await way.find()
    expect(portOf(way.address())).toBe(one.port)
    const fresh = createWay(cluster.url(), createPrimary())
    expect(await failed(fresh.find())).toMatch(/all take writes \(timeline 2\): stop all but one/)
    await two.kill()
    fresh.doubt()
    await until('the only one left', async () => (await failed(fresh.find())) === 'nothing')
    // A name more for the same server is no second one.
    const twice = createWay(
      `postgres://wisp@127.0.0.1:${one.port},localhost:${one.port}/postgres`,
      createPrimary(),
    )
    await twice.find()
  })

  it('lends no connection to a standby, and none that became one', async () => {
    const { first } = cluster
    const [standby] = others(first) as [Server]
    const { db } = open(createWay(standby.adminUrl, createPrimary()))
    expect(await failed(sql`select 1`.execute(db))).toMatch(/DatabaseAway: .*: it is a standby/)
    const { db: writing } = open(way)
    await sql`select 1`.execute(writing)
    // As through a pooler that was led elsewhere, where the connection stays.
    await first.query('alter system set default_transaction_read_only = on')
    await first.query('select pg_reload_conf()')
    const refused = await until('25006', async () => {
      const said = await failed(sql`create table refused (n int)`.execute(writing))
      return said !== 'nothing' && said
    })
    expect(refused).toMatch(/DatabaseAway: .*read-only/)
    await first.query('alter system reset default_transaction_read_only')
    await first.query('select pg_reload_conf()')
    await until(
      'writes',
      async () => (await failed(sql`create table taken (n int)`.execute(writing))) === 'nothing',
    )
  })

  it('knows how many standbys the primary is set up for', async () => {
    const { first } = cluster
    const { db } = open(way)
    const names = async (text: string) => {
      await first.query(`alter system set synchronous_standby_names = '${text}'`)
      await first.query('select pg_reload_conf()')
    }
    const wanted = (count: number) =>
      until(`${count}`, async () => (await standbysWanted(db as never)) === count)
    for (const [text, count] of [
      ['ANY 1 (db2, "db 3")', 2],
      ['FIRST 1 (db2,db3,db4)', 3],
      ['db2', 1],
      ['ANY 1 (*)', 0],
      ['', 0],
    ] as const) {
      await names(text)
      await wanted(count)
    }
    await first.query("select pg_create_physical_replication_slot('of_db2')")
    await wanted(1)
    await first.query("select pg_drop_replication_slot('of_db2')")
    await wanted(0)
    await first.query('alter system reset synchronous_standby_names')
    await first.query('select pg_reload_conf()')
    await wanted(3)
  })

  it('says of a commit that did not wait for its standby that nobody knows', async () => {
    const { first } = cluster
    const { db } = open(way)
    await sql`create table written (n int)`.execute(db)
    await Promise.all(others(first).map(one => one.kill()))
    const cancel = () =>
      first.query("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'")
    const ends = async (work: Promise<unknown>) => {
      const said = failed(work)
      await until('the wait', async () => (await cancel()).length > 0)
      return said
    }
    const alone = await ends(sql`insert into written values (1)`.execute(db))
    const within = await ends(
      db.transaction().execute(async tx => {
        await sql`insert into written values (${2})`.execute(tx)
      }),
    )
    for (const said of [alone, within])
      expect(said).toMatch(/^DatabaseAway: .*canceling wait for synchronous/)
    expect(await first.query('select n from written order by n')).toEqual([{ n: 1 }, { n: 2 }])
    // It is said of that commit alone.
    expect((await sql`select n from written`.execute(db)).rows).toHaveLength(2)
  })
})
