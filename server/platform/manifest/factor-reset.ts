import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'

/** Whose second factor was reset: a local account, or a member. */
export type FactorHolder = { adminName: string } | { corpId: string; memberId: number }

/** Ends what its holder could only get with the second factor, in the transaction that resets it. */
export type FactorReset = (
  tx: Db,
  ctx: Pick<Core, 'now'>,
  actor: string,
  holder: FactorHolder,
) => Promise<void>
