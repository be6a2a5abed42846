import type { Template as Parsed } from 'liquidjs'
import { ApiError } from '../../../platform/http/errors.ts'
import { type MarkedText, own, told } from '../../../platform/http/told.ts'
import { addressEngine, engine, filterNames, templateAtMost, WrongValue } from './engine.ts'

/** What templates know of the receiver: `{{ member.name }}`. */
export const memberFields = ['name', 'userId', 'department'] as const
export type MemberValues = Record<(typeof memberFields)[number], string>

export type Value = string | number | boolean
export type Data = Readonly<Record<string, Value>>

/**
 * A text with `{{ name }}` in it. `needs` are the variables that it cannot do without, `may` those that it asks for by `if` or gives a
 * default. `ofMember`: what it says of its receiver.
 */
export type Template = {
  needs: readonly string[]
  may: readonly string[]
  ofMember: readonly string[]
  /** `place` names the template in errors. Throws 1000 for a value that a filter cannot take. */
  render(values: { data: Data; member: MemberValues; zone: string }, place: string): string
}

export const variableName = /^[A-Za-z][A-Za-z0-9_]{0,39}$/

/** Whether a template that is an address begins with a value, which then is the address or its beginning and stays as it is. */
const beginsWithValue = (source: string) => /^\s*\{[{%]/.test(source)

/**
 * Parses a template. In an address, values are encoded unless it begins with one. Throws 1000, which names `place`, for what is not in the language.
 */
export function parseTemplate(source: string, place: string, isAddress = false): Template {
  if (source.length > templateAtMost)
    throw wrong(place, `最长 ${templateAtMost} 个字符`, `is longer than ${templateAtMost} characters`)
  const writer = isAddress && !beginsWithValue(source) ? addressEngine : engine
  const parsed = parsedOf(source, place, writer)
  const all = variablesIn(parsed, place)
  const asked = namesAsked(source, place)
  const names = all.flatMap(one => (one.length === 1 ? one : []))
  return {
    needs: [...new Set(names.filter(name => !asked.has(name)))],
    may: [...new Set(names.filter(name => asked.has(name)))],
    ofMember: [...new Set(all.flatMap(one => one.slice(1)))],
    render({ data, member, zone }, at) {
      try {
        return String(writer.renderSync(parsed, { ...data, member }, { globals: { zone } }))
      } catch (error) {
        throw refused(error, at)
      }
    },
  }
}

function parsedOf(source: string, place: string, reader = engine): Parsed[] {
  try {
    return reader.parse(source)
  } catch (error) {
    throw refused(error, place)
  }
}

/** Each variable as its name, or as `member` and a name. */
function variablesIn(parsed: Parsed[], place: string): string[][] {
  return engine.globalVariableSegmentsSync(parsed).map(segments => {
    const [name = '', ...rest] = segments
    const said = segments.map(String).join('.')
    const isOfMember = name === 'member' && rest.length === 1 && memberFields.some(one => one === rest[0])
    if (name === 'member' && !isOfMember)
      throw wrong(
        place,
        told`没有变量 ${said}；可用: ${own(memberFields.map(one => `member.${one}`).join('、'))}`,
        told`has no variable ${said}; there are: ${own(memberFields.map(one => `member.${one}`).join(', '))}`,
      )
    if (name !== 'member' && (rest.length > 0 || !variableName.test(String(name))))
      throw wrong(
        place,
        told`变量名 ${said} 应以字母开头，只含字母、数字和 _，最长 40 个字符`,
        told`has the variable ${said}: a name begins with a letter and has letters, digits and _ only, at most 40`,
      )
    return segments.map(String)
  })
}

const condition = /\{%-?\s*(?:if|elsif)\s+(.*?)-?%\}/gs
const withDefault = /\{\{-?\s*(\w+)\s*\|\s*default\b/g

/** The variables that may be left out: an `if` asks for them, or they have a default. */
function namesAsked(source: string, place: string): Set<string> {
  const conditions = [...source.matchAll(condition)].map(([, asked]) => `{% if ${asked} %}{% endif %}`)
  const asked = engine.globalVariableSegmentsSync(parsedOf(conditions.join(''), place))
  return new Set([
    ...asked.map(([name]) => String(name)),
    ...[...source.matchAll(withDefault)].map(([, name]) => name ?? ''),
  ])
}

function refused(error: unknown, place: string): ApiError {
  for (let one = error; one instanceof Error; one = (one as { originalError?: unknown }).originalError) {
    if (one instanceof WrongValue) return wrongValue(one.filter, place)
    // What an `if` asks for may be left out, and is missed where the text says it all the same.
    const { variableName: missing } = one as { variableName?: string }
    if (missing !== undefined)
      return wrong(place, told`缺少变量 ${missing}`, told`lacks the variable ${missing}`)
  }
  if (!(error instanceof Error)) throw error
  const [line = ''] = error.message.split('\n')
  const tags = own(`if、${filterNames.join('、')}`)
  return wrong(
    place,
    told`不是可用的模板：${line}；可用的标签与过滤器: ${tags}`,
    told`is no template: ${line}; tags and filters are: ${own(`if, ${filterNames.join(', ')}`)}`,
  )
}

function wrongValue(filter: string, place: string): ApiError {
  return filter === 'number' || filter === 'money'
    ? wrong(place, told`的变量不是数字：${own(filter)}`, told`has a value that is no number: ${own(filter)}`)
    : wrong(
        place,
        told`的变量不是 ISO 8601 的日期或带时区的时间：${own(filter)}`,
        told`has a value that is neither an ISO 8601 day nor a time with its zone: ${own(filter)}`,
      )
}

export function wrong(place: string, zh: MarkedText | string, en: MarkedText | string): ApiError {
  return new ApiError('badParameter', {
    zh: told`${own(place)} ${own(zh)}`,
    en: told`${own(place)} ${own(en)}`,
  })
}
