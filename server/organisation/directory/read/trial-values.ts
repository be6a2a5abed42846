import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { parseWire } from '../../../platform/http/wire.ts'
import type { MemberCore } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import type { DepartmentNode } from '../mirror/tree.ts'
import { seesTag } from '../permissions/data-scope.ts'
import { departmentLevel, level } from '../permissions/sight.ts'
import { type View, viewOf, visibleMember, withMembers } from './view.ts'

const lookedAtMost = 100

/** A department, a member of it, a tag and a picture within the data scope, to try calls with. */
export async function directoryValues(
  ctx: Core & { mirrors: Mirrors },
  developer: Caller,
): Promise<Record<string, string>> {
  const { corpId } = developer
  if (!developer.scopes.has('directory:read')) return { corpId }
  const view = viewOf(ctx, developer)
  const { orgId, members } = firstMembers(view)
  const tag = view.mirror.tags.values().find(one => seesTag(developer, one.id))
  const wires = await withMembers(ctx, view, members, false, list => list)
  const shown = wires.map(
    wire =>
      parseWire(wire) as {
        userId: string
        userName: string
        fileId: string
        avatarUrl: string
        mobile: string
      },
  )
  const member = shown.find(one => one.fileId) ?? shown[0]
  const mobile = view.withMobile ? shown.find(one => one.mobile)?.mobile : undefined
  const link = member?.avatarUrl ? new URL(member.avatarUrl).searchParams : undefined
  return {
    corpId,
    ...(orgId ? { orgId } : {}),
    ...(tag ? { tagId: String(tag.id) } : {}),
    ...(member ? { userId: member.userId, userName: member.userName } : {}),
    ...(mobile ? { mobile } : {}),
    ...(member?.fileId ? { fileId: member.fileId } : {}),
    ...(link ? { expires: link.get('expires') ?? '', sign: link.get('sign') ?? '' } : {}),
  }
}

/**
 * The first visible department that has members, and some members of it and of those after it; with a scope of tags alone, whom
 * these name.
 */
function firstMembers(view: View): { orgId: string | undefined; members: MemberCore[] } {
  const { tree, sight, mirror } = view
  const visible = tree.order.filter(node => departmentLevel(sight, node) > level.none)
  const direct = (node: DepartmentNode) => mirror.members.direct(node.department.id)
  const first = visible.find(node => direct(node).length > 0) ?? visible[0]
  const within = visible.values().flatMap(direct).take(lookedAtMost).toArray()
  const named = sight.memberKeys
    .values()
    .map(key => visibleMember(view, mirror.members.byKey(key)))
    .filter(one => one !== undefined)
  return {
    orgId: first && String(first.department.id),
    members: within.length > 0 ? within : named.take(lookedAtMost).toArray(),
  }
}
