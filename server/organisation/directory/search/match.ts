import type { Query } from './query.ts'
import { codePointAt, isHan, type RecordView, utf8Width } from './record.ts'

/** How well a member matches; smaller is better. */
export const TIER = { exact: 0, prefix: 1, wordStart: 2, substring: 3, none: 4 } as const
export const TIER_COUNT = 4

const SPACE = 32
const BAR = 124

/**
 * The best tier over all fields. This is the definition of a match; the postings only propose candidates.
 * - exact: all of userId, name, alias or mobile; the full pinyin or the initials of the whole name
 * - prefix: the start of one of those; syllables or starts of syllables from the first syllable on (`zhsan`, `张s`)
 * - wordStart: in userId, name or alias after an ASCII character that is no letter or digit; from a later syllable on
 * - substring: anywhere in userId, name, alias or mobile
 */
export function matchTier(view: RecordView, query: Query): number {
  const { text } = query
  let tier = textTier(view.bytes, view.name, view.userId, text)
  if (tier > TIER.exact) tier = Math.min(tier, textTier(view.bytes, view.userId, view.alias, text))
  if (tier > TIER.exact) tier = Math.min(tier, textTier(view.bytes, view.alias, view.mobile, text))
  if (tier > TIER.exact && query.withMobile) {
    const found = textTier(view.bytes, view.mobile, view.pinyin, text)
    tier = Math.min(tier, found === TIER.wordStart ? TIER.substring : found)
  }
  if (tier > TIER.exact && query.elements.length > 0) tier = Math.min(tier, pinyinTier(view, query, tier))
  return tier
}

function textTier(bytes: Uint8Array, start: number, end: number, text: Uint8Array): number {
  const length = text.length
  const last = end - length
  const first = text[0]
  let tier: number = TIER.none
  for (let at = start; at <= last; at++) {
    if (bytes[at] !== first) continue
    let i = 1
    while (i < length && bytes[at + i] === text[i]) i++
    if (i < length) continue
    if (at === start) return last === start ? TIER.exact : TIER.prefix
    if (isSeparator(bytes[at - 1]!)) return TIER.wordStart
    tier = TIER.substring
  }
  return tier
}

/** Whether the byte ends a word: ASCII that is neither a digit nor a lower-case letter. */
export function isSeparator(byte: number): boolean {
  return byte < 128 && !(byte >= 48 && byte <= 57) && !(byte >= 97 && byte <= 122)
}

const han: number[] = []

/** The best tier over all readings; looks only for tiers better than `known`. */
function pinyinTier(view: RecordView, query: Query, known: number): number {
  if (query.isMixed) readHan(view)
  const { bytes, end } = view
  let best = known
  for (let start = view.pinyin; start < end; ) {
    let stop = start
    while (stop < end && bytes[stop] !== BAR) stop++
    best = Math.min(best, readingTier(bytes, start, stop, query, best))
    start = stop + 1
  }
  return best
}

function readHan(view: RecordView): void {
  han.length = 0
  for (let at = view.name; at < view.userId; at += utf8Width(view.bytes[at]!)) {
    const codePoint = codePointAt(view.bytes, at)
    if (isHan(codePoint)) han.push(codePoint)
  }
}

function readingTier(bytes: Uint8Array, start: number, end: number, query: Query, known: number): number {
  // Each element uses at least one letter.
  if (query.elements.length > end - start) return TIER.none
  if (query.isMixed) {
    // Characters can be matched to syllables only when there are as many of each.
    let syllables = 1
    for (let at = start; at < end; at++) if (bytes[at] === SPACE) syllables++
    if (syllables !== han.length) return TIER.none
  } else if (isWholeName(bytes, start, end, query.elements)) return TIER.exact
  let syllable = 0
  for (let at = start; at < end; syllable++) {
    const tier = syllable === 0 ? TIER.prefix : TIER.wordStart
    if (tier >= known) break
    if (matchesFrom(bytes, at, end, query.elements, syllable)) return tier
    while (at < end && bytes[at] !== SPACE) at++
    at++
  }
  return TIER.none
}

/** Whether the query is the whole reading, or the first letters of all its syllables. */
function isWholeName(bytes: Uint8Array, start: number, end: number, elements: number[]): boolean {
  let full = 0
  let initial = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte === SPACE) continue
    if (full >= 0) full = byte === elements[full] ? full + 1 : -1
    if (initial >= 0 && (at === start || bytes[at - 1] === SPACE)) {
      initial = byte === elements[initial] ? initial + 1 : -1
    }
    if (full < 0 && initial < 0) return false
  }
  return full === elements.length || initial === elements.length
}

let frontier: number[] = []
let reached: number[] = []

/**
 * Whether the elements can be matched to consecutive syllables from here, each consuming a Chinese character or a non-empty
 * prefix of the syllable. All ways to split are followed at once (`xian` is `xian` and `xi an`), so no query takes
 * exponential time.
 */
function matchesFrom(
  bytes: Uint8Array,
  start: number,
  end: number,
  elements: number[],
  first: number,
): boolean {
  frontier.length = 0
  frontier.push(0)
  let syllable = first
  for (let at = start; at < end && frontier.length > 0; syllable++) {
    let stop = at
    while (stop < end && bytes[stop] !== SPACE) stop++
    reached.length = 0
    for (const from of frontier) {
      if (elements[from]! >= 128) addReached(elements[from] === han[syllable], from + 1)
      else
        for (let i = 0; at + i < stop && bytes[at + i] === elements[from + i]; i++)
          addReached(true, from + i + 1)
    }
    if (reached.includes(elements.length)) return true
    const spent = frontier
    frontier = reached
    reached = spent
    at = stop + 1
  }
  return false
}

function addReached(isMatch: boolean, position: number): void {
  if (isMatch && !reached.includes(position)) reached.push(position)
}
