import type { Given, Row } from '../../../ui/data/api.ts'

export type Rule = Given<'/web/official/replies/rules/save'>['rule']
export type Content = Rule['contents'][number]
export type Flow = Given<'/web/official/replies/flows/save'>['flow']
export type Step = Flow['steps'][number]
export type FlowChoice = { id: number; name: string; enabled: boolean }
export type RuleRow = Row<'/web/official/replies/rules'>

export const kinds = ['subscribe', 'keyword', 'menu', 'type', 'default'] as const
export const matches = ['exact', 'contains', 'regex'] as const
export const messageTypes = ['text', 'image', 'voice', 'video', 'shortvideo', 'location', 'link'] as const
export const contentTypes = ['text', 'image', 'voice', 'news', 'transfer', 'person'] as const

/** WeChat's limit of a text, in bytes. */
export const textBytesAtMost = 2048

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

export function emptyContent(type: Content['type']): Content {
  switch (type) {
    case 'text':
      return { type, content: '' }
    case 'image':
    case 'voice':
      return { type, mediaId: '' }
    case 'news':
      return { type, title: '', description: '', picUrl: '', url: '' }
    case 'transfer':
    case 'person':
      return { type }
  }
}
