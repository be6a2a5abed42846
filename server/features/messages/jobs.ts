import type { Corps } from '../../organisation/corps/corps.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { AddressNeeds, Setups } from './channels/channel.ts'
import { readReceipts } from './deliver/receipts.ts'

/** Schedules the periodic jobs of the message centre. */
export function scheduleMessageJobs(
  ctx: AddressNeeds & { corps: Corps; jobs: Jobs; messageSettings: Setups },
): void {
  ctx.jobs.schedule('sms-receipts', '* * * * *', () => readReceipts(ctx))
}
