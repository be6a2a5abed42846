import type { Core } from '../../platform/core.ts'
import { sharedForMs } from './shared.ts'
import { openByCause } from './store.ts'

export function addAlertGauges({ metrics, db, now }: Core): void {
  metrics.gauge('wisp_alerts_open', 'open alerts of all corps', ['cause'], async () =>
    (await openByCause(db, new Date(now() - sharedForMs))).map(({ cause, open }) => ({
      labels: { cause },
      value: open,
    })),
  )
}
