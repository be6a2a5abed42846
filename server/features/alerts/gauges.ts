import type { Core } from '../../platform/core.ts'
import { openByCause } from './store.ts'

export function addAlertGauges({ metrics, db }: Core): void {
  metrics.gauge('wisp_alerts_open', 'open alerts of all corps', ['cause'], async () =>
    (await openByCause(db)).map(({ cause, open }) => ({ labels: { cause }, value: open })),
  )
}
