import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { separatedScopes } from '../../organisation/three/separated-store.ts'
import { record } from '../../platform/audit/audit.ts'
import type { Config } from '../../platform/config.ts'
import type { SettleStep } from '../../platform/manifest/unopened.ts'
import type { Log } from '../../platform/operation/log.ts'
import { createSeal, type Seal } from '../../platform/security/seal.ts'
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
import { checkFile, type FileSummary, parseLine, readLines } from './file.ts'
import { inWords } from './in-words.ts'
import { isFooterSigned, unsignedError } from './proof/signature.ts'
import { holdAuditTrees, insertRows, lockCorps, timesOf } from './restore-store.ts'
import { fileSource, type PlainSource, plainSource, type Source } from './source.ts'

/**
 * `isSigned`: a wisp with this key wrote it, as its signature or its encryption shows. `keyFingerprint`: that of the key that its secrets
 * are sealed with.
 */
export type RestoreResult = {
  createdAt: string
  rows: Record<string, number>
  isSigned: boolean
  keyFingerprint: string
}

export type RestoreOptions = DumpOptions & {
  /** The folder of migration files; by default that of this version. */
  migrations?: string
  /** Called when the file is known to be whole, before anything is restored. */
  found?: (checked: FileSummary) => Promise<void>
  /** Whether a backup may be anybody's: one without a right signature is refused otherwise. */
  unsigned?: boolean
  /** Who is named in the audit log as the one that allowed an unsigned one. */
  actor?: string
  /** Looks at what was restored, in the transaction that restores it. */
  inspect?: (tx: Db) => Promise<void>
}

/**
 * Restores a backup of this or an earlier version into a database without corps: creates the tables as they were when
 * it was written, fills them, compares the rows with the file, and only then migrates to this version. All of this is
 * one transaction. Throws BackupError, with nothing restored.
 */
export async function restoreBackup(
  config: Config,
  log: Log,
  given: string | Source,
  settles: readonly SettleStep[],
  options: RestoreOptions = {},
): Promise<RestoreResult> {
  const seal = sealOf(config)
  const file = openedWith(seal, given)
  const checked = await checkFile(file)
  const { header } = checked
  const folder = options.migrations
  checkMigrations(header, listMigrations(folder))
  // This comes before anything is created, because a database that was marked with another key could not accept the
  // right one later.
  checkKey(config, seal, header)
  const isSigned = isProven(seal, file, checked)
  if (!isSigned && !options.unsigned) throw unsignedError(file.name, checked.footer.signature === undefined)
  await options.found?.(checked)
  const database = await openDatabase(config, log, 'restore')
  try {
    await database.direct.transaction().execute(async tx => {
      const separated = await separatedScopes(tx)
      await clear(tx, folder)
      await migrate(tx, header.migrations, folder)
      const tables = await readCatalog(tx, folder)
      await holdAuditTrees(tx, true)
      await insertAll(tx, tables, file, options)
      await holdAuditTrees(tx, false)
      await compare(tx, tables, checked, options)
      await migrate(tx, listMigrations(folder), folder)
      for (const settle of settles) await settle(tx, new Date(database.clock.now()))
      // It takes all three to switch them off, and two to restore.
      const lost = new Set(separated).difference(new Set(await separatedScopes(tx)))
      if (lost.size > 0) throw withoutThree([...lost])
      if (!isSigned && options.actor !== undefined)
        await record(
          tx,
          { now: database.clock.now },
          {
            corpId: null,
            actor: options.actor,
            act: 'backup.restoreUnsigned',
            target: file.name,
            detail: { sha256: checked.footer.sha256 },
          },
        )
      await options.inspect?.(tx)
      await signal(tx, 'wisp_config', '')
    })
  } catch (error) {
    throw inWords(error)
  } finally {
    await database.close()
  }
  return restoredOf(checked, isSigned)
}

function withoutThree(scopes: readonly string[]): BackupError {
  const where = (installation: string) => scopes.map(scope => scope || installation).join(', ')
  return new BackupError(
    `现在的数据库启用了三员（${where('整个平台')}），备份里没有启用：恢复它等于停用三员。须先由三员一起停用三员，再恢复`,
    `the three administrators (${where('the installation')}) are on in the present database and off in the backup: restoring it would switch them off. All three must do that first`,
  )
}

/** Reads a backup whole, and says whether this version and the configured key could restore it. Throws BackupError. */
export async function checkBackup(config: Config, given: string | Source): Promise<RestoreResult> {
  const seal = sealOf(config)
  const file = openedWith(seal, given)
  const checked = await checkFile(file)
  checkMigrations(checked.header, listMigrations())
  checkKey(config, seal, checked.header)
  return restoredOf(checked, isProven(seal, file, checked))
}

function restoredOf({ header, footer }: FileSummary, isSigned: boolean): RestoreResult {
  const { createdAt, keyFingerprint } = header
  return { createdAt, rows: footer.rows, isSigned, keyFingerprint }
}

/** Whether only holders of the key can have written it: each frame of an encrypted file is authenticated, and so is a signed footer. */
function isProven(seal: Seal | undefined, file: PlainSource, { footer }: FileSummary): boolean {
  return file.isSealed() || (seal !== undefined && isFooterSigned(seal, footer))
}

