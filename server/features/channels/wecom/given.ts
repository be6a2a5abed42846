import type { TemplateCard } from '../../../upstream/wecom/cards/template-card.ts'
import type { WecomContent } from './content.ts'

export type GivenType = 'text' | 'textcard' | 'news' | 'markdown' | 'template_card'

/**
 * A message that its sender wrote for WeCom itself: `body` is what stands under its msgtype, and leaves to the letter, neither prefixed
 * nor split nor cut. `options` stand beside it, such as `safe`.
 */
export type GivenContent = {
  kind: 'given'
  msgtype: GivenType
  body: Readonly<Record<string, unknown>>
  options: Readonly<Record<string, number>>
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
      btntxt: text('btntxt') || usualButton,
    }
  if (msgtype !== 'news') return { kind: 'text', chunks: [text('content')] }
  const [first = {}, ...others] = (body['articles'] ?? []) as Article[]
  const { title = '', description = '', url = '', picurl: picUrl = '' } = first
  const more = others.map(one => [one.title, one.url].filter(Boolean).join(' '))
  return { kind: 'news', title, description: [description, ...more].filter(Boolean).join('\n'), url, picUrl }
}

/** As WeCom writes it where a text card names none (docs/upstream/wecom-messages.md#types-and-their-limits). */
const usualButton = '详情'
