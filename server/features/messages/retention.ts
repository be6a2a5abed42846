import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
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

export const messagePersonal: readonly PersonalTable[] = [
  {
    table: 'message',
    what: { zh: '只发给本人的消息', en: 'messages to the person alone' },
    why: 'messages',
    given: ['wecom', 'vendors'],
    columns: { content: 'text' },
    shown: ['channel', 'agent_name', 'type_key'],
    through: { table: 'message_part', by: [['id', 'message_id']] },
    only: { receivers: 1 },
    erased: 'rows',
  },
  {
    table: 'message',
    what: { zh: '消息的接收人', en: 'receivers of messages' },
    why: 'messages',
    columns: { audience: 'quoted', answer: 'quoted' },
    shown: ['channel', 'type_key'],
    erased: 'names',
  },
  {
    table: 'message_part',
    what: { zh: '发给多人的消息', en: 'messages to several people' },
    why: 'messages',
    given: ['wecom', 'vendors'],
    columns: { member_ids: 'members', user_ids: 'userIds' },
    shown: ['channel', 'state'],
    erased: 'names',
  },
  {
    table: 'message_attempt',
    what: { zh: '服务商的应答', en: 'answers of vendors' },
    why: 'diagnosis',
    columns: { refused: 'quoted', answer: 'quoted' },
    erased: 'names',
  },
  {
    table: 'message_result',
    what: { zh: '投递结果', en: 'what became of messages' },
    why: 'messages',
    given: ['developers'],
    columns: { user_id: 'userId' },
    shown: ['message_id', 'state'],
    erased: 'names',
  },
  {
    table: 'message_plan',
    what: { zh: '等待发送的请求', en: 'calls that wait' },
    why: 'messages',
    columns: { input: 'text' },
    erased: 'content',
  },
  {
    table: 'message_approval',
    what: { zh: '发送由谁批准', en: 'who approved sends' },
    why: 'administration',
    columns: { asked_by: 'userId', decided_by: 'userId', senders: 'text' },
    erased: 'names',
  },
  {
    table: 'message_waiting',
    what: { zh: '等待的消息', en: 'messages that wait' },
    why: 'messages',
    columns: { member_id: 'member', user_id: 'userId' },
    shown: ['type_key'],
    erased: 'rows',
  },
  {
    table: 'message_waiting',
    what: { zh: '等待转给上级的消息', en: 'messages that wait to go to a leader' },
    why: 'messages',
    columns: { leader_id: 'member' },
    erased: 'numbers',
  },
  {
    table: 'message_step',
    what: { zh: '消息的经过', en: 'what was decided about messages' },
    why: 'messages',
    columns: { member_id: 'member', cause: 'text' },
    shown: ['message_id', 'what', 'channel'],
    erased: 'numbers',
  },
  {
    table: 'message_collected',
    what: { zh: '合并发送的消息', en: 'messages sent in a digest' },
    why: 'messages',
    columns: { member_id: 'member', user_id: 'userId' },
    erased: 'names',
  },
  {
    table: 'message_digest',
    what: { zh: '未结束的合并', en: 'open digests' },
    why: 'messages',
    columns: { member_id: 'member' },
    shown: ['type_key'],
    erased: 'rows',
  },
  {
    table: 'message_left',
    what: { zh: '已发出的次数', en: 'how often messages left' },
    why: 'messages',
    columns: { member_id: 'member' },
    shown: ['type_key'],
    erased: 'rows',
  },
  {
    table: 'message_mark',
    what: { zh: '已读、确认与归档', en: 'read, acknowledged, archived' },
    why: 'messages',
    given: ['developers'],
    columns: { member_id: 'member' },
    shown: ['message_id'],
    erased: 'goes',
  },
  {
    table: 'message_receipt',
    what: { zh: '未归属的回执', en: 'receipts without a message' },
    why: 'diagnosis',
    columns: { receipts: 'quoted' },
    erased: 'short',
  },
]
