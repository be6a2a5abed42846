import { codePieces, jsonPieces } from '../../shared/colours.ts'
import type { Language } from '../content.ts'
import { codeBlock, coloured, escapeHtml } from '../html.ts'
import { localised, render } from '../markdown.ts'
import type { Page } from '../page.ts'
import { put, words } from '../words.ts'
import { type Lookups, scopeLink } from './call-page.ts'
import type { EventDoc } from './events.ts'
import { fieldLines, fieldList, fieldWords } from './field-list.ts'

/** The page of a type of event: when it comes, its fields, an example, and how to get it. */
export function eventPage(event: EventDoc, language: Language, { linkOf, scopeText }: Lookups): Page {
  const w = words[language]
  const { type, slug, title, when, scope, feature, data, sample } = event
  const needs = scope
    ? `<p class="permission">${w.needs} ${scopeLink(scope, language, linkOf)} <span>${escapeHtml(scopeText(scope))}</span></p>`
    : `<p class="permission">${w.noScopeNeeded}</p>`
  const optional = feature
    ? `<p class="permission">${put(w.eventNeedsFeature, { f: escapeHtml(feature.title) })}</p>`
    : ''
  const subscribe = subscribeTo(type)
  const heading = (id: string, text: string) =>
    `<h2 id="${id}"><a class="anchor" href="#${id}" aria-label="${w.linkToHere}">#</a>${text}</h2>`
  const after = render(w.eventAfter, language, linkOf).html
  return {
    name: `events/${slug}`,
    language,
    kind: 'event',
    title,
    summary: when,
    group: w.events,
    mark: '',
    html: `<h1>${escapeHtml(title)}</h1>
<p class="endpoint"><code>${escapeHtml(type)}</code><button type="button" class="copy" data-copy="${escapeHtml(type)}">${w.copy}</button></p>
<p class="lead">${escapeHtml(when)}${language === 'zh' ? '。' : '.'}</p>${needs}${optional}
${heading('sample', w.eventSample)}
<p>${w.eventBody}</p>
${codeBlock(coloured(jsonPieces(sample)), 'json', w.copy)}
${heading('fields', w.eventFields)}
${fieldList(data, language)}
${heading('subscribe', w.eventSubscribe)}
${codeBlock(coloured(codePieces(subscribe)), 'sh', w.copy)}
${after}
<p><a href="${localised('/docs/build/webhooks', language)}">${w.eventGuide}</a></p>`,
    markdown: `# ${title}\n\n\`${type}\` · ${scope ? `${w.needs} \`${scope}\`` : w.noScopeNeeded}\n\n${when}\n\n## ${w.eventSample}\n\n\`\`\`json\n${sample}\n\`\`\`\n\n## ${w.eventFields}\n\n${fieldLines(data, language)}\n\n## ${w.eventSubscribe}\n\n\`\`\`sh\n${subscribe}\n\`\`\`\n`,
    sections: [
      { id: 'sample', level: 2, title: w.eventSample, text: sample },
      { id: 'fields', level: 2, title: w.eventFields, text: fieldWords(data) },
      { id: 'subscribe', level: 2, title: w.eventSubscribe, text: subscribe },
    ],
    terms: [type, scope, 'webhook'].filter(Boolean),
  }
}

function subscribeTo(type: string): string {
  return `curl -X POST 'https://wisp.example.com/api/webhook/create' \\
  -H "Authorization: Bearer $DEV_TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{"url": "https://app.example.com/wisp-events", "types": ["${type}"]}'`
}
