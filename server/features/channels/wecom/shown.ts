import { httpAddress } from '../../../platform/http/rules.ts'
import { cardOf } from '../../../upstream/wecom/cards/check-card.ts'
import type { PortalMessage } from '../channel.ts'
import { button } from '../message-fields.ts'
import { cardShown } from './cards/shown.ts'
import type { WecomContent } from './content.ts'
import type { GivenContent } from './given.ts'
import type { PlainContent } from './kinds.ts'

/** The content as plain text. */
export function wecomShown(content: WecomContent): PortalMessage {
  if (content.kind === 'given') return wecomShown(shownAs(content))
  if (content.kind === 'text') return { picUrl: '', ...titled(plainText(content.chunks), content.title) }
  if (content.kind === 'template_card') return cardShown(content.card)
  switch (content.kind) {
    case 'markdown':
    case 'image':
    case 'file':
    case 'video':
    case 'miniprogram_notice':
      return plainShown(content)
  }
  const { title, description, url } = content
  if (content.kind === 'news') return { title, text: description, url, button: '', picUrl: content.picUrl }
  return { title, text: withoutTags(description), url, button: content.btntxt, picUrl: '' }
}

function plainShown(content: PlainContent): PortalMessage {
  const none = { title: '', text: '', url: '', button: '', picUrl: '' }
  switch (content.kind) {
    case 'markdown':
      return { ...none, ...markdownText(content.content) }
    case 'image':
    case 'file':
      return { ...none, title: content.files[0].name, files: content.files }
    case 'video': {
      const { title, description, files } = content
      return { ...none, title: title || files[0].name, text: description, files }
    }
    case 'miniprogram_notice': {
      const lines = content.items.map(({ key, value }) => `${key}：${value}`)
      return {
        ...none,
        title: content.title,
        text: [content.description, ...lines].filter(Boolean).join('\n'),
      }
    }
  }
}

const linkOfMarkdown = /\[([^\]\n]*)\]\((https?:[^)\s]*)\)/

/** What Markdown says, without its marks; its first link becomes the message's. */
function markdownText(given: string): Pick<PortalMessage, 'text' | 'url' | 'button'> {
  const [, button = '', url = ''] = linkOfMarkdown.exec(given) ?? []
  const text = given
    .replaceAll(new RegExp(linkOfMarkdown, 'g'), '$1')
    .replaceAll(/^[ \t]*(#{1,6}|>)[ \t]+/gm, '')
    .replaceAll(/(\*\*|`)([^\n]+?)\1/g, '$2')
  return { text: withoutTags(text), url, button }
}

function titled<S extends { text: string }>(plain: S, title = ''): S & { title: string } {
  const head = `${title}\n`
  if (title === '' || !plain.text.startsWith(head)) return { ...plain, title: '' }
  return { ...plain, title, text: plain.text.slice(head.length) }
}

const linkInText = /<a\s[^>]*href="(https?:[^"]*)"[^>]*>(.*?)<\/a>/is

const linkAtEnd = /\s*<a\s[^>]*href="(https?:[^"]*)"[^>]*>([^<]*)<\/a>\s*$/i

/**
 * Joins the pieces of a split text without the numbers added for WeCom. The link at its end, or else the first in it,
 * becomes the message's link.
 */
function plainText(chunks: string[]): { text: string; url: string; button: string } {
  const whole =
    chunks.length === 1 ? chunks[0]! : chunks.map(one => one.replace(/^\(\d+\/\d+\)\n/, '')).join('')
  const [, url = '', button = ''] = linkAtEnd.exec(whole) ?? linkInText.exec(whole) ?? []
  const text = withoutTags(whole.replace(linkAtEnd, '').replace(linkInText, '$2'))
  return { text, url, button: withoutTags(button) }
}

function withoutTags(text: string): string {
  return text
    .replace(/<br\s*\/?>|<\/(p|div|li|tr|h\d)>/gi, '\n')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/**
 * The same in the form in which wisp's own pages show messages: only WeCom has checked what its sender wrote, so that a field may be of any
 * kind, and an address may be one that no page may open.
 */
export function shownAs({ msgtype, body }: GivenContent): Exclude<WecomContent, GivenContent> {
  if (msgtype === 'template_card')
    return { kind: 'template_card', card: cardOf(body), firstPressWins: false, perPerson: false }
  if (msgtype === 'textcard')
    return {
      kind: 'textcard',
      title: textOf(body, 'title'),
      description: textOf(body, 'description'),
      url: addressOf(body, 'url'),
      btntxt: textOf(body, 'btntxt') || button,
    }
  if (msgtype === 'markdown') return { kind: 'markdown', content: textOf(body, 'content') }
  if (msgtype === 'text') return { kind: 'text', chunks: [textOf(body, 'content')] }
  const [first = {}, ...others] = (body['articles'] ?? []) as Fields[]
  const more = others.map(one => [textOf(one, 'title'), addressOf(one, 'url')].filter(Boolean).join(' '))
  return {
    kind: 'news',
    title: textOf(first, 'title'),
    description: [textOf(first, 'description'), ...more].filter(Boolean).join('\n'),
    url: addressOf(first, 'url'),
    picUrl: addressOf(first, 'picurl'),
  }
}

type Fields = Readonly<Record<string, unknown>>

function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** '' for what is no http or https address. */
function addressOf(fields: Fields, name: string): string {
  const text = textOf(fields, name)
  return httpAddress(text) === undefined ? '' : text
}
