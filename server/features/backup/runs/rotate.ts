import { formatDay } from '../../../platform/format.ts'
import { usualZone } from '../../../platform/time-zone.ts'
import { BackupError } from '../backup-error.ts'
import type { BackupPlace } from '../places/place.ts'
import { isBackupName } from '../places/place.ts'
import { markOf } from '../proof/sealed-backup.ts'
import type { Run } from './run-store.ts'

export type RetentionCounts = { keepDaily: number; keepWeekly: number; keepMonthly: number }
type DatedRun = Pick<Run, 'id'> & { startedAt: Date | null }

/**
 * Which of these stay, the latest first: the last one of each of the last days, weeks and months that have any, in the zone of the installation. Days
 * without a backup do not count, so that nothing is lost while none could be written.
 */
export function staying(
  runs: readonly DatedRun[],
  { keepDaily, keepWeekly, keepMonthly }: RetentionCounts,
): Set<number> {
  const kept = new Set<number>()
  const rules = [
    [keepDaily, dayOf],
    [keepWeekly, weekOf],
    [keepMonthly, monthOf],
  ] as const
  for (const [atMost, periodOf] of rules) {
    const periods = new Set<string>()
    for (const { id, startedAt } of runs) {
      const period = periodOf(startedAt ?? new Date(0))
      if (periods.has(period) || periods.size >= atMost) continue
      periods.add(period)
      kept.add(id)
    }
  }
  const [latest] = runs
  if (latest) kept.add(latest.id)
  return kept
}

const dayOf = (at: Date) => formatDay(at, usualZone)
const monthOf = (at: Date) => dayOf(at).slice(0, 7)

/** The day of the week's Monday. */
function weekOf(at: Date): string {
  const day = new Date(`${dayOf(at)}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7))
  return day.toISOString().slice(0, 10)
}

/**
 * Deletes the file of a run. It must carry the name and, at its beginning, the mark of the run: anything else under that name is
 * somebody else's. Returns whether there was a file. Throws BackupError.
 */
export async function removeFile(
  place: BackupPlace,
  { name, mark }: Pick<Run, 'name' | 'mark'>,
): Promise<boolean> {
  if (!isBackupName(name) || !mark) throw notOurs(name)
  const start = await place.start(name)
  if (!start) return false
  if (markOf(start) !== mark) throw notOurs(name)
  await place.remove(name)
  return true
}

function notOurs(name: string): BackupError {
  return new BackupError(
    `${name} 不是 wisp 写下的那个文件，没有删除`,
    `${name} is not the file that wisp wrote, and was not deleted`,
  )
}
