import { sql } from 'kysely'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { databaseEnv } from '../../../test/harness.ts'
import { createDatabaseAt } from '../../../test/postgres.ts'
import { nextTurn, until } from '../../../test/until.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../operation/log.ts'
import { signal } from './bus.ts'
import { type Database, openDatabase } from './database.ts'
import { keptPlan } from './ways/kept-plans.ts'

const log = createLog('silent')
const opened: Database[] = []
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
})
async function open(env: Record<string, string>): Promise<Database> {
  const database = await openDatabase(readConfig(env), log)
  opened.push(database)
  return database
}

describe('the database handle', () => {
  it('opens migrated, and again without a change', async () => {
    const env = await databaseEnv()
    const first = await open(env)
    const applied = async (database: Database) =>
      (await sql<{ name: string }>`select name from migration order by name`.execute(database.db)).rows
    const names = await applied(first)
    expect(names[0]).toEqual({ name: '0001-address-book.sql' })
    await opened.pop()?.close()
    expect(await applied(await open(env))).toEqual(names)
  })

  it('refuses a database that a newer wisp migrated', async () => {
    const env = await databaseEnv()
    const first = await open(env)
    await sql`insert into migration (name) values ('9999-later.sql')`.execute(first.db)
    await opened.pop()?.close()
    await expect(open(env)).rejects.toThrow(/newer wisp \(9999-later\.sql\)/)
    await sql`select 1`.execute((await open(await databaseEnv())).db)
  })

  it('keeps nobody waiting behind a migration that waits for a lock, and begins again when it is free', async () => {
    const env = await databaseEnv()
    const first = await open(env)
    let next: Promise<Database> | undefined
    await first.db.transaction().execute(async tx => {
      await sql`lock table migration in access exclusive mode`.execute(tx)
      const command = openDatabase(readConfig(env), log, 'command')
      await expect(command).rejects.toThrow(/such as a backup.*lock timeout/)
      next = open(env)
    })
    await sql`select 1`.execute((await next!).db)
  })

  it('reads whole numbers as numbers, in arrays too, and days as text', async () => {
    const { db } = await open(await databaseEnv())
    const rows = await sql`select 9007199254740991::bigint as big, '{1,4294967295}'::bigint[] as list,
      '{}'::bigint[] as none, date '2026-01-31' as day, count(*) as n from (values (1), (2)) as v`.execute(db)
    expect(rows.rows).toEqual([
      { big: 9007199254740991, list: [1, 4294967295], none: [], day: '2026-01-31', n: 2 },
    ])
  })

  it('plans once what is marked, and nothing else, and nothing where a pooler may be', async () => {
    const { WISP_DATABASE_DIRECT_URL: direct, ...given } = await databaseEnv()
    const env = { ...given, WISP_DATABASE_URL: direct ?? given['WISP_DATABASE_URL']! }
    const { db } = await open(env)
    const planned = (from: Database['db']) =>
      from.connection().execute(async one => {
        for (const n of [1, 2, 3]) {
          expect((await sql`${keptPlan} select ${n}::int as n`.execute(one)).rows).toEqual([{ n }])
          await sql`select ${n}::int as unmarked`.execute(one)
        }
        await expect(sql`${keptPlan} select 1 / ${0}::int`.execute(one)).rejects.toThrow('division by zero')
        const { rows } = await sql<{ statement: string; plans: number }>`
          select statement, (generic_plans + custom_plans)::int as plans from pg_prepared_statements
          where statement like '%::int as%' order by statement`.execute(one)
        return rows
      })
    expect(await planned(db)).toEqual([{ statement: '/* kept plan */ select $1::int as n', plans: 3 }])
    const address = env.WISP_DATABASE_URL
    const pooled = {
      ...env,
      WISP_DATABASE_URL: `${address}?application_name=pooler`,
      WISP_DATABASE_DIRECT_URL: address,
    }
    expect(await planned((await open(pooled)).db)).toEqual([])
  })

  it('signals at commit, and not when the transaction fails', async () => {
    const { db, bus } = await open(await databaseEnv())
    const heard: string[] = []
    await bus.listen(
      'wisp_queue',
      payload => heard.push(payload),
      () => {},
    )
    const failing = db.transaction().execute(async tx => {
      await signal(tx, 'wisp_queue', 'lost')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await db.transaction().execute(tx => signal(tx, 'wisp_queue', 'heard'))
    await until('a signal', () => heard.length > 0)
    expect(heard).toEqual(['heard'])
  })
})

describe('PostgreSQL', () => {
  it('is migrated once by many nodes that start together', async () => {
    const url = await createDatabaseAt(inject('postgresUrl'))
    const env = { WISP_DATABASE_URL: url, WISP_SECRET_KEY: 'a key for tests only, 32 characters' }
    const nodes = await Promise.all([1, 2, 3, 4].map(() => open(env)))
    for (const { db } of nodes) expect((await sql`select * from corp`.execute(db)).rows).toEqual([])
  })

  /** `end` makes PostgreSQL end every connection except the one that asks for it. */
  async function openWithEnd() {
    const env = await databaseEnv()
    const [database, other] = [await open(env), await open(env)]
    const end = async () => {
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(other.db)
      const left = () =>
        sql`select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
          other.db,
        )
      // Before their rows are gone, PostgreSQL has told the connections, which hear it in the next turn.
      await until('they are gone', async () => (await left()).rows.length === 0)
      await nextTurn()
    }
    return { db: database.db, end }
  }

  it('outlives the end of its connections', async () => {
    const { db, end } = await openWithEnd()
    await sql`select 1`.execute(db)
    await end()
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }])
  })

  it('outlives the end of one that is between two statements', async () => {
    const { db, end } = await openWithEnd()
    const half = db.transaction().execute(async tx => {
      await sql`select 1`.execute(tx)
      await end()
      await sql`select 2`.execute(tx)
    })
    await expect(half).rejects.toThrow(/not queryable/)
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }])
  })
})
