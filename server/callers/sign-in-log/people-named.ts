import { userKey } from '../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../organisation/directory/mirror/mirror.ts'

const peopleAtMost = 50

/** The members whom somebody means by a userid, a name or its pinyin. Nobody is looked for among those who left but by userid. */
export function peopleNamed(
  { members, search }: Mirror,
  asked: string,
): { memberIds: number[]; userId: string } {
  const exact = members.byKey(userKey(asked))
  if (exact) return { memberIds: [exact.id], userId: exact.userId }
  const found = search.search(asked, { offset: 0, limit: peopleAtMost, mobile: false, allow: () => true })
  return { memberIds: found.flatMap(ordinal => members.at(ordinal)?.id ?? []), userId: asked }
}
