import type { Caller } from '../../../platform/http/caller.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { appendChanges, endFeed, lockFeed } from '../feed-store.ts'
import type { Mirror } from '../mirror/mirror.ts'
import { everything, level, type Sight, sightOf } from './sight.ts'

type CachedSight = { revision: number; sight: Sight }

type ScopeOwner = Pick<Caller, 'dataScope'>
const kept = new WeakMap<ScopeOwner, CachedSight>()

/**
 * A developer's data scope as departments and members; everything outside is neither visible nor reachable
 * (docs/interface/authorisation.md#developers-and-scopes). Cached per developer until departments or tags change; a changed
 * developer is a new object.
 */
export function scopeSight(mirror: Mirror, developer: ScopeOwner): Sight {
  const { dataScope } = developer
  if (!dataScope) return everything
  const known = kept.get(developer)
  if (known?.revision === mirror.revision) return known.sight
  const tags = dataScope.tags.flatMap(id => mirror.tags.get(id) ?? [])
  const departments = [...dataScope.departments, ...tags.flatMap(tag => tag.departments)]
  const byPlace = sightOf(
    mirror.tree,
    departments.map(departmentId => ({ departmentId, level: level.manage })),
    new Set(tags.flatMap(tag => tag.userKeys)),
  )
  const { groups: ids = [] } = dataScope
  const has = (memberId: number) => ids.some(id => mirror.groups.has(id, memberId))
  const sight = ids.length > 0 ? { ...byPlace, groups: { ids, has } } : byPlace
  kept.set(developer, { revision: mirror.revision, sight })
  return sight
}

/** Gives a new data scope its place in the change feed and returns its number. */
export async function noteScope(tx: Db, corpId: string, devId: string, at: Date): Promise<number> {
  const seq = (await lockFeed(tx, corpId)) + 1
  const row = { seq, kind: 'scope', op: 'put', entityId: devId } as const
  await appendChanges(tx, corpId, [{ ...row, oldId: null, memberId: null, departmentsBefore: null }], at)
  await endFeed(tx, corpId, seq, at)
  return seq
}

export function seesGroup(developer: ScopeOwner, groupId: number): boolean {
  return developer.dataScope === undefined || developer.dataScope.groups?.includes(groupId) === true
}

export function seesTag(developer: ScopeOwner, tagId: number): boolean {
  return developer.dataScope === undefined || developer.dataScope.tags.includes(tagId)
}
