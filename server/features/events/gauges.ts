import type { Core } from '../../platform/core.ts'
import { countOutbox } from './outbox-store.ts'

export function addEventGauges({ metrics, db }: Core): void {
  metrics.gauge(
    'wisp_event_outbox',
    'events that have no number yet, and are told to nobody',
    [],
    async () => [{ labels: {}, value: await countOutbox(db) }],
  )
}
