import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type PersonalTable, purposes } from '../../../platform/storage/personal/personal-table.ts'
import type { Words } from '../../../platform/words.ts'
import { type CopiedRow, readColumns, readRows } from '../rows/person-rows-store.ts'
import { keysOf } from '../rows/person-store.ts'

/** A page of rows of one table, as a copy has it. */
export type CopySection = { table: string; what: Words; why: Words; rows: CopiedRow[] }

/** All that wisp keeps of a person, secrets and what is about others left out, at the moment of the transaction. */
export async function* readPerson(
  { personal, sealed }: Pick<FeatureOffers, 'personal' | 'sealed'>,
  tx: Db,
  corpId: string,
  memberId: number,
): AsyncGenerator<CopySection> {
  const keys = await keysOf(tx, corpId, memberId)
  const columns = await readColumns(tx)
  const secret = new Set(sealed.map(one => `${one.table}.${one.column}`))
  for (const table of personal)
    for await (const rows of readRows(tx, table, keys, columns, personal, secret))
      yield { ...headOf(table), rows }
}

function headOf({ table, what, why }: PersonalTable): Omit<CopySection, 'rows'> {
  return { table, what, why: purposes[why] }
}
