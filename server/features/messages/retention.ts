import type { Retention } from '../../platform/storage/retention.ts'
import { pruneRefusals } from '../channels/refusal-store.ts'
import { keepDaysByDefault } from '../channels/settings-store.ts'
import { pruneCodes } from '../channels/wecom/cards/code-store.ts'
import { pruneMessageDays } from './accept/message-day-store.ts'
import { pruneReceipts } from './deliver/receipts-store.ts'
import { pruneChecks, pruneDays, pruneMessages, prunePace } from './retention-store.ts'

export const messageRetention: readonly Retention[] = [
  { table: 'message_settings', isBounded: true, because: 'one row per corp' },
  { table: 'message_channel', isBounded: true, because: 'one row per corp and channel' },
  { table: 'sms_template', isBounded: true, because: 'one row per template' },
  // A corp may set its own number of days (message_settings.keep_days).
  {
    table: 'message',
    keptDays: keepDaysByDefault,
    countedFrom:
      'when it was accepted, with its parts, attempts and results; each corp may set 1 to 3650 days (Message centre → Settings)',
    prune: pruneMessages,
  },
  { table: 'message_part', goesWith: 'message' },
  { table: 'message_attempt', goesWith: 'message_part' },
  { table: 'message_result', goesWith: 'message' },
  { table: 'message_card', goesWith: 'message' },
  { table: 'card_press', goesWith: 'message' },
  {
    table: 'card_code',
    keptDays: 1,
    countedFrom: 'the end of the 72 hours within which WeCom takes it',
    prune: pruneCodes,
  },
  {
    table: 'message_dedup',
    keptDays: 0,
    countedFrom: "the end of WeCom's duplicate check, 4 hours",
    prune: pruneChecks,
  },
  {
    table: 'message_pace',
    keptDays: 0,
    countedFrom: 'the last message to the member, an hour',
    prune: prunePace,
  },
  {
    table: 'message_receipt',
    keptDays: 7,
    countedFrom: 'when they were pulled, if they could not be noted at their messages',
    prune: pruneReceipts,
  },
  {
    table: 'message_refusal',
    keptDays: 30,
    countedFrom: 'when upstream last refused the channel',
    prune: pruneRefusals,
  },
  { table: 'corp_message_day', keptDays: 400, countedFrom: 'the day', prune: pruneMessageDays },
  { table: 'message_day', keptDays: 7, countedFrom: 'the day', prune: pruneDays },
]
