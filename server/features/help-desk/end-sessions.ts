import { endSessionOf, endSessionsOfMember } from '../../callers/sessions/end-sessions.ts'
import { sessionsOf } from '../../callers/sessions/session-store.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Viewer } from '../../organisation/directory/console/viewer.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { servedMember } from './whom-it-serves.ts'

type Needs = Core & {
  corps: Corps
  mirrors: Mirrors
  offered: FeatureOffers
  roles: Roles
  sessions: Sessions
}

/** Ends one session of a member whom the help desk serves. Throws 1007, 1000, and 403 for somebody with a role. */
export async function endServedSession(
  ctx: Needs,
  viewer: Viewer<Visitor>,
  userId: string,
  sessionId: string,
): Promise<void> {
  const { corpId, visitor } = viewer
  const { id: memberId, name } = await servedMember(ctx, viewer, userId)
  const own = await sessionsOf(ctx.db, { corpId, memberId }, new Date(ctx.now()))
  if (!own.some(one => one.id === sessionId))
    throw new ApiError('badParameter', {
      zh: told`${name} 没有这个登录，它可能已经结束`,
      en: told`${name} has no such session: it may have ended`,
    })
  await endSessionOf(ctx, visitor, corpId, sessionId)
}

/** Ends all of them and returns how many. Throws 1007, and 403 for somebody with a role. */
export async function endServedSessions(
  ctx: Needs,
  viewer: Viewer<Visitor>,
  userId: string,
): Promise<number> {
  const member = await servedMember(ctx, viewer, userId)
  return endSessionsOfMember(ctx, viewer.visitor, viewer.corpId, member.userId)
}
