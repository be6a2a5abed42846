import { constants, createWriteStream } from 'node:fs'
import { lstat, open, readdir, readlink, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Config } from '../../../platform/config.ts'
import { flushFolder } from '../../../platform/storage/embedded/flush-folder.ts'
import { BackupError } from '../backup-error.ts'
import {
  type BackupPlace,
  differs,
  isBackupName,
  type StoredFile,
  startBytes,
  trialContent,
} from './place.ts'

const partial = (name: string) => `${name}.partial`
/** A link that somebody put under a name is not followed. */
const noLink = constants.O_NOFOLLOW ?? 0

/** The folder of WISP_BACKUP_DIR: whoever runs wisp says where on the machine it may write, and no page does. */
export function folderPlace(config: Pick<Config, 'backupDir' | 'dataDir'>): BackupPlace {
  const folder = config.backupDir
  const path = (name: string) => join(folder, name)
  const here = <T>(work: () => Promise<T>) =>
    checkFolder(config)
      .then(work)
      .catch(error => {
        throw inWords(folder, error)
      })
  const place: BackupPlace = {
    kind: 'folder',
    address: folder,
    put: (name, bytes, signal) => here(() => putFile(folder, name, bytes, signal)),
    list: () => here(() => listFiles(folder)),
    start: name => here(() => startOf(path(name))),
    source: name => ({ name: path(name), open: () => bytesOf(path(name)) }),
    remove: name => here(() => rm(path(name))),
    tidy: names =>
      here(async () => {
        for (const name of names) await rm(path(partial(name)), { force: true })
      }),
    tryOut: () => here(() => tryFolder(folder)),
    close: async () => undefined,
  }
  return place
}

const readFlags = constants.O_RDONLY | noLink

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, readFlags)
  yield* handle.createReadStream()
}

async function tryFolder(folder: string): Promise<void> {
  const file = join(folder, `wisp-trial-${process.pid}-${Date.now()}`)
  await writeFile(file, trialContent, { mode: 0o600, flag: 'wx', flush: true })
  try {
    if (!(await startOf(file))?.equals(trialContent)) throw differs(folder)
  } finally {
    await rm(file, { force: true })
  }
}

async function putFile(
  folder: string,
  name: string,
  bytes: AsyncIterable<Buffer>,
  signal: AbortSignal | undefined,
): Promise<{ size: number }> {
  const [part, whole] = [join(folder, partial(name)), join(folder, name)]
  await rm(part, { force: true })
  try {
    const target = createWriteStream(part, { mode: 0o600, flags: 'wx', flush: true })
    await pipeline(Readable.from(bytes), target, { ...(signal ? { signal } : {}) })
    await rename(part, whole)
    flushFolder(folder)
    const { size } = await lstat(whole)
    if (size !== target.bytesWritten) throw differs(whole)
    return { size }
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function listFiles(folder: string): Promise<StoredFile[]> {
  const found: StoredFile[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || !isBackupName(entry.name)) continue
    const { size, mtime } = await lstat(join(folder, entry.name))
    found.push({ name: entry.name, size, at: mtime })
  }
  return found
}

async function startOf(path: string): Promise<Buffer | undefined> {
  const handle = await open(path, readFlags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!handle) return undefined
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(startBytes), 0, startBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Throws BackupError for a folder that is none, leads elsewhere, or lies where the database does. */
async function checkFolder({
  backupDir: folder,
  dataDir,
}: Pick<Config, 'backupDir' | 'dataDir'>): Promise<void> {
  if (!folder)
    throw new BackupError(
      '这个节点没有设置 WISP_BACKUP_DIR：备份到目录时，由它说明写到哪里',
      'WISP_BACKUP_DIR is not set on this node: it says which folder backups are written to',
    )
  const found = await lstat(folder)
  if (found.isSymbolicLink()) {
    const target = await readlink(folder)
    throw new BackupError(
      `WISP_BACKUP_DIR ${folder} 是指向 ${target} 的符号链接：请直接写目标目录，以免备份被引到别处`,
      `WISP_BACKUP_DIR ${folder} is a symbolic link to ${target}: name the folder itself, so that backups cannot be led elsewhere`,
    )
  }
  if (!found.isDirectory())
    throw new BackupError(`WISP_BACKUP_DIR ${folder} 不是目录`, `WISP_BACKUP_DIR ${folder} is not a folder`)
  const inside = relative(await realpath(dataDir).catch(() => dataDir), await realpath(folder))
  if (inside === '' || !(inside.startsWith('..') || isAbsolute(inside)))
    throw new BackupError(
      `WISP_BACKUP_DIR ${folder} 在数据目录 ${dataDir} 里：数据目录损坏时备份会一起损坏，请用另一块磁盘上的目录`,
      `WISP_BACKUP_DIR ${folder} is inside the data directory ${dataDir}, and would be lost with it: take a folder on another disk`,
    )
}

/** `error` in words, where it is one of the file system's. */
function inWords(folder: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof BackupError) return error
  const { code = '', message } = error as NodeJS.ErrnoException
  const [zh, en] = reasons[code] ?? []
  if (zh) return new BackupError(`备份目录 ${folder} ${zh}`, `the backup folder ${folder} ${en}`)
  return code.startsWith('E')
    ? new BackupError(`备份目录 ${folder}：${message}`, `the backup folder ${folder}: ${message}`)
    : error
}

const reasons: Record<string, [string, string] | undefined> = {
  ENOENT: ['不存在，或文件已不在', 'does not exist, or the file is gone'],
  EACCES: ['不允许运行 wisp 的用户读写', 'may not be read and written by the user that runs wisp'],
  EPERM: ['不允许运行 wisp 的用户读写', 'may not be read and written by the user that runs wisp'],
  EROFS: ['是只读的', 'is read-only'],
  ENOSPC: ['所在的磁盘已满', 'is on a disk that is full'],
  EDQUOT: ['的磁盘配额已用完', 'has used up its quota'],
  ELOOP: ['里的这个文件是符号链接', 'has a symbolic link in the place of the file'],
}
