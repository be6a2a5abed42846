import { Type } from 'typebox'
import { type MemberCore, userKey } from '../../organisation/directory/mirror/members.ts'
import type { Core } from '../../platform/core.ts'
import { text } from '../../platform/http/input.ts'
import { pageOf, paging } from '../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import { languageOf } from '../../platform/words.ts'
import { keptReason, toldIn } from '../channels/telling.ts'
import { chatShape, viewOfChat } from './chat-view.ts'
import {
  type ChatNeeds,
  type ChatTestNeeds,
  chatOf,
  infoOf,
  type KeepNeeds,
  removeChat,
  testChat,
} from './chats.ts'
import { listChats } from './store.ts'

const id = text('群聊 id', { max: 64 })

export const listChatsPage = pageCall({
  method: 'GET',
  path: '/web/messages/chats',
  access: administrator('super'),
  point: 'message:read',
  input: { ...paging },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        ...chatShape,
        developer: Type.String(),
        agent: Type.String(),
        createdAt: Type.String(),
        followedAt: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
    total: Type.Number(),
  }),
  async handle(ctx: KeepNeeds, { input, corpId, request }) {
    const { list, total } = await listChats(ctx.db, corpId, undefined, pageOf(input))
    const language = languageOf(request.headers['accept-language'])
    const { agents } = ctx.corps.get(corpId)
    return {
      list: list.map(one => ({
        ...viewOfChat(one, language),
        developer: ctx.developers.get(one.devId)?.name ?? one.devId,
        agent: agents.find(({ agentId }) => agentId === one.agentId)?.name ?? String(one.agentId),
        createdAt: one.createdAt.toISOString(),
        followedAt: one.followedAt?.toISOString() ?? null,
      })),
      total,
    }
  },
})

const personSchema = Type.Object({ userId: Type.String(), name: Type.String() })

export const showChat = pageCall({
  method: 'GET',
  path: '/web/messages/chats/show',
  access: administrator('super'),
  point: 'message:read',
  input: { id },
  output: Type.Object({
    name: Type.String(),
    status: chatShape.status,
    problem: Type.String(),
    owner: Type.String(),
    members: Type.Array(personSchema),
    follow: Type.Union([
      Type.Object({
        users: Type.Array(personSchema),
        departments: Type.Array(Type.String()),
        tags: Type.Array(Type.String()),
      }),
      Type.Null(),
    ]),
  }),
  outgoing: true,
  directory: true,
  async handle(ctx: ChatNeeds, { input, corpId, request }) {
    const chat = await chatOf(ctx, { corpId, id: input.id })
    const { name, status, problem } = viewOfChat(chat, languageOf(request.headers['accept-language']))
    const info = chat.state === 'ready' ? await infoOf(ctx, chat) : undefined
    const { members, tree, tags } = ctx.mirrors.of(corpId)
    const person = (userId: string) => named(userId, members.byKey(userKey(userId)))
    return {
      name: info?.name ?? name,
      status,
      problem,
      owner: info?.owner ?? chat.owner ?? '',
      members: (info?.userIds ?? chat.wanted ?? []).map(person),
      follow: chat.follow && {
        users: chat.follow.toUser.map(person),
        departments: chat.follow.toParty.map(one => tree.get(Number(one))?.department.name ?? one),
        tags: chat.follow.toTag.map(one => tags.get(Number(one))?.name ?? one),
      },
    }
  },
})

const named = (userId: string, core: MemberCore | undefined) => ({ userId, name: core?.name ?? userId })

export const removeChatCall = pageCall({
  method: 'POST',
  path: '/web/messages/chats/remove',
  access: administrator('super'),
  point: 'message:settings',
  input: { id },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await removeChat(ctx, visitor.actor, corpId, input.id)
    return {}
  },
})

export const testChatCall = pageCall({
  method: 'POST',
  path: '/web/messages/chats/test',
  access: administrator('super'),
  point: 'message:settings',
  input: { id },
  output: Type.Object({ isSent: Type.Boolean(), answer: Type.String() }),
  outgoing: true,
  async handle(ctx: ChatTestNeeds, { input, visitor, corpId, request }) {
    const outcome = await testChat(ctx, visitor.actor, corpId, input.id)
    if (outcome.kind === 'sent') return { isSent: true, answer: '' }
    const language = languageOf(request.headers['accept-language'])
    return { isSent: false, answer: toldIn(language, keptReason(outcome.reason)) }
  },
})
