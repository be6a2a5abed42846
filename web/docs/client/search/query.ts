import type { Row } from '../../shared/search/row.ts'

/** Common spellings of the same word. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/登陆/g, '登录'],
  [/帐/g, '账'],
  [/讯息/g, '消息'],
  [/二维码登录/g, '扫码登录'],
]

/** What asks without saying what for. */
const filler =
  /怎么样|怎么|怎样|如何|什么是|是什么|为什么|请问|一下|[吗呢？?]|\b(?:how|do|does|can|i|to|the|a|an|of|is|my|what|why|when|in|on|for|with|get)\b/gi

/** The query without what says nothing, unless nothing else is in it. */
export function plain(query: string): string {
  const spelt = spellings.reduce((text, [from, to]) => text.replace(from, to), query.normalize('NFKC'))
  const left = spelt.replace(filler, ' ').replace(/\s+/g, ' ').trim()
  return left === '' ? spelt.trim() : left
}

/** Where three or more Chinese characters are nowhere together: the most frequent words that differ by one. */
export function correct(query: string, rows: readonly Row[]): string {
  return query.replace(/\p{Script=Han}{3,12}/gu, run => nearest(run, rows) ?? run)
}

function nearest(run: string, rows: readonly Row[]): string | undefined {
  const characters = [...run]
  const patterns = characters.map((_, at) =>
    characters.map((one, index) => (index === at ? '\\p{Script=Han}' : one)).join(''),
  )
  const pattern = new RegExp(patterns.join('|'), 'gu')
  const counts = new Map<string, number>()
  for (const { title, words, text } of rows)
    for (const [found] of `${title} ${words} ${text}`.matchAll(pattern))
      counts.set(found, (counts.get(found) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}
