import type { Row } from '../../build/search-index.ts'

/**
 * How well a row fits: more is better, 0 is not at all. Every word of the query must be in it: in the title, its pinyin (whole or
 * initials), the place, or the text.
 */
export function score(row: Row, query: string): number {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const each = words.map(word => scoreWord(row, word))
  return each.includes(0) ? 0 : each.reduce((sum, one) => sum + one, 0)
}

function scoreWord({ title, place, text, pinyin, to }: Row, word: string): number {
  const name = title.toLowerCase()
  const isPart = to.includes('#')
  const base = isPart ? 0 : 10
  if (name === word) return base + 100
  if (name.startsWith(word)) return base + 80
  if (name.includes(word)) return base + 60
  const words = text.toLowerCase()
  if (!isPart && new RegExp(`(^|[\\s/])${escaped(word)}($|\\s)`).test(words)) return base + 70
  if (/^[a-z]{2,}$/.test(word) && soundsLike(pinyin, word)) return base + 50
  if (words.includes(word)) return base + 20
  return place.toLowerCase().includes(word) ? base + 10 : 0
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Whether the word is a run of whole syllables from the beginning of one, or of their initials. */
function soundsLike(pinyin: string, word: string): boolean {
  if (!pinyin) return false
  const syllables = pinyin.split(' ')
  if (
    syllables
      .map(one => one[0])
      .join('')
      .includes(word)
  )
    return true
  return syllables.some((_one, index) => syllables.slice(index).join('').startsWith(word))
}

const shownAtMost = 30

export function search(rows: readonly Row[], query: string): Row[] {
  return rows
    .map(row => ({ row, points: score(row, query) }))
    .filter(one => one.points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, shownAtMost)
    .map(one => one.row)
}
