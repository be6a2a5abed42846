import { ApiError } from '../../platform/http/errors.ts'
import { optionalIds, optionalText, text } from '../../platform/http/input.ts'
import { httpAddress } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { ContentInput } from './channel.ts'

export const contentAtMost = 1_000_000
export const urlAtMost = 2048
export const button = '详情'

export const agentName = text(
  {
    zh: '发起方应用名称，超过 32 个字的部分截断',
    en: 'Name of the application that sends; cut after 32 characters',
  },
  { max: 1000 },
)
export const title = optionalText(
  {
    zh: '标题，自动加上【应用名称】前缀；文本消息可不填；msgType 05 至 10 不加前缀，10 必填、4 至 12 个字',
    en: 'Title, with 【name of the application】 in front; not needed for text; msgType 05 to 10 have nothing in front, and 10 needs 4 to 12 characters',
  },
  { max: 10_000 },
)
export const agentId = optionalText(
  {
    zh: '发送方：企业微信应用 id，或公众号原始 ID（gh_…，发送方式为 3 时）；不填则由消息中心的默认应用或公众号发送',
    en: 'Sender: agentId of a WeCom app, or original id of an official account (gh_…, when sendType is 3); else the default of the message centre',
  },
  { max: 64 },
)
export const content = optionalText(
  {
    zh: '内容；msgType 为 04、06、07 时不填，05 为 Markdown 原文，08、10 为说明、可不填',
    en: 'Content; not needed when msgType is 04, 06 or 07, Markdown when it is 05, an optional description when it is 08 or 10',
  },
  { max: contentAtMost, lines: true },
)
export const url = optionalText(
  { zh: '跳转链接，文本消息与邮件可不填', en: 'Where it leads; not needed for text and mail' },
  { max: 4096 },
)
export const btntxt = optionalText(
  { zh: '按钮文字，默认为详情', en: 'Text of the button; 详情 by default' },
  { max: 1000 },
)

export const mention = optionalIds(
  {
    zh: '在群里提及的成员 ID，| 分隔，最多 50；@all 为群里所有人；发送方式为 4（msgType 为 03）或 5 时使用',
    en: 'Ids of members who are mentioned in the group, separated by |, at most 50; @all is everybody in it; for sendType 4 (with msgType 03) and 5',
  },
  { max: 50 },
)

/** The places that a message names by this input. Throws 1001 without any, and 1000 beside receivers who are people. */
export function placesIn(given: ContentInput, input: string, sendType: string): string[] {
  for (const name of ['toUser', 'toParty', 'toTag', 'toGroup'])
    if ((given[name] as string[] | undefined)?.length)
      throw new ApiError('badParameter', {
        zh: told`sendType 为 ${own(sendType)} 时只填 ${own(input)}，不填 toUser、toParty、toTag、toGroup`,
        en: told`with sendType ${own(sendType)} give ${own(input)}, and neither toUser, toParty, toTag nor toGroup`,
      })
  const places = (given[input] as string[] | undefined) ?? []
  if (places.length === 0) throw new ApiError('missingParameter', told`${own(input)}`)
  return [...new Set(places)]
}

/** The members who are mentioned, by name, without `@all`. Throws 1007 for a stranger. */
export function mentionedBy(
  mention: readonly string[],
  nameOf: (userId: string) => string | undefined,
): { userId: string; name: string }[] {
  return mention.flatMap(userId => {
    if (userId === '@all') return []
    const name = nameOf(userId)
    if (name === undefined) throw new ApiError('unknownMember', told`mention ${userId}`)
    return [{ userId, name }]
  })
}

/** What describes a message of `message/send`. */
export type MessageInput = {
  agentName: string
  title: string | undefined
  content: string
  url: string | undefined
  btntxt: string | undefined
  picUrl: string | undefined
}

/** Reads the inputs of a message. Throws 1001 without content. */
export function messageInput(given: ContentInput): MessageInput {
  const { agentName, title, content, url, btntxt, picUrl } = given as Partial<MessageInput> & ContentInput
  return { agentName, title, content: needed('content', content), url, btntxt, picUrl }
}

export function prefixed(agentName: string, title: string): string {
  return `【${agentName}】${title}`
}

/** Throws 1001 when the input is empty. */
export function needed(name: string, value: string | undefined): string {
  if (!value) throw new ApiError('missingParameter', told`${own(name)}`)
  return value
}

/** Accepts only absolute http and https addresses, since no other opens on a phone. Throws 1000. */
export function httpUrl(name: string, text: string): string {
  const address = httpAddress(text)
  if (address === undefined) {
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为完整的 http(s) 地址`,
      en: told`${own(name)} should be a complete http(s) address`,
    })
  }
  if (Buffer.byteLength(address) > urlAtMost)
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 最长 ${own(urlAtMost)} 字节`,
      en: told`${own(name)} is longer than ${own(urlAtMost)} bytes`,
    })
  return address
}
