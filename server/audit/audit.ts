import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'
import { insertAuditEntry } from './store.ts'

/** Records an administrative act, in the transaction of that act. `detail` must not contain a secret. */
export async function record(
  db: Db,
  ctx: Pick<Core, 'now'>,
  entry: { corpId: string | null; actor: string; act: string; target: string; detail: object },
): Promise<void> {
  await insertAuditEntry(db, { ...entry, at: new Date(ctx.now()) })
}
