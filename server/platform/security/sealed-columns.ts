import type { Db } from '../storage/db.ts'
import type { Tables } from '../storage/tables.ts'
import type { Seal } from './seal.ts'
import * as store from './sealed-store.ts'

/** A column of values sealed with WISP_SECRET_KEY. Each feature declares its own in its manifest. */
export type SealedColumn = {
  table: keyof Tables
  column: string
  /** The table's primary key. */
  key: readonly string[]
  /** The purpose that values are sealed for: the same for all rows, or derived from the row's key. */
  purpose: string | ((key: readonly string[]) => string)
}

const rowsAtOnce = 1000

/** Re-seals with the current key whatever was sealed with another one. Runs in the caller's transaction. */
export async function sealAnew(
  { seal }: { seal: Seal },
  tx: Db,
  columns: readonly SealedColumn[],
): Promise<void> {
  for (const column of columns) {
    for (let after: readonly string[] | undefined; ; ) {
      const rows = await store.lockSealed(tx, column, after, rowsAtOnce)
      const resealed = rows.map(({ address, key, sealed }) => {
        const purpose = purposeOf(column, key)
        return { address, sealed: seal.seal(seal.open(sealed, purpose), purpose) }
      })
      if (resealed.length > 0) await store.putSealed(tx, column, resealed)
      after = rows.at(-1)?.key
      if (rows.length < rowsAtOnce) break
    }
  }
}

/** Opens every sealed value, and returns how many there are. Throws SealError for one that cannot be opened. */
export async function openAll(
  { seal }: { seal: Seal },
  tx: Db,
  columns: readonly SealedColumn[],
): Promise<number> {
  let count = 0
  for (const column of columns) {
    for (let after: readonly string[] | undefined; ; ) {
      const rows = await store.lockSealed(tx, column, after, rowsAtOnce)
      for (const { key, sealed } of rows) seal.open(sealed, purposeOf(column, key))
      count += rows.length
      after = rows.at(-1)?.key
      if (rows.length < rowsAtOnce) break
    }
  }
  return count
}

export function purposeOf(column: SealedColumn, key: readonly string[]): string {
  return typeof column.purpose === 'string' ? column.purpose : column.purpose(key)
}
