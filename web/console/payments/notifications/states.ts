import type { Answer } from '../../../ui/data/api.ts'
import type { StateKind } from '../../../ui/values/state.tsx'

export const stateKinds: Record<Answer<'/web/payments/notification'>['state'], StateKind> = {
  pending: 'busy',
  done: 'good',
  parked: 'bad',
}
