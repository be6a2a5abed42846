import type { Db } from '../storage/db.ts'

/** `sign-out`: the person did it here; `app`: in an application; `administrator`: somebody else did it. */
export type SessionEndCause = 'sign-out' | 'app' | 'administrator'

/**
 * Follows the end of sessions of members, in the transaction that ends them. Those of members who leave are ended by `AccessEnd`.
 */
export type SessionEnd = (
  tx: Db,
  corpId: string,
  sessionIds: readonly string[],
  cause: SessionEndCause,
  at: Date,
) => Promise<void>
