import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
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

export const officialPersonal: readonly PersonalTable[] = [
  {
    table: 'official_grant',
    what: { zh: '可以管理的公众号', en: 'official accounts that a person administers' },
    why: 'administration',
    columns: { member_id: 'member' },
    erased: 'goes',
  },
  {
    table: 'official_link_request',
    what: { zh: '公众号的绑定请求', en: 'requests to link' },
    why: 'followers',
    columns: { member_id: 'member', openid: 'openid', unionid: 'text', nickname: 'text', avatar: 'text' },
    erased: 'goes',
  },
  {
    table: 'official_follower',
    what: { zh: '绑定的公众号粉丝', en: 'linked followers' },
    why: 'followers',
    given: ['wechat'],
    columns: {
      member_id: 'member',
      openid: 'openid',
      unionid: 'text',
      nickname: 'text',
      avatar: 'text',
      remark: 'text',
    },
    shown: ['original_id', 'scene'],
    erased: 'follower',
  },
  {
    table: 'official_conversation',
    what: { zh: '分配给本人的会话', en: 'conversations assigned to the person' },
    why: 'followers',
    columns: { assigned_member: 'member', openid: 'text', last_text: 'text' },
    erased: 'follower',
  },
  {
    table: 'official_template_send',
    what: { zh: '模板消息', en: 'template messages' },
    why: 'messages',
    given: ['wechat'],
    columns: { member_id: 'member', openid: 'text' },
    shown: ['template_id', 'state'],
    erased: 'follower',
  },
  {
    table: 'official_talk',
    what: { zh: '公众号会话的内容', en: 'content of conversations' },
    why: 'followers',
    given: ['wechat'],
    columns: { openid: 'openid', content: 'text', actor: 'userId' },
    erased: 'follower',
  },
  {
    table: 'official_window',
    what: { zh: '可答复的时间', en: 'windows to answer' },
    why: 'followers',
    columns: { openid: 'openid' },
    erased: 'follower',
  },
  {
    table: 'official_send',
    what: { zh: '给粉丝的答复', en: 'replies to followers' },
    why: 'followers',
    given: ['wechat'],
    columns: { openid: 'openid', content: 'text', actor: 'userId' },
    erased: 'follower',
  },
  {
    table: 'official_template_result',
    what: { zh: '模板消息的结果', en: 'results of template messages' },
    why: 'messages',
    columns: { openid: 'openid' },
    erased: 'follower',
  },
  {
    table: 'official_tick',
    what: { zh: '订阅的模板', en: 'templates that followers ticked' },
    why: 'followers',
    columns: { openid: 'openid' },
    erased: 'follower',
  },
  {
    table: 'official_flow_state',
    what: { zh: '流程的进度', en: 'steps of flows' },
    why: 'followers',
    columns: { openid: 'openid' },
    erased: 'follower',
  },
  {
    table: 'official_mass_part',
    what: { zh: '群发的接收人', en: 'receivers of mass messages' },
    why: 'followers',
    given: ['wechat'],
    columns: { openids: 'openids' },
    erased: 'follower',
  },
  {
    table: 'official_mass',
    what: { zh: '群发由谁创建和批准', en: 'who made and approved mass messages' },
    why: 'administration',
    columns: { actor: 'userId', decided_by: 'userId', audience: 'quoted' },
    erased: 'acts',
  },
  {
    table: 'official_publish',
    what: { zh: '图文由谁发布', en: 'who published articles' },
    why: 'administration',
    columns: { actor: 'userId' },
    shown: ['title'],
    erased: 'acts',
  },
  {
    table: 'official_menu_version',
    what: { zh: '公众号菜单由谁保存', en: 'who saved menus' },
    why: 'administration',
    columns: { actor: 'userId' },
    erased: 'acts',
  },
  {
    table: 'official_pull',
    what: { zh: '粉丝由谁拉取', en: 'who pulled followers' },
    why: 'administration',
    columns: { requested_by: 'userId' },
    erased: 'acts',
  },
  {
    table: 'official_rule',
    what: { zh: '自动回复由谁保存', en: 'who saved automatic replies' },
    why: 'administration',
    columns: { updated_by: 'userId' },
    erased: 'acts',
  },
  {
    table: 'official_flow',
    what: { zh: '流程由谁保存', en: 'who saved flows' },
    why: 'administration',
    columns: { updated_by: 'userId' },
    erased: 'acts',
  },
  {
    table: 'reply_greeting',
    what: { zh: '欢迎过的人', en: 'who was welcomed' },
    why: 'followers',
    columns: { person: 'userId' },
    erased: 'rows',
  },
]
