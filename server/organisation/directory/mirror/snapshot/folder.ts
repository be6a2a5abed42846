import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A folder with one file for each corp. Nodes may share it: each writes under a name of its own and renames, and whatever is read was
 * written whole by one of them.
 */
export type Folder = {
  pathOf(corpId: string): string
  list(): Promise<SnapshotFile[]>
  /** Writes a new file in place of the corp's; when that fails the old one stays. */
  replace<T>(corpId: string, write: (path: string) => Promise<T>): Promise<T>
  remove(corpId: string): Promise<void>
  removeFile(name: string): Promise<void>
}

/** `isWhole`: not one that is being written, or was when its node was killed. */
export type SnapshotFile = { name: string; isWhole: boolean; bytes: number; changedAt: number }

const ending = '.snapshot'

/** Returns the corpId in the name of a corp's file, and of one that is being written. */
export function corpIdIn(name: string): string | undefined {
  const at = name.indexOf(ending)
  if (at <= 0) return undefined
  try {
    return decodeURIComponent(name.slice(0, at))
  } catch {
    return undefined
  }
}

export function openFolder(dir: string, nodeId: string): Folder {
  const nameOf = (corpId: string) => `${encodeURIComponent(corpId)}${ending}`
  const pathOf = (corpId: string) => join(dir, nameOf(corpId))
  return {
    pathOf,
    async list() {
      const found: SnapshotFile[] = []
      for (const name of await readdir(dir).catch(() => [])) {
        if (corpIdIn(name) === undefined) continue
        const file = await lstat(join(dir, name)).catch(() => undefined)
        if (file)
          found.push({ name, isWhole: name.endsWith(ending), bytes: file.size, changedAt: file.mtimeMs })
      }
      return found
    },
    async replace(corpId, write) {
      // One that is there already, such as a volume, has the rights that somebody gave it: the files are private in any case.
      await mkdir(dir, { recursive: true, mode: 0o700 })
      const path = `${pathOf(corpId)}.${nodeId}`
      // Its name is this process's own, so that whatever has it was left behind by a failure.
      await rm(path, { force: true })
      try {
        const written = await write(path)
        await rename(path, pathOf(corpId))
        await flush(dir)
        return written
      } catch (error) {
        await rm(path, { force: true })
        throw error
      }
    },
    remove: corpId => rm(pathOf(corpId), { force: true }),
    removeFile: name => rm(join(dir, name), { force: true }),
  }
}

/** The new name survives a power cut only once the folder itself is on the disk. */
async function flush(dir: string): Promise<void> {
  const handle = await open(dir, 'r')
  await handle.sync().finally(() => handle.close())
}
