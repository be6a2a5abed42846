/**
 * Group chats (群聊) of WeCom that developers make, and whose members may follow the address book: chats.ts makes and changes them,
 * creation.ts settles what WeCom did not confirm, touched.ts and follow.ts keep their members. How messages reach them is in channels/chat.
 */

import { feature } from '../../platform/manifest/feature.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import { chatsFeature } from '../channels/wecom/chat/chat.ts'
import { adminChats, adminRemoveChat } from './admin-calls.ts'
import { chatNotFollowing } from './cause.ts'
import { createChatCall, getChatCall, listChatsCall, updateChatCall } from './chat-api.ts'
import * as calls from './chat-calls.ts'
import type { ChatNeeds } from './chats.ts'
import { chatCommands } from './commands.ts'
import { handleChats, scheduleChats } from './follow.ts'
import { chatRetention, groupChatPersonal } from './retention.ts'
import { chatTrialValues } from './trial-values.ts'

export const groupChatsFeature = feature<ChatNeeds & { jobs: Jobs }>()({
  name: chatsFeature,
  optional: {
    title: { zh: '群聊', en: 'Group chats' },
    brings: {
      zh: '建群发消息，成员跟随部门和标签',
      en: 'Developers make group chats in WeCom whose members follow departments and tags, and send messages to them',
    },
    whenOff: ['/web/messages/chats/remove'],
  },
  scopes: ['chat:write'],
  calls: [createChatCall, updateChatCall, getChatCall, listChatsCall],
  adminCalls: [adminChats, adminRemoveChat],
  pageCalls: [calls.listChatsPage, calls.showChat, calls.removeChatCall, calls.testChatCall],
  commands: chatCommands,
  commandGroups: { 'message chat': { zh: '列出、测试和移除群聊', en: 'List, test and remove group chats' } },
  personal: groupChatPersonal,
  tables: chatRetention,
  causes: { 'group-chat-not-following': chatNotFollowing },
  kept: [{ of: 'developer', table: 'group_chat', column: 'dev_id' }],
  trialValues: chatTrialValues,
  work: handleChats,
  schedule: scheduleChats,
})
