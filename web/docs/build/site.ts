import { chapters } from '../content/contents.ts'
import { type Language, type Written, writtenPages } from './content.ts'
import { examplePage } from './examples.ts'
import { escapeHtml } from './html.ts'
import { type CodeLinks, localised, render } from './markdown.ts'
import { addressOf, type Page } from './page.ts'
import { callMarkdown } from './reference/call-markdown.ts'
import { callPage } from './reference/call-page.ts'
import { type Call, callsOf, type OpenApi, slugOf } from './reference/calls.ts'
import type { Sources } from './sources.ts'
import { words } from './words.ts'

/** All pages of one language, in the order of the navigation. */
export function sitePages(sources: Sources, language: Language): Page[] {
  const document = sources.documents[language]
  const calls = callsOf(document)
  const codes = document['x-errors']
  const linkOf = codeLinks(document)
  const written = new Map(writtenPages(language).map(one => [one.name, one]))
  const textOf = (code: string) => codes.find(one => one.code === code)?.text ?? ''
  const guides = chapters.flatMap(({ title, pages }) =>
    pages.flatMap(name => {
      const found = written.get(name)
      return found ? [writtenPage(found, language, title[language], linkOf)] : []
    }),
  )
  const topics = document.tags.flatMap(({ name }) => calls.filter(call => call.topic === name))
  const pages: Page[] = [
    ...guides,
    ...sources.examples.map(example => examplePage(example, language)),
    ...topics.map(call => referencePage(call, language, linkOf, textOf)),
    ...codes.map(({ code, text }) =>
      errorPage(code, text, written.get(`errors/${code}`), calls, language, linkOf),
    ),
  ]
  return [homePage(pages, language), ...pages]
}

/** Calls and codes between backticks lead to their pages. */
function codeLinks({ paths, 'x-errors': codes }: OpenApi): CodeLinks {
  return code => {
    const path = code.replace(/^(GET|POST) /, '')
    if (Object.hasOwn(paths, path)) return `/docs/reference/${slugOf(path)}`
    return codes.some(one => one.code === code) ? `/docs/errors/${code}` : undefined
  }
}

function writtenPage(one: Written, language: Language, group: string, linkOf: CodeLinks): Page {
  const { html, sections } = render(one.markdown, language, linkOf)
  return {
    ...{ name: one.name, language, kind: 'guide', title: one.title, summary: one.summary, group, mark: '' },
    html: `<h1>${escapeHtml(one.title)}</h1>${html}`,
    markdown: one.markdown,
    sections,
    terms: [],
  }
}

function referencePage(
  call: Call,
  language: Language,
  linkOf: CodeLinks,
  textOf: (code: string) => string,
): Page {
  const { slug, summary: title, description, topic, method, path } = call
  return {
    ...{ name: `reference/${slug}`, language, kind: 'call', title, summary: description || title },
    ...{ group: topic, mark: method },
    html: callPage(call, language, linkOf, textOf),
    markdown: callMarkdown(call, language, textOf),
    sections: [],
    terms: [path, call.section, call.scope, ...call.fields.map(one => one.name)].filter(Boolean),
  }
}

function errorPage(
  code: string,
  text: string,
  found: Written | undefined,
  calls: readonly Call[],
  language: Language,
  linkOf: CodeLinks,
): Page {
  const w = words[language]
  const about = found ? render(found.markdown, language, linkOf) : { html: '', sections: [] }
  const title = found?.title ?? `${code} ${text}`
  const raised = calls.filter(call => call.errors.includes(code))
  const heading = { id: 'calls', level: 2, title: w.callsWith, text: '' }
  const list = raised.map(
    ({ slug, path, summary }) =>
      `<li><a href="${localised(`/docs/reference/${slug}`, language)}"><code>${escapeHtml(path)}</code> ${escapeHtml(summary)}</a></li>`,
  )
  const plain = raised.map(({ path, summary }) => `- ${path} ${summary}`).join('\n')
  return {
    ...{ name: `errors/${code}`, language, kind: 'error', title, group: w.errors, mark: '' },
    summary: found?.summary ?? `${code} ${text}`,
    html: `<h1>${escapeHtml(title)}</h1>${about.html}<h2 id="calls">${w.callsWith}</h2><ul class="call-list">${list.join('')}</ul>`,
    markdown: `${found?.markdown.trimEnd() ?? `# ${title}`}\n\n## ${w.callsWith}\n\n${plain}\n`,
    sections: [...about.sections, heading],
    terms: [code],
  }
}

function homePage(pages: readonly Page[], language: Language): Page {
  const w = words[language]
  const card = (page: Page) =>
    `<li><a href="${addressOf(page)}"><b>${escapeHtml(page.title)}</b><span>${escapeHtml(page.summary)}</span></a></li>`
  const guides = Map.groupBy(
    pages.filter(one => one.kind === 'guide' || one.kind === 'example'),
    one => one.group,
  )
  const calls = Map.groupBy(
    pages.filter(one => one.kind === 'call'),
    one => one.group,
  )
  const topics = [...calls].map(
    ([name, list]) =>
      `<section><h3>${escapeHtml(name)}</h3><ul>${list.map(one => `<li><a href="${addressOf(one)}">${escapeHtml(one.title)}</a></li>`).join('')}</ul></section>`,
  )
  const groups = [...guides].map(
    ([name, list]) => `<h2>${escapeHtml(name)}</h2><ul class="cards">${list.map(card).join('')}</ul>`,
  )
  const errors = pages.filter(one => one.kind === 'error')
  return {
    ...{ name: '', language, kind: 'home', title: w.homeTitle, summary: w.homeSummary, group: '', mark: '' },
    html: `<h1>${w.homeTitle}</h1><p class="lead">${w.homeSummary}</p>${groups.join('')}<h2>${w.homeCalls}</h2><div class="topics">${topics.join('')}</div><h2>${w.errors}</h2><ul class="codes">${errors.map(one => `<li><a href="${addressOf(one)}">${escapeHtml(one.title)}</a></li>`).join('')}</ul><h2>${w.forTools}</h2><p>${w.forToolsText}</p>`,
    markdown: `# ${w.homeTitle}\n\n${w.homeSummary}\n\n${pages.map(one => `- [${one.title}](${addressOf(one)}.md)`).join('\n')}\n`,
    sections: [],
    terms: [],
  }
}
