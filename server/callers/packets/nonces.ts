import type { Core } from '../../platform/core.ts'
import { describeError } from '../../platform/operation/log.ts'
import { createBatcher } from '../../platform/storage/batcher.ts'
import { insertSessionNonces, pruneNonces, type SessionNonce } from './nonce-store.ts'

/** How far a packet's timestamp may be from the server's clock, in seconds. */
const secondsOff = 300

export const isNonce = (text: string): boolean => /^[0-9a-f]{32}$/.test(text)

/** Whether this is a time in seconds, not more than five minutes from now. */
export function isFresh(timestamp: string, nowMs: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(nowMs / 1000 - Number(timestamp)) <= secondsOff
}

/** When a packet of this time is refused for its age, and its nonce need not be known any more. */
export function nonceEnd(timestamp: string): Date {
  return new Date((Number(timestamp) + secondsOff) * 1000)
}

const noncesAtOnce = 500
const sweepEveryMs = 10_000
/** Another node's clock may be slow; it must not accept as fresh a nonce that this node has forgotten. */
const sweepAfterMs = 60_000
const sweptAtOnce = 5000

/**
 * Takes a nonce for a session that is open in the database: true once per nonce, over all nodes. This also decides
 * whether the session still exists, so that a revoked device is refused with its next packet everywhere.
 */
export function createNonces(
  ctx: Pick<Core, 'db' | 'now' | 'log' | 'stopping'>,
): (nonce: SessionNonce) => Promise<boolean> {
  let sweptAt = 0
  let isSweeping = false

  async function sweep() {
    isSweeping = true
    try {
      const before = new Date(ctx.now() - sweepAfterMs)
      while (!ctx.stopping.aborted) {
        if ((await pruneNonces(ctx.db, { before, atMost: sweptAtOnce })) < sweptAtOnce) break
      }
    } catch (error) {
      ctx.log.warn(describeError(error), 'used nonces not deleted')
    }
    isSweeping = false
  }

  return createBatcher<SessionNonce, boolean>(async given => {
    const now = ctx.now()
    const taken = await insertSessionNonces(ctx.db, given, new Date(now))
    if (!isSweeping && Math.abs(now - sweptAt) >= sweepEveryMs) {
      sweptAt = now
      // Never rejects.
      void sweep()
    }
    return taken
  }, noncesAtOnce)
}
