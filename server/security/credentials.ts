import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'
import {
  createTokenSource,
  type StoredToken,
  type TokenSource,
  type TokenStore,
} from '../upstream/token-source.ts'
import * as store from './credential-store.ts'
import type { SealedColumn } from './sealed-columns.ts'

type Needs = Pick<Core, 'db' | 'now' | 'newId' | 'seal' | 'stopping'>

/** Longer than a call to an upstream may take. */
const turnMs = 20_000
const askAgainMs = 100

/**
 * A token that an upstream gives for a secret, one for all nodes: kept in the database, refreshed ahead of its end by one
 * node at a time, and fetched once more when upstream says that it is no longer good (`renew`).
 */
export function sharedCredential(
  ctx: Needs,
  key: store.CredentialKey,
  fetchToken: () => Promise<StoredToken>,
): TokenSource {
  return createTokenSource({ store: databaseStore(ctx, key), fetchToken, now: ctx.now })
}

/** Another secret makes the tokens of the old one worthless. */
export async function forgetCredentials(db: Db, corpId: string, owner: string): Promise<void> {
  await store.deleteCredentials(db, corpId, owner)
}

/** The turn is a row with an end, not a lock held over a call to an upstream, which would hold a connection as long. */
function databaseStore(ctx: Needs, key: store.CredentialKey): TokenStore {
  const purpose = purposeOfKey([key.corpId, key.owner, key.name])
  async function read(): Promise<StoredToken | undefined> {
    const row = await store.readCredential(ctx.db, key)
    return row && { token: ctx.seal.open(row.token, purpose), expiresAt: row.expiresAt.getTime() }
  }
  return {
    read,
    async withLock(work) {
      const turn = ctx.newId()
      const isTaken = () =>
        store.takeTurn(ctx.db, key, turn, new Date(ctx.now()), new Date(ctx.now() + turnMs))
      while (!(await isTaken())) await delay(askAgainMs, undefined, { signal: ctx.stopping })
      try {
        return await work(await read(), async fetched => {
          const sealed = ctx.seal.seal(fetched.token, purpose)
          const isWritten = await store.writeCredential(
            ctx.db,
            key,
            turn,
            sealed,
            new Date(fetched.expiresAt),
          )
          return isWritten ? fetched : ((await read()) ?? fetched)
        })
      } finally {
        await store.endTurn(ctx.db, key, turn)
      }
    },
  }
}

const purposeOfKey = (key: readonly string[]) => `upstream_credential.token ${key.join(' ')}`

export const credentialSealed: readonly SealedColumn[] = [
  {
    table: 'upstream_credential',
    key: ['corp_id', 'owner', 'name'],
    column: 'token',
    purpose: purposeOfKey,
  },
]
