import type { TemplateCard } from '../../../upstream/wecom/cards/template-card.ts'
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

type Article = { title?: string; description?: string; url?: string; picurl?: string }

/** The same in the form in which wisp's own pages show messages. */
export function shownAs({ msgtype, body }: GivenContent): Exclude<WecomContent, GivenContent> {
  const text = (name: string) => String(body[name] ?? '')
  if (msgtype === 'template_card')
    return {
      kind: 'template_card',
      card: body as unknown as TemplateCard,
      firstPressWins: false,
      perPerson: false,
    }
  if (msgtype === 'textcard')
    return {
      kind: 'textcard',
      title: text('title'),
      description: text('description'),
      url: text('url'),
      btntxt: text('btntxt') || button,
    }
  if (msgtype === 'markdown') return { kind: 'markdown', content: text('content') }
  if (msgtype === 'text') return { kind: 'text', chunks: [text('content')] }
  const [first = {}, ...others] = (body['articles'] ?? []) as Article[]
  const { title = '', description = '', url = '', picurl: picUrl = '' } = first
  const more = others.map(one => [one.title, one.url].filter(Boolean).join(' '))
  return { kind: 'news', title, description: [description, ...more].filter(Boolean).join('\n'), url, picUrl }
}
