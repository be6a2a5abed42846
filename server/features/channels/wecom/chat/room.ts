import type { Core } from '../../../../platform/core.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import { takeRoom } from './pace-store.ts'

/**
 * Counts one creation or change of a group chat against WeCom's limits; returns when there is room for it (ms) where there is none now. Must
 * run in a transaction.
 */
export const roomFor = (
  ctx: Pick<Core, 'now'>,
  tx: Db,
  corpId: string,
  of: 'creates' | 'changes',
): Promise<number | undefined> => takeRoom(ctx, tx, corpId, of)
