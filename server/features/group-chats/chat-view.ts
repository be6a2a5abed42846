import { type Static, Type } from 'typebox'
import type { Language } from '../../platform/words.ts'
import { toldIn } from '../channels/telling.ts'
import type { ChatRow } from './store.ts'

export const chatStatuses = ['creating', 'ready', 'failed'] as const

export const chatShape = {
  chatId: Type.String({
    about: { zh: '群聊 id，用于 toChat', en: 'Id of the group chat, which toChat takes' },
  }),
  name: Type.String({ about: { zh: '名称', en: 'Name' } }),
  status: Type.Enum(chatStatuses, {
    about: {
      zh: 'ready 可用；creating 企业微信还没有确认创建，平台会继续确认；failed 创建失败，原因在 problem 中',
      en: 'ready; creating: WeCom has not confirmed it yet, and wisp goes on asking; failed: WeCom did not create it, problem says why',
    },
  }),
  follow: Type.Boolean({
    about: { zh: '成员是否跟随部门和标签变化', en: 'Whether its members follow departments and tags' },
  }),
  members: Type.Integer({ about: { zh: '成员数', en: 'How many members it has' } }),
  problem: Type.String({
    about: {
      zh: '成员没有跟上、或创建失败的原因；没有时为空',
      en: 'Why its members do not follow, or why it was not created; empty where all is well',
    },
  }),
}
export const chatSchema = Type.Object(chatShape)
export type ChatView = Static<typeof chatSchema>

export function viewOfChat(
  { id, name, state, follow, members, problem }: ChatRow,
  language: Language,
): ChatView {
  const told = problem === null ? '' : toldIn(language, problem)
  return { chatId: id, name, status: state, follow: follow !== null, members, problem: told }
}

export const sampleChat: ChatView = {
  chatId: 'wisp3f9a1c20b7de8a41c05e2b67',
  name: '机房值班',
  status: 'ready',
  follow: true,
  members: 12,
  problem: '',
}
