import { cdata } from '../../push/xml.ts'
import type { Fields } from '../state/account.ts'

/** Numbers beyond 2^53, which are kept as text. */
const bigNumbers = new Set(['MsgId', 'MsgID', 'MsgDataId'])

/** The clear XML of a push; texts are CDATA, numbers are bare (docs/upstream/official-push.md#messages). */
export const toXml = (fields: Fields): string => `<xml>${inner(fields)}</xml>`

function inner(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => (Array.isArray(value) ? value : [value]).map(one => element(name, one)).join(''))
    .join('')
}

function element(name: string, value: string | number | Fields): string {
  if (typeof value === 'object') return `<${name}>${inner(value)}</${name}>`
  if (typeof value === 'number' || (bigNumbers.has(name) && /^\d+$/.test(value)))
    return `<${name}>${value}</${name}>`
  return cdata(name, value)
}

/**
 * The clear JSON of a push. A list of one is a single object when `singles` says so, which WeChat is seen to
 * do (docs/upstream/official-templates.md#events-of-notices).
 */
export function toJson(fields: Fields, singles: boolean): string {
  const text = JSON.stringify(fields, (_key, value: unknown) =>
    singles && Array.isArray(value) && value.length === 1 ? value[0] : value,
  )
  return text.replaceAll(/"(MsgId|MsgID|MsgDataId)":"(\d+)"/g, '"$1":$2')
}
