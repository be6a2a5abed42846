import { pinyin } from 'pinyin-pro'
import { alsoKnownAs } from '../content/also-known-as.ts'
import type { Row } from '../shared/search/row.ts'
import { addressOf, type Page } from './page.ts'

/** Of a section; programs may be longer than what tells them apart. */
const textAtMost = 4000

/** What the search of the pages reads, one row for each page and section. */
export function searchRows(pages: readonly Page[]): Row[] {
  return pages
    .filter(one => one.kind !== 'home')
    .flatMap(page => {
      const { name, title, group, summary, terms, sections, intro = '' } = page
      const to = addressOf(page)
      const whole = {
        to,
        title,
        place: [group, ...terms.filter(one => one.startsWith('/'))].join(' · '),
        words: [...terms, ...(alsoKnownAs[name] ?? [])].join(' · '),
        text: (intro || summary).slice(0, textAtMost),
        pinyin: readings(title),
      }
      const parts = sections.map(({ id, title: part, text }) => ({
        to: `${to}#${id}`,
        title: part,
        place: title,
        words: (alsoKnownAs[`${name}#${id}`] ?? []).join(' · '),
        text: text.trim().slice(0, textAtMost),
        pinyin: readings(part),
      }))
      return [whole, ...parts]
    })
}

/** Syllables separated by blanks; empty where nothing is Chinese. */
function readings(text: string): string {
  const chinese = text.match(/\p{Script=Han}+/gu)
  return chinese ? chinese.map(one => pinyin(one, { toneType: 'none' })).join(' ') : ''
}
