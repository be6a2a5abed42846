import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import { inboxStates } from '../inbox/event-store.ts'

export function addSyncGauges(ctx: Core & { corps: Corps }): void {
  ctx.metrics.gauge(
    'wisp_sync_lag_seconds',
    'age of the oldest contact event that is not applied',
    ['corp'],
    async () => {
      const states = await inboxStates(ctx.db, 'directory')
      return ctx.corps.all().map(({ corpId }) => {
        const oldestPendingAt = states.get(corpId)?.oldestPendingAt
        return {
          labels: { corp: corpId },
          value: oldestPendingAt ? (ctx.now() - oldestPendingAt.getTime()) / 1000 : 0,
        }
      })
    },
  )
}
