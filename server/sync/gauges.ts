import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import { inboxState } from './events/event-store.ts'

export function addSyncGauges(ctx: Core & { corps: Corps }): void {
  const { metrics } = ctx
  metrics.gauge('wisp_inbox_events', 'contact events by state', ['corp', 'state'], async () => {
    const states = await Promise.all(ctx.corps.all().map(corp => inboxState(ctx.db, corp.corpId)))
    return ctx.corps.all().flatMap(({ corpId }, index) => [
      { labels: { corp: corpId, state: 'pending' }, value: states[index]?.pending ?? 0 },
      { labels: { corp: corpId, state: 'parked' }, value: states[index]?.parked ?? 0 },
    ])
  })
  metrics.gauge(
    'wisp_sync_lag_seconds',
    'age of the oldest contact event that is not applied',
    ['corp'],
    () =>
      Promise.all(
        ctx.corps.all().map(async ({ corpId }) => {
          const { oldestPendingAt } = await inboxState(ctx.db, corpId)
          return {
            labels: { corp: corpId },
            value: oldestPendingAt ? (ctx.now() - oldestPendingAt.getTime()) / 1000 : 0,
          }
        }),
      ),
  )
}
