import { createWriteStream, existsSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { appliedMigrations } from '../../platform/storage/migrate.ts'
import { BackupError } from './backup-error.ts'
import { readCatalog } from './catalog-store.ts'
import { type DumpOptions, dumpLines, type Footer, type Header } from './dump-store.ts'
import { noteBackup } from './last-backup.ts'
import { signFooter } from './proof/signature.ts'

export type BackupNeeds = Pick<Core, 'db' | 'direct' | 'seal' | 'now'>

/**
 * Writes all of wisp's rows, as they were at one moment, as gzip-compressed lines. Rows are streamed, so memory use does
 * not grow with their number. No pooler lends a connection for so long. `target` is not ended. Throws whatever the target
 * fails with.
 */
export async function streamBackup(
  ctx: BackupNeeds,
  target: Writable,
  options: DumpOptions = {},
): Promise<Footer> {
  const snapshot = ctx.direct.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
  return snapshot.execute(async tx => {
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
      footer = signFooter(ctx.seal, yield* lines)
      yield `${JSON.stringify(footer)}\n`
    }
    await pipeline(Readable.from(withFooter()), createGzip(), target, { end: false })
    return footer!
  })
}

/** `streamBackup` to a new file with mode 0600. Throws BackupError when the file exists already. */
export async function writeBackup(
  ctx: BackupNeeds,
  file: string,
  options: DumpOptions = {},
): Promise<Footer> {
  if (existsSync(file))
    throw new BackupError(`${file} 已存在，不会覆盖`, `${file} exists already, and is not written over`)
  const partial = `${file}.partial`
  rmSync(partial, { force: true })
  try {
    const target = createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true })
    const footer = await streamBackup(ctx, target, options)
    target.end()
    await finished(target)
    await rename(partial, file)
    return footer
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

/** Like `writeBackup` or, for a stream, `streamBackup`, for somebody whose act is recorded. */
export async function backUp(
  ctx: BackupNeeds,
  actor: string,
  target: string | Writable,
  options: DumpOptions = {},
): Promise<Footer> {
  const isFile = typeof target === 'string'
  const footer = await (isFile ? writeBackup(ctx, target, options) : streamBackup(ctx, target, options))
  const detail = { sha256: footer.sha256 }
  const act = { corpId: null, actor, act: 'backup' as const, target: isFile ? target : '-', detail }
  await noteBackup(ctx.db, ctx.now())
  await record(ctx.db, ctx, act)
  return footer
}
