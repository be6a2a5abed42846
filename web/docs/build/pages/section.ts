import type { SiteSection } from '../../content/contents.ts'
import type { Language } from '../content.ts'
import { escapeHtml } from '../html.ts'
import { idOf } from '../markdown.ts'
import { addressOf, type Page } from '../page.ts'

/** The first page of a part of the site, such as `/docs/build`: its written pages by chapter, each with its summary. */
export function sectionPage(section: SiteSection, pages: readonly Page[], language: Language): Page {
  const { name, chapters } = section
  const [title, summary] = [section.title[language], section.summary[language]]
  const written = new Map(pages.map(page => [page.name, page]))
  const groups = chapters.map(chapter => ({
    title: chapter.title[language],
    pages: chapter.pages.flatMap(one => written.get(one) ?? []),
  }))
  const cards = (list: readonly Page[]) =>
    list.map(
      one =>
        `<li><a href="${addressOf(one)}"><b>${escapeHtml(one.title)}</b><span>${escapeHtml(one.summary)}</span></a></li>`,
    )
  const html = groups.map(
    group =>
      `<h2 id="${idOf(group.title)}">${escapeHtml(group.title)}</h2><ul class="cards">${cards(group.pages).join('')}</ul>`,
  )
  const plain = groups.map(
    group =>
      `## ${group.title}\n\n${group.pages.map(one => `- [${one.title}](${addressOf(one)}.md): ${one.summary}`).join('\n')}`,
  )
  return {
    name,
    language,
    kind: 'section',
    title,
    summary,
    group: title,
    mark: '',
    html: `<h1>${escapeHtml(title)}</h1><p class="lead">${escapeHtml(summary)}</p>${html.join('')}`,
    markdown: `# ${title}\n\n${summary}\n\n${plain.join('\n\n')}\n`,
    sections: groups.map(group => ({ id: idOf(group.title), level: 2, title: group.title, text: '' })),
    terms: [],
  }
}
