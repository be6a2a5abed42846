import type { CardType, WecomCard } from '../../../../ui/wecom-card/wecom-card.ts'

/** `main_title.title` or `button_list[2].key`, as WeCom's documentation and the server's errors name a field. */
export type Path = string
type Step = string | number

const stepsOf = (path: Path): Step[] =>
  [...path.matchAll(/([^.[\]]+)/g)].map(([step]) => (/^\d+$/.test(step) ? Number(step) : step))

export function valueAt(card: WecomCard, path: Path): unknown {
  return stepsOf(path).reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<Step, unknown>)[step] : undefined,
    card,
  )
}

/** The card with another value there. What becomes empty goes, but no line of a list, whose number others would take. */
export function withValue(card: WecomCard, path: Path, value: unknown): WecomCard {
  return put(card, stepsOf(path), value) as WecomCard
}

function put(value: unknown, steps: readonly Step[], leaf: unknown): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return leaf
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(value) ? [...value] : []
    list[step] = put(list[step], rest, leaf) ?? {}
    return list
  }
  const { [step]: before, ...others } = (isPlain(value) ? value : {}) as Record<string, unknown>
  const after = put(before, rest, leaf)
  // A value keeps its place, so that the JSON of the card does not jump about.
  if (isNothing(after)) return others
  return step in ((value as object) ?? {})
    ? { ...(value as object), [step]: after }
    : { ...others, [step]: after }
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isNothing(value: unknown): boolean {
  if (value === undefined || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isPlain(value) && Object.keys(value).length === 0
}

const everywhere = ['source', 'main_title', 'action_menu'] as const
const byKind = {
  text_notice: [
    'quote_area',
    'emphasis_content',
    'sub_title_text',
    'horizontal_content_list',
    'jump_list',
    'card_action',
  ],
  news_notice: [
    'quote_area',
    'image_text_area',
    'card_image',
    'vertical_content_list',
    'horizontal_content_list',
    'jump_list',
    'card_action',
  ],
  button_interaction: [
    'quote_area',
    'sub_title_text',
    'horizontal_content_list',
    'card_action',
    'button_selection',
    'button_list',
  ],
  vote_interaction: ['checkbox', 'submit_button'],
  multiple_interaction: ['select_list', 'submit_button'],
} as const satisfies Record<CardType, readonly (keyof WecomCard)[]>

export type DraftPart = (typeof byKind)[CardType][number]

export function hasPart(kind: string, part: DraftPart): boolean {
  const parts: readonly DraftPart[] = byKind[kind as CardType] ?? []
  return parts.includes(part)
}

/**
 * The card as one of another kind. Parts that this kind does not have are set `aside`, from where they come back with their kind.
 */
export function ofKind(
  card: WecomCard,
  aside: WecomCard,
  kind: CardType,
): { card: WecomCard; aside: WecomCard } {
  const all: WecomCard = { ...aside, ...card }
  const own = ['card_type', ...everywhere, ...byKind[kind]]
  const pick = (isOwn: boolean) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => own.includes(name) === isOwn)) as WecomCard
  return { card: { ...firstOf(kind), ...pick(true), card_type: kind }, aside: pick(false) }
}

/** What a new card of a kind begins with, so that nobody has to think of keys and ids. */
function firstOf(kind: CardType): WecomCard {
  switch (kind) {
    case 'text_notice':
      return { card_type: kind, card_action: { type: 1 } }
    case 'news_notice':
      return { card_type: kind, card_action: { type: 1 } }
    case 'button_interaction':
      return { card_type: kind, button_list: [{ style: 1, key: 'button_1' }] }
    case 'vote_interaction':
      return {
        card_type: kind,
        checkbox: { question_key: 'vote', mode: 0, option_list: [{ id: '1' }, { id: '2' }] },
        submit_button: { key: 'submit' },
      }
    case 'multiple_interaction':
      return {
        card_type: kind,
        select_list: [{ question_key: 'question_1', option_list: [{ id: '1' }, { id: '2' }] }],
        submit_button: { key: 'submit' },
      }
  }
}

export const emptyCard: WecomCard = firstOf('text_notice')

const keyAtMost = 40
/** What a new line begins with. */
const freshPrefixes = { key: 'button_', id: '', question_key: 'question_' } as const
const freshKey = /^(button_|menu_|question_)?\d+$|^selection$/

/**
 * The card with another label. The key, by which answers are counted, is made of the label, so that nobody has to think of one; a key that
 * somebody wrote stays.
 */
export function withLabel(
  card: WecomCard,
  path: Path,
  label: string,
  keyName: 'key' | 'id' | 'question_key',
): WecomCard {
  const labelled = withValue(card, path, label)
  const line = path.replace(/\.\w+$/, '')
  const before = valueAt(card, line) as Record<string, unknown> | undefined
  const key = before?.[keyName]
  if (key !== undefined && !isMadeKey(String(key), String(valueAt(card, path) ?? ''))) return labelled
  const [, list, n] = /^(.*)\[(\d+)\]$/.exec(line) ?? []
  const siblings = list === undefined ? [] : ((valueAt(card, list) as object[] | undefined) ?? [])
  const others = siblings.filter((_, at) => at !== Number(n))
  const taken = others.map(one => (one as Record<string, unknown>)[keyName])
  const next = keyOf(label, taken) || freeName(others, keyName, freshPrefixes[keyName])
  const keyed = withValue(labelled, `${line}.${keyName}`, next)
  // What is chosen beforehand stays chosen.
  const chosen = keyName === 'id' && list?.replace(/\.?option_list$/, '')
  return chosen && key !== undefined && valueAt(card, `${chosen}.selected_id`) === key
    ? withValue(keyed, `${chosen}.selected_id`, next)
    : keyed
}

function isMadeKey(key: string, label: string): boolean {
  const made = keyOf(label, [])
  return freshKey.test(key) || (made !== '' && (key === made || key.replace(/ \d+$/, '') === made))
}

/** The label itself, told apart from those that are `taken`; '' for none. */
function keyOf(label: string, taken: readonly unknown[]): string {
  const key = [...label.trim().replace(/\s+/g, ' ')].slice(0, keyAtMost).join('')
  if (key === '' || !taken.includes(key)) return key
  for (let n = 2; ; n++) if (!taken.includes(`${key} ${n}`)) return `${key} ${n}`
}

/** The first of `prefix1`, `prefix2`… that no line of the list has yet. */
export function freeName(list: readonly object[], field: string, prefix: string): string {
  const taken = new Set(list.map(one => (one as Record<string, unknown>)[field]))
  for (let n = 1; ; n++) if (!taken.has(`${prefix}${n}`)) return `${prefix}${n}`
}
