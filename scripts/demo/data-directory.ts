import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export class AlreadyStarted extends Error {}

/**
 * Takes the lock that allows only one `npm start` per data directory. The operating system releases it when
 * the process ends.
 */
export function ownDataDirectory(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(join(dataDir, 'start.lock'))
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch {
    lock.close()
    throw new AlreadyStarted(dataDir)
  }
  return () => lock.close()
}

/**
 * Makes the folder of backups beside the data directory, because a backup in it would be lost with it. '' where it cannot be made: the
 * demo does without backups then.
 */
export function backupsBeside(dataDir: string): string {
  const folder = `${dataDir}-backups`
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  } catch {
    return ''
  }
}
