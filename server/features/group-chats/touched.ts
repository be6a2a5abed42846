import type { FeedChange } from '../../organisation/directory/feed-store.ts'
import { userKey } from '../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../organisation/directory/mirror/mirror.ts'
import { lineages } from '../../organisation/directory/mirror/tree.ts'
import type { FollowRow } from './store.ts'

/** What changes of the address book are about. `all`: they may concern any chat. */
export type ChatReach = {
  all: boolean
  departments: Set<number>
  tags: Set<number>
  userKeys: Set<string>
  devIds: Set<string>
}

/** Reads what these changes concern: departments with all above them, where somebody came, went or changed. */
export function touchedBy(
  mirror: Pick<Mirror, 'tree' | 'members'>,
  changes: readonly FeedChange[],
): ChatReach {
  const touched: ChatReach = {
    all: false,
    departments: new Set(),
    tags: new Set(),
    userKeys: new Set(),
    devIds: new Set(),
  }
  for (const change of changes) {
    const { kind, op, entityId, oldId, departmentsBefore } = change
    if (kind === 'scope') touched.devIds.add(entityId)
    else if (kind === 'tag') touched.tags.add(Number(entityId))
    // Where a department was before it moved is not kept.
    else if (op === 'move') touched.all = true
    else {
      const key = userKey(entityId)
      const now = kind === 'department' ? [Number(entityId)] : (mirror.members.byKey(key)?.departments ?? [])
      for (const id of lineages(mirror.tree, now)) touched.departments.add(id)
      for (const id of departmentsBefore ?? []) touched.departments.add(id)
      if (kind === 'member') for (const one of [key, userKey(oldId ?? key)]) touched.userKeys.add(one)
    }
  }
  return touched
}

/** The chats whose members may be others now. `tagsOf`: the tags of a developer's data scope. */
export function chatsTouched(
  mirror: Pick<Mirror, 'tags'>,
  touched: ChatReach,
  chats: readonly FollowRow[],
  tagsOf: (devId: string) => readonly number[],
): FollowRow[] {
  if (touched.all) return [...chats]
  const tagged = new Map<number, boolean>()
  const isTouched = (tagId: number) =>
    tagged.getOrInsertComputed(tagId, () => {
      const tag = mirror.tags.get(tagId)
      return (
        touched.tags.has(tagId) ||
        (tag?.departments.some(id => touched.departments.has(id)) ?? false) ||
        (tag?.userKeys.some(key => touched.userKeys.has(key)) ?? false)
      )
    })
  return chats.filter(
    ({ devId, follow }) =>
      touched.devIds.has(devId) ||
      follow.toParty.some(id => touched.departments.has(Number(id))) ||
      follow.toTag.some(id => isTouched(Number(id))) ||
      follow.toUser.some(userId => touched.userKeys.has(userKey(userId))) ||
      tagsOf(devId).some(isTouched),
  )
}
