import { placeholderOrigin } from './changelog.ts'
import { type Language, languages } from './content.ts'
import { addressOf, type Page } from './page.ts'

/** All pages with their other language, in the form of sitemaps.org. */
export function sitemap(pages: Record<Language, readonly Page[]>): string {
  const at = (page: Pick<Page, 'name' | 'language'>) => `${placeholderOrigin}${addressOf(page)}`
  const urls = languages.flatMap(language =>
    pages[language].map(page => {
      const others = languages.map(
        one =>
          `<xhtml:link rel="alternate" hreflang="${one}" href="${at({ name: page.name, language: one })}"/>`,
      )
      return `<url><loc>${at(page)}</loc>${others.join('')}</url>`
    }),
  )
  return `<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n${urls.join('\n')}\n</urlset>\n`
}
