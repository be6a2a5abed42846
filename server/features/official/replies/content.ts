import { type Static, Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkBytes, checkText } from '../../../platform/http/rules.ts'
import { own, ownWords, told } from '../../../platform/http/told.ts'
import type { Words } from '../../../platform/words.ts'
import type { Utterance } from '../../auto-replies/book.ts'
import type { Trigger } from '../../auto-replies/owner.ts'
import type { PushReply } from '../callback/answer.ts'
import { checkUrl, textBytesAtMost } from '../sends/check-message.ts'

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
type SendableContent = Exclude<Content, { type: 'person' }>

const titleAtMost = 64
const descriptionAtMost = 512
/** One goes passively; five more may follow within 48 hours of a message, three within a minute of an event. */
const contentsAtMost = { message: 6, event: 4 } as const

/** Throws 1000 and 1001, naming the content by its place. */
export function checkContents(contents: readonly Content[], trigger: Trigger, name: string): void {
  const sent = contents.filter(one => one.type !== 'person')
  const most = contentsAtMost[trigger]
  if (sent.length > most)
    throw new ApiError('badParameter', ownWords(tooMany(name, most, sent.length, trigger)))
  if (contents.length - sent.length > 1 || sent.filter(one => one.type === 'transfer').length > 1)
    throw new ApiError('badParameter', {
      zh: told`${own(name)}：转人工只能出现一次`,
      en: told`${own(name)}: a conversation is handed over once only`,
    })
  for (const [index, content] of contents.entries()) checkContent(content, `${name}[${index}]`)
}

function tooMany(name: string, most: number, given: number, trigger: Trigger): Words {
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
function checkReplyText(text: string, name: string): void {
  checkFilled(text, name, true)
  checkBytes(text, name, textBytesAtMost)
}

function checkFilled(text: string, name: string, lines = false): void {
  checkText(text, name, textAtMost, lines)
  if (text.trim() === '') throw new ApiError('missingParameter', told`${own(name)}`)
}

function checkMediaId(mediaId: string, name: string): void {
  if (mediaId === '') throw new ApiError('missingParameter', told`${own(name)}`)
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(mediaId))
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为微信永久素材的 media_id`,
      en: told`${own(name)} should be the media_id of a permanent material`,
    })
}

/** Steps of a flow that go on at once may not say more than WeChat takes after a message. Throws 1000. */
export function checkChain(stepId: string, contents: readonly Content[]): void {
  const said = contents.filter(one => one.type !== 'person').length
  if (said > contentsAtMost.message)
    throw new ApiError('badParameter', {
      zh: told`从步骤 ${stepId} 起一次会发 ${said} 条，微信最多允许 ${own(contentsAtMost.message)} 条`,
      en: told`from step ${stepId} on ${said} messages are sent at once, WeChat takes ${own(contentsAtMost.message)}`,
    })
}

/** WeChat lets an account write for 48 hours, in which the text has to be sent. */
const minutesWithTextAtMost = 2820

/** Throws 1000 and 1001. */
export function checkTimeout(text: string, minutes: number): void {
  checkReplyText(text, 'timeoutText')
  if (minutes > minutesWithTextAtMost)
    throw new ApiError('badParameter', {
      zh: `有超时提示时最多等待 ${minutesWithTextAtMost} 分钟：微信只允许在对方发消息后的 48 小时内发送`,
      en: `with a text for the time-out at most ${minutesWithTextAtMost} minutes: WeChat lets it be sent within 48 hours of the follower's message`,
    })
}

/**
 * What is answered, if anything is. One message goes passively: the transfer where there is one, because it cannot be sent
 * otherwise, else the first.
 */
export function answerOf({ contents, by }: Utterance<Content>): PushReply | undefined {
  if (contents.length === 0) return undefined
  const sent = contents.filter((one): one is SendableContent => one.type !== 'person')
  const passive = sent.find(one => one.type === 'transfer') ?? sent[0] ?? null
  const answer = { passive, later: sent.filter(one => one !== passive), by }
  return sent.length < contents.length ? { ...answer, person: true } : answer
}
