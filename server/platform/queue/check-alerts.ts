import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'
import { signalLooked } from './needs-signal.ts'
import { enqueue } from './queue-store.ts'

/** Everything that happens within this time leads to one look. */
const soonMs = 500

/**
 * Enqueues a look for causes of alerts, and lets open pages read at once what needs no look, because one of them has become true or has ended, or will in `inMs`. Call it in the
 * transaction that makes it so, before it enqueues anything else, because all transactions lock the queue's rows in the same
 * order.
 */
export async function checkAlerts(
  ctx: Pick<Core, 'now'>,
  tx: Db,
  corpId: string,
  inMs = soonMs,
): Promise<void> {
  await signalLooked(tx, corpId)
  await enqueue(tx, [{ corpId, stream: 'alert-check' }], new Date(ctx.now() + Math.max(inMs, soonMs)))
}
