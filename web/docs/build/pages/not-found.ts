import type { Language } from '../content.ts'
import type { Page } from '../page.ts'
import { words } from '../words.ts'

/** What the server sends for an address of the site that leads nowhere. */
export function notFoundPage(language: Language): Page {
  const w = words[language]
  return {
    name: '404',
    language,
    kind: 'guide',
    title: w.notFoundTitle,
    summary: w.notFound,
    group: '',
    mark: '',
    html: `<h1>${w.notFoundTitle}</h1><p>${w.notFound}</p>`,
    markdown: '',
    sections: [],
    terms: [],
  }
}
