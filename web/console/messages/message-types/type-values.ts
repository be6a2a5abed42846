import type { CallInput } from '../../../ui/data/api.ts'
import { type Plan, type PlanValues, planOf, planValuesOf } from './plan-values.ts'

export type Definition = CallInput<'/web/message-types/save'>['definition']
export type Channel = 'wecom' | 'email' | 'sms' | 'official'
export type Language = 'zh' | 'en'
export const languages: readonly Language[] = ['zh', 'en']

/** What is written of a text; `params` has one line for each variable of the SMS template. */
export const fieldsOf = {
  wecom: ['msgType', 'title', 'content', 'url', 'btntxt', 'picUrl', 'agentId'],
  email: ['title', 'content', 'url', 'btntxt'],
  sms: ['templateId', 'params'],
  official: ['title', 'content', 'url', 'agentId'],
} as const satisfies Record<Channel, readonly string[]>
export type TextField = (typeof fieldsOf)[Channel][number]
type Text = { [F in TextField]?: string }

/** The form of a type. */
export type TypeValues = {
  key: string
  name: string
  level: 'normal' | 'must' | 'urgent'
  channels: Channel[]
  templates: { [C in Channel]?: { [L in Language]?: Text } }
  sample: Record<string, string>
  plan: PlanValues
}

type StoredDefinition = {
  name: string
  level: TypeValues['level']
  channels: readonly Channel[]
  templates: {
    [C in Channel]?: { [L in Language]?: Omit<Text, 'params'> & { params?: string[] } }
  }
  sample?: Record<string, string | number | boolean>
} & Plan

export const newValues: TypeValues = {
  key: '',
  name: '',
  level: 'normal',
  channels: ['wecom'],
  templates: { wecom: { zh: { msgType: '03', content: '' } } },
  sample: {},
  plan: planValuesOf({}),
}

export function valuesOf(key: string, definition: unknown): TypeValues {
  const { name, level, channels, templates, sample = {}, ...plan } = definition as StoredDefinition
  const texts = channels.map(channel => [
    channel,
    Object.fromEntries(
      Object.entries(templates[channel] ?? {}).map(([language, { params, ...text }]) => [
        language,
        params ? { ...text, params: params.join('\n') } : text,
      ]),
    ),
  ])
  const samples = Object.entries(sample).map(([variable, value]) => [variable, String(value)])
  return {
    key,
    name,
    level,
    channels: [...channels],
    templates: Object.fromEntries(texts),
    sample: Object.fromEntries(samples),
    plan: planValuesOf(plan),
  }
}

/** Whether there is a name and something of a text: before that there is nothing to show. */
export function isBegun({ name, channels, templates }: TypeValues): boolean {
  const isWritten = (text: Text = {}) =>
    Object.entries(text).some(([field, value]) => field !== 'msgType' && Boolean(value))
  return name !== '' && channels.some(channel => languages.some(one => isWritten(templates[channel]?.[one])))
}

/** What is sent of the form: texts of chosen channels, in languages in which something is written. */
export function definitionOf(values: TypeValues): Definition {
  const { name, level, channels, templates, sample, plan } = values
  const texts = channels.map(channel => [
    channel,
    Object.fromEntries(
      languages.flatMap(language => {
        const text = textOf(channel, templates[channel]?.[language] ?? {})
        return isWritten(text) || language === firstOf(templates[channel]) ? [[language, text]] : []
      }),
    ),
  ])
  const samples = Object.entries(sample).filter(([, value]) => value !== undefined && value !== '')
  return {
    name: name.trim(),
    level,
    channels,
    templates: Object.fromEntries(texts),
    ...(samples.length > 0 ? { sample: Object.fromEntries(samples) } : {}),
    ...planOf(plan, level),
  } as Definition
}

function textOf(channel: Channel, text: Text): Record<string, unknown> {
  const given = fieldsOf[channel].flatMap((field): [string, unknown][] => {
    const value = text[field]
    if (!value) return []
    return [[field, field === 'params' ? value.split('\n').filter(line => line.trim() !== '') : value]]
  })
  return Object.fromEntries(given)
}

/** In which language the form writes a channel: Chinese, unless all that there is of it is English. */
export const firstOf = (texts: TypeValues['templates'][Channel]): Language =>
  texts?.en && !texts.zh ? 'en' : 'zh'

/** More than the kind, which a new text has from the start. */
const isWritten = (text: Record<string, unknown>) => Object.keys(text).some(field => field !== 'msgType')
