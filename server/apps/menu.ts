import { webUrl } from './app-urls.ts'

/** One entry of an app's menu, in the words of the document (seed, chapter 6, 5.1). */
export type MenuItem = {
  readonly name: string
  /** http(s) URL, or relative to the app's home page; '' for a mere heading. */
  readonly path: string
  readonly orderNum: number
  readonly children: readonly MenuItem[]
}
export type Menu = readonly MenuItem[]

export const menuLimits = { levels: 8, items: 2000, name: 100, path: 2000 } as const

/** Why a menu was not taken; each text names what and where: `menuList[2].children[0].name 缺失`. */
export class BadMenu extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('；'))
    this.problems = problems
  }
}

const problemsAtMost = 5

type Reading = { base: string; problems: string[]; items: number }

/**
 * Reads what a sync answered or an editor sent. `base` is the app's home page, which relative paths need. Sorted by
 * orderNum, ascending; equal ones stay as they came. Throws BadMenu.
 */
export function readMenu(list: unknown, base: string): Menu {
  const reading: Reading = { base, problems: [], items: 0 }
  if (list === undefined) reading.problems.push('menuList 缺失')
  const menu = list === undefined ? [] : readItems(reading, list, 'menuList', 1)
  if (reading.items > menuLimits.items)
    reading.problems.unshift(`菜单共 ${reading.items} 项，最多 ${menuLimits.items} 项`)
  const { problems } = reading
  if (problems.length > problemsAtMost) {
    const more = problems.length - problemsAtMost
    throw new BadMenu([...problems.slice(0, problemsAtMost), `另有 ${more} 处错误`])
  }
  if (problems.length > 0) throw new BadMenu(problems)
  return menu
}

function readItems(reading: Reading, list: unknown, at: string, depth: number): MenuItem[] {
  if (!Array.isArray(list)) {
    reading.problems.push(`${at} 应为数组，收到 ${typeName(list)}`)
    return []
  }
  if (list.length === 0) return []
  if (depth > menuLimits.levels) {
    reading.problems.push(`${at} 是第 ${depth} 级，菜单最多 ${menuLimits.levels} 级`)
    return []
  }
  reading.items += list.length
  // Beyond the limit nothing is kept: only how many there are in all is still of interest.
  const items = list.map((item, index) => readItem(reading, item, `${at}[${index}]`, depth))
  return items.sort((a, b) => a.orderNum - b.orderNum)
}

function readItem(reading: Reading, given: unknown, at: string, depth: number): MenuItem {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    reading.problems.push(`${at} 应为对象，收到 ${typeName(given)}`)
    return { name: '', path: '', orderNum: 0, children: [] }
  }
  const item = given as Record<string, unknown>
  return {
    name: readName(reading, item['name'], `${at}.name`),
    path: readPath(reading, item['path'], `${at}.path`),
    orderNum: readOrder(reading, item['orderNum'], `${at}.orderNum`),
    children: isMissing(reading, item['children'], `${at}.children`)
      ? []
      : readItems(reading, item['children'], `${at}.children`, depth + 1),
  }
}

function isMissing(reading: Reading, value: unknown, at: string): boolean {
  if (value !== undefined && value !== null) return false
  reading.problems.push(`${at} 缺失`)
  return true
}

function readName(reading: Reading, value: unknown, at: string): string {
  if (isMissing(reading, value, at)) return ''
  const name = typeof value === 'string' ? value.trim() : undefined
  if (name === undefined) reading.problems.push(`${at} 应为字符串，收到 ${typeName(value)}`)
  else if (name === '') reading.problems.push(`${at} 是空的`)
  else if (name.length > menuLimits.name) reading.problems.push(`${at} 超过 ${menuLimits.name} 个字符`)
  else if (/\p{Cc}/u.test(name) || !name.isWellFormed()) reading.problems.push(`${at} 含有控制字符`)
  return name ?? ''
}

function readPath(reading: Reading, value: unknown, at: string): string {
  if (isMissing(reading, value, at)) return ''
  if (typeof value !== 'string') {
    reading.problems.push(`${at} 应为字符串，收到 ${typeName(value)}`)
    return ''
  }
  const path = value.trim()
  if (path === '') return path
  if (path.length > menuLimits.path) reading.problems.push(`${at} 超过 ${menuLimits.path} 个字符`)
  else if (!webUrl(path, reading.base || 'http://home.invalid/'))
    reading.problems.push(`${at} 不是 http(s) 地址：${JSON.stringify(path.slice(0, 60))}`)
  else if (!reading.base && !URL.canParse(path))
    reading.problems.push(`${at} 是相对地址 ${JSON.stringify(path.slice(0, 60))}，但应用没有填写主页地址`)
  return path
}

function readOrder(reading: Reading, value: unknown, at: string): number {
  if (isMissing(reading, value, at)) return 0
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number
  reading.problems.push(`${at} 应为整数，收到 ${JSON.stringify(value)?.slice(0, 40) ?? typeName(value)}`)
  return 0
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return '数组'
  const names: Record<string, string> = {
    string: '字符串',
    number: '数字',
    boolean: '布尔值',
    object: '对象',
  }
  return names[typeof value] ?? typeof value
}

export function countItems(menu: Menu): number {
  return menu.reduce((count, item) => count + 1 + countItems(item.children), 0)
}

/** The one form of a menu as text: what the database hands back has its keys in another order. */
export function menuText(menu: Menu): string {
  return JSON.stringify(
    menu.map(({ name, path, orderNum, children }) => [name, path, orderNum, menuText(children)]),
  )
}
