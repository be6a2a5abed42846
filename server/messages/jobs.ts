import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import type { Jobs } from '../operation/jobs.ts'
import { pullReceipts } from './deliver/receipts.ts'
import type { MessageSettingsOfCorps } from './settings/settings.ts'

/** Schedules the periodic jobs of the message centre. */
export async function scheduleMessageJobs(
  ctx: Core & { corps: Corps; jobs: Jobs; messageSettings: MessageSettingsOfCorps },
): Promise<void> {
  await ctx.jobs.schedule('sms-receipts', '* * * * *', () => pullReceipts(ctx))
}
