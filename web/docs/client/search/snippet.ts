import type { Row, SearchHit } from '../../shared/search/row.ts'

const before = 20
const shown = 120

/** The text around the first hit. Of a text without one, its beginning. */
export function snippetOf(row: Row, query: string, terms: readonly string[]): SearchHit['snippet'] {
  const wanted = [query.toLowerCase(), ...[...terms].sort((a, b) => b.length - a.length)].filter(Boolean)
  const text = shownText(row, wanted)
  const lower = text.toLowerCase()
  const at = wanted.map(one => lower.indexOf(one)).find(one => one >= 0) ?? 0
  const from = Math.max(0, at - before)
  const part = text.slice(from, from + shown)
  const pieces = splitByHits(part, wanted)
  return [
    ...(from > 0 ? [{ text: '…', isHit: false }] : []),
    ...pieces,
    ...(from + shown < text.length ? [{ text: '…', isHit: false }] : []),
  ]
}

/** A page that was found by another word alone begins with that word. */
function shownText({ text, words }: Row, wanted: readonly string[]): string {
  const plain = text.replace(/\s+/g, ' ')
  const isIn = (where: string) => wanted.some(one => where.toLowerCase().includes(one))
  const other = isIn(plain) ? undefined : words.split(' · ').find(isIn)
  return other ? `${other} · ${plain}` : plain
}

function splitByHits(text: string, wanted: readonly string[]): SearchHit['snippet'] {
  if (wanted.length === 0) return [{ text, isHit: false }]
  const pattern = new RegExp(wanted.map(escaped).join('|'), 'gi')
  const pieces: SearchHit['snippet'] = []
  let at = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), isHit: false })
    const last = pieces.at(-1)
    // Pairs of characters overlap: a word of three is one hit.
    if (last?.isHit) last.text += match[0]
    else pieces.push({ text: match[0], isHit: true })
    at = match.index + match[0].length
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isHit: false })
  return pieces
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
