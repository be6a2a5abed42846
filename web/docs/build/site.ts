import { siteSections } from '../content/contents.ts'
import { changelogPage } from './changelog.ts'
import { type Language, type WrittenPage, writtenPages } from './content.ts'
import { examplePage } from './examples.ts'
import { escapeHtml } from './html.ts'
import { type CodeLinks, idOf, localised, render, type Section } from './markdown.ts'
import type { Page } from './page.ts'
import { homePage } from './pages/home.ts'
import { partPages } from './pages/parts.ts'
import { sectionPage } from './pages/section.ts'
import { callMarkdown } from './reference/call-markdown.ts'
import { callPage, type Lookups } from './reference/call-page.ts'
import { type Call, callsOf, inputsOf, type OpenApi, slugOf } from './reference/calls.ts'
import { eventPage } from './reference/event-page.ts'
import { eventSlugOf, eventsOf } from './reference/events.ts'
import { fieldWords } from './reference/field-list.ts'
import { scopesPage } from './scopes.ts'
import type { Sources } from './sources.ts'
import { words } from './words.ts'

/** All pages of one language, in the order of the navigation. */
export function sitePages(sources: Sources, language: Language): Page[] {
  const document = sources.documents[language]
  const calls = callsOf(document)
  const codes = document['x-errors']
  const scopes = document['x-scopes']
  const linkOf = codeLinks(document)
  const lookups: Lookups = {
    linkOf,
    errorText: code => codes.find(one => one.code === code)?.text ?? '',
    scopeText: scope => scopes.find(one => one.name === scope)?.text ?? '',
  }
  const written = new Map(writtenPages(language).map(one => [one.name, one]))
  const guides = siteSections.flatMap(section => {
    const own = section.chapters.flatMap(({ title, pages }) =>
      pages.flatMap(name => {
        const found = written.get(name)
        return found ? [writtenPage(found, language, title[language], linkOf)] : []
      }),
    )
    // The part `reference` begins with the page of all calls.
    return own.length === 0 ? [] : [sectionPage(section, own, language), ...own]
  })
  const topics = document.tags.flatMap(({ name }) => calls.filter(call => call.topic === name))
  const types = eventsOf(document)
  const parts = {
    calls: topics.map(call => referencePage(call, language, lookups)),
    events: types.map(event => eventPage(event, language, lookups)),
    errors: codes.map(({ code, text }) =>
      errorPage(code, text, written.get(`errors/${code}`), calls, language, linkOf),
    ),
    examples: sources.examples.map(example => examplePage(example, language)),
  }
  const first = partPages(parts, types, language)
  const pages: Page[] = [
    ...guides,
    ...[first.calls, scopesPage(scopes, topics, types, language, linkOf), ...parts.calls],
    ...[first.events, ...parts.events],
    ...[first.errors, ...parts.errors],
    ...[first.examples, ...parts.examples],
    changelogPage(sources.changelog, language, linkOf),
  ]
  return [homePage(pages, language), ...pages]
}

/** Calls, types of events, scopes and codes between backticks lead to their pages. */
function codeLinks({ paths, webhooks, 'x-errors': codes, 'x-scopes': scopes }: OpenApi): CodeLinks {
  return code => {
    const path = code.replace(/^(GET|POST) /, '')
    if (Object.hasOwn(paths, path)) return `/docs/reference/${slugOf(path)}`
    if (Object.hasOwn(webhooks, code)) return `/docs/events/${eventSlugOf(code)}`
    if (scopes.some(one => one.name === code)) return `/docs/scopes#${idOf(code)}`
    return codes.some(one => one.code === code) ? `/docs/errors/${code}` : undefined
  }
}

function writtenPage(one: WrittenPage, language: Language, group: string, linkOf: CodeLinks): Page {
  const { html, sections, intro } = render(one.markdown, language, linkOf)
  return {
    name: one.name,
    language,
    kind: 'guide',
    title: one.title,
    summary: one.summary,
    group,
    mark: '',
    html: `<h1>${escapeHtml(one.title)}</h1>${html}`,
    markdown: one.markdown,
    sections,
    intro,
    terms: [],
  }
}

function referencePage(call: Call, language: Language, lookups: Lookups): Page {
  const { slug, summary: title, description, topic, method, path } = call
  return {
    name: `reference/${slug}`,
    language,
    kind: 'call',
    title,
    summary: description || title,
    group: topic,
    mark: method,
    html: callPage(call, language, lookups),
    markdown: callMarkdown(call, language, lookups.errorText),
    sections: sectionsOf(call, language),
    terms: [path, call.section, call.scope, ...call.fields.map(one => one.name)].filter(Boolean),
  }
}

/** What the search finds on the page of a call beside its name. */
function sectionsOf(call: Call, language: Language): Section[] {
  const w = words[language]
  const { body, sample } = call
  return [
    { id: 'parameters', level: 2, title: w.parameters, text: fieldWords(inputsOf(call)) },
    { id: 'answer', level: 2, title: w.answer, text: `${fieldWords(body)} ${sample}` },
  ]
}

function errorPage(
  code: string,
  text: string,
  found: WrittenPage | undefined,
  calls: readonly Call[],
  language: Language,
  linkOf: CodeLinks,
): Page {
  const w = words[language]
  const about = found ? render(found.markdown, language, linkOf) : { html: '', sections: [], intro: '' }
  const title = found?.title ?? `${code} ${text}`
  const raised = calls.filter(call => call.errors.includes(code))
  const heading = { id: 'calls', level: 2, title: w.callsWith, text: '' }
  const list = raised.map(
    ({ slug, path, summary }) =>
      `<li><a href="${localised(`/docs/reference/${slug}`, language)}"><code>${escapeHtml(path)}</code> ${escapeHtml(summary)}</a></li>`,
  )
  const plain = raised.map(({ path, summary }) => `- ${path} ${summary}`).join('\n')
  return {
    name: `errors/${code}`,
    language,
    kind: 'error',
    title,
    group: w.errors,
    mark: '',
    summary: found?.summary ?? `${code} ${text}`,
    html: `<h1>${escapeHtml(title)}</h1>${about.html}<h2 id="calls">${w.callsWith}</h2><ul class="call-list">${list.join('')}</ul>`,
    markdown: `${found?.markdown.trimEnd() ?? `# ${title}`}\n\n## ${w.callsWith}\n\n${plain}\n`,
    sections: [...about.sections, heading],
    intro: about.intro,
    terms: [code],
  }
}
