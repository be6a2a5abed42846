import { type TSchema, Type } from 'typebox'
import { type Words, wordsIn } from '../../../platform/words.ts'
import { webUrl } from '../app-urls.ts'

/** One entry of an app's menu, with the field names of the document (docs/interface/apps.md#menu-of-an-app). */
export type MenuItem = {
  readonly name: string
  /** An http(s) URL, or a path relative to the app's home page; '' for a heading without a page. */
  readonly path: string
  readonly orderNum: number
  readonly children: readonly MenuItem[]
}
export type Menu = readonly MenuItem[]

export const menuLimits = { levels: 8, items: 2000, name: 100, path: 2000 } as const

/** The schema of a menu with the greatest permitted depth. */
export const menuSchema = Type.Unsafe<Menu>(Type.Array(itemSchema(menuLimits.levels)))

function itemSchema(levels: number): TSchema {
  return Type.Object({
    name: Type.String(),
    path: Type.String(),
    orderNum: Type.Number(),
    children: Type.Array(levels > 1 ? itemSchema(levels - 1) : Type.Object({})),
  })
}

/** Why a menu was refused; each text says what is wrong and where: `menuList[2].children[0].name 缺失`. */
export class BadMenu extends Error {
  readonly words: Words
  constructor(problems: readonly (Words | string)[]) {
    const words = {
      zh: problems.map(one => wordsIn('zh', one)).join('；'),
      en: problems.map(one => wordsIn('en', one)).join('; '),
    }
    super(words.zh)
    this.words = words
  }
}

const problemsAtMost = 5

type Reading = { base: string; problems: Words[]; items: number }

/**
 * Reads a menu that a sync answered or an editor sent. `base` is the app's home page, which relative paths need.
 * Sorts by orderNum, ascending; equal ones keep their order. Throws BadMenu.
 */
export function readMenu(list: unknown, base: string): Menu {
  const reading: Reading = { base, problems: [], items: 0 }
  if (list === undefined) reading.problems.push(missing('menuList'))
  const menu = list === undefined ? [] : readItems(reading, list, 'menuList', 1)
  if (reading.items > menuLimits.items)
    reading.problems.unshift({
      zh: `菜单共 ${reading.items} 项，最多 ${menuLimits.items} 项`,
      en: `the menu has ${reading.items} items, at most ${menuLimits.items} are allowed`,
    })
  const { problems } = reading
  if (problems.length > problemsAtMost) {
    const more = problems.length - problemsAtMost
    throw new BadMenu([
      ...problems.slice(0, problemsAtMost),
      { zh: `另有 ${more} 处错误`, en: `errors beside these: ${more}` },
    ])
  }
  if (problems.length > 0) throw new BadMenu(problems)
  return menu
}

function readItems(reading: Reading, list: unknown, at: string, depth: number): MenuItem[] {
  if (!Array.isArray(list)) {
    reading.problems.push(otherType(at, { zh: '数组', en: 'an array' }, list))
    return []
  }
  if (list.length === 0) return []
  if (depth > menuLimits.levels) {
    reading.problems.push({
      zh: `${at} 是第 ${depth} 级，菜单最多 ${menuLimits.levels} 级`,
      en: `${at} is on level ${depth}, a menu has at most ${menuLimits.levels}`,
    })
    return []
  }
  reading.items += list.length
  // All items are read even if there are too many, so that readMenu can report their total.
  const items = list.map((item, index) => readItem(reading, item, `${at}[${index}]`, depth))
  return items.sort((a, b) => a.orderNum - b.orderNum)
}

function readItem(reading: Reading, given: unknown, at: string, depth: number): MenuItem {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    reading.problems.push(otherType(at, { zh: '对象', en: 'an object' }, given))
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
  reading.problems.push(missing(at))
  return true
}

function readName(reading: Reading, value: unknown, at: string): string {
  if (isMissing(reading, value, at)) return ''
  const name = typeof value === 'string' ? value.trim() : undefined
  if (name === undefined) reading.problems.push(otherType(at, { zh: '字符串', en: 'a string' }, value))
  else if (name === '') reading.problems.push({ zh: `${at} 是空的`, en: `${at} is empty` })
  else if (name.length > menuLimits.name) reading.problems.push(tooLong(at, menuLimits.name))
  else if (/\p{Cc}/u.test(name) || !name.isWellFormed())
    reading.problems.push({ zh: `${at} 含有控制字符`, en: `${at} contains a control character` })
  return name ?? ''
}

function readPath(reading: Reading, value: unknown, at: string): string {
  if (isMissing(reading, value, at)) return ''
  if (typeof value !== 'string') {
    reading.problems.push(otherType(at, { zh: '字符串', en: 'a string' }, value))
    return ''
  }
  const path = value.trim()
  if (path === '') return path
  const start = JSON.stringify(path.slice(0, 60))
  if (path.length > menuLimits.path) reading.problems.push(tooLong(at, menuLimits.path))
  else if (!webUrl(path, reading.base || 'http://home.invalid/'))
    reading.problems.push({
      zh: `${at} 不是 http(s) 地址：${start}`,
      en: `${at} is not an http(s) address: ${start}`,
    })
  else if (!reading.base && !URL.canParse(path))
    reading.problems.push({
      zh: `${at} 是相对地址 ${start}，但应用没有填写主页地址`,
      en: `${at} is the relative address ${start}, but the app has no home page`,
    })
  return path
}

function readOrder(reading: Reading, value: unknown, at: string): number {
  if (isMissing(reading, value, at)) return 0
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number
  const name = typeName(value)
  const given = JSON.stringify(value)?.slice(0, 40)
  reading.problems.push({
    zh: `${at} 应为整数，收到 ${given ?? name.zh}`,
    en: `${at} should be an integer, got ${given ?? name.en}`,
  })
  return 0
}

function missing(at: string): Words {
  return { zh: `${at} 缺失`, en: `${at} is missing` }
}

function tooLong(at: string, max: number): Words {
  return { zh: `${at} 超过 ${max} 个字符`, en: `${at} is longer than ${max} characters` }
}

function otherType(at: string, wanted: Words, given: unknown): Words {
  const name = typeName(given)
  return { zh: `${at} 应为${wanted.zh}，收到 ${name.zh}`, en: `${at} should be ${wanted.en}, got ${name.en}` }
}

function typeName(value: unknown): Words {
  if (value === null) return { zh: 'null', en: 'null' }
  if (Array.isArray(value)) return { zh: '数组', en: 'an array' }
  const names: Record<string, Words> = {
    string: { zh: '字符串', en: 'a string' },
    number: { zh: '数字', en: 'a number' },
    boolean: { zh: '布尔值', en: 'a boolean' },
    object: { zh: '对象', en: 'an object' },
  }
  return names[typeof value] ?? { zh: typeof value, en: typeof value }
}

export function countItems(menu: Menu): number {
  return menu.reduce((count, item) => count + 1 + countItems(item.children), 0)
}

/** The canonical text of a menu, for comparisons, because the database returns keys in another order. */
export function menuText(menu: Menu): string {
  return JSON.stringify(
    menu.map(({ name, path, orderNum, children }) => [name, path, orderNum, menuText(children)]),
  )
}
