import { isListed } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { mayAct, type Roles } from '../../organisation/directory/permissions/person.ts'
import { membersWithOwnRole } from '../../organisation/roles/role-store.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { integrityOf } from '../audit-tree/integrity.ts'
import { receiversOf } from '../siem/receiver-store.ts'
import { viewOf } from '../siem/receiver-view.ts'

export type RoleNeeds = {
  mirrors: Pick<Mirrors, 'load'>
  offered: Pick<FeatureOffers, 'checkpointReceivers'>
  roles: Roles
}

/** How many members have a role of the corp's own now, and how many of these see the audit log and change nothing by any role. */
export type OwnRoleUse = { holders: number; auditors: number }

/** `isSent`: checkpoints are to go somewhere. `found`: things wrong in the last verification; undefined without one that has ended. */
export type TreeState = { isProved: boolean; isSent: boolean; found: number | undefined }

/** `good`: every receiver that is switched on takes what it is sent. */
export type ForwardingState = 'none' | 'behind' | 'good'

/** Points that change nothing, and those of the audit log itself. */
const ofAuditors = /^audit:|:(use|read|inspect|export|log|ledger)$/

export async function useOfOwnRoles(
  { db, mirrors, roles }: Core & RoleNeeds,
  corpId: string,
): Promise<OwnRoleUse> {
  const held = await membersWithOwnRole(db, corpId)
  if (held.length === 0) return { holders: 0, auditors: 0 }
  const { members } = await mirrors.load(corpId)
  const here = held.filter(id => {
    const member = members.byId(id)
    return member && isListed(member) && mayAct(member) && roles.grantsOf(corpId, id).length > 0
  })
  const auditors = here.filter(id => {
    const grants = roles.grantsOf(corpId, id)
    const seesAll = grants.some(({ points, range }) => range.kind === 'corp' && points.has('audit:read'))
    const changes = grants.some(({ points }) => [...points].some(point => !ofAuditors.test(point)))
    return roles.of(id) === undefined && seesAll && !changes
  })
  return { holders: here.length, auditors: auditors.length }
}

/** `tree`: a corp, or '' for the installation. */
export async function treeState(ctx: Core & Pick<RoleNeeds, 'offered'>, tree: string): Promise<TreeState> {
  const { isProved, to, verification } = await integrityOf(ctx, tree)
  const isDone = verification && verification.endedAt !== null && verification.problem === ''
  return {
    isProved,
    isSent:
      to.url !== '' || to.receiver !== '' || to.bucket !== null || to.members.length + to.mails.length > 0,
    found: isDone ? (verification.findings ?? []).length : undefined,
  }
}

/** `owner`: a corp, or '' for the installation. */
export async function forwardingOf({ db, now }: Core, owner: string): Promise<ForwardingState> {
  const receivers = await receiversOf(db, owner)
  const states = receivers.map(one => viewOf(one, now(), 'zh').state).filter(state => state !== 'off')
  if (states.length === 0) return 'none'
  return states.every(state => state === 'good') ? 'good' : 'behind'
}
