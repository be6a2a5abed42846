import { type MemberCore, memberStatus } from '../../organisation/directory/mirror/members.ts'
import { mayAct } from '../../organisation/directory/permissions/person.ts'
import type { Amr } from '../../platform/http/visitor.ts'

/**
 * Whether a member may act: who is active, and who has not activated WeCom but proved by a code to the mobile of the address book that
 * it is them.
 */
export function countsAsActive(member: MemberCore, amr: readonly Amr[]): boolean {
  return mayAct(member) || (member.status === memberStatus.notActivated && amr.includes('sms'))
}
