import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { button, httpUrl, type MessageInput, needed, prefixed } from '../message-fields.ts'
import type { CardContent } from './cards/content.ts'
import type { GivenContent } from './given.ts'
import type { PlainContent } from './kinds.ts'
import { byteLength, cutBytes, graphemes, limits } from './limits.ts'

/**
 * A WeCom message as it will be shown: prefixed, split and cut to WeCom's limits
 * (docs/upstream/wecom-messages.md#types-and-their-limits).
 */
export type WecomContent = SentContent & {
  /** It shows a watermark and cannot be forwarded. */
  safe?: true
}

type SentContent =
  /** `title`: the first line, where it is a title; a plain text may say all in its first line. */
  | { kind: 'text'; chunks: string[]; title?: string }
  | { kind: 'textcard'; title: string; description: string; url: string; btntxt: string }
  | { kind: 'news'; title: string; description: string; url: string; picUrl: string }
  | CardContent
  | PlainContent
  | GivenContent

/** Builds the content of a WeCom message. `truncated` names the inputs that were cut. Throws 1000 and 1001. */
export function wecomContent(
  msgType: '01' | '02' | '03',
  input: MessageInput,
): { content: WecomContent; truncated: string[] } {
  if (byteLength(input.content) > limits.wholeText) {
    throw new ApiError('badParameter', {
      zh: told`content 最长 ${own(limits.wholeText)} 字节`,
      en: told`content is longer than ${own(limits.wholeText)} bytes`,
    })
  }
  if (msgType === '03') {
    const title = input.title ? { title: prefixed(input.agentName, input.title) } : {}
    return { content: { kind: 'text', chunks: textChunks(input), ...title }, truncated: [] }
  }
  const truncated: string[] = []
  const cut = (name: string, text: string, bytes: number) => {
    const short = cutBytes(text, bytes)
    if (short !== text) truncated.push(name)
    return short
  }
  const title = cut('title', prefixed(input.agentName, needed('title', input.title)), limits.title)
  const description = cut('content', input.content, limits.description)
  const url = httpUrl('url', needed('url', input.url))
  if (msgType === '02') {
    const picUrl = httpUrl('picUrl', needed('picUrl', input.picUrl))
    return { content: { kind: 'news', title, description, url, picUrl }, truncated }
  }
  const label = input.btntxt ?? button
  const btntxt = graphemes(label).slice(0, limits.btntxt).join('')
  if (btntxt !== label) truncated.push('btntxt')
  return { content: { kind: 'textcard', title, description, url, btntxt }, truncated }
}

/** Returns one chunk when the text fits, otherwise numbered ones with `(1/3)` in front of each. */
function textChunks(input: MessageInput): string[] {
  const head = input.title ? `${prefixed(input.agentName, input.title)}\n` : ''
  const link = input.url ? `\n<a href="${httpUrl('url', input.url)}">${input.btntxt ?? button}</a>` : ''
  const whole = `${head}${input.content}${link}`
  if (byteLength(whole) <= limits.text) return [whole]
  const room = limits.text - byteLength('(999/999)\n')
  const parts = splitBytes(`${head}${input.content}`, room)
  // The link must not be split: it goes after the last piece, or into a message of its own.
  const last = parts.at(-1) ?? ''
  if (link && byteLength(last + link) <= room) parts[parts.length - 1] = last + link
  else if (link) parts.push(link.trimStart())
  return parts.map((part, index) => `(${index + 1}/${parts.length})\n${part}`)
}

/** Splits a text into pieces of at most `bytes` bytes, preferably at the end of a line. */
function splitBytes(text: string, bytes: number): string[] {
  const parts: string[] = []
  for (let rest = text; rest; ) {
    let part = cutBytes(rest, bytes)
    const lineEnd = part.lastIndexOf('\n')
    if (part.length < rest.length && lineEnd > part.length / 2) part = part.slice(0, lineEnd + 1)
    // At least one unit must be taken, or the loop would not end. No real character reaches this, since even combined
    // emoji stay below 100 bytes.
    if (!part) part = rest.slice(0, 1)
    parts.push(part)
    rest = rest.slice(part.length)
  }
  return parts
}
