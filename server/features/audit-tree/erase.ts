import { blankRefusals } from '../../callers/refusals/refusals.ts'
import { blankDataReads } from '../../callers/requests/data-reads/blank.ts'
import { blankSignIns } from '../../callers/sign-in-log/blank.ts'
import { blankActs } from '../../platform/audit/audit.ts'
import type { Db } from '../../platform/storage/db.ts'
import { bodiesOf } from './tree/bodies-store.ts'
import { hiddenOf } from './tree/leaf.ts'
import { rangesOf, type Source, sources, type TreeName } from './tree/source.ts'
import * as store from './tree/tree-store.ts'

const blank: Record<Source, (tx: Db, corpId: string, ids: readonly string[]) => Promise<void>> = {
  audit: (tx, _corpId, ids) => blankActs(tx, ids.map(Number)),
  sign_in_log: (tx, corpId, ids) => blankSignIns(tx, corpId, ids.map(Number)),
  refusal: (tx, _corpId, ids) => blankRefusals(tx, ids),
  data_read: (tx, corpId, ids) => blankDataReads(tx, corpId, ids.map(Number)),
}

/**
 * Erases the personal fields of entries (who, about whom, from where, with what detail), with the salts by which they could be guessed, in
 * the caller's transaction. What remains (when, which act, what came of it) can still be proved; a statement in the tree names the entries
 * and the reason. Rows that have not entered their tree, within ten seconds, are none of `entries`. Returns how many were erased; those
 * that are gone or erased already are passed over.
 * @param entries places in the tree, as `entriesInOrder` gives them
 */
export async function eraseFields(
  tx: Db,
  tree: TreeName,
  entries: readonly number[],
  { reason, by }: { reason: string; by: string },
): Promise<number> {
  const leaves = (await store.lockLeaves(tx, tree, entries)).filter(leaf => leaf.salt !== null)
  const hidden: { index: number; hidden: Buffer }[] = []
  for (const source of sources) {
    const ofSource = new Map(
      leaves.flatMap(leaf => (leaf.source === source ? [[leaf.rowId, leaf] as const] : [])),
    )
    const bodies = await bodiesOf(tx, tree, source, [...ofSource.keys()])
    for (const body of bodies) {
      const leaf = ofSource.get(body.rowId)!
      hidden.push({ index: leaf.index, hidden: hiddenOf(leaf.salt!, body.personal) })
    }
    if (bodies.length > 0)
      await blank[source](
        tx,
        tree,
        bodies.map(body => body.rowId),
      )
  }
  if (hidden.length === 0) return 0
  await store.putHidden(tx, tree, hidden)
  const indexes = hidden.map(one => one.index).sort((a, b) => a - b)
  await store.state(tx, tree, { what: 'erased', indexes: rangesOf(indexes), reason, by })
  return hidden.length
}
