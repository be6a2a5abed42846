import { ApiError } from '../../../platform/http/errors.ts'
import { nearestName } from '../../../platform/http/mistakes/unknown-names.ts'
import { hasControlCharacter, httpAddress } from '../../../platform/http/rules.ts'
import { type MarkedText, own, told } from '../../../platform/http/told.ts'
import type { FieldRule, ObjectRule } from './card-fields.ts'
import type { CardWarning } from './template-card.ts'

const urlBytesAtMost = 2048

/** One check of a card; `warnings` are what it has found so far. */
export type CardCheck = { isUpdate: boolean; warnings: CardWarning[] }

/** `path` is where the object stands, such as `card.button_list[2]`. Throws 1000 that names the field. */
export function checkObject(
  check: CardCheck,
  rule: ObjectRule,
  given: Record<string, unknown>,
  path: string,
): void {
  for (const name in given) if (!Object.hasOwn(rule.fields, name)) throw unknownField(path, name, rule.fields)
  for (const [name, field] of Object.entries(rule.fields)) {
    const at = `${path}.${name}`
    const value = given[name]
    if (!isBlank(value)) checkField(check, field, value, at)
    else if ('required' in field && field.required) throw missing(at)
  }
  if (rule.byType) checkType(check, rule, given, path)
}

/** What the `type` of an object needs, and what has no effect beside it. */
function checkType(
  check: CardCheck,
  { byType = {}, usualType = 0 }: ObjectRule,
  given: Record<string, unknown>,
  path: string,
): void {
  const type = (given['type'] as number | undefined) ?? usualType
  const needed = byType[type] ?? []
  const [first] = needed
  if (first !== undefined && isBlank(given[first])) throw missing(`${path}.${first}`, type)
  for (const name of new Set(Object.values(byType).flat()))
    if (!needed.includes(name) && !isBlank(given[name]))
      check.warnings.push({ path: `${path}.${name}`, why: 'ignored' })
}

function checkField(check: CardCheck, rule: FieldRule, value: unknown, path: string): void {
  switch (rule.is) {
    case 'text':
      checkText(check, rule, value, path)
      break
    case 'url':
      checkUrl(value, path)
      break
    case 'choice':
      if (!rule.of.includes(value as number)) throw notOneOf(path, rule.of, value)
      break
    case 'number':
      checkNumber(rule, value, path)
      break
    case 'flag':
      if (rule.onUpdate && !check.isUpdate)
        throw fault(path, told`只能在更新卡片时填写`, told`can be given in an update alone`)
      if (typeof value !== 'boolean')
        throw fault(path, told`应为 true 或 false`, told`should be true or false`)
      break
    case 'object':
      checkObject(check, rule.of, objectIn(value, path), path)
      break
    case 'list':
      checkList(check, rule, value, path)
  }
}

function checkText(check: CardCheck, rule: FieldRule & { is: 'text' }, value: unknown, path: string): void {
  const text = textIn(value, path)
  if (rule.required && text.trim() === '') throw missing(path)
  if (rule.bytes !== undefined) checkBytes(text, path, rule.bytes)
  // Only what people read; a key may look like anything.
  else if (/<\/?[a-z][^<>]*>/i.test(text)) check.warnings.push({ path, why: 'markup' })
  const given = [...text].length
  if (rule.shown !== undefined && given > rule.shown)
    check.warnings.push({ path, why: 'long', limit: rule.shown, given })
}

function checkList(check: CardCheck, rule: FieldRule & { is: 'list' }, value: unknown, path: string): void {
  if (!Array.isArray(value)) throw fault(path, told`应为数组`, told`should be an array`)
  const max = check.isUpdate ? (rule.maxOnUpdate ?? rule.max) : rule.max
  if (value.length > max)
    throw fault(
      path,
      told`最多 ${own(max)} 项，收到 ${own(value.length)} 项`,
      told`takes at most ${own(max)}, got ${own(value.length)}`,
    )
  value.forEach((one, index) => {
    checkObject(check, rule.of, objectIn(one, `${path}[${index}]`), `${path}[${index}]`)
  })
  if (rule.unique !== undefined) checkUnique(rule.unique, value, path)
}

