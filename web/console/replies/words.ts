import type { CallInput, Row } from '../../ui/data/api.ts'

type AccountRule = CallInput<'/web/official/replies/rules/save'>['rule']
type AgentRule = CallInput<'/web/agents/replies/rules/save'>['rule']
type AccountFlow = CallInput<'/web/official/replies/flows/save'>['flow']

export type Content = AccountRule['contents'][number] | AgentRule['contents'][number]
type WithContents<T> = Omit<T, 'contents'> & { contents: Content[] }
export type Rule = WithContents<AccountRule>
export type Step = WithContents<AccountFlow['steps'][number]>
export type Flow = Omit<AccountFlow, 'steps'> & { steps: Step[] }
export type FlowChoice = { id: number; name: string; enabled: boolean }
export type RuleRow = WithContents<Row<'/web/official/replies/rules'>>

export const matches = ['exact', 'contains', 'regex'] as const
export const agains = ['always', 'day', 'week', 'month', 'once'] as const

/** The vendors' limit of a text, in bytes. */
export const textBytesAtMost = 2048

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

export const emptyArticle = { title: '', description: '', picUrl: '', url: '' }

export function emptyContent(type: Content['type'], isAgent: boolean): Content {
  switch (type) {
    case 'text':
    case 'markdown':
      return { type, content: '' }
    case 'image':
    case 'voice':
      return isAgent ? { type, hash: '' } : { type, mediaId: '' }
    case 'video':
      return { type, hash: '', title: '', description: '' }
    case 'news':
      return { type, ...emptyArticle }
    case 'articles':
      return { type, articles: [emptyArticle] }
    case 'card':
      return { type, title: '', description: '', url: '', button: '' }
    case 'transfer':
    case 'person':
      return { type }
  }
}

/** What people read of a content; undefined for what is no text. */
export function textOf(content: Content): string | undefined {
  if ('content' in content) return content.content
  if (content.type === 'articles') return content.articles[0]?.title
  return 'title' in content && content.title ? content.title : undefined
}
