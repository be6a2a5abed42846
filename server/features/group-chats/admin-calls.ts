import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import { optionalInteger, text } from '../../platform/http/input.ts'
import { pageOf } from '../../platform/http/list-input.ts'
import { chatShape, sampleChat, viewOfChat } from './chat-view.ts'
import { removeChat } from './chats.ts'
import { listChats } from './store.ts'

const output = {
  list: Type.Array(
    Type.Object({
      ...chatShape,
      devId: Type.String({ about: { zh: '创建它的开发者', en: 'Developer who made it' } }),
    }),
  ),
  total: Type.Integer({ about: { zh: '总数', en: 'How many there are' } }),
}

export const adminChats = adminCall({
  method: 'GET',
  path: '/api/admin/groupChats',
  summary: { zh: '列出群聊', en: 'List group chats' },
  scope: 'admin:read',
  point: 'message:read',
  reach: 'corp',
  input: {
    pageNo: optionalInteger({ zh: '页码，从 1 起', en: 'Page, from 1' }, { min: 1, max: 1_000_000 }),
    pageSize: optionalInteger(
      { zh: '每页条数，默认 20', en: 'How many on a page: 20 by default' },
      { min: 1, max: 200 },
    ),
  },
  output: Type.Object(output),
  errors: [],
  sample: { list: [{ ...sampleChat, devId: 'wisp_3k2j9x' }], total: 1 },
  async handle(ctx: Core, { corpId, input, language }) {
    const { list, total } = await listChats(ctx.db, corpId, undefined, pageOf(input))
    return { list: list.map(one => ({ ...viewOfChat(one, language), devId: one.devId })), total }
  },
})

export const adminRemoveChat = adminCall({
  method: 'POST',
  path: '/api/admin/groupChat/remove',
  summary: { zh: '从平台移除群聊', en: 'Remove a group chat from wisp' },
  description: {
    zh: '企业微信中的群聊不受影响，平台不再向它发送，也不再调整成员。',
    en: 'The group chat in WeCom stays; wisp sends nothing to it any more and does not change its members.',
  },
  scope: 'admin:apps',
  point: 'message:settings',
  reach: 'corp',
  input: { id: text({ zh: '群聊 id', en: 'Id of the group chat' }, { max: 64 }) },
  output: Type.Object({ chatId: chatShape.chatId }),
  errors: [],
  sample: { chatId: sampleChat.chatId },
  sampleInput: { id: sampleChat.chatId },
  async handle(ctx: Core, { corpId, input, caller }) {
    await removeChat(ctx, caller.actor, corpId, input.id)
    return { chatId: input.id }
  },
})
