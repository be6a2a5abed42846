import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
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

export const channelPersonal: readonly PersonalTable[] = [
  {
    table: 'mail_stop',
    what: { zh: '退信的地址', en: 'addresses that mail came back from' },
    why: 'messages',
    columns: { address: 'mail', said: 'text' },
    erased: 'rows',
  },
  {
    table: 'mail_bounce',
    what: { zh: '退信', en: 'bounces' },
    why: 'messages',
    given: ['vendors'],
    columns: { address: 'mail' },
    erased: 'rows',
  },
  {
    table: 'sms_receipt',
    what: { zh: '短信回执', en: 'receipts of SMS' },
    why: 'messages',
    given: ['vendors'],
    columns: { phone: 'mobile' },
    erased: 'rows',
  },
  {
    table: 'sms_serial',
    what: { zh: '已发短信的编号', en: 'numbers of sent SMS' },
    why: 'messages',
    given: ['vendors'],
    columns: { phone: 'mobile' },
    erased: 'rows',
  },
  {
    table: 'message_card',
    what: { zh: '卡片由谁先点', en: 'who pressed a card first' },
    why: 'messages',
    columns: { first_user: 'userId' },
    erased: 'names',
  },
  {
    table: 'card_code',
    what: { zh: '更新卡片的凭证', en: 'codes that change cards' },
    why: 'messages',
    columns: { person: 'text' },
    erased: 'short',
  },
  {
    table: 'card_press',
    what: { zh: '卡片的回答', en: 'answers to cards' },
    why: 'messages',
    given: ['developers'],
    columns: { member_id: 'member', user_id: 'userId', user_key: 'userId', selected: 'text' },
    erased: 'names',
  },
  {
    table: 'message_pace',
    what: { zh: '发送的频率', en: 'pace of sends' },
    why: 'messages',
    columns: { user_key: 'userId' },
    erased: 'rows',
  },
]
