import type { Core } from '../../../platform/core.ts'
import { parseWire, toWire } from '../../../platform/http/wire.ts'
import type { FeedChange } from '../feed-store.ts'
import { seesTag } from '../permissions/data-scope.ts'
import { departmentLevel, level } from '../permissions/sight.ts'
import { livingMember, type View, withMembers } from './view.ts'

/** Whether members may have entered or left the scope without a change of their own: its tag or the tree has changed. */
export function movesScope(view: View, change: FeedChange): boolean {
  if (change.op === 'move') return true
  return change.kind === 'tag' && view.developer.dataScope?.tags.includes(Number(change.entityId)) === true
}

/** A change as a developer sees it: `wire` are the fields `id`, `oldId` and `value` of JSON in wire form. */
export type SeenChange = { change: FeedChange; op: 'put' | 'drop' | 'rename'; wire: string }

/** Returns the changes that the developer of the view sees, with the current data of what they are about. */
export async function seenChanges(
  ctx: Core,
  view: View,
  changes: readonly FeedChange[],
): Promise<SeenChange[]> {
  const cores = changes.flatMap(one =>
    one.kind === 'member' ? (livingMember(view, one.entityId) ?? []) : [],
  )
  const unique = [...new Map(cores.map(core => [core.key, core])).values()]
  const texts = await withMembers(ctx, view, unique, true, list => list)
  const members = new Map(texts.map(text => [(parseWire(text) as { userId: string }).userId, text]))
  return changes.flatMap((change): SeenChange[] => {
    if (change.kind === 'scope' || change.kind === 'external') return []
    const value = currentValue(view, change, members)
    if (value === undefined && !sawBefore(view, change)) return []
    const op = value === undefined ? 'drop' : change.op === 'rename' ? 'rename' : 'put'
    const old = op === 'rename' ? `,"oldId":${toWire(JSON.stringify(change.oldId))}` : ''
    // If a member was renamed and then dropped, a follower of the feed knows only the old userid.
    const isGone = op === 'drop' && change.oldId !== null
    const id = toWire(JSON.stringify(isGone ? change.oldId : change.entityId))
    return [{ change, op, wire: `"id":${id}${old}${value ? `,"value":${value}` : ''}` }]
  })
}

/** The entity's current value in wire form, or undefined when the developer does not see it. */
function currentValue(view: View, change: FeedChange, members: Map<string, string>): string | undefined {
  const { tree } = view
  const { tags } = view.mirror
  const id = Number(change.entityId)
  if (change.kind === 'department') {
    const node = tree.get(id)
    return node && departmentLevel(view.sight, node) > level.none ? node.wire : undefined
  }
  if (change.kind === 'member') return members.get(livingMember(view, change.entityId)?.userId ?? '')
  const tag = tags.get(id)
  if (!tag || !seesTag(view.developer, id)) return undefined
  const userIds = tag.userKeys.flatMap(key => livingMember(view, key)?.userId ?? [])
  const orgIds = tag.departments.flatMap(one => (tree.get(one) ? String(one) : []))
  return toWire(JSON.stringify({ tagId: String(id), tagName: tag.name, userIds, orgIds }))
}

/** Whether the developer could see the entity before; only then may it be told that the entity is gone. */
function sawBefore({ developer, mirror }: View, change: FeedChange): boolean {
  const { dataScope } = developer
  if (!dataScope) return true
  if (change.kind === 'tag') return seesTag(developer, Number(change.entityId))
  const tops = new Set([
    ...dataScope.departments,
    ...dataScope.tags.flatMap(id => mirror.tags.get(id)?.departments ?? []),
  ])
  return change.departmentsBefore?.some(id => tops.has(id)) ?? false
}
