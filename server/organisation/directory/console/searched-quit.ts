import { type MemberCore, memberStatus } from '../mirror/members.ts'
import type { Mirror } from '../mirror/mirror.ts'
import { createSearchIndex } from '../search/search-index.ts'

/**
 * Returns members who quit at WeCom and match the words, the best match first. The search of the address book has no quit members, and
 * memory has no aliases and mobiles of them: they are found by name, pinyin and userid.
 */
export function searchedQuit(
  { members }: Pick<Mirror, 'members'>,
  words: string,
  fits: (core: MemberCore) => boolean,
  limit = members.size,
): MemberCore[] {
  const search = createSearchIndex()
  for (const core of members.all())
    if (core.status === memberStatus.quit && fits(core))
      search.set(core.ordinal, { userId: core.userId, name: core.name, alias: '', mobile: '' })
  const found = search.search(words, { offset: 0, limit, mobile: false })
  return found.flatMap(ordinal => members.at(ordinal) ?? [])
}
