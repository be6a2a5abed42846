import { extname } from 'node:path'
import type { Language } from './content.ts'
import { codeBlock, escapeHtml } from './html.ts'
import { type CodeLinks, highlight, idOf, render } from './markdown.ts'
import type { Page } from './page.ts'
import { type Example, exampleLabels, languagesByExtension } from './sources.ts'
import { words } from './words.ts'

export function examplePage({ id, files }: Example, language: Language, linkOf: CodeLinks): Page {
  const w = words[language]
  const title = exampleLabels[id] ?? id
  const readme = files.find(one => one.name === 'README.md')
  const code = files.filter(one => one !== readme)
  const about = readme ? render(readme.text, language, linkOf).html : ''
  const blocks = code.map(({ name, text }) => {
    const html = highlight(text.trimEnd(), languagesByExtension[extname(name)] ?? '')
    return `<h2 id="${idOf(name)}"><a class="anchor" href="#${idOf(name)}" aria-label="${w.linkToHere}">#</a>${escapeHtml(name)}</h2>${codeBlock(html, name, w.copy)}`
  })
  const plain = code.map(({ name, text }) => `## ${name}\n\n\`\`\`\n${text.trimEnd()}\n\`\`\``)
  return {
    ...{
      name: `examples/${id}`,
      language,
      kind: 'example',
      title,
      summary: code.map(one => one.name).join(' · '),
    },
    ...{ group: w.examples, mark: '' },
    html: `<h1>${escapeHtml(title)}</h1>${about}${blocks.join('')}`,
    markdown: `# ${title}\n\n${plain.join('\n\n')}\n`,
    sections: code.map(({ name }) => ({ id: idOf(name), level: 2, title: name, text: '' })),
    terms: [id],
  }
}
