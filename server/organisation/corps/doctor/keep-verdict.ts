import type { Core } from '../../../platform/core.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { putSetting } from '../../../platform/storage/settings.ts'

/** Stores what the doctor of a corp, or of one of its accounts or merchants, found, and enqueues a look for alerts. */
export async function keepVerdict(
  ctx: Pick<Core, 'db' | 'now'>,
  corpId: string,
  key: string,
  kept: object,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await checkAlerts(ctx, tx, corpId)
    await putSetting(tx, key, kept)
  })
}
