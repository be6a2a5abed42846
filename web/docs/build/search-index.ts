import { pinyin } from 'pinyin-pro'
import { addressOf, type Page } from './page.ts'

/**
 * What the search of the pages reads, one row for each page and section: address, title, the group or page that it is in, further
 * words and text, and the readings of title and group where they are Chinese, so that no dictionary is sent.
 */
export type Row = { to: string; title: string; place: string; text: string; pinyin: string }

const textAtMost = 600

export function searchRows(pages: readonly Page[]): Row[] {
  return pages
    .filter(one => one.kind !== 'home')
    .flatMap(page => {
      const { title, group, summary, terms, sections } = page
      const to = addressOf(page)
      const whole = {
        to,
        title,
        place: [group, ...terms.filter(one => one.startsWith('/'))].join(' · '),
        text: [...terms, summary].join(' '),
        pinyin: readings(title),
      }
      const parts = sections.map(section => ({
        ...{ to: `${to}#${section.id}`, title: section.title, place: title },
        text: section.text.trim().slice(0, textAtMost),
        pinyin: readings(section.title),
      }))
      return [whole, ...parts]
    })
}

/** Syllables separated by blanks; empty where nothing is Chinese. */
function readings(text: string): string {
  const chinese = text.match(/\p{Script=Han}+/gu)
  return chinese ? chinese.map(one => pinyin(one, { toneType: 'none' })).join(' ') : ''
}
