import { ApiError } from '../../../platform/http/errors.ts'
import { optionalObjects, optionalText, text } from '../../../platform/http/input.ts'
import { optionalYes } from '../../../platform/http/input-rules.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { MediaFile } from '../../message-media/media.ts'
import { fileIn, mediaId } from '../../message-media/message-files.ts'
import type { ContentInput } from '../channel.ts'
import { needed } from '../message-fields.ts'
import { byteLength, cutBytes, limits } from './limits.ts'

/** Kinds of messages that are one thing whole (docs/upstream/wecom-messages.md#types-and-their-limits): nothing is put in front or split. */
export type PlainContent =
  | { kind: 'markdown'; content: string }
  | { kind: 'image'; files: [MediaFile] }
  | { kind: 'file'; files: [MediaFile] }
  | { kind: 'video'; files: [MediaFile]; title: string; description: string }
  | {
      kind: 'miniprogram_notice'
      appid: string
      page: string
      title: string
      description: string
      items: { key: string; value: string }[]
    }
export type PlainKind = PlainContent['kind']

const itemsAtMost = 10
const keyAtMost = 10
const valueAtMost = 30

/** What `message/send` takes for these beside title and content. */
export const kindFields = {
  mediaId,
  safe: optionalYes({
    zh: '1：保密消息，带水印、不能转发；只用于 msgType 03、06、07、08；默认 0',
    en: '1: confidential, with a watermark and not to be forwarded; for msgType 03, 06, 07 and 08; 0 by default',
  }),
  appid: optionalText(
    {
      zh: '小程序的 appid，须与发送的应用关联；msgType 为 10 时必填',
      en: 'appid of the mini-program, which is linked to the agent that sends; needed when msgType is 10',
    },
    { max: 64 },
  ),
  page: optionalText(
    {
      zh: '小程序的页面，不填则为首页；msgType 为 10 时使用',
      en: 'Page of the mini-program, its first one by default; for msgType 10',
    },
    { max: 1024 },
  ),
  items: optionalObjects(
    {
      zh: `小程序通知的内容，最多 ${itemsAtMost} 行；msgType 为 10 时使用`,
      en: `Lines of a mini-program notice, at most ${itemsAtMost}; for msgType 10`,
    },
    {
      key: text(
        { zh: `名称，最长 ${keyAtMost} 个字`, en: `Name, of at most ${keyAtMost} characters` },
        { max: keyAtMost * 4 },
      ),
      value: text(
        { zh: `值，最长 ${valueAtMost} 个字`, en: `Value, of at most ${valueAtMost} characters` },
        { max: valueAtMost * 4 },
      ),
    },
    { max: itemsAtMost },
  ),
}

export const plainTypes = {
  '05': 'markdown',
  '06': 'image',
  '07': 'file',
  '08': 'video',
  '10': 'miniprogram_notice',
} as const
type PlainType = keyof typeof plainTypes

export const isPlainType = (msgType: string): msgType is PlainType => Object.hasOwn(plainTypes, msgType)

const plainKinds: ReadonlySet<string> = new Set(Object.values(plainTypes))
export const isPlainKind = (kind: string): kind is PlainKind => plainKinds.has(kind)

/** Kinds that WeCom takes `safe` for. */
const safeKinds: ReadonlySet<string> = new Set(['text', 'image', 'file', 'video'])

/** Throws 1000 for `safe` beside a kind that WeCom does not take it for, where it would be lost without a word. */
export function checkSafe({ kind }: { kind: string }): void {
  if (safeKinds.has(kind)) return
  throw new ApiError('badParameter', {
    zh: 'safe 只用于 msgType 03、06、07、08',
    en: 'safe is only for msgType 03, 06, 07 and 08',
  })
}

/** Throws 1000, 1001. `truncated` names the inputs that were cut. */
export function plainContent(
  msgType: PlainType,
  given: ContentInput,
): { content: PlainContent; truncated: string[] } {
  const { title = '', content: description = '' } = given as { title?: string; content?: string }
  switch (msgType) {
    case '05':
      return { content: { kind: 'markdown', content: markdownIn(description) }, truncated: [] }
    case '06':
      return { content: { kind: 'image', files: [fileIn(given, 'image')] }, truncated: [] }
    case '07':
      return { content: { kind: 'file', files: [fileIn(given)] }, truncated: [] }
    case '08': {
      const cut = {
        title: cutBytes(title, limits.title),
        description: cutBytes(description, limits.description),
      }
      const truncated = [
        ...(cut.title === title ? [] : ['title']),
        ...(cut.description === description ? [] : ['content']),
      ]
      return { content: { kind: 'video', files: [fileIn(given, 'video')], ...cut }, truncated }
    }
    case '10':
      return { content: noticeIn(given), truncated: [] }
  }
}

/** What is cut off may be the half of a link, so that it is refused instead. */
function markdownIn(given: string): string {
  const content = needed('content', given)
  if (byteLength(content) > limits.text)
    throw new ApiError('badParameter', {
      zh: told`Markdown 的 content 最长 ${own(limits.text)} 字节，收到 ${own(byteLength(content))} 字节`,
      en: told`content of Markdown has at most ${own(limits.text)} bytes, and this one has ${own(byteLength(content))}`,
    })
  return content
}

function noticeIn(given: ContentInput): PlainContent {
  const {
    appid,
    page = '',
    title,
    content: description = '',
    items = [],
  } = given as {
    appid?: string
    page?: string
    title?: string
    content?: string
    items?: { key: string; value: string }[]
  }
  const notice = { appid: needed('appid', appid), page, title: needed('title', title), description, items }
  checkLength('title', notice.title, titleCharacters)
  if (description !== '') checkLength('content', description, titleCharacters)
  for (const [at, { key, value }] of items.entries()) {
    checkLength(`items[${at}].key`, key, { least: 1, most: keyAtMost })
    checkLength(`items[${at}].value`, value, { least: 1, most: valueAtMost })
  }
  return { kind: 'miniprogram_notice', ...notice }
}

const titleCharacters = { least: 4, most: 12 }

function checkLength(name: string, value: string, { least, most }: { least: number; most: number }): void {
  const { length } = [...value]
  if (length >= least && length <= most) return
  throw new ApiError('badParameter', {
    zh: told`${own(name)} 应为 ${own(least)} 到 ${own(most)} 个字，收到 ${own(length)} 个`,
    en: told`${own(name)} should have ${own(least)} to ${own(most)} characters, and has ${own(length)}`,
  })
}
