import { ApiError } from '../../../../platform/http/errors.ts'
import { told } from '../../../../platform/http/told.ts'
import { type Channel, type PortalMessage, plainPreviewSchema } from '../../channel.ts'
import { mentionedBy } from '../../message-fields.ts'
import { wecomShown } from '../shown.ts'
import { type Chat, type Chats, readChats, readChatsOf } from './chats-store.ts'
import { type ChatContent, type ChatMessage, chatContent, chatFields } from './content.ts'
import { sendToChat } from './deliver.ts'
import { holdAtLimits } from './pace-store.ts'
import { chatReasons } from './reasons.ts'

export const chatsSince = '0165-group-chats.sql'
export const chatsFeature = 'group-chats'

/** Group chats of WeCom that a developer made. */
export const chat = {
  label: { zh: '群聊', en: 'Group chat' },
  sendType: { value: '4', word: { zh: '群聊', en: 'group chat' } },
  feature: chatsFeature,
  reasons: chatReasons,
  settings: {
    fields: {},
    takes: { zh: '一个群聊', en: 'a group chat' },
    isReady: (_settings, _corp, chats) => (chats?.size ?? 0) > 0,
    isBegun: () => false,
  },
  readExtra: readChats,
  fields: chatFields,
  takes: () => ({ feature: chatsFeature, since: chatsSince }),
  compose: chatContent,
  placeInputs: { receivers: 'toChat', others: ['mention'], invalid: 'invalidchat' },
  async withPlaces(db, corpId, setup, content) {
    const missing = content.chats.filter(id => setup.extra?.get(id)?.state !== 'ready')
    if (missing.length === 0) return setup
    return { ...setup, extra: new Map([...(setup.extra ?? []), ...(await readChatsOf(db, corpId, missing))]) }
  },
  placesOf(setup, content, by) {
    const places: Chat[] = []
    const invalid: string[] = []
    for (const id of content.chats) {
      const one = setup.extra?.get(id)
      const isOwn = one?.state === 'ready' && (by.isOperator || one.devId === by.devId)
      if (isOwn) places.push(one)
      else invalid.push(id)
    }
    // Whether somebody else's chat exists is not told.
    if (places.length === 0)
      throw new ApiError('badParameter', {
        zh: told`toChat：没有可用的群聊 ${invalid.join('|')}`,
        en: told`toChat: there are no group chats ${invalid.join('|')} that you may use`,
      })
    mentionedBy(content.mention, by.nameOf)
    return { places, invalid }
  },
  placeChoice: {
    input: 'toChat',
    all: ({ extra }) => [...(extra?.values() ?? [])].filter(one => one.state === 'ready'),
  },
  placeName: ({ extra }, id) => extra?.get(id)?.name,
  sample: { msgType: '03', title: '测试', content: '这是一条测试消息。' },
  pieces: ({ message }) => (message.kind === 'text' ? message.chunks.length : 1),
  previewSchemas: [plainPreviewSchema('chat')],
  preview({ message }) {
    const { title, text, url } = shown(message)
    return { channel: 'chat' as const, title, text, url }
  },
  read: ({ message }) => shown(message),
  partSize: 1,
  callsAtMost: 16,
  usualMs: 500,
  missing: () => undefined,
  async prepare(ctx, tx, parts) {
    await holdAtLimits(ctx, tx, parts)
    return []
  },
  send: sendToChat,
} as const satisfies Channel<unknown, ChatContent, Chats>

/** It goes over nothing twice, however many tags are opened and not closed. */
const tag = /<[^<>]*>/g

function shown(message: ChatMessage): PortalMessage {
  const none = { title: '', text: '', url: '', button: '', picUrl: '' }
  if (message.kind === 'voice') return { ...none, title: message.files[0].name, files: message.files }
  if (message.kind !== 'mpnews') return wecomShown(message)
  const { title, url, content, files } = message
  return { ...none, title, url, text: content.replaceAll(tag, ' ').trim(), files }
}
