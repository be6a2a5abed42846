import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneAttempts, pruneDeliveries } from './delivery-store.ts'

export const webhookRetention: readonly Retention[] = [
  { table: 'webhook', isBounded: true, because: 'ten per developer at most' },
  // As long as the events, so that whatever may still be replayed is listed.
  {
    table: 'webhook_delivery',
    keptDays: 30,
    countedFrom: 'when it was made, or last made due again',
    prune: pruneDeliveries,
  },
  {
    table: 'webhook_attempt',
    keptDays: 7,
    countedFrom: 'the attempt, with request and answer',
    prune: pruneAttempts,
  },
]

export const webhookPersonal: readonly PersonalTable[] = [
  {
    table: 'webhook_delivery',
    what: { zh: '事件的投递', en: 'deliveries of events' },
    why: 'delivery',
    given: ['developers'],
    columns: { entity: 'userId' },
    erased: 'short',
  },
  {
    table: 'webhook_attempt',
    what: { zh: '投递的内容', en: 'content of deliveries' },
    why: 'diagnosis',
    columns: { content: 'quoted' },
    erased: 'short',
  },
]
