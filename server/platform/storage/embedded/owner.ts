import { spawnSync } from 'node:child_process'
import { chownSync, type Stats, statSync } from 'node:fs'
import { EmbeddedError, useOwnServer } from './embedded-error.ts'

/** The user that PostgreSQL runs as. */
export type Owner = { uid: number; gid: number }

/**
 * The user to run PostgreSQL as; undefined for this process's own. PostgreSQL refuses to run as root. For root it is the
 * owner of the cluster's folder; before that folder exists, the owner of the data directory, then `postgres`, then
 * `fallback`.
 * @throws EmbeddedError when there is no such user, or when the cluster belongs to another user
 */
export function ownerOf(cluster: string, dataDir: string, fallback?: 'nobody'): Owner | undefined {
  const made = statOf(cluster)
  const own = process.getuid?.() ?? 0
  if (own !== 0) {
    if (made && made.uid !== own) throw belongsToAnother(cluster, made.uid, own)
    return undefined
  }
  if (made?.uid === 0) throw belongsToRoot(cluster)
  const folder = made ?? statOf(dataDir)
  if (folder && folder.uid !== 0) return { uid: folder.uid, gid: folder.gid }
  const user = findUser('postgres') ?? (fallback && findUser(fallback))
  if (!user) throw nobodyForRoot(dataDir)
  return user
}

/** Files that root creates in another user's data directory must belong to that user, as whom wisp may run next time. */
export function giveToOwnerOf(folder: string, path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(folder)
  if (uid !== 0) chownSync(path, uid, gid)
}

export function findUser(name: string): Owner | undefined {
  const id = (flag: string) => spawnSync('id', [flag, name], { encoding: 'utf8' })
  const [uid, gid] = [id('-u'), id('-g')]
  if (uid.status !== 0 || gid.status !== 0) return undefined
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

export function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}

function belongsToAnother(cluster: string, uid: number, own: number): EmbeddedError {
  return new EmbeddedError(
    `内嵌数据库 ${cluster} 属于用户 ${uid}，而 wisp 以用户 ${own} 运行。请以用户 ${uid} 运行，或停止 wisp 后执行 chown -R ${own} ${cluster}。`,
    `The embedded database ${cluster} belongs to user ${uid} but wisp runs as user ${own}. Run wisp as user ${uid}, or stop it and run: chown -R ${own} ${cluster}`,
  )
}

function belongsToRoot(cluster: string): EmbeddedError {
  return new EmbeddedError(
    `内嵌数据库 ${cluster} 属于 root，而 PostgreSQL 不能以 root 运行。请把它交给一个普通用户，例如 chown -R postgres ${cluster}。`,
    `The embedded database ${cluster} belongs to root, and PostgreSQL does not run as root. Give it to another user, for example: chown -R postgres ${cluster}`,
  )
}

function nobodyForRoot(dataDir: string): EmbeddedError {
  return new EmbeddedError(
    `PostgreSQL 不能以 root 运行，而系统里没有 postgres 用户。请以普通用户运行 wisp，或把数据目录交给它（chown 用户 ${dataDir}），或建立用户（useradd --system postgres）。也可以：${useOwnServer.zh}`,
    `PostgreSQL does not run as root and there is no user postgres. Run wisp as an ordinary user, or give one the data directory (chown USER ${dataDir}), or make a user (useradd --system postgres). Or: ${useOwnServer.en}`,
  )
}
