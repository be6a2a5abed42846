import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Language, proseOf, readPages } from './pages.ts'

const web = join(import.meta.dirname, '../../web')
const texts = join(web, 'text')

/** The navigation of the console. Imported by address: its components are compiled with other settings. */
async function navigation() {
  const { entries } = (await import(join(web, 'console/entries.ts'))) as {
    entries: readonly { name: string; group?: string }[]
  }
  const { pages } = (await import(join(web, 'console/pages.ts'))) as {
    pages: readonly { entry: string; name: string; tab?: string }[]
  }
  return { entries, pages }
}

/** The texts of the pages by the name of their file. */
async function textsOf(language: Language): Promise<Map<string, Map<string, string>>> {
  const files = readdirSync(join(texts, language)).filter(file => file.endsWith('.ts'))
  const read = async (file: string) => {
    const { text } = (await import(join(texts, language, file))) as { text: Record<string, string> }
    return [file.slice(0, -3), new Map(Object.entries(text))] as const
  }
  return new Map(await Promise.all(files.map(read)))
}

/** Where a path begins in the console of a vendor. A sentence that has one is not about the console of wisp. */
const ofVendors =
  '管理工具 应用管理 我的企业 接收消息 账户中心 产品中心 我的业务 设置与开发 网页授权及JS-SDK 企业微信授权登录 Dashboards'.split(
    ' ',
  )
const vendorPaths = [
  '应用 → 审批接口',
  '审批 → 可调用接口的应用',
  'Account centre → API security',
  'AppID accounts',
]

/** Arrows that lead from no place to another one. */
const notPaths = ['分 → ¥', 'fen → ¥', '从 → 到', 'from → to', '0.2.0', 'rotate → ']

type Arrow = { before: string; after: string }

/** The arrows of a page, each with what stands around it in its sentence. */
function arrowsOf(prose: string): Arrow[] {
  const sentences = prose.split(/\n|\||(?<=[.:;] )|[。；：]/).filter(one => one.includes(' → '))
  const known = [...ofVendors, ...vendorPaths, ...notPaths]
  return sentences
    .filter(sentence => !known.some(one => sentence.includes(one)))
    .flatMap(sentence =>
      [...sentence.matchAll(/ → /g)].map(({ index }) => ({
        before: sentence.slice(0, index),
        after: sentence.slice(index + 3),
      })),
    )
}

const isLetter = (one: string) => /[\p{Letter}\p{Number}]/u.test(one)
const longest = (labels: string[]) => labels.sort((a, b) => b.length - a.length)[0]

/** The label at which a text ends, with no letter of its language before it. */
const endOf = (text: string, labels: ReadonlySet<string>) =>
  longest([...labels].filter(one => text.endsWith(one) && !isLetter(text.at(-one.length - 1) ?? ' ')))
const beginOf = (text: string, labels: ReadonlySet<string>) =>
  longest([...labels].filter(one => text.startsWith(one) && !isLetter(text.at(one.length) ?? ' ')))

/** What the console calls its places in one language, and what is below each. */
async function consoleIn(language: Language) {
  const texts = await textsOf(language)
  const { entries, pages } = await navigation()
  const nameOf = (key: string) => texts.get('console')?.get(key) ?? key
  const below = new Map<string, Set<string>>()
  const put = (outer: string, inner: string) =>
    below.set(outer, (below.get(outer) ?? new Set<string>()).add(inner))
  for (const { name, group } of entries) if (group) put(nameOf(group), nameOf(name))
  for (const { entry, name, tab } of pages)
    for (const one of [name, tab ?? name]) put(nameOf(entry), nameOf(one))
  return { labels: new Set([...texts.values()].flatMap(area => [...area.values()])), below }
}

it.each(['zh', 'en'] as const)('names places as the console does (%s)', async language => {
  const consoles = { zh: await consoleIn('zh'), en: await consoleIn('en') }
  const arrows = readPages(language).flatMap(page =>
    arrowsOf(proseOf(page)).map(arrow => ({ ...arrow, page: page.name })),
  )
  expect(arrows.length).toBeGreaterThan(100)
  const wrong = arrows.flatMap(({ page, before, after }) => {
    // Pages of errors quote texts of the server in both languages.
    const quoted = /[\u4e00-\u9fff]$/.test(before) ? 'zh' : 'en'
    const { labels, below } = consoles[page.startsWith('errors/') ? quoted : language]
    const [from, to] = [endOf(before, labels), beginOf(after, labels)]
    const isThere = from && to && (below.get(from)?.has(to) ?? true)
    return isThere ? [] : [`${page}: ${before.slice(-40)} → ${after.slice(0, 40)}`]
  })
  expect(wrong).toEqual([])
})
