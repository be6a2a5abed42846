import type { Row } from '../../ui/data/api.ts'
import { type Translator, useText } from '../../ui/text.ts'
import type { StateKind } from '../../ui/values/state.tsx'
import { entityKeys } from './run-words.ts'

type Key = Parameters<Translator<'sync'>>[0]

const states: Record<Row<'/web/sync/events'>['state'], { key: Key; kind: StateKind }> = {
  pending: { key: 'eventPending', kind: 'busy' },
  done: { key: 'eventDone', kind: 'good' },
  parked: { key: 'eventParked', kind: 'bad' },
}

const sources: Record<Row<'/web/sync/events'>['source'], Key> = {
  callback: 'sourceCallback',
  hint: 'sourceHint',
  replay: 'sourceReplay',
}

const types: Record<string, Key> = {
  create_user: 'typeCreateUser',
  update_user: 'typeUpdateUser',
  delete_user: 'typeDeleteUser',
  create_party: 'typeCreateParty',
  update_party: 'typeUpdateParty',
  delete_party: 'typeDeleteParty',
  update_tag: 'typeUpdateTag',
  read_again: 'typeReadAgain',
}

export const eventStates = Object.keys(states) as Row<'/web/sync/events'>['state'][]
export const eventSources = Object.keys(sources) as Row<'/web/sync/events'>['source'][]

export function useEventWords() {
  const t = useText('sync')
  return {
    state: (state: Row<'/web/sync/events'>['state']) => t(states[state].key),
    stateKind: (state: Row<'/web/sync/events'>['state']) => states[state].kind,
    source: (source: Row<'/web/sync/events'>['source']) => t(sources[source]),
    /** An unknown type is shown by its own name. */
    type: (type: string) => (types[type] ? t(types[type]) : type),
    /** `user:zhangsan` becomes 成员 zhangsan. */
    entity: (entity: string) => {
      if (entity === 'supplement') return t('supplement')
      const [kind = '', id] = entity.split(/:(.*)/s)
      const known = { user: 'member', party: 'department', tag: 'tag' } as const
      const name = known[kind as keyof typeof known]
      return name && id ? `${t(entityKeys[name])} ${id}` : entity
    },
  }
}

/** What was received, decrypted and as it came; undefined for what has no content. */
export function contentsOf(event: { plain: string | null; raw: string | null }) {
  const { plain, raw } = event
  if (!plain && !raw) return undefined
  return { plain: plain ? prettyXml(plain) : '', raw: raw ?? '' }
}

/** Formats XML with one element per line; anything else is returned unchanged. */
function prettyXml(xml: string): string {
  const page = new DOMParser().parseFromString(xml, 'text/xml')
  if (page.querySelector('parsererror') || !page.documentElement) return xml
  return elementLines(page.documentElement, '').join('\n')
}

function elementLines(element: Element, indent: string): string[] {
  const children = [...element.children]
  if (children.length === 0)
    return [`${indent}<${element.tagName}>${element.textContent ?? ''}</${element.tagName}>`]
  return [
    `${indent}<${element.tagName}>`,
    ...children.flatMap(child => elementLines(child, `${indent}  `)),
    `${indent}</${element.tagName}>`,
  ]
}
