import { pinyin } from 'pinyin-pro'
import { isHan } from './search-record.ts'

const MAX_READINGS = 4
const PLAIN = { toneType: 'none', type: 'array', v: true, toneSandhi: false } as const
const readingsByCharacter = new Map<string, string[]>()

/** All readings of one Chinese character, the usual one first; a character without a known reading reads as itself. */
function readingsOf(character: string): string[] {
  let readings = readingsByCharacter.get(character)
  if (!readings) {
    readings = [...new Set(pinyin(character, { ...PLAIN, multiple: true }))]
    readingsByCharacter.set(character, readings)
  }
  return readings
}

/** The likely reading of the whole name: surnames by their own reading, the rest by context. */
function likelyReading(characters: string[]): string[] {
  const syllables = pinyin(characters.join(''), { ...PLAIN, mode: 'surname', surname: 'head' })
  // One syllable per character is what the search index aligns names by, so it must hold even for odd input.
  return syllables.length === characters.length ? syllables : characters.map(c => readingsOf(c)[0] ?? c)
}

/**
 * Pinyin of the Chinese characters of a name, without tones, `ü` as `v`: syllables separated by one space, at most four
 * readings separated by `|`, the likeliest first (`仇英` → `qiu ying`; `张行` → `zhang xing|zhang hang|zhang heng`).
 * The first character is taken for a surname and never varies. A name without Chinese characters gives `''`.
 */
export function pinyinOf(name: string): string {
  const characters: string[] = []
  for (const character of name.normalize('NFKC')) {
    if (isHan(character.codePointAt(0)!)) characters.push(character)
  }
  if (characters.length === 0) return ''
  const likely = likelyReading(characters)
  const readings = [likely]
  // Breadth first: every single deviation from the likely reading comes before any double one.
  for (let r = 0; r < readings.length && readings.length < MAX_READINGS; r++) {
    for (let i = 1; i < characters.length && readings.length < MAX_READINGS; i++) {
      if (readings[r]![i] !== likely[i]) continue
      addDeviations(readings, readings[r]!, i, readingsOf(characters[i]!))
    }
  }
  return readings
    .map(reading => reading.join(' '))
    .filter((reading, i, all) => all.indexOf(reading) === i)
    .join('|')
}

function addDeviations(readings: string[][], from: string[], at: number, syllables: string[]): void {
  for (const syllable of syllables) {
    if (syllable === from[at] || readings.length >= MAX_READINGS) continue
    const reading = from.slice()
    reading[at] = syllable
    readings.push(reading)
  }
}
