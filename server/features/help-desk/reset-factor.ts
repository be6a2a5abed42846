import type { Sessions } from '../../callers/sessions/sessions.ts'
import { resetSecondFactor, secondFactorStatus } from '../../callers/sign-in/factor/second-factor.ts'
import type { Viewer } from '../../organisation/directory/console/viewer.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { servedMember } from './whom-it-serves.ts'

type Needs = Core & {
  mirrors: Mirrors
  offered: FeatureOffers
  roles: Roles
  sessions: Sessions
  three: Three
}

/**
 * Takes away the second factor of a member who lost the device: authenticator, recovery codes and passkeys, and ends all their
 * sessions. Throws 1007, 1000 for who has none, and 403 for somebody with a role, whose second factor is reset by a super administrator.
 */
export async function resetServedFactor(ctx: Needs, viewer: Viewer<Visitor>, userId: string): Promise<void> {
  const { id: memberId, userId: known, name } = await servedMember(ctx, viewer, userId)
  const owner = { corpId: viewer.corpId, memberId, userId: known, name }
  await resetSecondFactor(ctx, viewer.visitor.actor, owner)
}

/** What the help desk is shown of it. */
export async function factorOf(
  ctx: Core,
  corpId: string,
  { id: memberId, userId, name }: { id: number; userId: string; name: string },
): Promise<{ isOn: boolean; passkeys: number }> {
  const { isOn, passkeys } = await secondFactorStatus(ctx, { corpId, memberId, userId, name })
  return { isOn, passkeys }
}
