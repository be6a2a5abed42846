import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'
import { enqueue } from './queue-store.ts'

/** What happens within this time is looked at once. */
const soonMs = 1000

/**
 * Has the causes of alerts looked for, because one of them has become true or ended, or does so in `inMs`. Call it in the transaction
 * that makes it so, and before that enqueues anything else, since all lock the queue's rows in one order.
 */
export async function checkAlerts(
  ctx: Pick<Core, 'now'>,
  tx: Db,
  corpId: string,
  inMs = soonMs,
): Promise<void> {
  await enqueue(tx, [{ corpId, stream: 'alert-check' }], new Date(ctx.now() + Math.max(inMs, soonMs)))
}
