import type { Core } from '../../../platform/core.ts'
import { createEdge } from '../tree/merkle.ts'
import type { TreeName } from '../tree/source.ts'
import { holdTree } from '../tree/tree-store.ts'
import {
  type CheckpointCause,
  dueCheckpoints,
  insertCheckpoint,
  type StoredCheckpoint,
} from './checkpoint-store.ts'
import { originOf, signingKey } from './key.ts'
import { checkpointText, signNote } from './note.ts'

/** Signs what the tree is now. Undefined while it is empty. */
export async function makeCheckpoint(
  ctx: Core,
  tree: TreeName,
  cause: CheckpointCause,
): Promise<StoredCheckpoint | undefined> {
  const key = await signingKey(ctx)
  return ctx.db.transaction().execute(async tx => {
    const row = await holdTree(tx, tree)
    if (!row || row.size === 0) return undefined
    const [origin, madeAt] = [originOf(key, tree), new Date(ctx.now())]
    const root = createEdge(row.size, row.edge).root()
    const note = signNote(checkpointText({ origin, size: row.size, root, madeAt }), origin, key.privateKey)
    const made = { tree, size: row.size, note, cause, madeAt }
    return { ...made, number: await insertCheckpoint(tx, made) }
  })
}

/** Makes those that are due: of each tree that grew hourly, and after an export of the audit log. */
export async function makeDueCheckpoints(ctx: Core): Promise<void> {
  for (const { tree, cause } of await dueCheckpoints(ctx.db, new Date(ctx.now()))) {
    if (ctx.stopping.aborted) return
    await makeCheckpoint(ctx, tree, cause)
  }
}
