import { LRUCache } from 'lru-cache'
import { wireBytes } from '../../../platform/http/wire.ts'
import type { ListPage, View } from './view.ts'

type CachedPage = ListPage & { departments: number; members: number; period: number }

/**
 * Complete pages of members that were requested recently. The hundred pieces of a page are spread over memory, and fetching
 * them costs more than anything else; once joined, they are read in one go. A page is valid until a member, a department or
 * the period of its avatar links changes. See docs/decisions/kept-pages-of-members.md.
 */
const kept = new LRUCache<string, CachedPage>({
  maxSize: 64_000_000,
  sizeCalculation: page => page.wire.length + 8 * page.people.memberIds.length + 200,
})

export function keptPage({ mirror, revision }: View, key: string): ListPage | undefined {
  const page = kept.get(`${mirror.corpId} ${key}`)
  const isCurrent =
    page?.departments === revision &&
    page.members === mirror.members.revision &&
    page.period === mirror.fragments.period()
  return isCurrent ? page : undefined
}

/** Keeps the page, and answers it in one piece. `period` and `members` are those from before it was put together. */
export function keepPage(
  { mirror, revision }: View,
  key: string,
  made: ListPage & { members: number; period: number },
): string {
  const wire = wireBytes(made.wire).toString('latin1')
  kept.set(`${mirror.corpId} ${key}`, { departments: revision, ...made, wire })
  return wire
}
