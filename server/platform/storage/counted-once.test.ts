import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { databaseEnv } from '../../../test/harness.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../operation/log.ts'
import { DatabaseAway } from './availability.ts'
import { createCountedOnce } from './counted-once.ts'
import { type Database, openDatabase } from './database.ts'
import type { Db } from './db.ts'

let database: Database
beforeAll(async () => {
  database = await openDatabase(readConfig(await databaseEnv()), createLog('silent'), 'command')
  await sql`create table counted (total int not null)`.execute(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  await sql`delete from counted`.execute(database.db)
  await sql`insert into counted values (0)`.execute(database.db)
})

const total = async () =>
  (await sql<{ total: number }>`select total from counted`.execute(database.db)).rows[0]?.total

/** A node whose commits may go unheard: `after` they were carried out, or instead. */
function newNode() {
  let lost: 'after' | 'before' | undefined
  let waiting = 0
  const execute = async <T>(work: (tx: Db) => Promise<T>): Promise<T> => {
    if (lost === 'before') throw new DatabaseAway('lost')
    const result = await database.db.transaction().execute(work)
    if (lost === 'after') throw new DatabaseAway('lost')
    return result
  }
  const db = { transaction: () => ({ execute }) } as unknown as Database['db']
  const counted = createCountedOnce(
    { db, nodeId: 'node' },
    {
      kind: 'test',
      take() {
        const batch = waiting
        waiting = 0
        return batch || undefined
      },
      write: (tx, batch) => sql`update counted set total = total + ${batch}`.execute(tx),
      putBack(batch) {
        waiting += batch
      },
    },
  )
  return {
    lose(when: typeof lost) {
      lost = when
    },
    async count(n: number) {
      waiting += n
      return counted.flush().then(
        () => 'written',
        (error: Error) => error.name,
      )
    },
  }
}

it.each(['before', 'after'] as const)(
  'adds a batch once when the connection was lost %s the commit, and what was counted meanwhile',
  async when => {
    const node = newNode()
    expect(await node.count(1)).toBe('written')
    node.lose(when)
    for (const n of [10, 100, 1000]) expect(await node.count(n)).toBe('DatabaseAway')
    node.lose(undefined)
    expect(await node.count(10_000)).toBe('written')
    expect(await total()).toBe(11_111)
    expect(await node.count(0)).toBe('written')
    expect(await total()).toBe(11_111)
  },
)

it('takes back what PostgreSQL refused, and is not misled by what another process has under the same id', async () => {
  const [node, again] = [newNode(), newNode()]
  for (let n = 0; n < 3; n++) await node.count(1)
  await again.count(10)
  expect(await total()).toBe(13)
  await sql`alter table counted rename to away`.execute(database.db)
  expect(await node.count(100)).toBe('error')
  await sql`alter table away rename to counted`.execute(database.db)
  await node.count(1000)
  expect(await total()).toBe(1113)
})
