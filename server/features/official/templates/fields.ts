import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Words } from '../../../platform/words.ts'
import type { TemplateKind } from '../../../upstream/official/calls/templates.ts'

/** A field of a template. `type` is '' in templates of the old library, whose fields may hold anything. */
export type TemplateField = { name: string; label: string; type: string; choices: readonly string[] }

type Template = { kind: TemplateKind; content: string; choices: Record<string, string[]> }

/** The fields in the order of the template's lines. */
export function fieldsOf({ content, choices }: Pick<Template, 'content' | 'choices'>): TemplateField[] {
  return content.split('\n').flatMap(line =>
    [...line.matchAll(/\{\{(\w+)\.DATA\}\}/g)].map(match => {
      const name = match[1] ?? ''
      const type = /^([a-z_]+)\d+$/.exec(name)?.[1] ?? ''
      const label = line.slice(0, match.index).replace(/[：:\s]+$/, '')
      return { name, label, type: Object.hasOwn(types, type) ? type : '', choices: choices[name] ?? [] }
    }),
  )
}

const date = String.raw`\d{4}(年|-|/)\d{1,2}(月|-|/)\d{1,2}日?`
const clock = String.raw`\d{1,2}:\d{2}(:\d{2})?`
const moment = `((${date}\\s*)?${clock}|${date})`

type FieldType = { pattern: RegExp; what: Words }

const upTo20: FieldType = {
  pattern: /^.{1,20}$/su,
  what: { zh: '1 到 20 个字', en: '1 to 20 characters' },
}

/** What a field of each type may hold (docs/upstream/official-templates.md#typed-fields). */
const types: Readonly<Record<string, FieldType>> = {
  thing: upTo20,
  short_thing: upTo20,
  const: upTo20,
  enum: upTo20,
  number: {
    pattern: /^(?=.{1,33}$)-?\d{1,32}(\.\d+)?$/,
    what: { zh: '32 位以内的数字，可带小数', en: 'a number of at most 32 digits' },
  },
  letter: {
    pattern: /^[A-Za-z]{1,32}$/,
    what: { zh: '32 个以内的字母', en: 'at most 32 letters' },
  },
  symbol: {
    pattern: /^[^\p{L}\p{N}\s]{1,5}$/u,
    what: { zh: '5 个以内的符号', en: 'at most 5 symbols' },
  },
  character_string: {
    pattern: /^[\x21-\x7e]{1,32}$/,
    what: { zh: '32 个以内的数字、字母或符号', en: 'at most 32 digits, letters or symbols' },
  },
  time: {
    pattern: new RegExp(`^${moment}(\\s*~\\s*${moment})?$`),
    what: {
      zh: '24 小时制时间，如 15:01 或 2026年11月26日 15:01，可用 ~ 表示时段',
      en: 'a time such as 15:01 or 2026-11-26 15:01, or a range with ~',
    },
  },
  date: {
    pattern: new RegExp(`^${date}(\\s*${clock})?(\\s*~\\s*${date}(\\s*${clock})?)?$`),
    what: { zh: '日期，如 2026年11月26日', en: 'a date such as 2026-11-26' },
  },
  amount: {
    pattern: /^\p{Sc}?\d{1,10}(\.\d+)?元?$/u,
    what: {
      zh: '金额：可有一个货币符号，10 位以内数字，可带小数和「元」',
      en: 'an amount: a currency sign, at most 10 digits, decimals, 元',
    },
  },
  phone_number: {
    pattern: /^[\d+\-() ]{1,17}$/,
    what: { zh: '17 位以内的电话号码', en: 'a phone number of at most 17 characters' },
  },
  car_number: {
    pattern: /^.{1,8}$/u,
    what: { zh: '8 位以内的车牌号', en: 'a licence plate of at most 8 characters' },
  },
  name: {
    pattern: /^([\p{Script=Han}·]{1,10}|[A-Za-z ·.]{1,20})$/u,
    what: { zh: '10 个以内的汉字，或 20 个以内的字母', en: 'at most 10 Chinese or 20 Latin characters' },
  },
  phrase: {
    pattern: /^\p{Script=Han}{1,5}$/u,
    what: { zh: '5 个以内的汉字', en: 'at most 5 Chinese characters' },
  },
}

const emoji = /\p{Extended_Pictographic}(\u{FE0F}|\u{200D}\p{Extended_Pictographic})*|\u{FE0F}/gu
const bodyAtMost = 20
const untypedAtMost = 200

