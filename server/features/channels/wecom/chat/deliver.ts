import type { Agent, Corp } from '../../../../organisation/corps/corps.ts'
import { WecomError } from '../../../../upstream/wecom/errors.ts'
import type { AgentMedia } from '../../../message-media/give.ts'
import type { ChannelCall, Outcome, SendNeeds } from '../../channel.ts'
import { messageBody } from '../deliver.ts'
import { fileGiven, isUnknownFile, withoutFile } from '../give-file.ts'
import { outcomeOf } from '../outcome.ts'
import { type Chat, type Chats, readChatsOf } from './chats-store.ts'
import type { ChatContent, ChatMessage } from './content.ts'
import type { ChatReason } from './reasons.ts'

export type ChatCall = ChannelCall<unknown, ChatContent, Chats>

/**
 * Writes into one group chat (docs/upstream/wecom-group-chats.md#messages). WeCom recognises no repetition, and gives no id by which a
 * message could be found or recalled.
 */
export async function sendToChat(outgoing: ChatCall): Promise<Outcome> {
  const { ctx, corp, devId, setup } = outgoing
  const id = outgoing.userIds[0] ?? ''
  // Another node may have accepted it, for a chat that this one has not read yet.
  const chat = setup.extra?.get(id) ?? (await readChatsOf(ctx.db, corp.corpId, [id])).get(id)
  if (!chat || (devId !== undefined && chat.devId !== devId)) return refused({ code: 'chatGone' }, false)
  return postToChat(outgoing, chat)
}

export async function postToChat(
  outgoing: Omit<ChatCall, 'setup'> & { ctx: SendNeeds },
  chat: Chat,
): Promise<Outcome> {
  const agent = agentOf(outgoing.corp, chat)
  if (!agent) return refused({ code: 'wecomAgentGone', agentId: chat.agentId }, true)
  const { content, chunk, key } = outgoing
  const { message } = content
  const given = await fileGiven(outgoing, agent, mediaOf(message))
  if (given?.kind) return given
  const { mediaId } = given ?? {}
  try {
    await agent.messenger.chats.send({
      chatid: chat.id,
      ...(isOwnKind(message) ? ownBody(message, mediaId) : messageBody(message, { chunk, key }, mediaId)),
      ...(message.kind === 'text' ? textOf(content, message.chunks[chunk] ?? '', chunk) : {}),
    })
  } catch (error) {
    if (isUnknownFile(error, outgoing)) return await withoutFile(outgoing, mediaId)
    const outcome = outcomeOf(error)
    // WeCom knows why for this chat alone: the channel is not at fault.
    const isOfChat = error instanceof WecomError && error.errcode >= 86_000 && error.errcode < 87_000
    return outcome.kind === 'refused' && isOfChat ? { ...outcome, isConfig: false } : outcome
  }
  return { kind: 'sent', vendorId: 'ok', failures: [] }
}

export const agentOf = ({ agents }: Corp, { agentId }: Pick<Chat, 'agentId'>): Agent | undefined =>
  agents.find(one => one.agentId === agentId)

const refused = (reason: ChatReason, isConfig: boolean): Outcome => ({ kind: 'refused', reason, isConfig })

type OwnKind = Extract<ChatMessage, { kind: 'voice' | 'mpnews' }>
const isOwnKind = (message: ChatMessage): message is OwnKind =>
  message.kind === 'voice' || message.kind === 'mpnews'

function mediaOf({ kind }: ChatMessage): AgentMedia | undefined {
  if (kind === 'mpnews') return 'image'
  return kind === 'image' || kind === 'voice' || kind === 'video' || kind === 'file' ? kind : undefined
}

function ownBody(message: OwnKind, mediaId: string | undefined): object {
  if (message.kind === 'voice') return { msgtype: 'voice', voice: { media_id: mediaId } }
  const { title, author, url, content } = message
  const article = { title, thumb_media_id: mediaId, author, content_source_url: url, content }
  return { msgtype: 'mpnews', mpnews: { articles: [article] } }
}

/** Those who are mentioned stand in the first piece of a text. */
function textOf({ mention }: ChatContent, content: string, chunk: number): object {
  if (mention.length === 0 || chunk > 0) return {}
  return { text: { content, mentioned_list: mention } }
}
