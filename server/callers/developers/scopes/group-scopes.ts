import { noteScope } from '../../../organisation/directory/permissions/data-scope.ts'
import type { GroupChange } from '../../../platform/manifest/access-end.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Developers } from '../developers.ts'
import { updateDeveloper } from '../store.ts'

/**
 * Gives the data scopes that name these groups a place in the change feed: who came or left has no change of their own, so that followers of
 * the feed read everything again, as after a change of a tag.
 */
export async function moveGroupScopes(
  { developers }: { developers: Developers },
  tx: Db,
  corpId: string,
  changes: readonly GroupChange[],
  at: Date,
): Promise<void> {
  const moved = new Set(changes.map(one => one.id))
  const scoped = developers
    .all()
    .filter(one => one.corpId === corpId && one.dataScope?.groups?.some(id => moved.has(id)))
  for (const { devId } of scoped)
    await updateDeveloper(tx, devId, { scopeSeq: await noteScope(tx, corpId, devId, at) })
  if (scoped.length > 0) await signal(tx, 'wisp_config', corpId)
}
