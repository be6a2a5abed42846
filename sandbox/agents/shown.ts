import { nextMsgId } from './push.ts'
import type { AgentDelivery } from './pusher.ts'
import type { ParsedXml } from './reply.ts'
import type { AgentWorld } from './world.ts'

/** A member with an agent, in whose conversation something is shown. */
type AgentConversation = { slot: number; userid: string; agentId: number }
type ShownMessage = {
  msgId: string
  msgtype: string
  content: Record<string, unknown>
  from?: string
  isReply?: true
}

/** Puts something into the conversation of a member with an agent. */
export function show(
  world: AgentWorld,
  { slot, userid, agentId }: AgentConversation,
  shown: ShownMessage,
): void {
  world.messages.append({ channel: 'wecom', agentId, ...shown, to: [userid], dropped: [], all: false }, [
    slot,
  ])
}

/** Shows what was answered at once, unless it changes a card. */
export function showReply(world: AgentWorld, talk: AgentConversation, { reply }: AgentDelivery): void {
  const content = reply && contentOf(reply)
  if (content)
    show(world, talk, { msgId: nextMsgId(), msgtype: String(reply['MsgType']), content, isReply: true })
}

function contentOf(reply: ParsedXml): Record<string, unknown> | undefined {
  switch (reply['MsgType']) {
    case 'text':
      return { content: reply['Content'] }
    case 'image':
      return { media_id: mediaId(reply['Image']) }
    case 'voice':
      return { media_id: mediaId(reply['Voice']) }
    case 'video':
      return { media_id: mediaId(reply['Video']), title: textIn(reply['Video'], 'Title') }
    case 'news':
      return { articles: articlesIn(reply['Articles']) }
    default:
      return undefined
  }
}

const textIn = (node: unknown, name: string): string => String((node as ParsedXml | undefined)?.[name] ?? '')
const mediaId = (node: unknown): string => textIn(node, 'MediaId')

function articlesIn(node: unknown): object[] {
  const items = (node as ParsedXml | undefined)?.['item'] ?? []
  return (Array.isArray(items) ? items : [items]).map(item => ({
    title: textIn(item, 'Title'),
    description: textIn(item, 'Description'),
    url: textIn(item, 'Url'),
    picurl: textIn(item, 'PicUrl'),
  }))
}
