import { createHash } from 'node:crypto'
import { chownSync, lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { clusterFolder } from './cluster.ts'
import { EmbeddedError } from './embedded-error.ts'
import { type Owner, statOf } from './owner.ts'

/** PostgreSQL names its socket after a port, although it does not listen on that port. */
export const port = 5432
const longestPath = 100
/** Not TMPDIR, because a server and a command started in different environments must find the same socket. */
const shared = '/tmp'

/**
 * The folder of PostgreSQL's socket. It is the cluster itself, or a private folder outside when the path is too long: the
 * kernel limits the path of a socket.
 */
export function socketFolder(dataDir: string): string {
  const cluster = clusterFolder(dataDir)
  const path = join(cluster, `.s.PGSQL.${port}`)
  if (Buffer.byteLength(path) <= longestPath) return cluster
  const name = createHash('sha256')
    .update(join(realpathSync(dataDir), 'postgres'))
    .digest('hex')
    .slice(0, 32)
  return join(shared, `wisp-${name}`)
}

/**
 * Makes sure that the folder exists and only the owner can use it, because a password passes through. Throws
 * EmbeddedError.
 */
export function prepareSocketFolder(dataDir: string, owner?: Owner): void {
  const folder = socketFolder(dataDir)
  if (folder === clusterFolder(dataDir)) return
  if (!lstatSync(folder, { throwIfNoEntry: false })) {
    mkdirSync(folder, { mode: 0o700 })
    if (owner) chownSync(folder, owner.uid, owner.gid)
  }
  refuseForeignSocket(dataDir)
}

/** Another user may have created a folder or link of that name in order to receive the password. */
export function refuseForeignSocket(dataDir: string): void {
  const folder = socketFolder(dataDir)
  const cluster = clusterFolder(dataDir)
  if (folder === cluster) return
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (!found) return
  if (found.isDirectory() && found.uid === statOf(cluster)?.uid && (found.mode & 0o077) === 0) return
  throw new EmbeddedError(
    `${folder} 不是内嵌数据库的用户独有的目录（应为其所有，权限 0700），不能放它的套接字。请检查后删除它；数据目录的路径短一些时不需要它。`,
    `${folder} is not a folder of the embedded database's user alone (mode 0700), so its socket cannot be put there. Look into it and delete it; a shorter data directory does not need it.`,
  )
}
