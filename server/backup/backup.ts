import { createWriteStream, existsSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { record } from '../audit/audit.ts'
import type { Core } from '../core.ts'
import { appliedMigrations } from '../storage/migrate.ts'
import { BackupError } from './backup-error.ts'
import { readCatalog } from './catalog-store.ts'
import { type DumpOptions, dumpLines, type Footer, type Header } from './dump-store.ts'

/**
 * Writes all of wisp's rows, as they were at one moment, to a new file of gzip-compressed lines with mode 0600. Rows
 * are streamed, so memory use does not grow with their number. Throws BackupError when the file exists already.
 */
export async function writeBackup(
  ctx: Pick<Core, 'db' | 'seal' | 'now'>,
  file: string,
  options: DumpOptions = {},
): Promise<Footer> {
  if (existsSync(file)) throw new BackupError(`${file} 已存在，不会覆盖`)
  const partial = `${file}.partial`
  rmSync(partial, { force: true })
  try {
    const snapshot = ctx.db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
    const footer = await snapshot.execute(async tx => {
      const header: Header = {
        wisp: 'backup',
        format: 1,
        createdAt: new Date(ctx.now()).toISOString(),
        migrations: await appliedMigrations(tx),
        keyFingerprint: ctx.seal.fingerprint,
      }
      let footer: Footer | undefined
      const lines = dumpLines(tx, await readCatalog(tx), JSON.stringify(header), options)
      async function* withFooter() {
        footer = yield* lines
        yield `${JSON.stringify(footer)}\n`
      }
      const target = createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true })
      await pipeline(Readable.from(withFooter()), createGzip(), target)
      return footer!
    })
    await rename(partial, file)
    return footer
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

/** Like `writeBackup`, for somebody whose act is recorded. */
export async function backUp(
  ctx: Pick<Core, 'db' | 'seal' | 'now'>,
  actor: string,
  file: string,
  options: DumpOptions = {},
): Promise<Footer> {
  const footer = await writeBackup(ctx, file, options)
  const detail = { sha256: footer.sha256 }
  await record(ctx.db, ctx, { corpId: null, actor, act: 'backup', target: file, detail })
  return footer
}
