import type { Corp } from '../../organisation/corps/corps.ts'
import { pinyinOf } from '../../organisation/directory/search/pinyin.ts'
import { normaliseText } from '../../organisation/directory/search/record.ts'

/** How a corp's name is read, for the search and for its place in the order of names; read once, as long as the corp is not changed. */
type Reading = { name: string; order: string; syllables: readonly string[]; initials: readonly string[] }

const readings = new WeakMap<Corp, Reading>()

function readingOf(corp: Corp): Reading {
  const known = readings.get(corp)
  if (known) return known
  const name = normaliseText(corp.name)
  const read = pinyinOf(corp.name)
    .split('|')
    .filter(one => one !== '')
  const made = {
    name,
    order: read[0] ?? name,
    syllables: read.map(one => one.replaceAll(' ', '')),
    initials: read.map(one => one.replace(/(\S)\S*( |$)/g, '$1')),
  }
  readings.set(corp, made)
  return made
}

/** Names in the order of their pinyin. */
export function compareNames(a: Corp, b: Corp): number {
  const [first, second] = [readingOf(a).order, readingOf(b).order]
  return first < second ? -1 : first > second ? 1 : 0
}

/**
 * Returns the corps that match by a part of the name, of the corpId, of the name's pinyin, or of the first letters of its
 * syllables.
 */
export function corpsFound(corps: readonly Corp[], search: string): readonly Corp[] {
  const wanted = normaliseText(search.trim())
  if (wanted === '') return corps
  const typed = wanted.replaceAll(/[\s']/g, '')
  const isPinyin = /^[a-z]+$/.test(typed)
  return corps.filter(corp => {
    if (corp.corpId.toLowerCase().includes(wanted)) return true
    const { name, syllables, initials } = readingOf(corp)
    if (name.includes(wanted)) return true
    return isPinyin && [...syllables, ...initials].some(one => one.includes(typed))
  })
}
