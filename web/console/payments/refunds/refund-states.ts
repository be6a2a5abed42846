import type { Row } from '../../../ui/data/api.ts'
import type { StateKind } from '../../../ui/values/state.tsx'

export const refundStates: Record<Row<'/web/payments/refunds'>['state'], StateKind> = {
  asked: 'busy',
  processing: 'busy',
  success: 'good',
  closed: 'warn',
  abnormal: 'bad',
}
