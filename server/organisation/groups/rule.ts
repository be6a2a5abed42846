/**
 * A rule says who belongs to a group: comparisons of what the address book has of a member, joined by `all`, `any` and `not`, at most
 * three deep. It is data and no code, so that it can be stored, compared, and read by people.
 */

import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'

export type Comparison = { field: string; op: string; values: string[] }
export type Rule = Comparison | { all: Rule[] } | { any: Rule[] } | { not: Rule }

const depthAtMost = 3
const comparisonsAtMost = 50
const valuesAtMost = 500
const valueLength = 200
const attributePrefix = 'attribute:'

const textOps = ['is', 'contains', 'startsWith', 'empty'] as const
const numberOps = ['atLeast', 'atMost'] as const
/** `from` and `before` take a day; the others take a number of days and are true from a midnight of the corp on. */
const dateOps = ['from', 'before', 'daysAgo', 'withinPast', 'withinNext'] as const
const relativeOps: readonly string[] = ['daysAgo', 'withinPast', 'withinNext']
const dayOps: readonly string[] = ['from', 'before']

/** What can be compared, and how; an extended attribute is `attribute:` and its name. */
export const fieldOps: Readonly<Record<string, readonly string[]>> = {
  department: ['below', 'in'],
  mainDepartment: ['below', 'in'],
  tag: ['in'],
  status: ['is'],
  leader: ['is'],
  position: textOps,
  sex: ['is'],
  email: textOps,
  bizMail: textOps,
  mobile: textOps,
  userId: textOps,
  joined: dateOps,
}
const attributeOps: readonly string[] = [...textOps, ...numberOps, ...dateOps]
const choices: Readonly<Record<string, readonly string[]>> = {
  status: ['active', 'disabled', 'notActivated', 'external'],
  leader: ['yes', 'no'],
  sex: ['0', '1', '2'],
}

export const opsOf = (field: string): readonly string[] | undefined =>
  attributeOf(field) === undefined
    ? Object.hasOwn(fieldOps, field)
      ? fieldOps[field]
      : undefined
    : attributeOps

/** The name of the extended attribute that the field is; undefined for another field. */
export function attributeOf(field: string): string | undefined {
  return field.startsWith(attributePrefix) ? field.slice(attributePrefix.length) : undefined
}

/** Reads a rule as somebody gave it. Throws 1000, which says where in the rule what is wrong. */
export function readRule(given: unknown): Rule {
  const count = { comparisons: 0 }
  const rule = readNode(given, 'rule', 0, count)
  if (count.comparisons > comparisonsAtMost)
    throw new ApiError('badParameter', {
      zh: told`rule 最多 ${own(comparisonsAtMost)} 个条件，收到 ${own(count.comparisons)} 个`,
      en: told`rule takes at most ${own(comparisonsAtMost)} comparisons, got ${own(count.comparisons)}`,
    })
  return rule
}

function readNode(given: unknown, at: string, depth: number, count: { comparisons: number }): Rule {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw notARule(at)
  const keys = Object.keys(given)
  const [key] = keys
  const node = given as Record<string, unknown>
  if (keys.length === 1 && (key === 'all' || key === 'any' || key === 'not')) {
    if (depth === depthAtMost)
      throw new ApiError('badParameter', {
        zh: told`${at}：all、any、not 最多嵌套 ${own(depthAtMost)} 层`,
        en: told`${at}: all, any and not are nested at most ${own(depthAtMost)} deep`,
      })
    if (key === 'not') return { not: readNode(node['not'], `${at}.not`, depth + 1, count) }
    const list = node[key]
    if (!Array.isArray(list) || list.length === 0)
      throw new ApiError('badParameter', {
        zh: told`${at}.${own(key)} 应为条件的列表，至少一个；没有条件的规则会包含所有人或没有人`,
        en: told`${at}.${own(key)} should be a list of at least one condition: a rule without any is everybody or nobody`,
      })
    const parts = list.map((one, n) => readNode(one, `${at}.${key}[${n}]`, depth + 1, count))
    return key === 'all' ? { all: parts } : { any: parts }
  }
  count.comparisons++
  return readComparison(node, at)
}

function readComparison(node: Record<string, unknown>, at: string): Comparison {
  const { field, op, values = [] } = node
  if (typeof field !== 'string' || typeof op !== 'string' || !Array.isArray(values)) throw notARule(at)
  const strange = Object.keys(node).find(key => !['field', 'op', 'values'].includes(key))
  if (strange !== undefined) throw notARule(`${at}.${strange}`)
  if (field === 'group')
    throw new ApiError('badParameter', {
      zh: told`${at}.field：规则不能引用人群，也不能引用它自己；请把那个人群的条件写进来`,
      en: told`${at}.field: a rule cannot name a group, neither another one nor itself; write the conditions of that group here`,
    })
  const ops = opsOf(field)
  if (!ops || attributeOf(field) === '' || field.length > 100)
    throw new ApiError('badParameter', {
      zh: told`${at}.field：没有字段 ${field}；可用 ${own(Object.keys(fieldOps).join('、'))}，扩展属性写作 attribute:名称`,
      en: told`${at}.field: there is no field ${field}; there are ${own(Object.keys(fieldOps).join(', '))}, and attribute:NAME`,
    })
  if (!ops.includes(op))
    throw new ApiError('badParameter', {
      zh: told`${at}.op：${field} 不能用 ${op} 比较；可用 ${own(ops.join('、'))}`,
      en: told`${at}.op: ${field} is not compared by ${op}; there are ${own(ops.join(', '))}`,
    })
  return { field, op, values: readValues({ field, op, values, at: `${at}.values` }) }
}

