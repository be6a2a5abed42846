import { type MemberCore, memberStatus } from '../../../organisation/directory/mirror/members.ts'
import { mayAct } from '../../../organisation/directory/permissions/person.ts'
import type { Core } from '../../../platform/core.ts'
import { readWays } from './ways-store.ts'

/**
 * Whether a member may act where no session is at hand that says how they proved themselves: `countsAsActive` asks of a session or
 * ticket, this of a person alone. Who has not activated WeCom had a code to their mobile, which their corp must still offer.
 */
export async function mayCome(
  { db }: Pick<Core, 'db'>,
  corpId: string,
  member: MemberCore,
): Promise<boolean> {
  if (mayAct(member)) return true
  return member.status === memberStatus.notActivated && (await readWays(db, corpId)).ways.includes('sms')
}
