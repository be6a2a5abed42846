import type { Db } from '../../../platform/storage/db.ts'
import type { Tag } from '../entities.ts'
import * as store from '../store.ts'
import { addChange, type Plan } from './plan.ts'

export async function putTags(tx: Db, plan: Plan, tags: Tag[]): Promise<void> {
  const latest = [...new Map(tags.map(tag => [tag.id, tag])).values()]
  await store.putTags(tx, plan.corpId, latest)
  for (const tag of latest) {
    addChange(plan, { kind: 'tag', op: 'put', entityId: String(tag.id) })
    plan.patch.tags.set(tag.id, tag)
  }
}

export async function dropTags(tx: Db, plan: Plan, ids: number[]): Promise<void> {
  await store.dropTags(tx, plan.corpId, ids)
  for (const id of ids) {
    addChange(plan, { kind: 'tag', op: 'drop', entityId: String(id) })
    plan.patch.tags.set(id, undefined)
  }
}

/** Edits tags on our side, because WeCom removes deleted entities from its tags without any event. */
export async function editTags(tx: Db, plan: Plan, edit: (tag: Tag) => Tag | undefined): Promise<void> {
  const edited = currentTags(plan).flatMap(tag => edit(tag) ?? [])
  if (edited.length > 0) await putTags(tx, plan, edited)
}

/**
 * A tag may name members that do not exist yet or are not listed. When that changes, followers of the feed see another tag,
 * so the change is reported although the tag's row stays the same.
 */
export function tellTags<T>(plan: Plan, fresh: ReadonlySet<T>, named: (tag: Tag) => readonly T[]): void {
  if (fresh.size === 0) return
  for (const tag of currentTags(plan)) {
    if (named(tag).some(one => fresh.has(one)))
      addChange(plan, { kind: 'tag', op: 'put', entityId: String(tag.id) })
  }
}

function currentTags(plan: Plan): Tag[] {
  const tags = new Map(plan.mirror.tags)
  for (const [id, tag] of plan.patch.tags) {
    if (tag) tags.set(id, tag)
    else tags.delete(id)
  }
  return [...tags.values()]
}
