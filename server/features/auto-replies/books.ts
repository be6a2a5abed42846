import type { Core } from '../../platform/core.ts'
import { type Book, createBook } from './book.ts'
import type { Owner } from './owner.ts'
import * as store from './store.ts'

/** The rules and flows of all owners. Every node holds them in memory, and rereads them with the configuration. */
export type Books<Content> = {
  reload(corpId?: string): Promise<void>
  of(owner: Pick<Owner, 'ownerId'>): Book<Content>
}

export function createBooks<Content>(ctx: Core): Books<Content> {
  const empty = createBook<Content>([], [])
  let books = new Map<string, { corpId: string; book: Book<Content> }>()
  return {
    async reload(corpId) {
      const [rules, flows] = await Promise.all([
        store.allRules<Content>(ctx.db, corpId),
        store.allFlows<Content>(ctx.db, corpId),
      ])
      const others = [...books].filter(([, one]) => corpId !== undefined && one.corpId !== corpId)
      const flowsOf = Map.groupBy(flows, flow => flow.ownerId)
      const read = new Map([...flows, ...rules].map(one => [one.ownerId, one.corpId]))
      const rulesOf = Map.groupBy(rules, rule => rule.ownerId)
      books = new Map(others)
      for (const [ownerId, corpId] of read) {
        const book = createBook(rulesOf.get(ownerId) ?? [], flowsOf.get(ownerId) ?? [])
        books.set(ownerId, { corpId, book })
      }
    },
    of: ({ ownerId }) => books.get(ownerId)?.book ?? empty,
  }
}
