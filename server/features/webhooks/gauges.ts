import type { Core } from '../../platform/core.ts'
import { deliveryCounts } from './delivery-store.ts'

export function addWebhookGauges({ metrics, db }: Core): void {
  metrics.gauge('wisp_webhook_deliveries_waiting', 'events that wait for their webhook', [], async () => [
    { labels: {}, value: (await deliveryCounts(db)).waiting },
  ])
  metrics.gauge('wisp_webhooks_failing', 'webhooks without a success since a failure', [], async () => [
    { labels: {}, value: (await deliveryCounts(db)).failing },
  ])
}
