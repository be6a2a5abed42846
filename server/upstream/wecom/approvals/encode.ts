import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { nearestOf } from '../../../platform/nearest.ts'
import { momentOn } from '../../../platform/time-zone.ts'
import { type Node, nodeOf } from './nodes.ts'
import type { FieldKind, TemplateField } from './template.ts'

/** What values name; undefined for what is not there. */
export type FormNames = {
  timeZone: string
  /** The userid as WeCom writes it, and the name. */
  member(userId: string): { userId: string; name: string } | undefined
  department(id: number): string | undefined
  /** The media_id of a file at WeCom. */
  file(mediaId: string): string | undefined
}

/** One value as WeCom takes it. */
export type FormContent = { control: string; id: string; value: object }

/**
 * Turns values by the names of fields into what WeCom takes (docs/upstream/wecom-approvals.md#values). Throws 1001 that names all required
 * fields without a value, and 1000 for a strange field, or for a value of another kind, with its place.
 */
export function encodeForm(
  fields: readonly TemplateField[],
  given: Node,
  names: FormNames,
  place = 'fields',
): FormContent[] {
  const known = new Map(fields.flatMap(one => [[one.name, one] as const, [one.id, one] as const]))
  for (const name of Object.keys(given)) if (!known.has(name)) throw strange(name, place, fields)
  const givenTo = ({ name, id }: TemplateField) =>
    [name, id].flatMap(one => (Object.hasOwn(given, one) ? [given[one]] : []))[0]
  const missing = fields.filter(one => one.isRequired && one.kind !== 'other' && isEmpty(givenTo(one)))
  if (missing.length > 0)
    throw new ApiError('missingParameter', told`${place}.${missing.map(one => one.name).join('、')}`)
  return fields.flatMap(field => {
    const value = givenTo(field)
    if (isEmpty(value)) return []
    return [
      { control: field.control, id: field.id, value: encode(field, value, names, `${place}.${field.name}`) },
    ]
  })
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  return Array.isArray(value) && value.length === 0
}

function strange(name: string, place: string, fields: readonly TemplateField[]): ApiError {
  const all = fields.map(one => one.name)
  const near = nearestOf(name, all, Math.max(1, Math.floor(name.length / 3)))
  if (near !== undefined)
    return new ApiError('badParameter', {
      zh: told`${place}：模板没有字段 ${name}，是不是 ${near}？`,
      en: told`${place}: the template has no field ${name}; did you mean ${near}?`,
    })
  return new ApiError('badParameter', {
    zh: told`${place}：模板没有字段 ${name}；字段有 ${all.join('、')}`,
    en: told`${place}: the template has no field ${name}; its fields are ${all.join(', ')}`,
  })
}

type Encoder = (field: TemplateField, value: unknown, names: FormNames, place: string) => object

const encode: Encoder = (field, value, names, place) => encoders[field.kind](field, value, names, place)

const longestText = 4000

const encoders: Readonly<Record<FieldKind, Encoder>> = {
  text({ control }, value, _names, place) {
    const text = typeof value === 'number' ? String(value) : value
    if (typeof text !== 'string') throw wrong(place, '文字', 'a text')
    if (text.length > longestText)
      throw wrong(place, `最长 ${longestText} 个字的文字`, `a text of at most ${longestText} characters`)
    return control === 'PhoneNumber' ? { phone_number: text } : { text }
  },
  number({ control }, value, _names, place) {
    const text = typeof value === 'number' ? String(value) : textIn(value)
    if (!/^-?\d{1,18}(\.\d{1,10})?$/.test(text))
      throw wrong(place, '数字，如 700 或 "700.5"', 'a number, such as 700 or "700.5"')
    return control === 'Money' ? { new_money: text } : { new_number: text }
  },
  date: ({ unit }, value, { timeZone }, place) => ({
    date: { type: unit || 'day', s_timestamp: String(dayOf(value, timeZone, place)) },
  }),
  time: ({ unit }, value, { timeZone }, place) => ({
    date: { type: unit, s_timestamp: String(timeOf(value, timeZone, place)) },
  }),
  dateRange({ control, unit, purpose }, value, names, place) {
    const range = { date_range: rangeOf(unit, value, names, place) }
    return control === 'Attendance' ? { attendance: { ...range, type: purpose } } : range
  },
  choice(field, value, _names, place) {
    // A list of one, as it is shown, is taken too.
    const [one, ...more] = listOf(value, place)
    if (more.length > 0) throw wrong(place, '一个选项', 'one option')
    return { selector: { type: 'single', options: [optionOf(field, one, place)] } }
  },
  choices: (field, value, _names, place) => ({
    selector: { type: 'multi', options: listOf(value, place).map(one => optionOf(field, one, place)) },
  }),
  members: (_field, value, names, place) => ({
    members: listOf(value, place).map(one => {
      const member = names.member(String(one))
      if (!member) throw new ApiError('unknownMember', told`${place} ${String(one)}`)
      return { userid: member.userId, name: member.name }
    }),
  }),
  departments: (_field, value, names, place) => ({
    departments: listOf(value, place).map(one => {
      const id = typeof one === 'number' ? one : Number(textIn(one) || Number.NaN)
      const name = names.department(id)
      if (name === undefined) throw new ApiError('unknownDepartment', told`${place} ${String(one)}`)
      return { openapi_id: String(id), name }
    }),
  }),
  files: (_field, value, names, place) => ({
    files: listOf(value, place).map(one => {
      const id = names.file(String(one))
      if (id === undefined)
        throw wrong(place, 'message/media 返回的 mediaId', 'a mediaId that message/media returned')
      return { file_id: id }
    }),
  }),
  location(_field, value, _names, place) {
    const { latitude, longitude, title = '', address = '' } = nodeOf(value)
    const isDegree = (one: unknown) =>
      (typeof one === 'number' || typeof one === 'string') && /^-?\d{1,3}(\.\d+)?$/.test(String(one))
    if (
      !isDegree(latitude) ||
      !isDegree(longitude) ||
      typeof title !== 'string' ||
      typeof address !== 'string'
    )
      throw wrong(place, '{latitude, longitude, title, address}', '{latitude, longitude, title, address}')
    const [lat, long] = [String(latitude), String(longitude)]
    return { location: { latitude: lat, longitude: long, title, address } }
  },
  approvals: (_field, value, _names, place) => ({
    related_approval: listOf(value, place).map(one => {
      // A number beyond 2^53 has lost its last digits.
      if (typeof one !== 'string' || !/^\d{1,32}$/.test(one))
        throw wrong(place, 'spNo，文字而不是数字', 'an spNo, a text and no number')
      return { sp_no: one }
    }),
  }),
  leave(field, value, names, place) {
    const { type, ...range } = nodeOf(value)
    if (type === undefined) throw wrong(place, '{type, begin, end}', '{type, begin, end}')
    const options = [optionOf(field, type, `${place}.type`)]
    const attendance = {
      date_range: rangeOf(field.unit || 'halfday', range, names, place),
      type: leavePurpose,
    }
    return { vacation: { selector: { type: 'single', options }, attendance } }
  },
  bank(_field, value, _names, place) {
    const { accountType = 1, accountName, accountNumber, bank = {} } = nodeOf(value)
    const isKnown = accountType === 1 || accountType === 2
    if (!isKnown || typeof accountName !== 'string' || typeof accountNumber !== 'string' || !isObject(bank))
      throw wrong(place, '{accountName, accountNumber, bank}', '{accountName, accountNumber, bank}')
    return {
      bank_account: {
        account_type: accountType,
        account_name: accountName,
        account_number: accountNumber,
        bank,
      },
    }
  },
  rows: ({ fields }, value, names, place) => ({
    children: listOf(value, place).map((row, at) => {
      if (!isObject(row)) throw wrong(`${place}[${at}]`, '列名到值的对象', 'an object of values by columns')
      return { list: encodeForm(fields, nodeOf(row), names, `${place}[${at}]`) }
    }),
  }),
  other(_field, _value, _names, place) {
    throw new ApiError('badParameter', {
      zh: told`${place}：此类字段不能由接口提交，请在企业微信中提交`,
      en: told`${place}: a field of this kind cannot be submitted by the API; submit it in WeCom`,
    })
  },
}

