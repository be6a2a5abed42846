import { type MemberCore, userKey } from '../mirror/members.ts'
import type { Mirror } from '../mirror/mirror.ts'
import { mayAct } from './person.ts'

/** The first active of somebody's direct leaders, else of the leaders of the main department. */
export function leaderOf(
  { members, tree }: Mirror,
  place: { directLeaders: readonly string[]; mainDepartment: number },
): MemberCore | undefined {
  const firstActive = (userIds: readonly string[]): MemberCore | undefined =>
    userIds.map(one => members.byKey(userKey(one))).find(one => one !== undefined && mayAct(one))
  return (
    firstActive(place.directLeaders) ?? firstActive(tree.get(place.mainDepartment)?.department.leaders ?? [])
  )
}
