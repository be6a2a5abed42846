import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { ContentInput } from '../channels/channel.ts'
import { type ChannelName, channelOf } from '../channels/channels.ts'
import type { CompiledTemplate, CompiledType } from './compile.ts'
import { type Definition, languages, type TypeLanguage } from './definition.ts'
import type { Data, MemberValues, Template } from './templates/template.ts'

export type RenderValues = { data: Data; member: MemberValues; zone: string }

/** A text in the language, else in the first that the channel has: Chinese, if it is there. */
export function languageFor(
  { templates }: CompiledType,
  channel: ChannelName,
  wanted: TypeLanguage,
): TypeLanguage {
  const there = templates.get(channel)
  return there?.has(wanted) ? wanted : (languages.find(one => there?.has(one)) ?? wanted)
}

/**
 * The inputs of the channel, as a call of message/send or message/sms would give them, each checked as there. `link` stands in the place
 * of the template's own address. Throws 1000, naming the template.
 */
export function render(
  { definition, compiled }: { definition: Definition; compiled: CompiledType },
  channel: ChannelName,
  language: TypeLanguage,
  values: RenderValues,
  link?: string,
): ContentInput {
  const template = compiled.templates.get(channel)?.get(language)
  if (!template) throw new Error(`the type has no template of ${channel} in ${language}`)
  const { fields, plain = (text: string) => text } = channelOf(channel)
  const safe = plainValues(values, plain)
  const read = Object.entries(renderedFields(template, safe)).flatMap(([name, value]) =>
    value === '' ? [] : [[name, fields[name]?.read(value, `${template.place}.${name}`)] as const],
  )
  const msgType = 'msgType' in fields ? { msgType: '03' } : {}
  const url = link !== undefined && 'url' in fields ? { url: link } : {}
  return { ...msgType, ...template.chosen, ...Object.fromEntries(read), ...url, agentName: definition.name }
}

function renderedFields({ place, written }: CompiledTemplate, values: RenderValues) {
  const text = (template: Template, at: string) => template.render(values, at)
  return Object.fromEntries(
    written.map(([field, one]) => [
      field,
      'render' in one
        ? text(one, `${place}.${field}`)
        : one.map((each, at) => text(each, `${place}.${field}[${at}]`)),
    ]),
  )
}

function plainValues({ data, member, zone }: RenderValues, plain: (text: string) => string): RenderValues {
  const each = <T extends object>(values: T) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? plain(value) : value]),
    ) as T
  return { data: each(data), member: each(member), zone }
}

/**
 * Checks that the data has the variables of the type, and no others; `place` is `data` or `rows[3].data`. Throws 1000, naming all that are missing or unknown.
 */
export function readData(type: CompiledType, given: Data, place: string): Data {
  readNames(type, Object.keys(given), place)
  return given
}

/** The same for the names alone, such as the columns of a list. */
export function readNames({ needs, may }: CompiledType, given: readonly string[], place: string): void {
  const known = new Set([...needs, ...may])
  const missing = needs.filter(name => !given.includes(name))
  const unknown = given.filter(name => !known.has(name))
  if (missing.length + unknown.length > 0) throw wrongNames(place, missing, unknown)
}

const namedAtMost = 20

function wrongNames(place: string, missing: readonly string[], unknown: readonly string[]): ApiError {
  const some = (names: readonly string[], between: string) => names.slice(0, namedAtMost).join(between)
  const lacks = missing.length > 0
  const both = lacks && unknown.length > 0
  return new ApiError('badParameter', {
    zh: told`${own(place)} ${own(lacks ? `缺少变量 ${some(missing, '、')}` : '')}${own(both ? '；' : '')}${own(unknown.length > 0 ? '有类型没有的变量 ' : '')}${some(unknown, '、')}`,
    en: told`${own(place)} ${own(lacks ? `lacks the variables ${some(missing, ', ')}` : '')}${own(both ? '; it ' : '')}${own(unknown.length > 0 ? 'has variables that the type does not have: ' : '')}${some(unknown, ', ')}`,
  })
}
