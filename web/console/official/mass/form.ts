import type { Answer, CallInput } from '../../../ui/data/api.ts'
import type { PickedMember } from '../../../ui/pickers.tsx'

export type MassView = Answer<'/web/official/mass'>
export type MassTarget = MassView['to']
export type ContentType = MassView['type']

/** What is typed. Each choice keeps its values when another one is made. */
export type MassForm = {
  to: MassTarget
  tagId: number | undefined
  openids: string
  members: PickedMember[]
  departments: number[]
  tags: number[]
  type: ContentType
  text: string
  images: string[]
  voice: string[]
  draft: string | undefined
  ignoreReprint: boolean
  /** ISO; undefined: at once. */
  sendAt: string | undefined
}

export const emptyForm: MassForm = {
  to: 'all',
  tagId: undefined,
  openids: '',
  members: [],
  departments: [],
  tags: [],
  type: 'text',
  text: '',
  images: [],
  voice: [],
  draft: undefined,
  ignoreReprint: false,
  sendAt: undefined,
}

export const textBytesAtMost = 2048

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

export function openidsIn(text: string): string[] {
  return [...new Set(text.split(/[|,，;\s]+/).filter(Boolean))]
}

type Audience = Omit<CallInput<'/web/official/mass/forecast'>, 'originalId'>
type Content = Omit<CallInput<'/web/official/mass/preview'>, 'originalId' | 'openid'>

/** Undefined while nobody is chosen. */
export function audienceOf(form: MassForm): Audience | undefined {
  const { to, tagId, openids, members, departments, tags } = form
  switch (to) {
    case 'all':
      return { to }
    case 'tag':
      return tagId === undefined ? undefined : { to, tagId }
    case 'openids': {
      const list = openidsIn(openids)
      return list.length === 0 ? undefined : { to, openids: list }
    }
    case 'members':
      if (members.length + departments.length + tags.length === 0) return undefined
      return { to, toUser: members.map(one => one.userId), toParty: departments, toTag: tags }
  }
}

/** Undefined while it is not whole. */
export function contentOf(form: MassForm): Content | undefined {
  const { type, text, images, voice, draft, ignoreReprint } = form
  switch (type) {
    case 'text':
      return text.trim() === '' || bytesOf(text) > textBytesAtMost ? undefined : { type, text }
    case 'image':
      return images.length === 0 ? undefined : { type, images }
    case 'voice':
      return voice[0] ? { type, voice: voice[0] } : undefined
    case 'news':
      return draft ? { type, draft, ignoreReprint: ignoreReprint ? '1' : '0' } : undefined
  }
}
