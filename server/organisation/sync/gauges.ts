import type { Core } from '../../platform/core.ts'
import { inboxStates } from '../../platform/inbox/event-store.ts'
import type { Corps } from '../corps/corps.ts'
import { lastSynced } from './figures-store.ts'

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
  ctx.metrics.gauge(
    'wisp_last_sync_timestamp_seconds',
    'when the address book was last read in full',
    ['corp'],
    async () =>
      (await lastSynced(ctx.db)).map(({ corpId, at }) => ({
        labels: { corp: corpId },
        value: at.getTime() / 1000,
      })),
  )
}
