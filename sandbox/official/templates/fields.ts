import type { Input } from '../call.ts'
import { OfficialError } from '../error.ts'
import type { Rules } from '../rules/rules.ts'

const date = String.raw`\d{4}(年|-|/)\d{1,2}(月|-|/)\d{1,2}日?`
const clock = String.raw`\d{1,2}:\d{2}(:\d{2})?`
const time = `((${date}\\s*)?(${clock})|${date})`

/** What a typed field may hold (docs/upstream/official-templates.md#typed-fields). */
const kinds: Readonly<Record<string, RegExp>> = {
  thing: /^.{1,20}$/su,
  short_thing: /^.{1,20}$/su,
  number: /^-?\d{1,32}(\.\d+)?$/,
  letter: /^[A-Za-z]{1,32}$/,
  symbol: /^[^\p{L}\p{N}\s]{1,5}$/u,
  character_string: /^[\x21-\x7e]{1,32}$/,
  time: new RegExp(`^${time}(\\s*~\\s*${time})?$`),
  date: new RegExp(`^${date}(\\s*${clock})?(\\s*~\\s*${date}(\\s*${clock})?)?$`),
  amount: /^\p{Sc}?\d{1,10}(\.\d+)?元?$/u,
  phone_number: /^[\d+\-() ]{1,17}$/,
  car_number: /^.{1,8}$/u,
  name: /^(\p{Script=Han}{1,10}|[A-Za-z ·.]{1,20})$/u,
  phrase: /^\p{Script=Han}{1,5}$/u,
  const: /^.{1,20}$/su,
  enum: /^.{1,20}$/su,
}

/** The names of the fields in a template's content, in its order. */
export const fieldNames = (content: string): string[] =>
  [...content.matchAll(/\{\{(\w+)\.DATA\}\}/g)].map(match => match[1]!)

/**
 * The values of a template's fields. Throws 47003 with the name of a field that is missing, empty or not of
 * its type; fields of the old library (first, keyword1, remark) have no type.
 */
export function readValues(content: string, data: Input): Record<string, string> {
  return Object.fromEntries(
    fieldNames(content).map(name => {
      const field = data[name] as { value?: unknown } | undefined
      const value = field?.value
      const kind = kinds[/^[a-z_]+(?=\d+$)/.exec(name)?.[0] ?? '']
      const text = typeof value === 'number' ? String(value) : value
      if (typeof text !== 'string' || (kind && !kind.test(text)))
        throw new OfficialError(47003, `data.${name}.value ${value === undefined ? 'is empty' : 'invalid'}`)
      return [name, text]
    }),
  )
}

export interface Row {
  label: string
  value: string
}

/**
 * The lines of a message as the follower sees them. Since 2023-05-04 WeChat drops the first and the last line,
 * emoji and line breaks, and cuts each field (docs/upstream/official-templates.md#what-wechat-cuts).
 */
export function shownRows(content: string, values: Record<string, string>, rules: Rules): Row[] {
  return content.split('\n').flatMap(line => {
    const [name] = fieldNames(line)
    if (name === undefined) return []
    if (rules.templateCut && (name === 'first' || name === 'remark')) return []
    const label = line.slice(0, line.indexOf('{{')).replace(/[：:]\s*$/, '')
    const value = values[name] ?? ''
    return [{ label, value: rules.templateCut ? cut(value, rules.templateFieldChars) : value }]
  })
}

const cut = (value: string, chars: number): string =>
  [...value.replaceAll(/[\r\n]/g, '').replaceAll(/\p{Extended_Pictographic}\u{FE0F}?/gu, '')]
    .slice(0, chars)
    .join('')
