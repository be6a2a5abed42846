import { DatabaseAway } from '../../platform/storage/availability.ts'
import type { Db } from '../../platform/storage/db.ts'
import { inSavepoint } from './savepoint-store.ts'

/**
 * Writes rows of people who have nothing to do with each other, and returns those that cannot be written, such as one of a corp that was
 * just deleted: it must not take the rows beside it with it. `because` is told of every failure.
 */
export async function writeParted<R>(
  tx: Db,
  rows: readonly R[],
  write: (rows: readonly R[]) => Promise<void>,
  because: (error: unknown) => void,
): Promise<readonly R[]> {
  try {
    await inSavepoint(tx, () => write(rows))
    return []
  } catch (error) {
    if (error instanceof DatabaseAway) throw error
    because(error)
    if (rows.length === 1) return rows
    const half = rows.length >> 1
    const first = await writeParted(tx, rows.slice(0, half), write, because)
    return [...first, ...(await writeParted(tx, rows.slice(half), write, because))]
  }
}
