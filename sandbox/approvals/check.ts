import { WecomError } from '../rules/errcodes.ts'
import type { Approval, Control } from './records.ts'

type Value = Record<string, unknown>

/**
 * The contents of a submission as WeCom takes them (docs/upstream/wecom-approvals.md#values). Throws 301025 that names the control, for a
 * strange one, another kind, a wrong shape, and a required one without a value.
 */
export function readContents(
  controls: readonly Control[],
  given: unknown,
  hasMedia: (id: string) => boolean,
): Approval['contents'] {
  if (!Array.isArray(given)) throw new WecomError(301025, 'contents')
  const contents = new Map(given.map(one => [String((one as Value)?.['id']), one as Value]))
  for (const [id, { control }] of contents) {
    const known = controls.find(one => one.property.id === id)
    if (known?.property.control !== control) throw new WecomError(301025, `control ${id}`)
  }
  return controls.map(({ property: { control, id, title, require }, config }) => {
    const value = contents.get(id)?.['value']
    const isEmpty = value === undefined || Object.keys(value as Value).length === 0
    if (isEmpty && require === 1) throw new WecomError(301025, `${id} is required`)
    if (!isEmpty && !checks[control]?.(value as Value, config ?? {}, hasMedia))
      throw new WecomError(301025, `value of ${id}`)
    return { control, id, title, value: isEmpty ? [] : readable(control, value as Value, config ?? {}) }
  })
}

/** As it is read: options with their texts. */
function readable(control: string, value: Value, config: Value): Value {
  if (control !== 'Selector') return value
  const known = ((config['selector'] ?? {}) as { options?: Value[] }).options ?? []
  const { type, options = [] } = (value['selector'] ?? {}) as { type?: unknown; options?: Value[] }
  const named = options.map(({ key }) => known.find(one => one['key'] === key) ?? { key })
  return { selector: { type, options: named } }
}

type Check = (value: Value, config: Value, hasMedia: (id: string) => boolean) => boolean

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isNumber = (value: unknown) => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
const isTime = (value: unknown) => /^\d{9,11}$/.test(String(value))
const listIn = (value: Value, name: string): Value[] => (Array.isArray(value[name]) ? value[name] : [])
const text: Check = value => isText(value['text'])

const checks: Readonly<Record<string, Check>> = {
  Text: text,
  Textarea: text,
  PhoneNumber: value => isText(value['phone_number']) || isText(value['text']),
  Number: value => isNumber(value['new_number']),
  Money: value => isNumber(value['new_money']),
  Date(value, config) {
    const { type, s_timestamp: at } = (value['date'] ?? {}) as Value
    return isTime(at) && type === ((config['date'] ?? {}) as Value)['type']
  },
  DateRange(value) {
    const { new_begin: begin, new_end: end } = (value['date_range'] ?? {}) as Value
    return isTime(begin) && isTime(end) && Number(begin) <= Number(end)
  },
  Selector(value, config) {
    const { type, options } = (value['selector'] ?? {}) as { type?: unknown; options?: Value[] }
    const known = (config['selector'] ?? {}) as { type?: unknown; options?: Value[] }
    const keys = new Set(known.options?.map(one => one['key']))
    const isFew = known.type !== 'single' || options?.length === 1
    return type === known.type && isFew && (options ?? []).every(one => keys.has(one['key']))
  },
  Contact(value, config) {
    const { mode } = (config['contact'] ?? {}) as Value
    if (mode === 'department') return listIn(value, 'departments').every(one => isText(one['openapi_id']))
    return listIn(value, 'members').every(one => isText(one['userid']) && isText(one['name']))
  },
  File: (value, _config, hasMedia) =>
    listIn(value, 'files').every(one => isText(one['file_id']) && hasMedia(one['file_id'])),
  Location(value) {
    const { latitude, longitude, title } = (value['location'] ?? {}) as Value
    return isNumber(latitude) && isNumber(longitude) && isText(title)
  },
  RelatedApproval: value => listIn(value, 'related_approval').every(one => isText(one['sp_no'])),
  BankAccount: value => isText(((value['bank_account'] ?? {}) as Value)['account_number']),
  Table(value, config, hasMedia) {
    const { children = [] } = (config['table'] ?? {}) as { children?: Control[] }
    for (const row of listIn(value, 'children')) readContents(children, row['list'], hasMedia)
    return true
  },
}
