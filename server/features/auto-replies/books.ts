import type { Core } from '../../platform/core.ts'
import { type Book, createBook } from './book.ts'
import type { Owner } from './conversation-owner.ts'
import * as store from './store.ts'

/** The rules and flows of all owners of one kind. Every node holds them in memory, and rereads them with the configuration. */
export type Books<Content> = {
  reload(corpId?: string): Promise<void>
  of(owner: Owner): Book<Content>
}

export function createBooks<Content>(ctx: Core, owners: store.Owners): Books<Content> {
  const empty = createBook<Content>([], [])
  let books = new Map<string, { corpId: string; book: Book<Content> }>()
  return {
    async reload(corpId) {
      const [rules, flows] = await Promise.all([
        store.allRules<Content>(ctx.db, owners, corpId),
        store.allFlows<Content>(ctx.db, owners, corpId),
      ])
      const others = [...books].filter(([, one]) => corpId !== undefined && one.corpId !== corpId)
      const flowsOf = Map.groupBy(flows, keyOf)
      const read = new Map([...flows, ...rules].map(one => [keyOf(one), one.corpId]))
      const rulesOf = Map.groupBy(rules, keyOf)
      books = new Map(others)
      for (const [key, corpId] of read) {
        const book = createBook(rulesOf.get(key) ?? [], flowsOf.get(key) ?? [])
        books.set(key, { corpId, book })
      }
    },
    of: owner => books.get(keyOf(owner))?.book ?? empty,
  }
}

/** Two corps may have agents of one number. */
const keyOf = ({ corpId, ownerId }: Owner) => `${corpId} ${ownerId}`
