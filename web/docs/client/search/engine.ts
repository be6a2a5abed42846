import MiniSearch, { type SearchResult } from 'minisearch'
import type { Row, SearchHit } from '../../shared/search/row.ts'
import { isChinese, tokensOf } from '../../shared/search/tokens.ts'
import { correct, meaningsOf, plain } from './query.ts'
import { snippetOf } from './snippet.ts'

export type Engine = { search(query: string): SearchHit[] }

const shownAtMost = 30
const queryAtMost = 200
const tokensAtMost = 24

/** Reads the rows once, and then searches in them. */
export function createEngine(rows: readonly Row[]): Engine {
  const index = new MiniSearch<Row & { id: number }>({
    fields: ['title', 'words', 'place', 'text'],
    tokenize: tokensOf,
    processTerm: term => term,
  })
  index.addAll(rows.map((row, id) => ({ ...row, id })))

  function find(tokens: readonly string[], combineWith: 'AND' | 'OR'): SearchResult[] {
    return index.search(tokens.join(' '), {
      combineWith,
      tokenize: () => [...tokens],
      processTerm: term => term,
      boost: { title: 6, words: 6, place: 1.5 },
      // A pair of characters is exact; a single one begins pairs, and a word may be unfinished or misspelt.
      prefix: term => (isChinese(term) ? term.length === 1 : term.length > 2),
      fuzzy: term => (!isChinese(term) && /^[a-z]{5,}$/.test(term) ? 1 : false),
      weights: { fuzzy: 0.2, prefix: 0.4 },
      boostDocument: id => standing(rows[id as number]?.to ?? ''),
    })
  }

  /** Of two words in a row the pair between them is nowhere, and so is what the site never speaks of: neither says anything. */
  function tokensIn(query: string): string[] {
    return [...new Set(tokensOf(query))].slice(0, tokensAtMost).filter(one => find([one], 'OR').length > 0)
  }

  /** What has any of the words; a row counts by the square of how many of them it has. */
  function rank(query: string): SearchResult[] {
    const tokens = tokensIn(query)
    if (tokens.length === 0) return []
    return find(tokens, 'OR')
      .map(one => ({ ...one, score: one.score * (new Set(one.queryTerms).size / tokens.length) ** 2 }))
      .sort((one, other) => other.score - one.score)
  }

  return {
    search(given) {
      const query = plain(given.slice(0, queryAtMost))
      const tokens = tokensOf(query)
      if (tokens.length === 0) return []
      const isSomewhere = find(tokens.slice(0, tokensAtMost), 'AND').length > 0
      const spelt = isSomewhere ? query : correct(query, rows)
      const found = meaningsOf(spelt).flatMap(meant => weigh(rank(meant), rows, meant))
      return best(highest(found), spelt).map(({ row, terms }) => ({
        to: row.to,
        title: row.title,
        place: row.place,
        snippet: snippetOf(row, spelt, terms),
      }))
    },
  }
}

function pageOf({ to }: Row): string {
  return to.split('#', 1)[0] ?? to
}

/** A page counts more than a section of one, and what has been changed less than how it is. */
function standing(to: string): number {
  return (to.includes('#') ? 1 : 1.4) * (to.includes('changelog') ? 0.5 : 1)
}

type ScoredRow = { row: Row; terms: readonly string[]; points: number }

/** The whole query in a title or among the words counts more than its parts, and so does the reading of a title. */
function weigh(results: readonly SearchResult[], rows: readonly Row[], query: string): ScoredRow[] {
  const whole = query.toLowerCase()
  const weighed = results.map(({ id, score, terms }, at) => {
    const row = rows[id as number]!
    return { row, terms, points: score * wholeness(row, whole) * (1 - at / 10_000) }
  })
  const known = new Set(weighed.map(one => one.row))
  const sounding = rows.filter(row => !known.has(row) && soundsLike(row.pinyin, whole))
  const most = Math.max(1, ...weighed.map(one => one.points))
  return [
    ...weighed,
    ...sounding.map(row => ({ row, terms: [], points: row.to.includes('#') ? most * 0.5 : most })),
  ].sort((a, b) => b.points - a.points)
}

/** Each row once, with the meaning of the query under which it counts most. */
function highest(found: readonly ScoredRow[]): ScoredRow[] {
  const sorted = [...found].sort((a, b) => b.points - a.points)
  return [...new Map([...sorted].reverse().map(one => [one.row, one])).values()].sort(
    (a, b) => b.points - a.points,
  )
}

function wholeness({ title, words, text }: Row, whole: string): number {
  const [name, others] = [title.toLowerCase(), words.toLowerCase().split(' · ')]
  if (name === whole || others.includes(whole)) return 4
  if (name.startsWith(whole)) return 2.5
  if (name.includes(whole) || words.toLowerCase().includes(whole)) return 2
  return text.toLowerCase().includes(whole) ? 1.5 : 1
}

/** One place of each page: the first where the whole query stands, else the best. */
function best(weighed: readonly ScoredRow[], query: string): ScoredRow[] {
  const whole = query.toLowerCase()
  const isWhole = ({ row }: ScoredRow) => `${row.title} ${row.text}`.toLowerCase().includes(whole)
  const pages = Map.groupBy(weighed, one => pageOf(one.row))
  return [...pages.values()]
    .slice(0, shownAtMost)
    .flatMap(places => places.find(isWhole) ?? places.slice(0, 1))
}

/** Whether the query is a run of whole syllables from the beginning of one, or of their initials. */
function soundsLike(pinyin: string, query: string): boolean {
  if (!pinyin || !/^[a-z]{2,}$/.test(query)) return false
  const syllables = pinyin.split(' ')
  const initials = syllables.map(one => one[0]).join('')
  return initials.includes(query) || syllables.some((_, at) => syllables.slice(at).join('').startsWith(query))
}
