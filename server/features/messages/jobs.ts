import type { Corps } from '../../organisation/corps/corps.ts'
import type { Jobs } from '../../platform/operation/jobs.ts'
import type { AddressNeeds, Setups } from './channels/channel.ts'
import { readReceipts } from './deliver/receipts.ts'

/** Schedules the periodic jobs of the message centre. */
export async function scheduleMessageJobs(
  ctx: AddressNeeds & { corps: Corps; jobs: Jobs; messageSettings: Setups },
): Promise<void> {
  await ctx.jobs.schedule('sms-receipts', '* * * * *', () => readReceipts(ctx))
}
