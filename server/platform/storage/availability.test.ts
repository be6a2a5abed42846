import pg from 'pg'
import { describe, expect, inject, it } from 'vitest'
import { createDatabaseAt } from '../../../test/postgres.ts'
import {
  asDatabaseAway,
  createAvailability,
  DatabaseAway,
  memoryAnswersMs,
  type Watcher,
} from './availability.ts'
import type { Bus } from './bus.ts'
import { Pool } from './pool.ts'
import { wayTo } from './ways/way.fixture.ts'

describe('whether the database is there', () => {
  function newAvailability() {
    let now = 1_000_000
    const watchers: Watcher[] = []
    const bus: Pick<Bus, 'watch'> = { watch: one => watchers.push(one) }
    const availability = createAvailability(bus, () => now)
    const pass = (ms: number) => {
      now += ms
    }
    return { availability, watcher: watchers[0] as Watcher, pass }
  }

  it('is believed for 30 s from when it was last heard, however often it is lost in between', () => {
    const { availability, watcher, pass } = newAvailability()
    expect(availability.awaySince()).toBeUndefined()
    watcher.onLost(3000)
    expect(availability.awaySince()).toBe(997_000)
    pass(memoryAnswersMs - 3001)
    watcher.onLost(0)
    availability.check()
    pass(1)
    expect(() => availability.check()).toThrow(DatabaseAway)
    watcher.onCaughtUp()
    availability.check()
    expect(availability.awaySince()).toBeUndefined()
  })

  it('does not depend on the clock while it is heard', () => {
    const { availability, pass } = newAvailability()
    pass(86_400_000)
    availability.check()
  })
})

describe('what the driver says when the database is away', () => {
  const withCode = (code: string) => Object.assign(new Error('words'), { code })

  it.each([
    '08006',
    '08P01',
    '57P01',
    '57P02',
    '57P03',
    '53100',
    '53200',
    '53300',
    '58030',
    '25006',
    'ECONNREFUSED',
    'ENOENT',
    'ETIMEDOUT',
    'EAI_AGAIN',
  ])('is known by the code %s', code => {
    const away = asDatabaseAway(withCode(code))
    expect(away).toBeInstanceOf(DatabaseAway)
    expect((away as Error).message).toBe('the database does not answer: words')
  })

  it.each(['23505', '40001', '40P01', '57014', '42P01', '28P01', '3D000'])(
    'is not %s, which is an answer',
    code => {
      const error = withCode(code)
      expect(asDatabaseAway(error)).toBe(error)
    },
  )

  it('is told of an attempt on several addresses, which has no text', () => {
    const error = Object.assign(new AggregateError([new Error('one')]), { code: 'ECONNREFUSED' })
    expect((asDatabaseAway(error) as Error).message).toBe('the database does not answer: ECONNREFUSED')
  })
})

describe('the pool', () => {
  const lent = async (url: string, max: number) => {
    const pool = new Pool(wayTo(url), { max, connectionTimeoutMillis: 200 })
    pool.on('error', () => undefined)
    const client = await pool.connect()
    client.on('error', () => undefined)
    return { pool, client }
  }

  it('says that the database is away where nobody listens, and when no connection comes free', async () => {
    const nobody = new Pool(wayTo('postgres://wisp@127.0.0.1:1/none'), {})
    await expect(nobody.connect()).rejects.toThrow(DatabaseAway)
    const { pool, client } = await lent(await createDatabaseAt(inject('postgresUrl')), 1)
    await expect(pool.connect()).rejects.toThrow(DatabaseAway)
    client.release()
    await pool.end()
  })

  it('rejects the waiting queries when it is cut, and connects again', async () => {
    const { pool, client } = await lent(await createDatabaseAt(inject('postgresUrl')), 2)
    const waiting = client.query('select pg_sleep(60)')
    const failed = waiting.then(
      () => undefined,
      (error: unknown) => error,
    )
    pool.cut()
    expect(asDatabaseAway(await failed)).toBeInstanceOf(DatabaseAway)
    const again: unknown = await client.query('select 1').catch((error: unknown) => error)
    expect(asDatabaseAway(again)).toBeInstanceOf(DatabaseAway)
    client.release()
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await pool.end()
  })

  it('tells what a server says that shuts down', async () => {
    const url = await createDatabaseAt(inject('postgresUrl'))
    const { pool, client } = await lent(url, 1)
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const waiting = client.query('select pg_sleep(60)').catch((error: unknown) => error)
    const admin = new pg.Client(url)
    await admin.connect()
    await admin.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    await admin.end()
    expect(asDatabaseAway(await waiting)).toBeInstanceOf(DatabaseAway)
    client.release()
    await pool.end()
  })
})
