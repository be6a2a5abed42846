import { checkCard } from '../cards/check.ts'
import { type Input, text } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'

type Content = Record<string, unknown>

/** What the check of a content asks: whether the message goes to @all, and whether there are media of an id. */
export interface Setting {
  toAll: boolean
  hasMedia(id: string): boolean
}

/**
 * Checks the content of a message and returns it as WeCom displays it (docs/upstream/wecom-messages.md#types-and-their-limits). A
 * text that is too long is cut at a character boundary without an error.
 */
export function messageContent(msgtype: string, input: Input, setting: Setting): Content {
  const read = Object.hasOwn(kinds, msgtype) ? kinds[msgtype] : undefined
  if (!read) throw new WecomError(40008)
  const content = input[msgtype]
  if (content === undefined || content === null) throw new WecomError(44004)
  if (typeof content !== 'object' || Array.isArray(content)) throw new WecomError(40058, msgtype)
  return read(content as Input, setting)
}

const kinds: Readonly<Record<string, (content: Input, setting: Setting) => Content>> = {
  text: content => ({ content: cut(filled(content, 'content'), 2048) }),
  markdown: content => ({ content: cut(filled(content, 'content'), 2048) }),
  image: media,
  voice: media,
  file: media,
  video: (content, setting) => ({
    ...media(content, setting),
    title: cut(text(content, 'title') ?? '', 128),
    description: cut(text(content, 'description') ?? '', 512),
  }),
  textcard: content => ({
    title: cut(filled(content, 'title', 41016), 128),
    description: cut(filled(content, 'description', 41033), 512),
    url: link(content),
    btntxt: [...(text(content, 'btntxt') || '详情')].slice(0, 4).join(''),
  }),
  news: content => ({ articles: articles(content).map(newsArticle) }),
  mpnews: (content, setting) => ({
    articles: articles(content).map(article => mpnewsArticle(article, setting)),
  }),
  miniprogram_notice: miniprogram,
  template_card: content => checkCard(content),
}

function media(content: Input, setting: Setting): Content {
  return { media_id: knownMedia(content, 'media_id', setting) }
}

function knownMedia(content: Input, key: string, { hasMedia }: Setting): string {
  const id = filled(content, key, 40007)
  if (!hasMedia(id)) throw new WecomError(40007)
  return id
}

function articles(content: Input): Input[] {
  const list = content['articles']
  if (list === undefined || list === null) throw new WecomError(44004)
  if (!Array.isArray(list) || list.some(item => typeof item !== 'object' || item === null))
    throw new WecomError(40058, 'articles')
  if (list.length === 0) throw new WecomError(44004)
  if (list.length > 8) throw new WecomError(45008)
  return list as Input[]
}

function newsArticle(article: Input): Content {
  const miniprogramPage = text(article, 'appid') && text(article, 'pagepath')
  return {
    title: cut(filled(article, 'title', 41016), 128),
    description: cut(text(article, 'description') ?? '', 512),
    ...(miniprogramPage
      ? { appid: article['appid'], pagepath: article['pagepath'] }
      : { url: link(article) }),
    picurl: text(article, 'picurl') ?? '',
  }
}

function mpnewsArticle(article: Input, setting: Setting): Content {
  const content = filled(article, 'content')
  if (Buffer.byteLength(content) > 666 * 1024) throw new WecomError(45002)
  return {
    title: cut(filled(article, 'title', 41016), 128),
    thumb_media_id: knownMedia(article, 'thumb_media_id', setting),
    author: cut(text(article, 'author') ?? '', 64),
    content_source_url: text(article, 'content_source_url') ?? '',
    content,
    digest: cut(text(article, 'digest') ?? '', 512),
  }
}

function miniprogram(content: Input, { toAll }: Setting): Content {
  if (toAll) throw new WecomError(40058, 'miniprogram_notice has no @all')
  filled(content, 'appid', 40058)
  const title = [...filled(content, 'title', 41016)]
  if (title.length < 4 || title.length > 12) throw new WecomError(40058, 'title')
  const items = content['content_item'] ?? []
  if (!Array.isArray(items) || items.length > 10) throw new WecomError(40058, 'content_item')
  return content
}

/** A required text; when it is missing the error is 44004, or the given code. */
function filled(
  content: Input,
  key: string,
  otherwise: 40007 | 40058 | 41016 | 41033 | 44004 = 44004,
): string {
  const value = text(content, key)
  if (value === undefined || value.trim() === '') throw new WecomError(otherwise)
  return value
}

/** No source says which code WeCom returns for an address without a scheme; 40054 (invalid url) is the closest. */
function link(content: Input): string {
  const url = text(content, 'url')
  if (!url) throw new WecomError(41010)
  if (Buffer.byteLength(url) > 2048) throw new WecomError(45002)
  if (!/^[a-z][a-z\d+.-]*:\/\/[^/\s]/i.test(url)) throw new WecomError(40054)
  return url
}

/** The longest prefix that fits into this many bytes of UTF-8 and ends with a whole character. */
export function cut(value: string, bytes: number): string {
  const buffer = Buffer.from(value)
  if (buffer.length <= bytes) return value
  let end = bytes
  while (end > 0 && (buffer[end]! & 0xc0) === 0x80) end--
  return buffer.toString('utf8', 0, end)
}
