import type { Core } from '../../../platform/core.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { readSetting } from '../../../platform/storage/settings.ts'
import { diagnosisKey } from '../store.ts'

/**
 * Makes the doctor examine the corp again, because something that it tests has changed. Call it in the transaction of the
 * change. A corp that was never examined is left alone.
 */
export async function examineAgain(ctx: Pick<Core, 'now'>, tx: Db, corpId: string): Promise<void> {
  if ((await readSetting(tx, diagnosisKey(corpId))) === undefined) return
  await enqueue(tx, [{ corpId, stream: 'doctor' }], new Date(ctx.now()))
}
