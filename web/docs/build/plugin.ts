import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import { moved } from '../content/moved.ts'
import { changelogFeed } from './changelog.ts'
import { type Language, languages } from './content.ts'
import { type Files, layout } from './layout.ts'
import { llmsText } from './llms.ts'
import { localisedLinks } from './markdown.ts'
import { fileOf } from './page.ts'
import { notFoundPage } from './pages/not-found.ts'
import { searchRows } from './search-index.ts'
import { sitePages } from './site.ts'
import { sitemap } from './sitemap.ts'
import type { Sources } from './sources.ts'

const script = resolve(import.meta.dirname, '../client/main.ts')

/** Adds the site for developers to the build: a file for each page and language, and the same as Markdown. */
export function docsSite(sources: Sources): Plugin {
  return {
    name: 'wisp-docs',
    buildStart() {
      this.emitFile({ type: 'chunk', id: script, name: 'docs' })
    },
    generateBundle(_options, bundle) {
      const pages = Object.fromEntries(
        languages.map(language => [language, sitePages(sources, language)]),
      ) as Record<Language, ReturnType<typeof sitePages>>
      const chunk = Object.values(bundle).find(one => one.type === 'chunk' && one.facadeModuleId === script)
      if (chunk?.type !== 'chunk') throw new Error('the script of the docs was not built')
      const search = Object.fromEntries(
        languages.map(language => {
          const source = JSON.stringify(searchRows(pages[language]))
          const id = this.emitFile({ type: 'asset', name: `search-${language}.json`, source })
          return [language, this.getFileName(id)]
        }),
      ) as Record<Language, string>
      const files: Files = {
        script: chunk.fileName,
        styles: [...(chunk.viteMetadata?.importedCss ?? [])],
        search,
      }
      const emit = (fileName: string, source: string) => this.emitFile({ type: 'asset', fileName, source })
      for (const language of languages) {
        for (const page of pages[language]) {
          emit(`${fileOf(page)}.html`, layout(page, pages[language], files))
          emit(`${fileOf(page)}.md`, localisedLinks(page.markdown, language))
        }
        const missing = notFoundPage(language)
        emit(`${fileOf(missing)}.html`, layout(missing, pages[language], files))
      }
      emit('docs/moved.json', JSON.stringify(moved))
      emit('llms.txt', llmsText(pages))
      emit('docs/changelog.atom', changelogFeed(sources.changelog))
      emit('docs/sitemap.xml', sitemap(pages))
    },
  }
}
