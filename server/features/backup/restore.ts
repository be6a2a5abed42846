import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../platform/config.ts'
import type { Settle } from '../../platform/manifest/unopened.ts'
import type { Log } from '../../platform/operation/log.ts'
import { createSeal } from '../../platform/security/seal.ts'
import { signal } from '../../platform/storage/bus.ts'
import { openDatabase } from '../../platform/storage/database.ts'
import type { Db } from '../../platform/storage/db.ts'
import {
  appliedMigrations,
  awaitMigrations,
  dropMigrated,
  listMigrations,
  migrate,
} from '../../platform/storage/migrate.ts'
import { monthlyTables } from '../../platform/storage/months/month-store.ts'
import { createMonthsOf } from '../../platform/storage/months/months.ts'
import { BackupError } from './backup-error.ts'
import { readCatalog, type Table } from './catalog-store.ts'
import { type DumpOptions, dumpLines, type Footer, type Header, writeSequences } from './dump-store.ts'
import { type Checked, checkFile, parseLine, readLines } from './file.ts'
import { insertRows, lockCorps, timesOf } from './restore-store.ts'

export type Restored = { createdAt: string; rows: Record<string, number> }

export type RestoreOptions = DumpOptions & {
  /** The folder of migration files; by default that of this version. */
  migrations?: string
}

/**
 * Restores a backup of this or an earlier version into a database without corps: creates the tables as they were when
 * it was written, fills them, compares the rows with the file, and only then migrates to this version. All of this is
 * one transaction. Throws BackupError, with nothing restored.
 */
export async function restoreBackup(
  config: Config,
  log: Log,
  file: string,
  settles: readonly Settle[],
  options: RestoreOptions = {},
): Promise<Restored> {
  const checked = await checkFile(file)
  const { header } = checked
  const folder = options.migrations
  checkMigrations(header, listMigrations(folder))
  // This comes before anything is created, because a database that was marked with another key could not accept the
  // right one later.
  checkKey(config, header)
  const database = await openDatabase(config, log, 'restore')
  try {
    await database.direct.transaction().execute(async tx => {
      await clear(tx, folder)
      await migrate(tx, header.migrations, folder)
      const tables = await readCatalog(tx, folder)
      await insertAll(tx, tables, file, options)
      await compare(tx, tables, checked, options)
      await migrate(tx, listMigrations(folder), folder)
      for (const settle of settles) await settle(tx, new Date())
      await signal(tx, 'wisp_config', '')
    })
  } finally {
    await database.close()
  }
  return { createdAt: header.createdAt, rows: checked.footer.rows }
}

/** Reads a backup whole, and says whether this version and the configured key could restore it. Throws BackupError. */
export async function checkBackup(config: Config, file: string): Promise<Restored> {
  const { header, footer } = await checkFile(file)
  checkMigrations(header, listMigrations())
  checkKey(config, header)
  return { createdAt: header.createdAt, rows: footer.rows }
}

function checkMigrations(header: Header, known: readonly string[]): void {
  const unknown = header.migrations.filter(name => !known.includes(name))
  if (unknown.length === 0) return
  throw new BackupError(
    `备份由更新的 wisp 写成，本版本没有它的迁移 ${unknown.join('、')}：请用写下备份的那个版本或更新的版本恢复`,
  )
}

/**
 * Removes what a server started on this database has already created: tables, and rows such as the administrator's.
 */
async function clear(tx: Db, folder: string | undefined): Promise<void> {
  await awaitMigrations(tx)
  if ((await appliedMigrations(tx)).length > 0) {
    if (await lockCorps(tx)) throw new BackupError('数据库里已有企业；只能恢复到没有企业的数据库')
  }
  try {
    await dropMigrated(tx, folder)
  } catch (error) {
    const { code, detail = '' } = error as { code?: string; detail?: string }
    if (code !== dependentObjects) throw error
    throw new BackupError(`数据库里有别的对象依赖 wisp 的表，请先删除它们，或恢复到空的数据库：${detail}`)
  }
}

const dependentObjects = '2BP01'

function checkKey(config: Config, header: Header): void {
  const keyFile = join(config.dataDir, 'secret.key')
  const fromFile = !config.databaseUrl && existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : ''
  const key = config.secretKey || fromFile
  if (key && createSeal(key, config.secretKeyOld).knows(header.keyFingerprint)) return
  const where = config.databaseUrl
    ? '请把 WISP_SECRET_KEY 设为原来的密钥'
    : `请先把原来的密钥文件放到 ${keyFile}，或把 WISP_SECRET_KEY 设为原来的密钥`
  const have = key ? `，现在的密钥指纹是 ${createSeal(key).fingerprint}` : ''
  throw new BackupError(
    `备份里的密钥由指纹 ${header.keyFingerprint} 的密钥封存${have}。${where}，再恢复（内嵌数据库的密钥在数据目录的 secret.key，须与备份一起保存）`,
  )
}

const batchBytes = 1 << 20
const batchAtMost = 1000

async function insertAll(
  tx: Db,
  tables: readonly Table[],
  file: string,
  options: DumpOptions,
): Promise<void> {
  const monthly = await monthlyTables(tx)
  let table: Table | undefined
  let rows: string[] = []
  let bytes = 0
  let count = 0
  const flush = async () => {
    options.signal?.throwIfAborted()
    if (table && rows.length > 0) await putRows(tx, table, rows, monthly)
    count += rows.length
    if (table && rows.length > 0) options.onProgress?.(table.name, count)
    rows = []
    bytes = 0
  }
  let isHeader = true
  for await (const text of readLines(file)) {
    if (isHeader) {
      isHeader = false
      continue
    }
    const line = parseLine(file, text)
    if (line.kind === 'row') {
      rows.push(line.text)
      bytes += line.text.length
      if (rows.length >= batchAtMost || bytes >= batchBytes) await flush()
      continue
    }
    await flush()
    if (line.kind === 'table') {
      table = findTable(tables, line)
      count = 0
    }
    if (line.kind === 'sequences') await writeSequences(tx, tables, line.sequences)
  }
}

async function putRows(tx: Db, table: Table, rows: string[], monthly: readonly string[]): Promise<void> {
  if (monthly.includes(table.name)) await createMonthsOf(tx, table.name, await timesOf(tx, table, rows))
  await insertRows(tx, table, rows)
}

/** Names become part of SQL, so only names of existing tables and columns are accepted. */
function findTable(tables: readonly Table[], line: { table: string; columns: string[] }): Table {
  const table = tables.find(one => one.name === line.table)
  const columns = table?.columns.map(column => column.name)
  if (!table || columns?.join() !== line.columns.join())
    throw new BackupError(`备份里的表 ${line.table} 与数据库的不同`)
  return table
}

/** Dumps the database again without storing the output, to check that the checksum equals that of the file. */
async function compare(
  tx: Db,
  tables: readonly Table[],
  { headerLine, footer }: Checked,
  options: DumpOptions,
): Promise<void> {
  const lines = dumpLines(tx, tables, headerLine, { signal: options.signal })
  let step = await lines.next()
  while (!step.done) step = await lines.next()
  const found: Footer = step.value
  for (const [name, rows] of Object.entries(footer.rows)) {
    if (found.rows[name] !== rows)
      throw new BackupError(`恢复后核对: 表 ${name} 应有 ${rows} 行，实为 ${found.rows[name] ?? 0} 行`)
  }
  if (found.sha256 !== footer.sha256) throw new BackupError('恢复后核对: 内容与备份不符')
}
