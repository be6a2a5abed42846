/**
 * One node at a time asks for an upstream's token. Its turn is stored in the row and has an end. A token that an older turn
 * brings is not stored.
 */

import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../../platform/core.ts'
import { describeError } from '../../platform/operation/log.ts'
import type { SealedColumn } from '../../platform/security/sealed-columns.ts'
import type { Db } from '../../platform/storage/db.ts'
import * as store from './credential-store.ts'
import { createTokenSource, type StoredToken, type TokenSource, type TokenStore } from './token-source.ts'

type Needs = Pick<Core, 'db' | 'log' | 'now' | 'newId' | 'seal' | 'stopping'>

/** `works` is told of each call that succeeds with the token: the upstream accepts the secret, whatever it said before. */
export type SharedCredential = TokenSource & { works(): void }

/** Longer than any call to an upstream may take. */
const leaseMs = 20_000
const askAgainMs = 100

/**
 * A token that an upstream issues for a secret, shared by all nodes. It is stored in the database, refreshed before it
 * expires by one node at a time, and fetched again when the upstream rejects it (`renew`).
 * `refusedBy` tells by which code the upstream refused the secret itself; undefined for any other failure.
 */
export function sharedCredential(
  ctx: Needs,
  key: store.CredentialKey,
  fetchToken: () => Promise<StoredToken>,
  refusedBy: (error: unknown) => number | undefined = () => undefined,
): SharedCredential {
  let isRefused = false
  const fetchNoting = async () => {
    try {
      return await fetchToken()
    } catch (error) {
      const errcode = refusedBy(error)
      if (errcode !== undefined) {
        await store.noteRefused(ctx.db, key, errcode, new Date(ctx.now()))
        isRefused = true
      }
      throw error
    }
  }
  return {
    ...createTokenSource({ store: databaseStore(ctx, key), fetchToken: fetchNoting, now: ctx.now }),
    works() {
      if (!isRefused) return
      isRefused = false
      store.noteAccepted(ctx.db, key.corpId, key.owner).catch(error => {
        isRefused = true
        ctx.log.warn(describeError(error), 'accepted secret not noted')
      })
    },
  }
}

/** Call it when the upstream has taken the secret past what is kept, as in a check-up. */
export async function acceptSecret(db: Db, corpId: string, owner: string): Promise<void> {
  await store.noteAccepted(db, corpId, owner)
}

/** Call it when the secret changes, because tokens of the old secret are then worthless. */
export async function forgetCredentials(db: Db, corpId: string, owner: string): Promise<void> {
  await store.deleteCredentials(db, corpId, owner)
}

/** The turn is a row with an end time. A lock would hold a database connection during the call to the upstream. */
function databaseStore(ctx: Needs, key: store.CredentialKey): TokenStore {
  const purpose = purposeOfKey([key.corpId, key.owner, key.name])
  async function read(): Promise<StoredToken | undefined> {
    const row = await store.readCredential(ctx.db, key)
    return row && { token: ctx.seal.open(row.token, purpose), expiresAt: row.expiresAt.getTime() }
  }
  return {
    read,
    async withLock(work) {
      const lease = ctx.newId()
      const isTaken = () =>
        store.takeLease(ctx.db, key, lease, new Date(ctx.now()), new Date(ctx.now() + leaseMs))
      while (!(await isTaken())) await delay(askAgainMs, undefined, { signal: ctx.stopping })
      try {
        return await work(await read(), async fetched => {
          const sealed = ctx.seal.seal(fetched.token, purpose)
          const isWritten = await store.writeCredential(
            ctx.db,
            key,
            lease,
            sealed,
            new Date(fetched.expiresAt),
          )
          return isWritten ? fetched : ((await read()) ?? fetched)
        })
      } finally {
        await store.endLease(ctx.db, key, lease)
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
