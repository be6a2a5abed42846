import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import csharp from 'highlight.js/lib/languages/csharp'
import css from 'highlight.js/lib/languages/css'
import go from 'highlight.js/lib/languages/go'
import ini from 'highlight.js/lib/languages/ini'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import nginx from 'highlight.js/lib/languages/nginx'
import php from 'highlight.js/lib/languages/php'
import python from 'highlight.js/lib/languages/python'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import MarkdownIt, { type Token } from 'markdown-it'
import type { Language } from './content.ts'
import { codeBlock, escapeHtml } from './html.ts'
import { pictureOf } from './pictures/pictures.ts'
import { words } from './words.ts'

const known = {
  bash,
  csharp,
  css,
  go,
  ini,
  java,
  javascript,
  json,
  nginx,
  php,
  python,
  typescript,
  xml,
  yaml,
}
for (const [name, language] of Object.entries(known)) hljs.registerLanguage(name, language)
// A block says by these names in what it is written, and which program runs it.
hljs.registerAliases('sh', { languageName: 'bash' })

/** A heading of the second or third level with the plain text that follows it, for the page's contents and the search. */
export type Section = { id: string; level: number; title: string; text: string }
/** `intro` is the plain text before the first section. */
export type RenderedPage = { html: string; sections: Section[]; intro: string }

/** Where something that is written between backticks leads, such as `GET /api/user/get`. */
export type CodeLinks = (code: string) => string | undefined

/** Colours code as HTML; a language that is not known stays plain. */
export function highlight(code: string, language: string): string {
  return hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : escapeHtml(code)
}

/**
 * Renders Markdown without its title. Links within the site get the language's address; `linkOf` makes links of calls and codes
 * between backticks.
 */
export function render(markdown: string, language: Language, linkOf: CodeLinks): RenderedPage {
  const md = new MarkdownIt({ html: false })
  const { copy, linkToHere } = words[language]
  const { rules } = md.renderer
  rules['fence'] = (tokens, index) => {
    const { info, content } = tokens[index]!
    const [name = '', file = ''] = info.trim().split(/\s+/)
    const picture = pictureOf(file, language)
    if (picture) return picture
    return codeBlock(highlight(content.replace(/\n$/, ''), name), name || 'text', copy)
  }
  rules['code_inline'] = (tokens, index) => {
    const { content } = tokens[index]!
    const isInLink =
      tokens.slice(0, index).reduce((open, one) => open + one.nesting * Number(/^link_/.test(one.type)), 0) >
      0
    const to = isInLink ? undefined : linkOf(content)
    const code = `<code>${escapeHtml(content)}</code>`
    return to ? `<a href="${localised(to, language)}">${code}</a>` : code
  }
  rules['table_open'] = () => '<div class="table" tabindex="0" role="group"><table>'
  rules['table_close'] = () => '</table></div>'
  const tokens = md.parse(markdown.replace(/^# .+\n/, ''), {})
  const { sections, intro } = sectionsOf(tokens)
  let heading = -1
  rules['heading_open'] = (all, index) => {
    const { tag } = all[index]!
    const id = /^h[23]$/.test(tag) ? sections[++heading]?.id : undefined
    return id
      ? `<${tag} id="${id}"><a class="anchor" href="#${id}" aria-label="${linkToHere}">#</a>`
      : `<${tag}>`
  }
  for (const token of tokens.flatMap(one => one.children ?? [])) {
    const href = token.type === 'link_open' ? token.attrGet('href') : null
    if (typeof href === 'string') token.attrSet('href', localised(href, language))
  }
  return { html: md.renderer.render(tokens, md.options, {}), sections, intro }
}

/** The address of a page of the site in this language; other addresses stay. */
export function localised(href: string, language: Language): string {
  const isOfAll = /^\/docs\/(en(?=[/#?]|$)|[\w-]+\.(atom|xml)$)/.test(href)
  if (language === 'zh' || isOfAll || !/^\/docs(?=[/#?]|$)/.test(href)) return href
  return href.replace('/docs', '/docs/en')
}

/** Markdown whose links within the site lead to pages of this language; what stands in blocks of code stays. */
export function localisedLinks(markdown: string, language: Language): string {
  return markdown.replace(
    /(^```[\s\S]*?^```$)|\]\((\/docs[^)\s]*)\)/gm,
    (all, block: string | undefined, href: string | undefined) =>
      block || href === undefined ? all : `](${localised(href, language)})`,
  )
}

function sectionsOf(tokens: readonly Token[]): { sections: Section[]; intro: string } {
  const sections: Section[] = []
  let intro = ''
  const taken = new Map<string, number>()
  tokens.forEach((token, index) => {
    const level = /^h[23]$/.test(token.tag) ? Number(token.tag[1]) : 0
    if (token.type === 'heading_open' && level > 0) {
      const title = plainText(tokens[index + 1])
      const base = idOf(title)
      const times = taken.get(base) ?? 0
      taken.set(base, times + 1)
      sections.push({ id: times > 0 ? `${base}-${times + 1}` : base, level, title, text: '' })
    } else if (token.type === 'fence' || (token.type === 'inline' && !isHeading(tokens[index - 1]))) {
      const text = token.type === 'fence' ? token.content : plainText(token)
      const last = sections.at(-1)
      if (last) last.text += `${text} `
      else intro += `${text} `
    }
  })
  return { sections, intro }
}

const isHeading = (token: Token | undefined) => token?.type === 'heading_open'

function plainText(token: Token | undefined): string {
  return (token?.children ?? []).map(one => (one.type === 'softbreak' ? ' ' : one.content)).join('')
}

/** The id of a heading: its words, joined by `-`, so that a deep link can be read. */
export function idOf(title: string): string {
  return (
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'section'
  )
}
