import type { Language } from './content.ts'
import { escapeHtml } from './html.ts'
import { type CodeLinks, idOf, localised, render, type Section } from './markdown.ts'
import type { Page } from './page.ts'
import type { Call, ScopeDoc } from './reference/calls.ts'
import type { EventDoc } from './reference/events.ts'
import { words } from './words.ts'

/** The page of all scopes, each with what needs it, made of the declarations of calls and events. */
export function scopesPage(
  scopes: readonly ScopeDoc[],
  calls: readonly Call[],
  events: readonly EventDoc[],
  language: Language,
  linkOf: CodeLinks,
): Page {
  const w = words[language]
  const rows = scopes.map(({ name, text, byDefault }) => {
    const paths = calls.filter(call => call.scope === name).map(call => call.path)
    const types = events.filter(event => event.scope === name).map(event => event.type)
    return { name, text, has: byDefault ? w.scopeHas : w.scopeHasNot, needs: [...paths, ...types] }
  })
  const link = (code: string) =>
    `<a href="${localised(linkOf(code) ?? '', language)}"><code>${escapeHtml(code)}</code></a>`
  const head = [w.scope, w.scopeAllows, w.scopeByDefault, w.scopeNeededBy]
  const inTable = rows.map(
    ({ name, text, has, needs }) =>
      `<tr id="${idOf(name)}"><td><code>${name}</code></td><td>${escapeHtml(text)}</td><td>${has}</td><td>${needs.map(link).join(' ') || w.none}</td></tr>`,
  )
  const inMarkdown = rows.map(
    ({ name, text, has, needs }) =>
      `| \`${name}\` | ${text} | ${has} | ${needs.map(one => `\`${one}\``).join(' ') || w.none} |`,
  )
  const sections: Section[] = rows.map(({ name, text, needs }) => ({
    id: idOf(name),
    level: 3,
    title: name,
    text: `${text} ${needs.join(' ')}`,
  }))
  return {
    name: 'scopes',
    language,
    kind: 'part',
    title: w.scopesTitle,
    summary: w.scopesSummary,
    group: w.reference,
    mark: '',
    html: `<h1>${w.scopesTitle}</h1><p class="lead">${w.scopesSummary}</p>${render(w.scopesAsk, language, linkOf).html}
<div class="table scopes-table" tabindex="0" role="group"><table><thead><tr>${head.map(one => `<th>${one}</th>`).join('')}</tr></thead><tbody>${inTable.join('')}</tbody></table></div>`,
    markdown: `# ${w.scopesTitle}\n\n${w.scopesSummary}\n\n${w.scopesAsk}\n\n| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}\n${inMarkdown.join('\n')}\n`,
    sections,
    terms: ['scope', 'scopes'],
  }
}
