import { administratorName } from '../../organisation/directory/permissions/person.ts'
import { memberOf } from '../../organisation/people/administrators.ts'
import { roleWords } from '../../organisation/three/joint-acts.ts'
import {
  type HolderRow,
  liveHolders,
  mobilesNow,
  roleOfPerson,
} from '../../organisation/three/three-store.ts'
import type { ThreeRole } from '../../platform/http/admin/three-role.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { ThreeNeeds } from './needs.ts'

/** Whom to appoint. `declared`: whoever appoints says that somebody without a mobile is a person of their own. */
export type Appointee = { corpId: string; userId: string; declared: boolean }

type NewHolder = Omit<HolderRow, 'id' | 'corpId' | 'role' | 'givenBy' | 'givenAt'>

/** The local account as one of the three; it is system administrator and nothing else. */
export const account: NewHolder = {
  person: `account:${administratorName}`,
  adminName: administratorName,
  memberCorp: null,
  memberId: null,
  userId: administratorName,
  name: '',
  declared: false,
}

/**
 * The row of somebody who can be appointed. A person is their mobile, over all corps: the one at the appointment, and those that the
 * address books have now. Throws 1007, and 1000 for somebody who is another one of the three.
 */
export async function eligible(
  ctx: ThreeNeeds,
  db: Db,
  role: ThreeRole,
  { corpId, userId, declared }: Appointee,
): Promise<NewHolder> {
  const find = async () => memberOf(ctx, corpId, userId)
  const member = await ctx.mirrors.during(corpId, find)
  const holders = await liveHolders(db)
  const members = holders.flatMap(({ memberCorp, memberId }) =>
    memberCorp !== null && memberId !== null ? [{ corpId: memberCorp, memberId }] : [],
  )
  const mobiles = await mobilesNow(db, [...members, { corpId, memberId: member.id }])
  const [mobile, ...more] = mobiles.get(member.id) ?? []
  if (mobile === undefined && !declared)
    throw new ApiError('badParameter', {
      zh: told`declared：${member.userId} 没有手机，无法判断是否与其他三员是同一人；请确认后声明为独立的人`,
      en: told`declared: ${member.userId} has no mobile that tells them from the other two; declare them to be a person of their own`,
    })
  const persons = mobile === undefined ? [`member:${corpId}/${member.id}`] : [mobile, ...more]
  for (const one of holders) {
    const theirs = [one.person, ...(mobiles.get(one.memberId ?? -1) ?? [])]
    const isSame = one.memberId === member.id || theirs.some(person => persons.includes(person))
    if (isSame && one.role !== role) throw isAnother(member.userId, one)
  }
  const person = persons[0]!
  const known = await roleOfPerson(db, person)
  if (known && known !== role) throw isAnother(member.userId, { role: known, corpId: null, userId: '' })
  return {
    person,
    adminName: null,
    memberCorp: corpId,
    memberId: member.id,
    userId: member.userId,
    name: member.name,
    declared: mobile === undefined,
  }
}

function isAnother(
  userId: string,
  { role, corpId }: Pick<HolderRow, 'role' | 'corpId' | 'userId'>,
): ApiError {
  const where = corpId ?? '-'
  return new ApiError('badParameter', {
    zh: told`${userId} 已是${own(roleWords[role].zh)}（企业 ${own(where)}）；三员中一个人只能担任一种，按手机判断`,
    en: told`${userId} is ${own(roleWords[role].en)} already (corp ${own(where)}); by their mobile, a person is only one of the three, in all corps`,
  })
}
