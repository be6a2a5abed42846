import type { Core } from '../../../platform/core.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Account } from '../accounts/accounts.ts'
import * as store from './store.ts'

/**
 * Stores customer-service messages in the caller's transaction; they go out right after it, each once. One that was
 * stored before under the same key is not stored again.
 */
export async function putSends(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  account: Account,
  sends: readonly store.NewSend[],
): Promise<{ id: number; isNew: boolean }[]> {
  if (sends.length === 0) return []
  const { corpId, originalId } = account
  const at = new Date(ctx.now())
  const stored = await store.insertSends(tx, account, sends, at)
  await enqueue(tx, [{ corpId, stream: 'official-send', key: originalId }], at)
  return stored
}
