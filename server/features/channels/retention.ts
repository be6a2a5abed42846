import type { Retention } from '../../platform/storage/retention.ts'
import { pruneBounces, pruneStops } from './email/bounces/bounce-store.ts'
import { pruneRefusals } from './refusal-store.ts'
import { pruneRobotPaces } from './robot/pace-store.ts'
import { pruneReceipts, pruneSerials } from './sms/receipts-store.ts'
import { pruneCodes } from './wecom/cards/code-store.ts'
import { chatPaceDays, pruneChatPaces } from './wecom/chat/pace-store.ts'
import { pruneChecks, pruneDays, prunePace } from './wecom/pace-store.ts'

export const channelRetention: readonly Retention[] = [
  { table: 'message_settings', isBounded: true, because: 'one row per corp' },
  { table: 'message_channel', isBounded: true, because: 'one row per corp and channel' },
  { table: 'sms_template', isBounded: true, because: 'one row per template' },
  { table: 'mail_key', isBounded: true, because: 'one key in use and one that waits' },
  { table: 'mail_stop', keptDays: 400, countedFrom: 'the last bounce', prune: pruneStops },
  { table: 'mail_bounce', keptDays: 7, countedFrom: 'when it was read', prune: pruneBounces },
  { table: 'mail_box', isBounded: true, because: 'one row per corp' },
  {
    table: 'sms_receipt',
    keptDays: 1,
    countedFrom: 'when the vendor pushed it; it is noted within minutes',
    prune: pruneReceipts,
  },
  { table: 'sms_serial', keptDays: 4, countedFrom: 'when the SMS was sent', prune: pruneSerials },
  {
    table: 'group_robot_pace',
    keptDays: 1,
    countedFrom: 'the last message of the robot',
    prune: pruneRobotPaces,
  },
  {
    table: 'group_chat_pace',
    keptDays: chatPaceDays,
    countedFrom: 'the last call that was counted',
    prune: pruneChatPaces,
  },
  { table: 'message_card', goesWith: 'message' },
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
    table: 'message_refusal',
    keptDays: 30,
    countedFrom: 'when upstream last refused the channel',
    prune: pruneRefusals,
  },
  { table: 'message_day', keptDays: 7, countedFrom: 'the day', prune: pruneDays },
]
