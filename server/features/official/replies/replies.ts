import type { Core } from '../../../platform/core.ts'
import { type Book, createBook } from './book.ts'
import * as store from './store.ts'

/** The rules and flows of all accounts. Every node holds them in memory, and rereads them with the configuration. */
export type Replies = {
  reload(corpId?: string): Promise<void>
  of(account: { originalId: string }): Book
}

const empty = createBook([], [])

export function createReplies(ctx: Core): Replies {
  let books = new Map<string, { corpId: string; book: Book }>()
  return {
    async reload(corpId) {
      const [rules, flows] = await Promise.all([
        store.allRules(ctx.db, corpId),
        store.allFlows(ctx.db, corpId),
      ])
      const others = [...books].filter(([, one]) => corpId !== undefined && one.corpId !== corpId)
      const flowsOf = Map.groupBy(flows, flow => flow.originalId)
      const read = new Map([...flows, ...rules].map(one => [one.originalId, one.corpId]))
      const rulesOf = Map.groupBy(rules, rule => rule.originalId)
      books = new Map(others)
      for (const [originalId, owner] of read) {
        const book = createBook(rulesOf.get(originalId) ?? [], flowsOf.get(originalId) ?? [])
        books.set(originalId, { corpId: owner, book })
      }
    },
    of: ({ originalId }) => books.get(originalId)?.book ?? empty,
  }
}
