import type { Developers } from '../../callers/developers/developers.ts'
import type { GroupChange } from '../../platform/manifest/access-end.ts'
import type { Db } from '../../platform/storage/db.ts'
import { tellDevelopers } from './outbox-store.ts'

/** Tells each developer who may know of a group how many came and went, in the transaction that has counted it. */
export async function tellOfGroups(
  { developers }: { developers: Developers },
  tx: Db,
  corpId: string,
  changes: readonly GroupChange[],
  at: Date,
): Promise<void> {
  const able = developers
    .all()
    .filter(one => one.corpId === corpId && one.enabled && one.scopes.has('directory:read'))
  const events = changes.flatMap(({ id, name, members, joined, left }) => {
    const told = able.filter(one => !one.dataScope || one.dataScope.groups?.includes(id))
    const data = { groupId: String(id), groupName: name, members, joined, left }
    return told.map(({ devId }) => ({
      corpId,
      devId,
      type: 'group.changed',
      scope: 'directory:read' as const,
      entity: `group:${id}`,
      data,
    }))
  })
  await tellDevelopers(tx, events, at)
}
