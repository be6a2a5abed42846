import { ApiError } from '../../../../platform/http/errors.ts'
import { optionalIds } from '../../../../platform/http/input.ts'
import { own, told } from '../../../../platform/http/told.ts'
import type { MediaFile } from '../../../message-media/media.ts'
import { fileIn, filesOf } from '../../../message-media/message-files.ts'
import type { Composition, ContentInput } from '../../channel.ts'
import { httpUrl, mention, needed, placesIn } from '../../message-fields.ts'
import type { WecomContent } from '../content.ts'
import { byteLength, cutBytes, limits } from '../limits.ts'
import { checkFits, type MsgType, wecom } from '../wecom.ts'

export const chatsAtOnce = 20
/** Of an article (docs/upstream/wecom-messages.md#types-and-their-limits), in bytes. */
const articleAtMost = 666 * 1024
const authorAtMost = 64

const {
  msgType,
  agentName,
  title,
  content,
  url,
  btntxt,
  picUrl,
  mediaId,
  safe,
}: Pick<
  typeof wecom.fields,
  'msgType' | 'agentName' | 'title' | 'content' | 'url' | 'btntxt' | 'picUrl' | 'mediaId' | 'safe'
> = wecom.fields

export const chatFields = {
  toChat: optionalIds(
    {
      zh: '群聊 id 列表，| 分隔，最多 20 个；发送方式为 4 时必填，不与 toUser、toParty、toTag 一起使用',
      en: 'Ids of group chats, separated by |, at most 20; needed when sendType is 4, and not beside toUser, toParty and toTag',
    },
    { max: chatsAtOnce },
  ),
  mention,
  msgType,
  agentName,
  title,
  content,
  url,
  btntxt,
  picUrl,
  mediaId,
  safe,
}

/** What group chats take and message/send of WeCom is not used for. */
export type ArticleOrVoice =
  | { kind: 'voice'; files: [MediaFile] }
  | { kind: 'mpnews'; files: [MediaFile]; title: string; author: string; url: string; content: string }

export type ChatMessage = WecomContent | ArticleOrVoice
/** `files`: those of the message. */
export type ChatContent = {
  chats: string[]
  mention: string[]
  message: ChatMessage
  files: readonly MediaFile[]
}

/** Throws 1000, 1001 and 1002. */
export function chatContent(given: ContentInput): Composition<ChatContent> {
  const chats = placesIn(given, 'toChat', '4')
  const msgType = needed('msgType', given['msgType'] as string | undefined) as MsgType
  if (msgType === '04' || msgType === '10')
    throw new ApiError('badParameter', {
      zh: told`群聊（sendType 4）不支持 msgType ${own(msgType)}，可用 01、02、03、05、06、07、08、09、11`,
      en: told`group chats (sendType 4) do not take msgType ${own(msgType)}: use 01, 02, 03, 05, 06, 07, 08, 09 or 11`,
    })
  const mentioned = mentionsIn(given, msgType)
  const { content: message, ...made } = messageOf(msgType, given)
  return { ...made, content: { chats, mention: mentioned, message, files: filesOf(message) } }
}

/** WeCom mentions people in texts alone (docs/upstream/wecom-group-chats.md#messages). */
function mentionsIn(given: ContentInput, msgType: MsgType): string[] {
  const mentioned = (given['mention'] as string[] | undefined) ?? []
  if (mentioned.length > 0 && msgType !== '03')
    throw new ApiError('badParameter', {
      zh: told`mention 在群聊中只用于文本（msgType 03），收到 msgType ${own(msgType)}`,
      en: told`mention is for text (msgType 03) in group chats, and msgType is ${own(msgType)}`,
    })
  return [...new Set(mentioned)]
}

function messageOf(
  msgType: Exclude<MsgType, '04' | '10'>,
  given: ContentInput,
): {
  content: ChatMessage
  truncated: string[]
  warnings?: NonNullable<Composition<ChatMessage>['warnings']>
} {
  if (msgType !== '09' && msgType !== '11') return wecom.compose(given)
  checkFits(msgType, { ...given, mediaId: undefined })
  if (given['safe'] === true)
    throw new ApiError('badParameter', {
      zh: told`safe 只用于 msgType 03、06、07、08，收到 msgType ${own(msgType)}`,
      en: told`safe is for msgType 03, 06, 07 and 08, and msgType is ${own(msgType)}`,
    })
  if (msgType === '09') return { content: { kind: 'voice', files: [fileIn(given, 'voice')] }, truncated: [] }
  return articleOf(given)
}

/** The picture is its cover; its content is HTML, of which a part that is cut off might be the half of a tag. */
function articleOf(given: ContentInput): { content: ArticleOrVoice; truncated: string[] } {
  const heading = needed('title', given['title'] as string | undefined)
  const body = needed('content', given['content'] as string | undefined)
  if (byteLength(body) > articleAtMost)
    throw new ApiError('badParameter', {
      zh: told`msgType 11 的 content 最长 ${own(articleAtMost)} 字节，收到 ${own(byteLength(body))} 字节`,
      en: told`content of msgType 11 has at most ${own(articleAtMost)} bytes, and this one has ${own(byteLength(body))}`,
    })
  const link = given['url'] as string | undefined
  const shown = cutBytes(heading, limits.title)
  return {
    content: {
      kind: 'mpnews',
      files: [fileIn(given, 'image')],
      title: shown,
      author: cutBytes(given.agentName, authorAtMost),
      url: link ? httpUrl('url', link) : '',
      content: body,
    },
    truncated: shown === heading ? [] : ['title'],
  }
}
