import { createRequire } from 'node:module'
import { isHan } from './record.ts'

const require = createRequire(import.meta.url)
let library: typeof import('pinyin-pro') | undefined

/** The library with its dictionaries, read at the first name: commands start without it. */
export function pinyinLibrary(): typeof import('pinyin-pro') {
  library ??= require('pinyin-pro') as typeof import('pinyin-pro')
  return library
}

const MAX_READINGS = 4
const options = { type: 'array', toneSandhi: false } as const

const plainSyllables = new Map<string, string>()

/**
 * Removes tones and writes `ü` as `v` (`lǜ` → `lv`). Results are cached, because this takes as long as reading the name and
 * there are only some 1,300 syllables.
 */
function plain(syllable: string): string {
  let known = plainSyllables.get(syllable)
  if (known === undefined) {
    known = syllable
      .normalize('NFD')
      .replaceAll('u\u0308', 'v')
      .replaceAll(/[\u0300-\u036f]/g, '')
    // A character without a reading is its own syllable. These are not cached, because their number is unlimited.
    if (known !== syllable) plainSyllables.set(syllable, known)
  }
  return known
}

/* Keyed by code point, because a key of text would have to be created for each look-up. */

const readingsByCharacter = new Map<number, string[]>()

/** All readings of one Chinese character, the usual one first. A character without a known reading stands for itself. */
function readingsOf(code: number): string[] {
  let readings = readingsByCharacter.get(code)
  if (!readings) {
    const character = String.fromCodePoint(code)
    readings = [
      ...new Set(
        pinyinLibrary()
          .pinyin(character, { ...options, multiple: true })
          .map(plain),
      ),
    ]
    readingsByCharacter.set(code, readings)
  }
  return readings
}

function usualReading(code: number): string {
  return readingsOf(code)[0] ?? String.fromCodePoint(code)
}

const headsAtMost = 50_000
const heads = new Map<number, Map<number, string[]>>()
let headCount = 0

/** The reading of a name's first one or two characters; surnames have readings of their own. */
function headReading(codes: readonly number[]): string[] {
  const [first = 0, second = 0] = codes
  const known = heads.get(first)?.get(second)
  if (known) return known
  const head = codes.slice(0, 2)
  const read = pinyinLibrary().pinyin(String.fromCodePoint(...head), {
    ...options,
    mode: 'surname',
    surname: 'head',
  })
  // One syllable per character is what the search index aligns names by, so it must hold even for odd input.
  const syllables = read.length === head.length ? read.map(plain) : head.map(usualReading)
  if (headCount++ >= headsAtMost) {
    heads.clear()
    headCount = 0
  }
  heads.getOrInsertComputed(first, () => new Map()).set(second, syllables)
  return syllables
}

/** The likely reading. After the surname the library also reads character by character, but ten times slower than this. */
function likelyReading(codes: readonly number[]): string[] {
  const head = headReading(codes)
  return codes.length < 3 ? head : [...head, ...codes.slice(2).map(usualReading)]
}

/**
 * Pinyin of the Chinese characters of a name, without tones, `ü` as `v`: syllables separated by one space, at most four
 * readings separated by `|`, the likeliest first (`仇英` → `qiu ying`; `张行` → `zhang xing|zhang hang|zhang heng`).
 * The first character is taken for a surname and never varies. A name without Chinese characters gives `''`.
 */
export function pinyinOf(name: string): string {
  const codes = hanCodes(name)
  if (codes.length === 0) return ''
  const likely = likelyReading(codes)
  const readings = [likely]
  // Breadth first, so that every single deviation from the likely reading comes before any double one.
  for (let r = 0; r < readings.length && readings.length < MAX_READINGS; r++) {
    for (let i = 1; i < codes.length && readings.length < MAX_READINGS; i++) {
      if (readings[r]![i] !== likely[i]) continue
      addDeviations(readings, readings[r]!, i, readingsOf(codes[i]!))
    }
  }
  if (readings.length === 1) return likely.join(' ')
  return readings
    .map(reading => reading.join(' '))
    .filter((reading, i, all) => all.indexOf(reading) === i)
    .join('|')
}

/** The Chinese characters after NFKC. The common ones are unchanged by NFKC, so plain names skip it. */
function hanCodes(name: string): number[] {
  const codes: number[] = []
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i)
    if (unit >= 0x4e00 && unit <= 0x9fff) codes.push(unit)
    else return Array.from(name.normalize('NFKC'), one => one.codePointAt(0) ?? 0).filter(isHan)
  }
  return codes
}

function addDeviations(readings: string[][], from: string[], at: number, syllables: string[]): void {
  for (const syllable of syllables) {
    if (syllable === from[at] || readings.length >= MAX_READINGS) continue
    const reading = from.slice()
    reading[at] = syllable
    readings.push(reading)
  }
}
