import type { Core } from '../../platform/core.ts'
import { inboxStates } from '../../platform/inbox/event-store.ts'
import type { Corps } from '../corps/corps.ts'
import { isOpen } from '../corps/suspension/check-open.ts'
import { lastSynced } from './figures-store.ts'

/** Adds the gauges of syncs. Suspended corps are left out, since their events and syncs wait and nothing is late. */
export function addSyncGauges(ctx: Core & { corps: Corps }): void {
  ctx.metrics.gauge(
    'wisp_sync_lag_seconds',
    'age of the oldest contact event that is not applied',
    ['corp'],
    async () => {
      const states = await inboxStates(ctx.db, 'directory')
      const open = ctx.corps.all().filter(({ corpId }) => isOpen(ctx, corpId))
      return open.map(({ corpId }) => {
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
    async () => {
      const open = (await lastSynced(ctx.db)).filter(({ corpId }) => isOpen(ctx, corpId))
      return open.map(({ corpId, at }) => ({ labels: { corp: corpId }, value: at.getTime() / 1000 }))
    },
  )
}
