import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../core.ts'
import type { TokenStore } from '../upstream/wecom/token.ts'
import * as store from './store.ts'

const turnMs = 20_000
const askAgainMs = 100

/**
 * Access tokens in the database: one node at a time asks WeCom, the others wait for what it gets. The turn is a row with
 * an end, not a lock held over a call to WeCom: that would keep a connection of the pool for as long as WeCom takes.
 */
export function databaseTokenStore(ctx: Core, corpId: string, credential: string): TokenStore {
  const purpose = `access_token ${corpId} ${credential}`
  async function read() {
    const row = await store.readToken(ctx.db, corpId, credential)
    return row && { token: ctx.seal.open(row.token, purpose), expiresAt: row.expiresAt.getTime() }
  }
  return {
    read,
    async withLock(work) {
      const isTaken = () =>
        store.takeTokenTurn(ctx.db, corpId, credential, new Date(ctx.now()), new Date(ctx.now() + turnMs))
      while (!(await isTaken())) await delay(askAgainMs, undefined, { signal: ctx.stopping })
      try {
        return await work(await read(), ({ token, expiresAt }) =>
          store.writeToken(ctx.db, corpId, credential, ctx.seal.seal(token, purpose), new Date(expiresAt)),
        )
      } finally {
        await store.endTokenTurn(ctx.db, corpId, credential)
      }
    },
  }
}
