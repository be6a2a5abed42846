import type { Core } from '../../../platform/core.ts'
import { inboxState } from '../../../platform/inbox/event-store.ts'
import type { Attention } from '../../../platform/manifest/attention.ts'
import { paymentsParked } from './payments.ts'

export async function paymentAttention({ db }: Core, corpId: string): Promise<Attention[]> {
  const { parked, oldestParkedAt } = await inboxState(db, corpId, 'pay')
  if (parked === 0) return []
  return [
    {
      kind: 'paymentsParked',
      severity: 'bad',
      since: oldestParkedAt,
      act: { zh: '查看并重放', en: 'See and replay' },
      ...paymentsParked.tell({ count: parked }),
    },
  ]
}
