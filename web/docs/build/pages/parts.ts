import type { Language } from '../content.ts'
import { escapeHtml } from '../html.ts'
import { addressOf, type Page } from '../page.ts'
import type { EventDoc } from '../reference/events.ts'
import { words } from '../words.ts'

type Parts = {
  calls: readonly Page[]
  events: readonly Page[]
  errors: readonly Page[]
  examples: readonly Page[]
}

/** The first page of each part, such as `/docs/errors`: all that is in it, with what each is in a sentence. */
export function partPages(
  { calls, events, errors, examples }: Parts,
  types: readonly EventDoc[],
  language: Language,
): Record<keyof Parts, Page> {
  const w = words[language]
  const list = (pages: readonly Page[]) =>
    `<ul class="call-list">${pages.map(one => `<li><a href="${addressOf(one)}">${mark(one)}${escapeHtml(one.title)}</a></li>`).join('')}</ul>`
  const topics = [...Map.groupBy(calls, one => one.group)]
  const inTable = events.map((page, at) => {
    const { type = '', scope = '' } = types[at] ?? {}
    return `<tr><td><a href="${addressOf(page)}"><code>${escapeHtml(type)}</code></a><br>${escapeHtml(page.title)}</td><td>${escapeHtml(page.summary)}</td><td>${scope ? `<code>${scope}</code>` : w.none}</td></tr>`
  })
  const part = (name: string, title: string, summary: string, group: string, html: string) =>
    ({
      name,
      language,
      kind: 'part',
      title,
      summary,
      group,
      mark: '',
      sections: [],
      terms: [name],
      html: `<h1>${escapeHtml(title)}</h1><p class="lead">${escapeHtml(summary)}</p>${html}`,
      markdown: '',
    }) satisfies Page
  const linked = (page: Page, pages: readonly Page[]): Page => ({
    ...page,
    markdown: `# ${page.title}\n\n${page.summary}\n\n${pages.map(one => `- [${one.title}](${addressOf(one)}.md): ${one.summary}`).join('\n')}\n`,
  })
  const others = [
    { name: 'events', title: w.eventsTitle, summary: w.eventsSummary },
    { name: 'scopes', title: w.scopesTitle, summary: w.scopesSummary },
    { name: 'errors', title: w.errorsTitle, summary: w.errorsSummary },
    { name: 'examples', title: w.examplesTitle, summary: w.examplesSummary },
    { name: 'changelog', title: w.changelog, summary: w.changelogSummary },
  ].map(
    one =>
      `<li><a href="${addressOf({ name: one.name, language })}"><b>${escapeHtml(one.title)}</b><span>${escapeHtml(one.summary)}</span></a></li>`,
  )
  const cards = `<ul class="cards">${others.join('')}</ul>`
  const groups = topics.map(([name, pages]) => `<h2>${escapeHtml(name)}</h2>${list(pages)}`)
  return {
    calls: linked(
      part('reference', w.homeCalls, w.callsSummary, w.reference, cards + groups.join('')),
      calls,
    ),
    events: linked(
      part(
        'events',
        w.eventsTitle,
        w.eventsSummary,
        w.events,
        `<div class="table events-table" tabindex="0" role="group"><table><thead><tr><th>${w.eventType}</th><th>${w.eventWhen}</th><th>${w.needs}</th></tr></thead><tbody>${inTable.join('')}</tbody></table></div><p>${w.eventsTest}</p>`,
      ),
      events,
    ),
    errors: linked(part('errors', w.errorsTitle, w.errorsSummary, w.errors, list(errors)), errors),
    examples: linked(
      part('examples', w.examplesTitle, w.examplesSummary, w.examples, list(examples)),
      examples,
    ),
  }
}

function mark({ mark: method }: Page): string {
  return method ? `<span class="nav-mark nav-mark-${method.toLowerCase()}">${escapeHtml(method)}</span> ` : ''
}