function checkMigrations(header: Header, known: readonly string[]): void {
  const unknown = header.migrations.filter(name => !known.includes(name))
  if (unknown.length === 0) return
  throw new BackupError(
    `备份由更新的 wisp 写成，本版本没有它的迁移 ${unknown.join('、')}：请用写下备份的那个版本或更新的版本恢复`,
    `a newer wisp wrote the backup, and this version lacks its migrations ${unknown.join(', ')}: restore it with the version that wrote it, or a later one`,
  )
}

/**
 * Removes what a server started on this database has already created: tables, and rows such as the administrator's.
 */
async function clear(tx: Db, folder: string | undefined): Promise<void> {
  await awaitMigrations(tx)
  if ((await appliedMigrations(tx)).length > 0) {
    if (await lockCorps(tx))
      throw new BackupError(
        '数据库里已有企业；只能恢复到没有企业的数据库',
        'the database has corps already; a backup is restored only into one without',
      )
  }
  try {
    await dropMigrated(tx, folder)
  } catch (error) {
    const { code, detail = '' } = error as { code?: string; detail?: string }
    if (code !== dependentObjects) throw error
    throw new BackupError(
      `数据库里有别的对象依赖 wisp 的表，请先删除它们，或恢复到空的数据库：${detail}`,
      `other objects of the database depend on tables of wisp: remove them first, or restore into an empty database: ${detail}`,
    )
  }
}

const dependentObjects = '2BP01'

function openedWith(seal: Seal | undefined, given: string | Source): PlainSource {
  return plainSource(typeof given === 'string' ? fileSource(given) : given, seal)
}

/** Undefined while there is no key. */
function sealOf(config: Config): Seal | undefined {
  const keyFile = join(config.dataDir, 'secret.key')
  const fromFile = !config.databaseUrl && existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : ''
  const key = config.secretKey || fromFile
  return key ? createSeal(key, config.secretKeyOld) : undefined
}

function checkKey(config: Config, seal: Seal | undefined, header: Header): void {
  const keyFile = join(config.dataDir, 'secret.key')
  if (seal?.knows(header.keyFingerprint)) return
  const where = config.databaseUrl
    ? {
        zh: '请把 WISP_SECRET_KEY 设为原来的密钥',
        en: 'Set WISP_SECRET_KEY to the original key',
      }
    : {
        zh: `请先把原来的密钥文件放到 ${keyFile}，或把 WISP_SECRET_KEY 设为原来的密钥`,
        en: `Put the original key file at ${keyFile}, or set WISP_SECRET_KEY to the original key`,
      }
  const own = seal?.fingerprint
  const have = own
    ? { zh: `，现在的密钥指纹是 ${own}`, en: `, and the fingerprint of the present key is ${own}` }
    : { zh: '', en: '' }
  const fingerprint = header.keyFingerprint
  throw new BackupError(
    `备份里的密钥由指纹 ${fingerprint} 的密钥封存${have.zh}。${where.zh}，再恢复（内嵌数据库的密钥在数据目录的 secret.key，须与备份一起保存）`,
    `the secrets of the backup are sealed with the key of fingerprint ${fingerprint}${have.en}. ${where.en}, then restore (the key of the embedded database is secret.key in the data directory, to be kept with backups)`,
  )
}

const batchBytes = 1 << 20
const batchAtMost = 1000

async function insertAll(
  tx: Db,
  tables: readonly Table[],
  file: PlainSource,
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
    const line = parseLine(file.name, text)
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
  try {
    if (monthly.includes(table.name)) await createMonthsOf(tx, table.name, await timesOf(tx, table, rows))
    await insertRows(tx, table, rows)
  } catch (error) {
    // Of a value that it cannot read, PostgreSQL names no table.
    throw error instanceof Error ? Object.assign(error, { table: table.name }) : error
  }
}

/** Names become part of SQL, so only names of existing tables and columns are accepted. */
function findTable(tables: readonly Table[], line: { table: string; columns: string[] }): Table {
  const table = tables.find(one => one.name === line.table)
  const columns = table?.columns.map(column => column.name)
  if (!table || columns?.join() !== line.columns.join())
    throw new BackupError(
      `备份里的表 ${line.table} 与数据库的不同`,
      `table ${line.table} of the backup is not that of the database`,
    )
  return table
}

/** Dumps the database again without storing the output, to check that the checksum equals that of the file. */
async function compare(
  tx: Db,
  tables: readonly Table[],
  { headerLine, footer }: FileSummary,
  options: DumpOptions,
): Promise<void> {
  const lines = dumpLines(tx, tables, headerLine, { signal: options.signal })
  let step = await lines.next()
  while (!step.done) step = await lines.next()
  const found: Footer = step.value
  for (const [name, rows] of Object.entries(footer.rows)) {
    const count = found.rows[name] ?? 0
    if (count !== rows)
      throw new BackupError(
        `恢复后核对: 表 ${name} 应有 ${rows} 行，实为 ${count} 行`,
        `after restoring: table ${name} should have ${rows} rows, and has ${count}`,
      )
    const sum = footer.tables?.[name]
    if (sum !== undefined && sum !== found.tables?.[name])
      throw new BackupError(
        `恢复后核对: 表 ${name} 的内容与备份不符`,
        `after restoring: the rows of table ${name} are not those of the backup`,
      )
  }
  if (found.sha256 !== footer.sha256)
    throw new BackupError(
      '恢复后核对: 内容与备份不符',
      'after restoring: the content is not that of the backup',
    )
}