function readValues({
  field,
  op,
  values,
  at,
}: {
  field: string
  op: string
  values: unknown[]
  at: string
}): string[] {
  const texts = [...new Set(values.map(one => (typeof one === 'number' ? String(one) : one)))]
  const bad = texts.find(one => typeof one !== 'string' || one === '' || one.length > valueLength)
  if (bad !== undefined) throw wrongValue(at, String(bad).slice(0, valueLength), `1–${valueLength}`)
  const given = texts as string[]
  const takesOne = [...numberOps, ...dateOps].includes(op as never)
  const wanted = op === 'empty' ? 0 : takesOne ? 1 : valuesAtMost
  if (given.length > wanted || (given.length === 0 && wanted > 0))
    throw new ApiError('badParameter', {
      zh: told`${at}：${op} 需要 ${own(wanted > 1 ? `1 至 ${wanted}` : wanted)} 个值，收到 ${own(given.length)} 个`,
      en: told`${at}: ${op} takes ${own(wanted > 1 ? `1 to ${wanted} values` : '1 value')}, got ${own(given.length)}`,
    })
  const { test, form } = formOf(field, op)
  const wrong = given.find(one => !test(one))
  if (wrong !== undefined) throw wrongValue(at, wrong, form)
  return given
}

type Form = { test(value: string): boolean; form: string }

function formOf(field: string, op: string): Form {
  const choice = choices[field]
  if (choice) return { test: one => choice.includes(one), form: choice.join('、') }
  if (isById(field)) return { test: one => /^[1-9]\d{0,9}$/.test(one), form: 'id' }
  if (dayOps.includes(op)) return { test: one => isDay(one), form: '2026-12-31' }
  if (relativeOps.includes(op))
    return { test: one => /^\d{1,5}$/.test(one) && Number(one) <= 36_500, form: '0–36500' }
  if (op === 'atLeast' || op === 'atMost')
    return { test: one => /^-?\d{1,15}(\.\d{1,6})?$/.test(one), form: '123.45' }
  return { test: one => !/[\p{Cc}]/u.test(one) && one.isWellFormed(), form: 'text' }
}

const isById = (field: string) => field === 'department' || field === 'mainDepartment' || field === 'tag'

function isDay(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

function notARule(at: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`${at} 应为 {field, op, values}，或 {all: [条件]}、{any: [条件]}、{not: 条件} 之一`,
    en: told`${at} should be {field, op, values}, or one of {all: [conditions]}, {any: [conditions]} and {not: condition}`,
  })
}

function wrongValue(at: string, value: string, form: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`${at}：值 ${value} 不对，应如 ${own(form)}`,
    en: told`${at}: the value ${value} is wrong; it should be like ${own(form)}`,
  })
}

export function comparisonsOf(rule: Rule): Comparison[] {
  if ('field' in rule) return [rule]
  if ('not' in rule) return comparisonsOf(rule.not)
  return ('all' in rule ? rule.all : rule.any).flatMap(comparisonsOf)
}

/** Whether the rule takes people from outside WeCom in: only one that says so, and not by a negation (match.ts). */
export function takesExternal(rule: Rule): boolean {
  if ('field' in rule) return rule.field === 'status' && rule.values.includes('external')
  return 'not' in rule ? false : ('all' in rule ? rule.all : rule.any).some(takesExternal)
}

/** What a rule names, so that one can tell which changes touch it. */
export type RuleReach = {
  departments: number[]
  tags: number[]
  attributes: string[]
  /** Whether it may come true or false by a midnight. */
  hasDates: boolean
}

export function reachOf(rule: Rule | null): RuleReach {
  const list = rule ? comparisonsOf(rule) : []
  const ids = (wanted: (field: string) => boolean) =>
    [...new Set(list.filter(one => wanted(one.field)).flatMap(one => one.values))].map(Number)
  return {
    departments: ids(field => field === 'department' || field === 'mainDepartment'),
    tags: ids(field => field === 'tag'),
    attributes: [...new Set(list.flatMap(one => attributeOf(one.field) ?? []))],
    hasDates: list.some(one => relativeOps.includes(one.op)),
  }
}

/** Takes deleted departments out: WeCom may give their ids to others. Returns undefined where the rule names none of them. */
export function withoutDepartments(rule: Rule, gone: ReadonlySet<number>): Rule | undefined {
  if (!reachOf(rule).departments.some(id => gone.has(id))) return undefined
  const without = (node: Rule): Rule => {
    if ('all' in node) return { all: node.all.map(without) }
    if ('any' in node) return { any: node.any.map(without) }
    if ('not' in node) return { not: without(node.not) }
    if (node.field !== 'department' && node.field !== 'mainDepartment') return node
    return { ...node, values: node.values.filter(id => !gone.has(Number(id))) }
  }
  return without(rule)
}
