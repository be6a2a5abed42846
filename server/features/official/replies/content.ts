import { type Static, Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkText } from '../../../platform/http/rules.ts'
import type { Words } from '../../../platform/http/words.ts'
import type { Answer } from '../callback/answer.ts'

const textAtMost = 8192

/**
 * One message of a reply, or what is done besides: `transfer` hands the conversation to WeChat's own customer service,
 * `person` to somebody in 会话. Media are named by WeChat's permanent media_id.
 */
export const contentSchema = Type.Union([
  Type.Object({ type: Type.Literal('text'), content: Type.String({ maxLength: textAtMost }) }),
  Type.Object({
    type: Type.Union([Type.Literal('image'), Type.Literal('voice')]),
    mediaId: Type.String({ maxLength: 200 }),
  }),
  Type.Object({
    type: Type.Literal('news'),
    title: Type.String({ maxLength: textAtMost }),
    description: Type.String({ maxLength: textAtMost }),
    picUrl: Type.String({ maxLength: textAtMost }),
    url: Type.String({ maxLength: textAtMost }),
  }),
  Type.Object({
    type: Type.Literal('transfer'),
    kfAccount: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  Type.Object({ type: Type.Literal('person') }),
])
export type Content = Static<typeof contentSchema>
type Sent = Exclude<Content, { type: 'person' }>

/** WeChat's limit of a text (docs/upstream/official-customer-service.md#messages). */
const textBytesAtMost = 2048
const titleAtMost = 64
const descriptionAtMost = 512
const urlBytesAtMost = 1024
/** One goes passively; five more may follow within 48 hours of a message, three within a minute of an event. */
export const contentsAtMost = { message: 6, event: 4 } as const

/** Throws 1000 and 1001, naming the content by its place. */
export function checkContents(
  contents: readonly Content[],
  trigger: 'message' | 'event',
  name: string,
): void {
  const sent = contents.filter(one => one.type !== 'person')
  const most = contentsAtMost[trigger]
  if (sent.length > most) throw new ApiError('badParameter', tooMany(name, most, sent.length, trigger))
  if (contents.length - sent.length > 1 || sent.filter(one => one.type === 'transfer').length > 1)
    throw new ApiError('badParameter', {
      zh: `${name}：转人工只能出现一次`,
      en: `${name}: a conversation is handed over once only`,
    })
  for (const [index, content] of contents.entries()) checkContent(content, `${name}[${index}]`)
}

function tooMany(name: string, most: number, given: number, trigger: 'message' | 'event'): Words {
  const whenZh = trigger === 'message' ? '收到消息后' : '关注或点击菜单后'
  const whenEn = trigger === 'message' ? 'after a message' : 'after a subscription or a click'
  return {
    zh: `${name}：${whenZh}微信最多允许 ${most} 条回复，现有 ${given} 条`,
    en: `${name}: ${whenEn} WeChat takes at most ${most} replies, there are ${given}`,
  }
}

function checkContent(content: Content, name: string): void {
  if (content.type === 'text') checkReplyText(content.content, `${name}.content`)
  if (content.type === 'image' || content.type === 'voice') checkMediaId(content.mediaId, `${name}.mediaId`)
  if (content.type === 'transfer') checkText(content.kfAccount ?? '', `${name}.kfAccount`, 64)
  if (content.type !== 'news') return
  checkFilled(content.title, `${name}.title`)
  checkText(content.title, `${name}.title`, titleAtMost)
  checkText(content.description, `${name}.description`, descriptionAtMost, true)
  checkUrl(content.url, `${name}.url`)
  if (content.picUrl) checkUrl(content.picUrl, `${name}.picUrl`)
}

/** Throws 1000 and 1001. */
export function checkReplyText(text: string, name: string): void {
  checkFilled(text, name, true)
  checkBytes(text, name, textBytesAtMost)
}

function checkFilled(text: string, name: string, lines = false): void {
  checkText(text, name, textAtMost, lines)
  if (text.trim() === '') throw new ApiError('missingParameter', name)
}

export function checkBytes(text: string, name: string, most: number): void {
  const bytes = Buffer.byteLength(text)
  if (bytes > most)
    throw new ApiError('badParameter', {
      zh: `${name} 最长 ${most} 字节，现有 ${bytes} 字节（一个汉字 3 字节）`,
      en: `${name} takes at most ${most} bytes and has ${bytes} (a Chinese character has 3)`,
    })
}

function checkMediaId(mediaId: string, name: string): void {
  if (mediaId === '') throw new ApiError('missingParameter', name)
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(mediaId))
    throw new ApiError('badParameter', {
      zh: `${name} 应为微信永久素材的 media_id`,
      en: `${name} should be the media_id of a permanent material`,
    })
}

function checkUrl(url: string, name: string): void {
  if (url === '') throw new ApiError('missingParameter', name)
  checkBytes(url, name, urlBytesAtMost)
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url))
    throw new ApiError('badParameter', {
      zh: `${name} 应为 http 或 https 地址`,
      en: `${name} should be an http or https address`,
    })
}

/**
 * What is answered. One message goes passively: the transfer where there is one, because it cannot be sent otherwise, else
 * the first.
 */
export function answerOf(contents: readonly Content[], by: string): Answer {
  const sent = contents.filter((one): one is Sent => one.type !== 'person')
  const passive = sent.find(one => one.type === 'transfer') ?? sent[0] ?? null
  const answer = { passive, later: sent.filter(one => one !== passive), by }
  return sent.length < contents.length ? { ...answer, person: true } : answer
}
