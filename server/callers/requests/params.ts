import type { Fields, Shape } from '../../platform/http/input.ts'
import type { UnknownName } from '../../platform/http/mistakes/unknown-names.ts'
import type { Language } from '../../platform/words.ts'

const textAtMost = 64
const listedAtMost = 10
const bytesAtMost = 1024
/** Ids that are longer may be somebody's secret: the beginning tells them apart, and is of no use to anybody. */
const wholeAtMost = 20
const beginning = 8
const digitsAtMost = 6

const ids = /^[\w.:-]{1,32}$/
const uuids = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const numbers = new RegExp(`^-?\\d{1,${digitsAtMost}}$`)
/** Mobile and landline numbers, identity and bank cards, however they are written; some ids of departments and bills too. */
const manyDigits = new RegExp(`\\d{${digitsAtMost + 1}}`)
const times = /^2[01]\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-][01]\d:[0-5]\d)$/

/**
 * The inputs that the declaration lists as logged, as texts. A value is kept only if it has the shape of the id or the choice that belongs
 * there; of any other value, only its kind and its length are.
 */
export function loggedParams(
  names: readonly string[],
  fields: Fields,
  given: Record<string, unknown>,
): Record<string, string> {
  const params: Record<string, string> = {}
  let bytes = 0
  for (const name of names) {
    const value = given[name]
    if (value === undefined || value === null || value === '') continue
    const text = textOf(fields[name]?.shape, value)
    bytes += name.length + text.length
    if (bytes > bytesAtMost) break
    params[name] = text
  }
  return params
}

function textOf(shape: Shape | undefined, value: unknown): string {
  if (typeof shape !== 'object' || !('each' in shape)) return kept(shape, value)
  const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[|,]/) : [value]
  const some = parts.slice(0, listedAtMost).map(part => kept(shape.each, part))
  const all = parts.length > listedAtMost ? [...some, `… (${parts.length})`] : some
  const text = all.join('|')
  return text.length > textAtMost ? `${text.slice(0, textAtMost)}… (${text.length})` : text
}

function kept(shape: Shape | undefined, value: unknown): string {
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'string' && typeof value !== 'number') return '(object)'
  const text = String(value)
  if (shape !== undefined && fits(shape, text)) return shape === 'id' ? shownId(text) : text
  return /^\d+$/.test(text) ? `(digits ${text.length})` : `(text ${text.length})`
}

function fits(shape: Shape, text: string): boolean {
  if (shape === 'id')
    return uuids.test(text) || (ids.test(text) && !manyDigits.test(text.replace(/[_.:-]/g, '')))
  if (shape === 'number') return numbers.test(text)
  if (shape === 'time') return times.test(text)
  if ('choices' in shape) return shape.choices.includes(text)
  return 'pattern' in shape && shape.pattern.test(text)
}

function shownId(text: string): string {
  return text.length > wholeAtMost ? `${text.slice(0, beginning)}… (${text.length})` : text
}

/** A name that the call does not know: `userid，应为 userId`. */
export function toldUnknown({ name, length, nearest, inside }: UnknownName, language: Language): string {
  if (name === undefined)
    return language === 'zh'
      ? `${inside ? `${inside} 中` : ''}长 ${length} 个字符的名字`
      : `a name of ${length} characters${inside ? ` in ${inside}` : ''}`
  if (nearest === undefined) return name
  return language === 'zh' ? `${name}，应为 ${nearest}` : `${name}, which should be ${nearest}`
}

const kinds = {
  zh: { text: '文本', digits: '数字', object: '对象' },
  en: { text: 'text', digits: 'digits', object: 'object' },
} as const

/** Inputs as they were kept, with the kinds in the reader's language: `文本(23)`. */
export function toldParams(params: Record<string, string>, language: Language): Record<string, string> {
  const told = (text: string) =>
    text.replace(
      /\((text|digits|object)(?: (\d+))?\)/g,
      (_, kind: keyof (typeof kinds)['zh'], length?: string) =>
        length === undefined ? kinds[language][kind] : `${kinds[language][kind]}(${length})`,
    )
  return Object.fromEntries(Object.entries(params).map(([name, text]) => [name, told(text)]))
}
