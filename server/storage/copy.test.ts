import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseEnv } from '../../test/harness.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../operation/log.ts'
import { type CopyWriter, copyRows } from './copy.ts'
import { type Database, openDatabase } from './database.ts'
import type { Db } from './db.ts'

type Row = { n: number; label: string | null; numbers: number[]; small: number[]; texts: string[]; at: Date }

const awkward = fc.constantFrom(
  '',
  '\\N',
  '\\.',
  'NULL',
  '{}',
  '{"a",b}',
  '\t',
  '\r\n',
  '"\\"',
  '\\t',
  '\u2028',
)
const text = fc.oneof(awkward, fc.string({ unit: 'binary' })).map(one => one.replaceAll('\0', ''))
const rowsOf = fc.array(
  fc.record({
    label: fc.option(text),
    numbers: fc.array(fc.maxSafeInteger(), { maxLength: 4 }),
    small: fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 4 }),
    texts: fc.array(text, { maxLength: 4 }),
    at: fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
  }),
  { maxLength: 30 },
)

describe('copying rows', () => {
  let database: Database
  beforeAll(async () => {
    database = await openDatabase(readConfig(await databaseEnv()), createLog('silent'))
    await sql`create table copied (n smallint primary key, label text, numbers bigint[] not null, small smallint[] not null, texts text[] not null, at timestamptz not null)`.execute(
      database.db,
    )
  })
  afterAll(() => database.close())

  const columns = ['n', 'label', 'numbers', 'small', 'texts', 'at']
  const write = ({ n, label, numbers, small, texts, at }: Row, to: CopyWriter) => {
    to.smallint(n)
    if (label === null) to.none()
    else to.text(label)
    to.bigints(numbers).smallints(small).texts(texts).time(at)
  }
  const copy = (db: Db, rows: readonly Row[]) => copyRows(db, 'copied', columns, rows, write)
  const stored = async () => (await sql<Row>`select * from copied order by n`.execute(database.db)).rows
  const at = new Date('2026-01-01T08:00:00.123Z')
  const plain = (n: number): Row => ({ n, label: `第 ${n} 行`, numbers: [n], small: [], texts: [], at })

  it('stores what it is given, whatever it looks like', async () => {
    const check = async (given: Omit<Row, 'n'>[]) => {
      const rows = given.map((row, n) => ({ n, ...row }))
      await sql`delete from copied`.execute(database.db)
      await copy(database.db, rows)
      expect(await stored()).toEqual(rows)
    }
    await fc.assert(fc.asyncProperty(rowsOf, check), { numRuns: 100 })
  })

  it('takes more rows than it sends at once, within a transaction', async () => {
    await sql`delete from copied`.execute(database.db)
    const rows = Array.from({ length: 5000 }, (_, n) => plain(n))
    await database.db.transaction().execute(async tx => {
      await copy(tx, rows.slice(0, 2500))
      await copy(tx, rows.slice(2500))
    })
    expect(await stored()).toEqual(rows)
  })

  it('tells what the database refuses by its code, keeps nothing, and the connection serves on', async () => {
    await sql`delete from copied`.execute(database.db)
    const tooLarge = [...Array.from({ length: 1000 }, (_, n) => plain(n)), plain(40_000)]
    await expect(database.db.transaction().execute(tx => copy(tx, tooLarge))).rejects.toMatchObject({
      code: '22003',
    })
    await expect(copy(database.db, [{ ...plain(1), label: 'a\0b' }])).rejects.toMatchObject({
      code: expect.stringMatching(/^22/),
    })
    await expect(
      copyRows(database.db, 'nowhere', ['n'], [1], (n, to) => void to.bigint(n)),
    ).rejects.toMatchObject({
      code: '42P01',
    })
    const broken = Array.from({ length: 1000 }, (_, n) => plain(n))
    const failing = (row: Row, to: CopyWriter) => {
      if (row.n === 900) throw new Error('no such value')
      write(row, to)
    }
    await expect(copyRows(database.db, 'copied', columns, broken, failing)).rejects.toThrow('no such value')
    expect(await stored()).toEqual([])
    await copy(database.db, [plain(1)])
    expect(await stored()).toEqual([plain(1)])
  })
})
