import { seenMember, type Viewer, viewerOf } from '../../organisation/directory/console/viewer.ts'
import type { MemberCore } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { hasRole, type Roles } from '../../organisation/directory/permissions/person.ts'
import { everything } from '../../organisation/directory/permissions/sight.ts'
import type { Core } from '../../platform/core.ts'
import { refused } from '../../platform/http/page-call.ts'
import type { Visitor } from '../../platform/http/visitor.ts'

/** The help desk sees all members of the corp; graded administrators see those of their departments. */
export function helperOf(
  ctx: Core & { mirrors: Mirrors },
  corpId: string,
  visitor: Visitor,
): Viewer<Visitor> {
  const viewer = viewerOf(ctx, corpId, visitor)
  return visitor.isHelpDesk ? { ...viewer, sight: everything } : viewer
}

/**
 * The member whom the help desk is asked to serve. Throws 1007, both for unknown people and for those out of sight, and 403 for somebody
 * with a role, for whomever asks: nobody gets at an administrator from here.
 */
export async function servedMember(
  ctx: Core & { roles: Roles },
  viewer: Viewer,
  userId: string,
): Promise<MemberCore> {
  const member = await seenMember(ctx, viewer, userId)
  if (hasRole(ctx.roles, viewer.corpId, member.id))
    throw refused({
      zh: `${member.name} 是管理员或服务台人员，服务台只服务没有角色的成员；请找超级管理员`,
      en: `${member.name} has a role, and the help desk serves only members without one: ask a super administrator`,
    })
  return member
}
