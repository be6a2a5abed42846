import { type SiteSection, siteSections } from '../content/contents.ts'
import type { Language } from './content.ts'
import type { Section } from './markdown.ts'

/** A page of the site in one language. `name` is its address after `/docs/`, '' for the first page. */
export type Page = {
  name: string
  language: Language
  kind: 'home' | 'section' | 'guide' | 'part' | 'call' | 'event' | 'error' | 'example'
  title: string
  summary: string
  /** The name of the group that it stands in. */
  group: string
  /** Shown in front of its name in the navigation. */
  mark: string
  /** The page between navigation and end. */
  html: string
  /** The plain text that is served at the address with `.md`. */
  markdown: string
  sections: readonly Section[]
  /** The plain text before the first section, for the search. */
  intro?: string
  /** Further words by which the search finds it, such as its path. */
  terms: readonly string[]
}

/** The part of the site that a page belongs to; undefined for the first page and the one of a missing address. */
export function sectionOf({ name, kind }: Pick<Page, 'name' | 'kind'>): SiteSection | undefined {
  if (kind === 'home') return undefined
  const first = name.split('/')[0]
  return siteSections.find(one => one.name === first) ?? siteSections.at(-1)
}

/** `/docs` itself leads to the first page in the browser's language, so that the Chinese one has an address of its own. */
export function addressOf({ name, language }: Pick<Page, 'name' | 'language'>): string {
  if (name === '' && language === 'zh') return '/docs/index'
  return ['/docs', ...(language === 'en' ? ['en'] : []), ...(name ? [name] : [])].join('/')
}

/** The path below the folder of built pages, without its extension. */
export function fileOf({ name, language }: Pick<Page, 'name' | 'language'>): string {
  return ['docs', ...(language === 'en' ? ['en'] : []), name || 'index'].join('/')
}
