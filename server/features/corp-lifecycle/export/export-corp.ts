import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable, Transform, type Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { unknownCorp } from '../../../organisation/corps/corps.ts'
import { readSuspension, type SuspensionRow } from '../../../organisation/corps/suspension/store.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { appliedMigrations } from '../../../platform/storage/migrate.ts'
import type { Table } from '../../backup/catalog-store.ts'
import { type DumpOptions, dumpLines, type Footer } from '../../backup/dump-store.ts'
import { type CorpTable, corpTables, partOfCorp } from '../corp-tables-store.ts'
import { sumOf } from '../state.ts'
import { type CorpExport, putExport } from './export-store.ts'

type Needs = Core & { offered: FeatureOffers }

/** Of this moment and of this installation alone. */
const notExported: readonly string[] = ['queue', 'corp_export']

/**
 * Writes everything that wisp keeps of a corp, as it was at one moment, as gzip-compressed lines of JSON in the format of a backup: a
 * header, each table with its rows, counts and checksum (web/docs/content/en/run/suspend-and-delete.md). Stored files are among the rows. Sealed
 * columns are left out and named in the header: the file leaves the house. Rows are streamed; `target` is not ended.
 * @param settle waits until the file is where it belongs; only then the export is remembered
 */
export async function exportCorp(
  ctx: Needs,
  actor: string,
  corpId: string,
  target: Writable,
  settle: () => Promise<unknown>,
  options: DumpOptions = {},
): Promise<CorpExport> {
  const { name } = await exportable(ctx.db, corpId)
  const exportedAt = new Date(ctx.now())
  const { sealed } = ctx.offered
  const meter = createMeter()
  const { rows } = await ctx.direct
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async tx => {
      const tables = withParts(await corpTables(tx, corpId)).filter(one => !notExported.includes(one.name))
      const leftOut = Object.fromEntries(
        Object.entries(Object.groupBy(sealed, one => one.table)).map(([table, columns = []]) => [
          table,
          columns.map(one => one.column),
        ]),
      )
      const header = {
        wisp: 'corp',
        format: 1,
        corpId,
        name,
        createdAt: exportedAt.toISOString(),
        migrations: await appliedMigrations(tx),
        leftOut,
      }
      const shown = tables.map(table => without(table, leftOut[table.name] ?? []))
      let footer: Footer | undefined
      const lines = dumpLines(tx, shown, JSON.stringify(header), { ...options, withSequences: false })
      async function* withFooter() {
        footer = yield* lines
        yield `${JSON.stringify(footer)}\n`
      }
      await pipeline(Readable.from(withFooter()), createGzip(), meter.stream, target, { end: false })
      return footer!
    })
  await settle()
  const done = { exportedAt, exportedBy: actor, rows, ...meter.read() }
  await ctx.db.transaction().execute(async tx => {
    await putExport(tx, corpId, done)
    const detail = { rows: sumOf(rows), sha256: done.sha256 }
    await record(tx, ctx, { corpId, actor, act: 'corp.export', target: corpId, detail })
  })
  return done
}

/** A corp that is here, and not being deleted. Throws 1000. */
export async function exportable(db: Db, corpId: string): Promise<SuspensionRow> {
  const row = await readSuspension(db, corpId)
  if (!row || row.removingAt) throw unknownCorp(corpId)
  return row
}

/** `exportCorp` to a new file with mode 0600. Throws 1000 when the file exists already. */
export async function exportCorpToFile(
  ctx: Needs,
  actor: string,
  corpId: string,
  file: string,
  options: DumpOptions = {},
): Promise<CorpExport> {
  if (existsSync(file))
    throw new ApiError('badParameter', {
      zh: told`${file} 已存在，不会覆盖`,
      en: told`${file} exists and is not written over`,
    })
  const partial = `${file}.partial`
  rmSync(partial, { force: true })
  const target = createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true })
  try {
    const settle = async () => {
      target.end()
      await finished(target)
      await rename(partial, file)
    }
    return await exportCorp(ctx, actor, corpId, target, settle, options)
  } catch (error) {
    target.destroy()
    rmSync(partial, { force: true })
    throw error
  }
}

export function fileNameOf(corpId: string, at: Date): string {
  return `wisp-${corpId}-${at.toISOString().slice(0, 19).replaceAll(':', '')}.jsonl.gz`
}

/** Rows that name no corp follow those to which they belong. */
function withParts(tables: readonly CorpTable[]): Table[] {
  return tables.flatMap(table => [
    table,
    ...table.parts.map(part => ({ ...part.table, where: partOfCorp(table, part) })),
  ])
}

function without(table: Table, columns: readonly string[]): Table {
  return { ...table, columns: table.columns.filter(one => !columns.includes(one.name)) }
}

/** Size and SHA-256 of the file as it is written. */
function createMeter() {
  const hash = createHash('sha256')
  let bytes = 0
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  return { stream, read: () => ({ sha256: hash.digest('hex'), bytes }) }
}
