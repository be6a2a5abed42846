import type { Db } from '../../platform/storage/db.ts'
import { putSetting, readSetting } from '../../platform/storage/settings.ts'

const key = 'backup.last'

/** When a backup last ended well, in ms since the epoch. Backups by PostgreSQL's own programs are not known. */
export async function lastBackup(db: Db): Promise<number | undefined> {
  const kept = (await readSetting(db, key)) as { at?: number } | undefined
  return kept?.at
}

export async function noteBackup(db: Db, at: number): Promise<void> {
  await putSetting(db, key, { at })
}
