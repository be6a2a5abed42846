import { siteSections } from '../content/contents.ts'
import type { Language } from './content.ts'
import { escapeHtml } from './html.ts'
import { addressOf, type Page, sectionOf } from './page.ts'
import { words } from './words.ts'

/** Files that every page loads, by their built names. */
export type Files = { script: string; styles: readonly string[]; search: Record<Language, string> }

/** A whole page. It needs no nonce: nothing in it is inline, so that it can be sent as it was built. */
export function layout(page: Page, pages: readonly Page[], files: Files): string {
  const { language, title, summary, kind } = page
  const w = words[language]
  const other: Language = language === 'zh' ? 'en' : 'zh'
  const address = addressOf(page)
  const head = kind === 'home' ? w.site : `${title} · ${w.site}`
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(head)}</title>
<meta name="description" content="${escapeHtml(summary)}">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="alternate" type="text/markdown" href="${address}.md">
<script src="/start.js"></script>
${files.styles.map(one => `<link rel="stylesheet" href="/${one}">`).join('\n')}
<script type="module" src="/${files.script}"></script>
</head>
<body data-search="/${files.search[language]}">
<a class="skip" href="#main">${w.skip}</a>
<header class="head">
<button type="button" class="icon-button menu-button" id="menu" aria-label="${w.menu}" aria-expanded="false" aria-controls="nav">${icons.menu}</button>
<a class="brand" href="${addressOf({ name: '', language })}">${icons.logo}<span>wisp</span> <b>${w.brand}</b></a>
<nav class="head-sections" aria-label="${w.sections}">${sectionLinks(page)}</nav>
<button type="button" class="search-button" id="search" aria-keyshortcuts="Control+K"><span>${icons.search}</span><span class="search-label">${w.search}</span><kbd>Ctrl K</kbd></button>
<a class="head-link" id="language" lang="${other === 'zh' ? 'zh-CN' : 'en'}" hreflang="${other}" href="${addressOf({ ...page, language: other })}">${w.language}</a>
<button type="button" class="icon-button" id="theme" aria-label="${w.theme}">${icons.theme}</button>
</header>
<div class="frame frame-${kind}">
<nav class="nav" id="nav" aria-label="${w.menu}"><div class="nav-sections">${sectionLinks(page)}</div>${navigation(page, pages)}</nav>
<main class="main" id="main" tabindex="-1">
${page.kind === 'call' ? page.html : `<article class="text">${page.html}</article>`}
${ending(page, pages)}
</main>
${contents(page)}
</div>
</body>
</html>
`
}

const stroke =
  'fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"'
const icon = (path: string) =>
  `<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" ${stroke}>${path}</svg>`
const icons = {
  menu: icon('<path d="M3 5.5h14M3 10h14M3 14.5h14"/>'),
  search: icon('<circle cx="9" cy="9" r="5"/><path d="m13 13 4 4"/>'),
  theme: icon(
    '<circle cx="10" cy="10" r="6.5"/><path d="M10 3.5v13a6.5 6.5 0 0 0 0-13Z" fill="currentColor"/>',
  ),
  logo: '<img src="/icon.svg" alt="" width="24" height="24">',
}

function sectionLinks(page: Page): string {
  const current = sectionOf(page)
  const { language } = page
  return siteSections
    .map(section => {
      const mark =
        section === current
          ? ` class="is-current"${section.name === page.name ? ' aria-current="page"' : ''}`
          : ''
      return `<a href="${addressOf({ name: section.name, language })}"${mark}>${escapeHtml(section.title[language])}</a>`
    })
    .join('')
}

/** The pages of the same part of the site, by their groups. Its first page is named by the links above. */
function navigation(page: Page, pages: readonly Page[]): string {
  const section = sectionOf(page)
  const groups = Map.groupBy(
    pages.filter(one => one.kind !== 'section' && section && sectionOf(one) === section),
    one => one.group,
  )
  return [...groups]
    .map(([name, list]) => {
      const isCurrent = list.includes(page)
      const isOpen = isCurrent || section?.name !== 'reference'
      const links = list.map(
        one =>
          `<li><a href="${addressOf(one)}"${one === page ? ' aria-current="page"' : ''}${one.kind === 'error' ? ' class="nav-code"' : ''}>${one.mark ? `<span class="nav-mark nav-mark-${one.mark.toLowerCase()}">${escapeHtml(one.mark)}</span>` : ''}<span>${escapeHtml(one.title)}</span></a></li>`,
      )
      return `<details${isOpen ? ' open' : ''}><summary>${escapeHtml(name)}</summary><ul>${links.join('')}</ul></details>`
    })
    .join('')
}

function ending(page: Page, pages: readonly Page[]): string {
  const w = words[page.language]
  const at = pages.indexOf(page)
  const link = (one: Page | undefined, word: string, rel: string) =>
    one && page.kind !== 'home'
      ? `<a rel="${rel}" href="${addressOf(one)}"><small>${word}</small>${escapeHtml(one.title)}</a>`
      : '<span></span>'
  return `<footer class="ending"><div class="neighbours">${link(pages[at - 1], w.previous, 'prev')}${link(pages[at + 1], w.next, 'next')}</div><p><a href="${addressOf(page)}.md">${w.markdown}</a> · <a href="/llms.txt">llms.txt</a> · <a href="/openapi.json">openapi.json</a></p></footer>`
}

function contents(page: Page): string {
  if (page.kind === 'call' || page.sections.length < 2) return ''
  const w = words[page.language]
  const items = page.sections.map(
    ({ id, level, title }) => `<li class="level-${level}"><a href="#${id}">${escapeHtml(title)}</a></li>`,
  )
  return `<aside class="contents" aria-label="${w.onThisPage}"><p>${w.onThisPage}</p><ul>${items.join('')}</ul></aside>`
}
