import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databaseEnv } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { wisp } from '../../../cli/cli.fixture.ts'
import { type Server, startServer } from '../../../server.ts'
import { readConfig } from '../../config.ts'
import { createLog } from '../../operation/log.ts'
import { StartError } from '../../operation/start-error.ts'
import { type Database, openDatabase } from '../database.ts'
import { additiveMigrations, listMigrations } from '../migrate.ts'

const log = createLog('silent')
let env: Record<string, string>
let database: Database
beforeAll(async () => {
  env = await databaseEnv()
  database = await openDatabase(readConfig(env), log, 'command')
})
afterAll(() => database.close())
beforeEach(async () => {
  await sql`delete from node`.execute(database.db)
})

const start = (onOutdated?: (newer: string[]) => void) =>
  startServer(readConfig(env), { log }, onOutdated ? { onOutdated } : {})

/** Why it does not start; '' when it does. */
async function refusal(): Promise<string> {
  try {
    await (await start()).close()
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(StartError)
    return (error as Error).message
  }
}

const nodes = async () =>
  (await database.db.selectFrom('node').select(['place', 'version', 'migrations']).execute()).map(one => one)

/** What a node of another version has written. */
const record = (migrations: readonly string[], silentSeconds = 2) =>
  sql`insert into node values ('old', 'host-a:3000', '0.2.5', ${[...migrations]}::text[],
    clock_timestamp() - make_interval(secs => ${silentSeconds}))
    on conflict (id) do update set seen_at = excluded.seen_at`.execute(database.db)

const known = listMigrations()
const additive = additiveMigrations()
const lastOfAll = known.findLast(name => !additive.includes(name)) as string

describe('a node', () => {
  it('is on the list while it runs, with its version and the schema that it needs', async () => {
    const server = await start()
    expect(await nodes()).toEqual([
      {
        place: expect.stringMatching(/:0$/),
        version: expect.stringMatching(/^\d+\.\d+\.\d+(-dev(\+[0-9a-f]{8})?)?$/),
        migrations: known,
      },
    ])
    await server.close()
    expect(await nodes()).toEqual([])
  })

  it('does not start beside an older one that is alive, and says which, and how long to wait', async () => {
    await record(known.filter(name => name !== lastOfAll))
    const told = await refusal()
    expect(told).toMatch(/^节点 host-a:3000（wisp 0\.2\.5，\d+ 秒前还在）较旧/)
    expect(told).toContain(lastOfAll)
    expect(told).toMatch(/start again in 1\d s\.$/)
    expect(await wisp(env, ['corp', 'list'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('节点 host-a:3000'),
    })
    await record([], 16)
    expect(await refusal()).toBe('')
  })

  it('starts beside one that lacks nothing but additive migrations', async () => {
    expect(additive).not.toEqual([])
    await record(known.filter(name => !additive.includes(name)))
    expect(await refusal()).toBe('')
  })

  it('notices one of a release before the list by its connections, and no command', async () => {
    const connect = async (name: string) => {
      const client = new pg.Client({
        connectionString: env['WISP_DATABASE_DIRECT_URL'] ?? env['WISP_DATABASE_URL'],
        application_name: name,
      })
      await client.connect()
      return client
    }
    const command = await connect('wisp 1 6e0f1a52-4a5b-4f0e-9d5e-0a4f8a6f4b11')
    expect(await refusal()).toBe('')
    for (const name of ['wisp 10 6e0f1a52-4a5b-4f0e-9d5e-0a4f8a6f4b12', 'wisp']) {
      const old = await connect(name)
      expect(await refusal()).toMatch(/0\.2\.0 或更早版本的 wisp 节点还连着这个数据库（来自 127\.0\.0\.1/)
      await old.end()
      await until('the end of its connection', async () => (await refusal()) === '')
    }
    await command.end()
  })
})

describe('a database that a newer wisp has migrated', () => {
  let server: Server | undefined
  afterAll(() => server?.close())

  it('ends the nodes that run on it, unless what is new is additive', { timeout: 60_000 }, async () => {
    const outdated: string[][] = []
    server = await start(newer => outdated.push(newer))
    const add = (name: string, isAdditive: boolean) =>
      sql`insert into migration (name, additive) values (${name}, ${isAdditive})`.execute(database.db)
    await add('9998-one-more-table.sql', true)
    expect(await refusal()).toBe('')
    const { seen } = (await sql<{ seen: Date }>`select max(seen_at) as seen from node`.execute(database.db))
      .rows[0]!
    await until('a beat', async () => {
      const { rows } = await sql`select from node where seen_at > ${seen}`.execute(database.db)
      return rows.length > 0
    })
    expect(outdated).toEqual([])
    await add('9999-another-shape.sql', false)
    await until('the notice', () => outdated.length > 0)
    expect(outdated).toEqual([['9999-another-shape.sql']])
    expect(await refusal()).toContain('9999-another-shape.sql')
  })
})
