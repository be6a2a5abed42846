import type { PortalMessage } from '../channel.ts'
import { cardShown } from './cards/shown.ts'
import type { WecomContent } from './content.ts'
import { shownAs } from './given.ts'

/** The content as plain text. */
export function wecomShown(content: WecomContent): PortalMessage {
  if (content.kind === 'given') return wecomShown(shownAs(content))
  if (content.kind === 'text') return { picUrl: '', ...titled(plainText(content.chunks), content.title) }
  if (content.kind === 'template_card') return cardShown(content.card)
  const { title, description, url } = content
  if (content.kind === 'news') return { title, text: description, url, button: '', picUrl: content.picUrl }
  return { title, text: withoutTags(description), url, button: content.btntxt, picUrl: '' }
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
