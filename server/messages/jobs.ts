import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import type { Jobs } from '../operation/jobs.ts'
import { pullReceipts } from './deliver/receipts.ts'
import { prunePace } from './limits/pace-store.ts'
import type { MessageSettingsOfCorps } from './settings/settings.ts'
import { pruneMessages } from './store.ts'

const dayMs = 86_400_000

/** What the message centre does by the clock. */
export async function scheduleMessageJobs(
  ctx: Core & { corps: Corps; jobs: Jobs; messageSettings: MessageSettingsOfCorps },
): Promise<void> {
  await ctx.jobs.schedule('sms-receipts', '* * * * *', () => pullReceipts(ctx))
  await ctx.jobs.schedule('message-retention', '15 3 * * *', async () => {
    for (const { corpId } of ctx.corps.all()) {
      const { keepDays } = ctx.messageSettings.of(corpId)
      await pruneMessages(ctx.db, corpId, new Date(ctx.now() - keepDays * dayMs))
    }
    await prunePace(ctx.db, ctx.now())
  })
}
