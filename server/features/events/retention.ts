import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneEvents, pruneOutbox } from './event-store.ts'
import { pruneStreams } from './stream/stream-store.ts'

export const eventRetention: readonly Retention[] = [
  // As long as the changes of the address book, with which they share their numbers.
  {
    table: 'event',
    keptDays: 30,
    isByMonth: true,
    countedFrom: 'when it happened; like the changes with which it shares its numbers',
    prune: pruneEvents,
  },
  {
    table: 'event_outbox',
    keptDays: 30,
    countedFrom: 'when it happened; it usually waits for less than a second',
    prune: pruneOutbox,
  },
  // No stream lives longer than its devToken.
  {
    table: 'event_stream',
    keptDays: 1,
    countedFrom: 'when it was opened; its row goes when it ends',
    prune: pruneStreams,
  },
]

export const eventPersonal: readonly PersonalTable[] = [
  {
    table: 'event',
    what: { zh: '给开发者的事件', en: 'events for developers' },
    why: 'delivery',
    given: ['developers'],
    columns: { entity: 'userId', data: 'quoted' },
    erased: 'short',
  },
  {
    table: 'event_outbox',
    what: { zh: '待编号的事件', en: 'events without a number yet' },
    why: 'delivery',
    columns: { entity: 'userId', data: 'quoted' },
    erased: 'short',
  },
]
