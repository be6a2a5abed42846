import type { Core } from '../../platform/core.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import type { Db } from '../../platform/storage/db.ts'
import { type ChannelRefusal, corpsNewlyRefused, deleteRefusals, putRefusals } from './refusal-store.ts'

/**
 * Notes channels that upstream refused because of their settings, in the transaction that records the calls. A refusal that was not known
 * has the corp's alerts looked at.
 */
export async function noteRefusals(ctx: Core, tx: Db, refusals: ChannelRefusal[], at: Date): Promise<void> {
  for (const corpId of await corpsNewlyRefused(tx, refusals)) await checkAlerts(ctx, tx, corpId)
  await putRefusals(tx, refusals, at)
}

/** A test has shown that the channel works. */
export function noteWorking(db: Db, corpId: string, channel: string): Promise<void> {
  return deleteRefusals(db, corpId, channel)
}
