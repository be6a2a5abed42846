import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import { EmbeddedError } from './embedded-error.ts'
import { flushFolder } from './flush-folder.ts'
import type { Owner } from './owner.ts'

export const majorVersion = 18
export const user = 'wisp'
/** initdb creates this database itself, so no crash can leave a cluster without it. */
export const databaseName = 'postgres'

const passwordName = 'wisp.password'

export function clusterFolder(dataDir: string): string {
  return join(dataDir, `postgres-${majorVersion}`)
}

/**
 * The cluster's path as given to PostgreSQL's own programs. They run inside it and may have no permission on the folders
 * above; only Linux has a path that needs none.
 */
export const clusterFromWithin = process.platform === 'linux' ? '/proc/self/cwd' : '.'

/**
 * Whether there is a cluster. Throws EmbeddedError when something else is in its place: the database of an earlier wisp, a
 * cluster of another PostgreSQL version, or a folder that is no cluster.
 */
export function findCluster(dataDir: string): boolean {
  const folder = clusterFolder(dataDir)
  if (!existsSync(folder)) {
    refuseOlder(dataDir)
    return false
  }
  try {
    accessSync(folder, constants.R_OK | constants.X_OK)
  } catch (error) {
    throw broken(folder, (error as Error).message)
  }
  const version = readText(join(folder, 'PG_VERSION'))
  if (version !== String(majorVersion))
    throw broken(
      folder,
      version === undefined ? 'PG_VERSION: ENOENT' : `PG_VERSION: ${JSON.stringify(version)}`,
    )
  return true
}

function refuseOlder(dataDir: string): void {
  const pglite = join(dataDir, 'database')
  if (existsSync(join(pglite, 'PG_VERSION'))) throw olderDatabase(pglite, 'PGlite')
  const names = existsSync(dataDir) ? readdirSync(dataDir) : []
  const other = names.find(
    name => /^postgres-\d+$/.test(name) && existsSync(join(dataDir, name, 'PG_VERSION')),
  )
  if (other) throw olderDatabase(join(dataDir, other), `PostgreSQL ${other.slice('postgres-'.length)}`)
}

/** Throws EmbeddedError when the file is missing or empty. */
export function readPassword(dataDir: string): string {
  const path = join(clusterFolder(dataDir), passwordName)
  const password = readText(path)
  if (!password) throw broken(clusterFolder(dataDir), `${path}: ${password === '' ? 'empty' : 'ENOENT'}`)
  return password
}

/** Creates an empty cluster, which appears complete or not at all. */
export async function makeCluster(dataDir: string, binaries: Binaries, owner?: Owner): Promise<void> {
  const part = join(dataDir, `postgres-${majorVersion}.part`)
  const cluster = join(part, 'cluster')
  rmSync(part, { recursive: true, force: true })
  mkdirSync(cluster, { recursive: true, mode: 0o700 })
  const password = join(part, passwordName)
  writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true })
  if (owner) for (const path of [part, cluster, password]) chownSync(path, owner.uid, owner.gid)
  try {
    await runInitdb(cluster, binaries, owner)
    renameSync(password, join(cluster, passwordName))
    flushFolder(cluster)
    renameSync(cluster, clusterFolder(dataDir))
    flushFolder(dataDir)
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    throw notMade(clusterFolder(dataDir), stderr?.trim() || message)
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

async function runInitdb(cluster: string, binaries: Binaries, owner?: Owner): Promise<void> {
  const args = [
    ...['-D', clusterFromWithin, '--pwfile', `${clusterFromWithin}/../${passwordName}`],
    ...['-U', user, '-A', 'scram-sha-256', '-E', 'UTF8'],
    // Text sorts and compares the same everywhere, whatever locales and libraries the system has.
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
  ]
  await promisify(execFile)(binaries.initdb, args, { ...owner, cwd: cluster, env: binaries.env })
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw broken(path, (error as Error).message)
  }
}

function olderDatabase(path: string, engine: string): EmbeddedError {
  return new EmbeddedError(
    `${path} 是旧版 wisp 的内嵌数据库（${engine}），这个版本不能直接使用它，也没有改动它。步骤：1. 用旧版执行 wisp backup 备份文件；2. 停止旧版，把 ${path} 移到别处，secret.key 留在原处；3. 用这个版本执行 wisp restore 备份文件。`,
    `${path} is the embedded database (${engine}) of another version of wisp. This version cannot use it and has not touched it. 1. With the old version run: wisp backup FILE. 2. Stop it and move ${path} away; leave secret.key where it is. 3. With this version run: wisp restore FILE.`,
  )
}

export function broken(path: string, cause: string): EmbeddedError {
  return new EmbeddedError(
    `内嵌数据库 ${path} 已损坏或不能读取（${cause}）。请修正权限，或把该目录移走后用 wisp restore 从备份恢复。`,
    `The embedded database ${path} is broken or cannot be read (${cause}). Correct its permissions, or move it away and restore a backup with wisp restore.`,
  )
}

function notMade(path: string, cause: string): EmbeddedError {
  return new EmbeddedError(
    `内嵌数据库 ${path} 建立失败：${cause}`,
    `The embedded database ${path} could not be made, for this reason.`,
  )
}
