import { ApiError } from '../../../platform/http/errors.ts'
import { optionalText, text } from '../../../platform/http/input.ts'
import { httpAddress } from '../../../platform/http/rules.ts'
import type { ContentInput } from './channel.ts'

export const contentAtMost = 1_000_000
export const urlAtMost = 2048
export const button = '详情'

export const agentName = text('发起方应用名称', { max: 32 })
export const title = optionalText('标题，自动加上【应用名称】前缀；文本消息可不填', { max: 1000 })
export const agentId = optionalText(
  '发送方：企业微信应用 id，或公众号原始 ID（gh_…，发送方式为 3 时）；不填则由消息中心的默认应用或公众号发送',
  { max: 64 },
)
export const content = text('内容', { max: contentAtMost, lines: true })
export const url = optionalText('跳转链接，文本消息与邮件可不填', { max: 4096 })
export const btntxt = optionalText('按钮文字，默认为详情', { max: 100 })

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
  if (!value) throw new ApiError('missingParameter', name)
  return value
}

/** Accepts only absolute http and https addresses, since no other opens on a phone. Throws 1000. */
export function httpUrl(name: string, text: string): string {
  const address = httpAddress(text)
  if (address === undefined) {
    throw new ApiError('badParameter', {
      zh: `${name} 应为完整的 http(s) 地址`,
      en: `${name} should be a complete http(s) address`,
    })
  }
  if (Buffer.byteLength(address) > urlAtMost)
    throw new ApiError('badParameter', {
      zh: `${name} 最长 ${urlAtMost} 字节`,
      en: `${name} is longer than ${urlAtMost} bytes`,
    })
  return address
}
