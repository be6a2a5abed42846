import type { Retention } from '../../platform/storage/retention.ts'
import { keepDaysByDefault } from '../channels/settings-store.ts'
import { pruneMessageDays } from './accept/message-day-store.ts'
import { pruneReceipts } from './deliver/receipts-store.ts'
import { pruneFigures } from './figures/figures-store.ts'
import { pruneLeft, pruneMessages } from './retention-store.ts'

export const messageRetention: readonly Retention[] = [
  // A corp may set its own number of days (message_settings.keep_days).
  {
    table: 'message',
    keptDays: keepDaysByDefault,
    countedFrom:
      'when it was accepted, or ended where it waited, with its parts, attempts and results; each corp may set 1 to 3650 days (Message centre → Channels)',
    prune: pruneMessages,
  },
  { table: 'message_part', goesWith: 'message' },
  { table: 'message_attempt', goesWith: 'message_part' },
  { table: 'message_result', goesWith: 'message' },
  { table: 'message_plan', goesWith: 'message' },
  { table: 'message_approval', goesWith: 'message' },
  { table: 'message_waiting', goesWith: 'message' },
  { table: 'message_step', goesWith: 'message' },
  { table: 'message_collected', goesWith: 'message' },
  { table: 'message_about', goesWith: 'message' },
  {
    table: 'message_digest',
    isBounded: true,
    because: 'one open digest per type, person and about; it goes when it is sent, within a week',
  },
  {
    table: 'message_left',
    keptDays: 31,
    countedFrom: 'when it left: a limit looks back 30 days at most',
    prune: pruneLeft,
  },
  { table: 'message_mark', goesWith: 'message' },
  {
    table: 'message_receipt',
    keptDays: 7,
    countedFrom: 'when they were pulled, if they could not be noted at their messages',
    prune: pruneReceipts,
  },
  { table: 'corp_message_day', keptDays: 400, countedFrom: 'the day', prune: pruneMessageDays },
  { table: 'message_day_figures', keptDays: 400, countedFrom: 'the day', prune: pruneFigures },
]