/** Why WeChat would refuse the value (47003), or show nothing of it; undefined when it fits. */
export function misfit({ type, choices }: TemplateField, value: string): Words | undefined {
  if (value !== '' && value.replace(emoji, '').trim() === '')
    return { zh: '只有表情或空白，微信会全部去掉', en: 'nothing but emoji or blanks, which WeChat removes' }
  if (choices.length > 0 && !choices.includes(value)) {
    const list = choices.join('、')
    return { zh: `应为 ${list} 之一`, en: `should be one of ${list}` }
  }
  const rule = types[type]
  if (rule) {
    if (rule.pattern.test(value)) return undefined
    return { zh: `应为${rule.what.zh}`, en: `should be ${rule.what.en}` }
  }
  return [...value].length > untypedAtMost
    ? { zh: `最长 ${untypedAtMost} 个字`, en: `at most ${untypedAtMost} characters` }
    : undefined
}

/**
 * The values of all fields, as WeChat wants them. Fields that WeChat has not shown since 2023 may be missing.
 * @throws ApiError 1000 that names each field that is missing, unknown or does not fit
 */
export function checkValues(template: Template, given: Record<string, string>): Record<string, string> {
  const fields = fieldsOf(template)
  const faults: Words[] = []
  for (const name of Object.keys(given)) {
    if (fields.some(field => field.name === name)) continue
    faults.push({ zh: `没有字段 ${name}`, en: `there is no field ${name}` })
  }
  const values = fields.map((field): [string, string] => {
    const value = given[field.name] ?? ''
    const why =
      value === '' && !isDropped(template.kind, field.name)
        ? { zh: '不能为空', en: 'is missing' }
        : misfitOf(field, value)
    if (why)
      faults.push({
        zh: told`${field.name}（${field.label}）${own(why.zh)}`,
        en: told`${field.name} (${field.label}) ${own(why.en)}`,
      })
    return [field.name, value]
  })
  if (faults.length > 0)
    throw new ApiError('badParameter', {
      zh: told`${own(faults.map(one => one.zh).join('；'))}`,
      en: told`${own(faults.map(one => one.en).join('; '))}`,
    })
  return Object.fromEntries(values)
}

function misfitOf(field: TemplateField, value: string): Words | undefined {
  return value === '' ? undefined : misfit(field, value)
}

/** The first and the last line of old template messages, which WeChat has dropped since 2023-05-04. */
export function isDropped(kind: TemplateKind, name: string): boolean {
  return kind === 'template' && (name === 'first' || name === 'remark')
}

/** A line as the follower sees it. `loses` says what WeChat removes of what was given. */
export type PreviewRow = { name: string; label: string; value: string; loses: PreviewLoss[] }
export const previewLosses = ['line', 'emoji', 'breaks', 'length'] as const
export type PreviewLoss = (typeof previewLosses)[number]

/**
 * What a follower sees of the values. Of template messages WeChat drops the first and the last line, emoji and line breaks, and
 * all of a field beyond 20 characters; it says nothing of it (docs/upstream/official-templates.md#what-wechat-cuts).
 */
export function previewOf(template: Template, values: Record<string, string>): PreviewRow[] {
  return fieldsOf(template).map(({ name, label }) => {
    const value = values[name] ?? ''
    if (isDropped(template.kind, name)) return { name, label, value: '', loses: value ? ['line'] : [] }
    if (template.kind === 'subscribe') return { name, label, value, loses: [] }
    const joined = value.replace(/[\r\n]+/g, '')
    const plain = joined.replace(emoji, '')
    const shown = [...plain].slice(0, bodyAtMost).join('')
    const loses: PreviewLoss[] = []
    if (joined !== value) loses.push('breaks')
    if (plain !== joined) loses.push('emoji')
    if (shown !== plain) loses.push('length')
    return { name, label, value: shown, loses }
  })
}

/** A text that fits into the field and loses nothing more at WeChat; of texts alone, other types are left as they are. */
export function fitted({ type }: TemplateField, text: string): { value: string; isCut: boolean } {
  if (type !== '' && type !== 'thing' && type !== 'short_thing') return { value: text, isCut: false }
  const plain = text.replace(emoji, '').replace(/\s+/g, ' ').trim()
  const letters = [...plain]
  if (letters.length <= bodyAtMost) return { value: plain, isCut: false }
  return { value: `${letters.slice(0, bodyAtMost - 1).join('')}…`, isCut: true }
}
