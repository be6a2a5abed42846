import { partsIn } from '../../../platform/time-zone.ts'
import { itemsOf, type Node, nodeOf, textOf } from './nodes.ts'

/** A value as it is shown: in the form in which it is given, as far as WeCom tells it. */
export type FormValue = string | string[] | { begin: string; end: string } | Node | FormRow[]
export type FormRow = { name: string; value: FormValue }[]

/** For whom values are shown. */
export type FormReader = {
  timeZone: string
  /** A userid as the reader may see it; '' for one that they may not. */
  shown(userId: string): string
}

/** Turns the contents of an approval into values by title; those without a value are left out (docs/upstream/wecom-approvals.md#values). */
export function decodeForm(contents: unknown, reader: FormReader): { name: string; value: FormValue }[] {
  return itemsOf(contents).flatMap(one => {
    const titles = itemsOf(one['title'])
    const title = titles.find(text => text['lang'] === 'zh_CN') ?? titles[0]
    const name = textOf(title?.['text']) || textOf(one['id'])
    const value = decode(textOf(one['control']), nodeOf(one['value']), reader)
    return isEmpty(value) ? [] : [{ name, value }]
  })
}

function isEmpty(value: FormValue): boolean {
  return Array.isArray(value) || typeof value === 'string'
    ? value.length === 0
    : Object.keys(value).length === 0
}

type Decoder = (value: Node, reader: FormReader) => FormValue

const decode = (control: string, value: Node, reader: FormReader): FormValue =>
  decoders[control]?.(value, reader) ?? textOf(value['text'])

const optionsOf = (selector: unknown): string[] =>
  itemsOf(nodeOf(selector)['options']).map(
    one => textOf(itemsOf(one['value'])[0]?.['text']) || textOf(one['key']),
  )

const text: Decoder = value => textOf(value['text'])

const decoders: Readonly<Record<string, Decoder>> = {
  Text: text,
  Textarea: text,
  PhoneNumber: value => textOf(value['phone_number']) || textOf(value['text']),
  Number: value => textOf(value['new_number']),
  Money: value => textOf(value['new_money']),
  Formula: value => textOf(nodeOf(value['formula'])['value']),
  Date(value, { timeZone }) {
    const { type, s_timestamp: at } = nodeOf(value['date'])
    return shownTime(at, type === 'day', timeZone)
  },
  DateRange: (value, { timeZone }) => shownRange(value['date_range'], timeZone),
  Attendance: (value, { timeZone }) => shownRange(nodeOf(value['attendance'])['date_range'], timeZone),
  Vacation(value, { timeZone }) {
    const { selector, attendance } = nodeOf(value['vacation'])
    const [type = ''] = optionsOf(selector)
    return { type, ...nodeOf(shownRange(nodeOf(attendance)['date_range'], timeZone)) }
  },
  Selector: value => optionsOf(value['selector']),
  Contact(value, { shown }) {
    const members = itemsOf(value['members'])
    if (members.length > 0) return members.map(one => shown(textOf(one['userid']))).filter(Boolean)
    return itemsOf(value['departments']).map(one => textOf(one['openapi_id']))
  },
  File: value => itemsOf(value['files']).map(one => textOf(one['file_id'])),
  RelatedApproval: value => itemsOf(value['related_approval']).map(one => textOf(one['sp_no'])),
  Location(value) {
    const { latitude, longitude, title, address } = nodeOf(value['location'])
    return textOf(latitude) === '' ? '' : { latitude, longitude, title, address }
  },
  BankAccount(value) {
    const { account_name: accountName, account_number: accountNumber, bank } = nodeOf(value['bank_account'])
    return textOf(accountNumber) === '' ? '' : { accountName, accountNumber, bank }
  },
  Table: (value, reader) => itemsOf(value['children']).map(row => decodeForm(row['list'], reader)),
}

function shownRange(range: unknown, timeZone: string): FormValue {
  const { type, new_begin: begin, new_end: end } = nodeOf(range)
  const isDay = type === 'day'
  if (textOf(begin) === '') return ''
  return { begin: shownTime(begin, isDay, timeZone), end: shownTime(end, isDay, timeZone) }
}

/** As it is given, in the zone. */
function shownTime(seconds: unknown, isDay: boolean, timeZone: string): string {
  const text = textOf(seconds)
  if (!/^\d{1,12}$/.test(text)) return ''
  const { year, month, day, hour, minute } = partsIn(new Date(Number(text) * 1000), timeZone)
  return isDay ? `${year}-${month}-${day}` : `${year}-${month}-${day}T${hour}:${minute}`
}
