import type { Core } from '../../../platform/core.ts'
import { inboxStates } from '../../../platform/inbox/event-store.ts'
import type { CorpAttention } from '../../../platform/manifest/attention.ts'
import { paymentsParked } from './payments.ts'

export async function paymentAttention({ db }: Core, corpIds: readonly string[]): Promise<CorpAttention[]> {
  return [...(await inboxStates(db, 'pay', corpIds))].flatMap(([corpId, { parked, oldestParkedAt }]) =>
    parked === 0
      ? []
      : [
          {
            corpId,
            kind: 'paymentsParked',
            severity: 'bad',
            since: oldestParkedAt,
            act: { zh: '查看并重放', en: 'See and replay' },
            ...paymentsParked.tell({ count: parked }),
          },
        ],
  )
}
