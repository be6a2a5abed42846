import type { Language } from './content.ts'
import { escapeHtml } from './html.ts'
import { type CodeLinks, render } from './markdown.ts'
import type { Page } from './page.ts'
import { words } from './words.ts'

/** Where the site is, in files that need whole addresses; the server puts its own in its place. */
export const placeholderOrigin = 'https://wisp.example.com'

/** The page of what changed: CHANGELOG.md, whose links lead to pages of the site or nowhere. */
export function changelogPage(changelog: string, language: Language, linkOf: CodeLinks): Page {
  const w = words[language]
  const text = withoutFiles(changelog).replace(/^# .+\n/, '')
  const { html, sections } = render(text, language, linkOf)
  return {
    name: 'changelog',
    language,
    kind: 'guide',
    title: w.changelog,
    summary: w.changelogSummary,
    group: w.changelog,
    mark: '',
    html: `<h1>${w.changelog}</h1><p class="lead">${w.changelogSummary} <a href="/docs/changelog.atom">Atom</a></p>${html}`,
    markdown: `# ${w.changelog}\n\n${w.changelogSummary}\n${text}`,
    sections,
    terms: ['changelog', 'release'],
  }
}

/** Links to written pages lead to the site; of files of the repository, which the site does not have, the path is shown. */
function withoutFiles(markdown: string): string {
  return markdown
    .replace(/\]\(web\/docs\/content\/\w+\/([\w/-]+)\.md(#[^)]*)?\)/g, '](/docs/$1$2)')
    .replace(/\[([^\]]*)\]\((?!\/|https?:)([^)]*)\)/g, (_all, text: string, path: string) =>
      text.replaceAll('`', '') === path ? text : `${text} (\`${path}\`)`,
    )
}

type Release = { version: string; date: string; text: string }

function releasesOf(changelog: string): Release[] {
  return changelog.split(/^## /m).flatMap(part => {
    const [, version = '', date = ''] =
      /^(\d[\w.-]*) — (\d{4}-\d\d-\d\d)(?:, commit `\w+`)?$/m.exec(part) ?? []
    return version ? [{ version, date, text: part.slice(part.indexOf('\n')).trim() }] : []
  })
}

/** The releases as Atom (RFC 4287). */
export function changelogFeed(changelog: string): string {
  const releases = releasesOf(changelog)
  const none: CodeLinks = () => undefined
  const page = `${placeholderOrigin}/docs/en/changelog`
  const entries = releases.map(
    ({ version, date, text }) => `<entry>
<id>tag:wisp,2026:release/${version}</id>
<title>wisp ${version}</title>
<updated>${date}T00:00:00Z</updated>
<link href="${page}"/>
<content type="html">${escapeHtml(render(withoutFiles(text), 'en', none).html)}</content>
</entry>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>tag:wisp,2026:changelog</id>
<title>${escapeHtml(words.en.changelogOf)}</title>
<updated>${releases[0]?.date ?? '2026-01-01'}T00:00:00Z</updated>
<author><name>wisp</name></author>
<link rel="self" href="${placeholderOrigin}/docs/changelog.atom"/>
<link href="${page}"/>
${entries.join('\n')}
</feed>
`
}
