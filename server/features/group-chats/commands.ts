import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { requiredText } from '../../platform/command/parts.ts'
import { table } from '../../platform/command/text.ts'
import { keptReason, toldIn } from '../channels/telling.ts'
import { viewOfChat } from './chat-view.ts'
import { type ChatTestNeeds, chatsAtMost, type KeepNeeds, removeChat, testChat } from './chats.ts'
import { listChats } from './store.ts'

const id = requiredText('<id>', '群聊 id')
const statusWords = { creating: '创建中', ready: '可用', failed: '创建失败' }

const list = command({
  path: 'message chat list',
  point: 'message:read',
  summary: '列出群聊',
  parts: { corp: corpPart },
  async run(ctx: KeepNeeds, { corp }) {
    const all = { limit: chatsAtMost, offset: 0 }
    const { list: chats } = await listChats(ctx.db, corpOf(ctx, corp), undefined, all)
    const data = chats.map(one => ({ ...viewOfChat(one, 'zh'), devId: one.devId }))
    const rows = data.map(one => [
      one.chatId,
      one.name,
      ctx.developers.get(one.devId)?.name ?? one.devId,
      statusWords[one.status],
      one.members,
      one.follow ? one.problem || '是' : '',
    ])
    return { data, text: table(['id', '名称', '开发者', '状态', '成员', '跟随'], rows, '没有群聊') }
  },
})

const test = command({
  path: 'message chat test',
  point: 'message:settings',
  summary: '向群聊发一条测试消息',
  parts: { id, corp: corpPart },
  async run(ctx: ChatTestNeeds, { id: named, corp }) {
    const outcome = await testChat(ctx, actor, corpOf(ctx, corp), named)
    if (outcome.kind === 'sent') return { data: { isSent: true }, text: '已发出' }
    const answer = toldIn('zh', keptReason(outcome.reason))
    return { data: { isSent: false, answer }, text: `没有发出：${answer}` }
  },
})

const remove = command({
  path: 'message chat remove',
  point: 'message:settings',
  summary: '从平台移除群聊；企业微信中的群聊不受影响',
  parts: { id, corp: corpPart },
  async run(ctx: KeepNeeds, { id: named, corp }) {
    await removeChat(ctx, actor, corpOf(ctx, corp), named)
    return { data: { id: named }, text: '已移除' }
  },
})

export const chatCommands = [list, test, remove]
