/**
 * Between the password of a local account and its code there is no session and no row. The page keeps a sealed state for five
 * minutes. The code's time step is taken in the database, once. What an account has yet to do (another password, a second
 * factor) is in its session, and only calls with access `account` are open before it is done.
 */

import type { Core } from '../../platform/core.ts'

/** What a page keeps between two calls that belong together, so that no session and no row stands for half a sign-in. */
export function sealState(ctx: Core, purpose: string, state: object, lastsMs: number): string {
  return ctx.seal.seal(JSON.stringify({ state, until: ctx.now() + lastsMs }), purpose)
}

/** Undefined when it is too old, altered, or was made for something else. */
export function openState<T>(ctx: Core, purpose: string, sealed: string): T | undefined {
  try {
    const { state, until } = JSON.parse(ctx.seal.open(sealed, purpose)) as { state: T; until: number }
    return until > ctx.now() ? state : undefined
  } catch {
    return undefined
  }
}
