import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'

/** Records an administrative act, in the transaction of that act. `detail` must not contain a secret. */
export async function record(
  db: Db,
  ctx: Pick<Core, 'now'>,
  entry: { corpId: string | null; actor: string; act: string; target: string; detail: object },
): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      corp_id: entry.corpId,
      actor: entry.actor,
      act: entry.act,
      target: entry.target,
      detail: JSON.stringify(entry.detail),
      at: new Date(ctx.now()),
    })
    .execute()
}
