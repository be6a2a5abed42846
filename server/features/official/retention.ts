import type { Retention } from '../../platform/storage/retention.ts'
import { pruneNodes } from './accounts/doctor/store.ts'
import { prunePublications } from './drafts/store.ts'
import { pruneRequests } from './links/store.ts'
import { pruneResults as pruneMassResults } from './mass/part-store.ts'
import { pruneMasses } from './mass/store.ts'
import { pruneMedia } from './media/store.ts'
import { pruneSends, pruneWindows } from './sends/store.ts'
import { pruneConversations } from './talk/conversation-store.ts'
import { pruneTalk } from './talk/store.ts'
import { pruneResults, pruneTemplateSends, pruneTicks } from './templates/sends/send-store.ts'

export const officialRetention: readonly Retention[] = [
  { table: 'official_account', isBounded: true, because: 'one row per bound account' },
  { table: 'site_file', isBounded: true, because: 'a hundred per corp at most' },
  { table: 'official_grant', isBounded: true, because: 'a hundred per account at most' },
  {
    table: 'official_media',
    keptDays: 1,
    countedFrom: 'the end of temporary media at WeChat; what WeChat keeps for good stays',
    prune: pruneMedia,
  },
  {
    table: 'official_publish',
    keptDays: 400,
    countedFrom: 'when it was asked for',
    prune: prunePublications,
  },
  {
    table: 'official_mass',
    keptDays: 400,
    countedFrom: 'when it was written; what still waits or is sent stays',
    prune: pruneMasses,
  },
  { table: 'official_mass_part', goesWith: 'official_mass' },
  {
    table: 'official_mass_result',
    keptDays: 400,
    countedFrom: 'when WeChat told it',
    prune: pruneMassResults,
  },
  { table: 'official_mass_setting', isBounded: true, because: 'one row per account' },
  {
    table: 'official_node',
    keptDays: 7,
    countedFrom: 'when WeChat last answered the node',
    prune: pruneNodes,
  },
  { table: 'official_follower', isBounded: true, because: 'one row per person who ever followed' },
  { table: 'official_pull', isBounded: true, because: 'one row per account' },
  { table: 'official_tag', isBounded: true, because: 'a hundred per account at most, by WeChat' },
  { table: 'official_qr_code', isBounded: true, because: 'one row per scene that somebody made a code for' },
  {
    table: 'official_link_request',
    keptDays: 1,
    countedFrom: 'its end, 5 minutes after it began',
    prune: pruneRequests,
  },
  {
    table: 'official_window',
    keptDays: 3,
    countedFrom: 'when the follower last did something',
    prune: pruneWindows,
  },
  {
    table: 'official_send',
    keptDays: 90,
    countedFrom: 'when it was asked for; what still waits stays',
    prune: pruneSends,
  },
  { table: 'official_template', isBounded: true, because: 'some 75 per account, as WeChat allows' },
  { table: 'official_template_mapping', isBounded: true, because: 'one row per account' },
  {
    table: 'official_template_send',
    keptDays: 90,
    countedFrom: 'when it was asked for',
    prune: pruneTemplateSends,
  },
  {
    table: 'official_template_result',
    keptDays: 90,
    countedFrom: 'when WeChat told it',
    prune: pruneResults,
  },
  { table: 'official_tick', keptDays: 400, countedFrom: 'when the person chose', prune: pruneTicks },
  { table: 'official_talk', keptDays: 180, countedFrom: 'when it was said', prune: pruneTalk },
  {
    table: 'official_conversation',
    keptDays: 180,
    countedFrom: 'when something was last said',
    prune: pruneConversations,
  },
  { table: 'official_talk_revision', isBounded: true, because: 'one row per account' },
  { table: 'official_quick_reply', isBounded: true, because: 'two hundred per account at most' },
]