/** The attendance of a leave (docs/upstream/wecom-approvals.md#values). */
const leavePurpose = 1

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

function wrong(place: string, zh: string, en: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`${place} 应为${own(zh)}`,
    en: told`${place} should be ${own(en)}`,
  })
}

const rowsAtMost = 200

function listOf(value: unknown, place: string): unknown[] {
  const list = Array.isArray(value) ? value : [value]
  if (list.length > rowsAtMost)
    throw wrong(place, `最多 ${rowsAtMost} 项的列表`, `a list of at most ${rowsAtMost}`)
  return list
}

function optionOf({ options }: TemplateField, value: unknown, place: string): { key: string } {
  const found = options.find(one => one.name === value) ?? options.find(one => one.key === value)
  if (found) return { key: found.key }
  const all = options.map(one => one.name)
  throw new ApiError('badParameter', {
    zh: told`${place}：没有选项 ${String(value)}；选项有 ${all.join('、')}`,
    en: told`${place}: there is no option ${String(value)}; the options are ${all.join(', ')}`,
  })
}

function rangeOf(unit: string, value: unknown, { timeZone }: FormNames, place: string): object {
  const { begin, end } = nodeOf(value)
  const read = unit === 'day' ? dayOf : timeOf
  const [from, to] = [read(begin, timeZone, `${place}.begin`), read(end, timeZone, `${place}.end`)]
  if (to < from) throw wrong(`${place}.end`, '不早于 begin 的时间', 'a time that is not before begin')
  const last = unit === 'day' ? to + daySeconds : to
  return { type: unit || 'hour', new_begin: from, new_end: to, new_duration: last - from }
}

const daySeconds = 86_400

/** Midnight of a day in the zone, in seconds. */
function dayOf(value: unknown, timeZone: string, place: string): number {
  const text = textIn(value)
  const found = /^\d{4}-\d{2}-\d{2}$/.test(text) ? momentOf(`${text}T00:00`, timeZone) : undefined
  if (found === undefined) throw wrong(place, '日期，如 "2026-12-03"', 'a date, such as "2026-12-03"')
  return found
}

/** A minute in the zone, or one that names its own. */
function timeOf(value: unknown, timeZone: string, place: string): number {
  const text = textIn(value)
  const found = /(Z|[+-]\d{2}:\d{2})$/.test(text)
    ? Math.floor(Date.parse(text) / 1000)
    : momentOf(text, timeZone)
  if (found === undefined || !Number.isSafeInteger(found))
    throw wrong(place, '时间，如 "2026-12-03T09:00"', 'a time, such as "2026-12-03T09:00"')
  return found
}

function momentOf(text: string, timeZone: string): number | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(:\d{2})?$/.exec(text)
  const day = Date.parse(`${parts?.[1] ?? ''}T00:00:00Z`)
  const minute = Number(parts?.[2]) * 60 + Number(parts?.[3])
  // Of a day that does not exist JavaScript makes the next month's.
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== parts?.[1] || !(minute < 1440))
    return undefined
  return Math.floor(momentOn(timeZone, day / 86_400_000, minute) / 1000)
}
