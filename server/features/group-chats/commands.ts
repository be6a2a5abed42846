import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { commandLanguage, said } from '../../platform/command/language.ts'
import { requiredText } from '../../platform/command/parts.ts'
import { table } from '../../platform/command/text.ts'
import { keptReason, toldIn } from '../channels/telling.ts'
import { viewOfChat } from './chat-view.ts'
import { type ChatTestNeeds, chatsAtMost, type KeepNeeds, removeChat, testChat } from './chats.ts'
import { listChats } from './store.ts'

const id = requiredText('<id>', { zh: '群聊 id', en: 'group chat id' })
const statusWords = {
  creating: { zh: '创建中', en: 'being created' },
  ready: { zh: '可用', en: 'ready' },
  failed: { zh: '创建失败', en: 'could not be created' },
}

const list = command({
  path: 'message chat list',
  point: 'message:read',
  summary: { zh: '列出群聊', en: 'List group chats' },
  parts: { corp: corpPart },
  async run(ctx: KeepNeeds, { corp }) {
    const all = { limit: chatsAtMost, offset: 0 }
    const { list: chats } = await listChats(ctx.db, corpOf(ctx, corp), undefined, all)
    const data = chats.map(one => ({ ...viewOfChat(one, commandLanguage()), devId: one.devId }))
    const rows = data.map(one => [
      one.chatId,
      one.name,
      ctx.developers.get(one.devId)?.name ?? one.devId,
      statusWords[one.status],
      one.members,
      one.follow ? one.problem || said({ zh: '是', en: 'yes' }) : '',
    ])
    return {
      data,
      text: table(
        [
          'id',
          { zh: '名称', en: 'Name' },
          {
            zh: '开发者',
            en: 'Developer',
          },
          { zh: '状态', en: 'State' },
          { zh: '成员', en: 'Members' },
          { zh: '跟随', en: 'Follows' },
        ],
        rows,
        { zh: '没有群聊', en: 'no group chats' },
      ),
    }
  },
})

const test = command({
  path: 'message chat test',
  point: 'message:settings',
  summary: { zh: '向群聊发一条测试消息', en: 'Send a test message to a group chat' },
  parts: { id, corp: corpPart },
  async run(ctx: ChatTestNeeds, { id: named, corp }) {
    const outcome = await testChat(ctx, actor, corpOf(ctx, corp), named)
    if (outcome.kind === 'sent') return { data: { isSent: true }, text: said({ zh: '已发出', en: 'sent' }) }
    const answer = toldIn(commandLanguage(), keptReason(outcome.reason))
    return {
      data: { isSent: false, answer },
      text: said({ zh: `没有发出：${answer}`, en: `not sent: ${answer}` }),
    }
  },
})

const remove = command({
  path: 'message chat remove',
  point: 'message:settings',
  summary: {
    zh: '从平台移除群聊；企业微信中的群聊不受影响',
    en: 'Remove a group chat from wisp; it stays in WeCom',
  },
  parts: { id, corp: corpPart },
  async run(ctx: KeepNeeds, { id: named, corp }) {
    await removeChat(ctx, actor, corpOf(ctx, corp), named)
    return { data: { id: named }, text: said({ zh: '已移除', en: 'removed' }) }
  },
})

export const chatCommands = [list, test, remove]