function checkBytes(text: string, path: string, max: number): void {
  const bytes = Buffer.byteLength(text)
  if (bytes > max)
    throw fault(
      path,
      told`最多 ${own(max)} 字节，收到 ${own(bytes)} 字节（一个汉字 3 字节）`,
      told`takes at most ${own(max)} bytes, got ${own(bytes)} (a Chinese character has 3)`,
    )
}

/** What counts as absent: also an empty list, which client libraries send for fields that they do not use. */
export const isBlank = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

function checkUnique(name: string, list: readonly Record<string, unknown>[], path: string): void {
  const seen = new Map<unknown, number>()
  list.forEach((one, index) => {
    const value = one[name]
    if (isBlank(value)) return
    const first = seen.get(value)
    if (first !== undefined)
      throw fault(
        `${path}[${index}].${name}`,
        told`与 ${own(`${path}[${first}].${name}`)} 重复：${String(value)}`,
        told`is the same as ${own(`${path}[${first}].${name}`)}: ${String(value)}`,
      )
    seen.set(value, index)
  })
}

function checkUrl(value: unknown, path: string): void {
  const text = textIn(value, path)
  if (!/^https?:\/\//i.test(text) || httpAddress(text) === undefined)
    throw fault(
      path,
      told`应为完整的 http(s) 地址，收到 ${short(text)}`,
      told`should be a complete http(s) address, got ${short(text)}`,
    )
  checkBytes(text, path, urlBytesAtMost)
}

function checkNumber({ above, below }: { above: number; below: number }, value: unknown, path: string): void {
  // 1.3 is what WeCom takes without the field, so that it is right to write it down.
  if (typeof value === 'number' && value >= above && value < below) return
  throw fault(
    path,
    told`应为不小于 ${own(above)}、小于 ${own(below)} 的数字，收到 ${shown(value)}`,
    told`should be a number from ${own(above)} to below ${own(below)}, got ${shown(value)}`,
  )
}

export function objectIn(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw fault(path, told`应为 JSON 对象`, told`should be a JSON object`)
}

function textIn(value: unknown, path: string): string {
  if (typeof value !== 'string')
    throw fault(path, told`应为文本，收到 ${shown(value)}`, told`should be a text, got ${shown(value)}`)
  if (hasControlCharacter(value, true))
    throw fault(path, told`含有控制字符`, told`contains a control character`)
  if (!value.isWellFormed())
    throw fault(path, told`含有不成对的代理字符`, told`contains half a surrogate pair`)
  return value
}

const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
const shown = (value: unknown) => short(JSON.stringify(value) ?? String(value))

export function fault(path: string, zh: MarkedText, en: MarkedText): ApiError {
  return new ApiError('badParameter', {
    zh: told`${own(path)} ${own(zh)}`,
    en: told`${own(path)} ${own(en)}`,
  })
}

/** A missing field; `type` is what needs it. */
export function missing(path: string, type?: number): ApiError {
  if (type === undefined) return fault(path, told`没有填写`, told`is missing`)
  return fault(
    path,
    told`没有填写，type 为 ${own(type)} 时必填`,
    told`is missing, which type ${own(type)} needs`,
  )
}

export function notOneOf(path: string, of: readonly (string | number)[], value: unknown): ApiError {
  return fault(
    path,
    told`应为 ${own(of.join('、'))} 之一，收到 ${shown(value)}`,
    told`should be one of ${own(of.join(', '))}, got ${shown(value)}`,
  )
}

export function unknownField(path: string, name: string, fields: object): ApiError {
  const known = Object.keys(fields)
  const nearest = nearestName(name, known)
  const at = told`${own(path)}.${short(name)}`
  return new ApiError('badParameter', {
    zh: told`${own(at)} 不是卡片的字段，${own(nearest === undefined ? `可用：${known.join('、')}` : `是不是 ${nearest}？`)}`,
    en: told`${own(at)} is not a field of the card, ${own(nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`)}`,
  })
}
