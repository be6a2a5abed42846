import type { Corps } from '../../organisation/corps/corps.ts'
import { isListed } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { memberPerson, type Roles, roleLevel } from '../../organisation/directory/permissions/person.ts'
import { holdsPoint } from '../../organisation/rights/reached.ts'
import type { Core } from '../../platform/core.ts'
import type { Person } from '../../platform/http/visitor.ts'
import { mayCome } from '../sign-in/ways/may-come.ts'
import type { TokenRow } from './token-store.ts'

type Needs = Core & { corps: Corps; mirrors: Pick<Mirrors, 'load'>; roles: Roles }

/**
 * Returns the person who made a token, as they are now. Undefined if they may make none any more: they left, were disabled, or
 * lost the role that may make tokens. The token of an account that was removed is removed with it.
 */
export async function makerOf(
  ctx: Needs,
  { adminName, corpId, memberId }: Pick<TokenRow, 'adminName' | 'corpId' | 'memberId'>,
): Promise<Person | undefined> {
  if (adminName !== null)
    return { corpId: corpId ?? '', roleLevel: roleLevel.system, assigned: [], member: undefined, adminName }
  if (corpId === null || memberId === null || !ctx.corps.find(corpId)) return undefined
  const { members } = await ctx.mirrors.load(corpId)
  const member = members.byId(memberId)
  if (!member || !isListed(member) || !(await mayCome(ctx, corpId, member))) return undefined
  const person = memberPerson(ctx, corpId, member)
  return holdsPoint(person, 'role:token') ? person : undefined
}

/** As the audit log names them. */
export function actorOf(person: Person): string {
  return person.member ? person.member.userId : person.adminName
}
