/**
 * A group may give its members a role of the corp's own. Then only what others decide about a member counts: nobody reaches a role by what
 * they change of themselves, and the list is short enough to stand in the audit log person by person.
 */

import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { GroupUse } from '../../platform/manifest/access-end.ts'
import { comparisonsOf, type Rule } from './rule.ts'

/** Members do not edit these themselves. */
const fieldsOfOthers: readonly string[] = [
  'department',
  'mainDepartment',
  'leader',
  'status',
  'joined',
  'userId',
]
export const listedOfRoleAtMost = 200

/** What a group is to become that some of these uses give rights by. Throws 1000, and 1009 where it takes two people. */
export function checkStillGives(
  uses: readonly GroupUse[],
  { name, rule, listed }: { name: string; rule: Rule | null; listed: number },
): void {
  const giving = uses.filter(one => one.givesRights)
  if (giving.length === 0) return
  if (giving.some(one => one.givesRights === 'together'))
    throw new ApiError('forbidden', {
      zh: told`三员分立已开启：人群“${name}”用在${giving.map(one => one.zh).join('、')}，一人不能改变谁有角色；请先由两人从角色中去掉它，修改后再加回；没有改动`,
      en: told`the three administrators are separated: ${giving.map(one => one.en).join(', ')} is given by the group "${name}", and nobody alone changes who has a role; two of them take it out of the role, and back in after the change; nothing was changed`,
    })
  checkGives(name, rule, listed)
}

/** Throws 1000 where the group cannot give a role. */
export function checkGives(name: string, rule: Rule | null, listed: number): void {
  const fields = rule ? comparisonsOf(rule).map(one => one.field) : []
  const others = [...new Set(fields)].filter(field => !fieldsOfOthers.includes(field))
  if (others.length > 0)
    throw new ApiError('badParameter', {
      zh: told`人群“${name}”不能给出角色：规则用到 ${others.join('、')}，成员可能自己修改它；只能用 ${own(fieldsOfOthers.join('、'))}，或者只用名单`,
      en: told`the group "${name}" cannot give a role: its rule compares ${others.join(', ')}, which members may change themselves; it may compare ${own(fieldsOfOthers.join(', '))}, or be a list alone`,
    })
  if (listed > listedOfRoleAtMost)
    throw new ApiError('badParameter', {
      zh: told`人群“${name}”不能给出角色：名单有 ${own(listed)} 人，最多 ${own(listedOfRoleAtMost)} 人；更多的人请用规则`,
      en: told`the group "${name}" cannot give a role: its list has ${own(listed)} members, at most ${own(listedOfRoleAtMost)} may be on it; use a rule for more`,
    })
}
