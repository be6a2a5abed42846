import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { BackupError } from './backup-error.ts'
import type { Table } from './catalog-store.ts'

/** First line of a backup. */
export type Header = {
  wisp: 'backup'
  format: 1
  createdAt: string
  /** Names of the migrations that define the shape of the rows. */
  migrations: string[]
  /** Fingerprint of the WISP_SECRET_KEY under which the secrets are sealed. */
  keyFingerprint: string
}

/**
 * Last line of a backup: rows per table, the SHA-256 of all bytes before this line, and the SHA-256 of each table's rows, which backups
 * of earlier versions lack. `signature`: signature.ts.
 */
export type Footer = {
  rows: Record<string, number>
  sha256: string
  tables?: Record<string, string>
  signature?: string
}

export type DumpOptions = {
  signal?: AbortSignal | undefined
  onProgress?: ((table: string, rows: number) => void) | undefined
  /** Whether it says where numbering continues, which concerns a whole installation; true by default. */
  withSequences?: boolean
}

/**
 * Largest line in bytes. A reader holds a line in memory, and jsonb, through which rows are restored, accepts 256 MB.
 * The longest row that wisp writes is a tag with the userids of a million members, some 12 MB.
 */
export const lineAtMost = 128 << 20

const batchBytes = 1 << 20
const batchAtMost = 2000

/**
 * Yields the rows of these tables as lines, in pieces of about a megabyte, and returns the footer. Values are in the
 * database's own text form (in UTC), so that int8, microseconds and jsonb lose nothing in JavaScript's types, and
 * equal rows give equal bytes on every PostgreSQL. Runs in the given transaction and uses no other handle.
 */
export async function* dumpLines(
  tx: Db,
  tables: readonly Table[],
  headerLine: string,
  options: DumpOptions = {},
): AsyncGenerator<string, Footer> {
  await fixTextForms(tx)
  const hash = createHash('sha256')
  const rows: Record<string, number> = {}
  const sums: Record<string, string> = {}
  const emit = (text: string) => {
    hash.update(text)
    return text
  }
  yield emit(`${headerLine}\n`)
  for (const table of tables) {
    yield emit(`${JSON.stringify({ table: table.name, columns: table.columns.map(one => one.name) })}\n`)
    let count = 0
    const sum = createHash('sha256')
    for await (const lines of readRows(tx, table)) {
      options.signal?.throwIfAborted()
      const text = `${lines.join('\n')}\n`
      sum.update(text)
      yield emit(text)
      count += lines.length
      options.onProgress?.(table.name, count)
    }
    rows[table.name] = count
    sums[table.name] = sum.digest('hex')
  }
  if (options.withSequences !== false)
    yield emit(`${JSON.stringify({ sequences: await readSequences(tx, tables) })}\n`)
  return { rows, sha256: hash.digest('hex'), tables: sums }
}

async function fixTextForms(tx: Db): Promise<void> {
  await sql`set local timezone = 'UTC'`.execute(tx)
  await sql`set local datestyle = 'ISO, YMD'`.execute(tx)
  await sql`set local extra_float_digits = 1`.execute(tx)
  await sql`set local bytea_output = 'hex'`.execute(tx)
}

async function* readRows(tx: Db, table: Table): AsyncGenerator<string[]> {
  const values = sql.join(table.columns.map(column => sql`${sql.id(column.name)}::text`))
  const order = sql.join(table.key.map(name => orderBy(table, name)))
  await sql`
    declare wisp_backup no scroll cursor for
    select json_build_array(${values})::text as line from ${sql.table(table.name)}
    where ${table.where ?? sql`true`} order by ${order}`.execute(tx)
  // An event may take a megabyte and a member 500 bytes, so the size of a batch follows from the rows before it.
  let size = 100
  for (;;) {
    const { rows } = await sql<{
      line: string
    }>`fetch forward ${sql.raw(String(size))} from wisp_backup`.execute(tx)
    if (rows.length === 0) break
    const lines = rows.map(row => row.line)
    for (const line of lines) refuseLong(table, line)
    yield lines
    const bytes = lines.reduce((sum, line) => sum + line.length, 0)
    size = Math.max(1, Math.min(batchAtMost, Math.floor((batchBytes * lines.length) / bytes)))
  }
  await sql`close wisp_backup`.execute(tx)
}

/** Refuses to write a backup that could not be restored. */
function refuseLong(table: Table, line: string): void {
  if (line.length * 3 <= lineAtMost || Buffer.byteLength(line) <= lineAtMost) return
  const start = line.slice(0, 100)
  throw new BackupError(
    `表 ${table.name} 有一行超过 ${lineAtMost >> 20} MB，无法备份：${start}…`,
    `table ${table.name} has a row of more than ${lineAtMost >> 20} MB, which cannot be backed up: ${start}…`,
  )
}

/** The order of text must not depend on the database's collation. */
function orderBy(table: Table, name: string) {
  const isText = table.columns.find(column => column.name === name)?.type === 'text'
  return isText ? sql`${sql.id(name)} collate "C"` : sql.id(name)
}

/** Where numbering continues, which is higher than the rows show if the last ones were deleted. */
export type Sequences = Record<string, { column: string; last: string; isCalled: boolean }>

async function readSequences(tx: Db, tables: readonly Table[]): Promise<Sequences> {
  const sequences: Sequences = {}
  for (const table of tables) {
    const column = table.columns.find(one => one.isIdentity)?.name
    if (!column) continue
    const name = await sequenceOf(tx, table.name, column)
    const state = await sql<{ last: string; isCalled: boolean }>`
      select last_value::text as last, is_called as "isCalled" from ${sql.raw(name)}`.execute(tx)
    const { last, isCalled } = state.rows[0]!
    sequences[table.name] = { column, last, isCalled }
  }
  return sequences
}

export async function writeSequences(tx: Db, tables: readonly Table[], sequences: Sequences): Promise<void> {
  for (const table of tables) {
    const state = sequences[table.name]
    if (!state) continue
    const name = await sequenceOf(tx, table.name, state.column)
    await sql`select setval(${name}::regclass, ${state.last}::bigint, ${state.isCalled}::boolean)`.execute(tx)
  }
}

/** The name of the sequence, quoted for SQL. */
async function sequenceOf(tx: Db, table: string, column: string): Promise<string> {
  const found = await sql<{ name: string }>`
    select pg_get_serial_sequence(quote_ident(${table}::text), ${column}::text) as name`.execute(tx)
  return found.rows[0]!.name
}
