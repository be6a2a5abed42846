import { ApiError } from '../../platform/http/errors.ts'
import { readName } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import { type ChannelName, channelNames } from '../channels/channels.ts'
import {
  type ChannelTemplate,
  type Definition,
  languages,
  type TypeLanguage,
  writtenFields,
} from './definition.ts'
import { checkPlan } from './plan.ts'
import { parseTemplate, type Template, variableName, wrong } from './templates/template.ts'

/** What one channel says in one language. `chosen` goes to the channel as it is. */
export type CompiledTemplate = {
  place: string
  chosen: Readonly<Record<string, string>>
  written: readonly (readonly [field: string, template: Template | readonly Template[]])[]
}

/** `needs` are the variables that every send of the type has to give, `may` those that it may give. */
export type CompiledType = {
  templates: ReadonlyMap<ChannelName, ReadonlyMap<TypeLanguage, CompiledTemplate>>
  needs: readonly string[]
  may: readonly string[]
  /** Whether a text says something of its receiver, so that each has their own. */
  isOfMember: boolean
}

const sizeAtMost = 64_000

/** Reads a definition as far as it can be read without a corp. Throws 1000, naming the place. */
export function compile(definition: Definition): CompiledType {
  const { channels, templates } = definition
  readName(definition.name)
  checkPlan(definition)
  if (JSON.stringify(definition).length > sizeAtMost)
    throw wrong('templates', `共最长 ${sizeAtMost} 个字符`, `have more than ${sizeAtMost} characters in all`)
  if (new Set(channels).size < channels.length)
    throw wrong('channels', '中有重复的渠道', 'has a channel twice')
  const strange = channelNames.find(name => templates[name] && !channels.includes(name))
  if (strange)
    throw wrong(
      `templates.${strange}`,
      '的渠道不在 channels 中',
      'is of a channel that channels does not have',
    )
  const compiled = new Map(channels.map(name => [name, compileChannel(name, definition)] as const))
  const all = [...compiled.values()].flatMap(one => [...one.values()]).flatMap(templatesIn)
  const needs = new Set(all.flatMap(one => one.needs))
  const may = new Set(all.flatMap(one => one.may).filter(name => !needs.has(name)))
  checkSample(definition, new Set([...needs, ...may]))
  return {
    templates: compiled,
    needs: [...needs],
    may: [...may],
    isOfMember: all.some(one => one.ofMember.length > 0),
  }
}

function compileChannel(name: ChannelName, { templates }: Definition) {
  const place = `templates.${name}`
  const given = languages.flatMap(language => {
    const template = templates[name]?.[language]
    return template ? [[language, compileTemplate(`${place}.${language}`, template)] as const] : []
  })
  if (given.length === 0) throw new ApiError('missingParameter', told`${own(`${place}.zh`)}`)
  return new Map(given)
}

const addresses: readonly string[] = ['url', 'picUrl']

function compileTemplate(place: string, template: ChannelTemplate): CompiledTemplate {
  const { msgType, agentId, templateId } = template
  const written = writtenFields.flatMap((field): CompiledTemplate['written'] => {
    const source = template[field]
    if (source === undefined) return []
    if (typeof source === 'string')
      return [[field, parseTemplate(source, `${place}.${field}`, addresses.includes(field))]]
    return [[field, source.map((one, at) => parseTemplate(one, `${place}.${field}[${at}]`))]]
  })
  const chosen = Object.entries({ msgType, agentId, templateId }).filter(([, value]) => value !== undefined)
  return { place, chosen: Object.fromEntries(chosen) as Record<string, string>, written }
}

function templatesIn({ written }: CompiledTemplate): Template[] {
  return written.flatMap(([, one]) => one)
}

function checkSample({ sample = {} }: Definition, known: ReadonlySet<string>): void {
  const strange = Object.keys(sample).find(name => !known.has(name))
  if (strange === undefined) return
  if (!variableName.test(strange))
    throw wrong('sample', told`${strange} 不是变量名`, told`has ${strange}, which is no name of a variable`)
  throw wrong('sample', told`有模板没有用到的变量 ${strange}`, told`has ${strange}, which no template uses`)
}
