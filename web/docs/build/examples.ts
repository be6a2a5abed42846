import { extname } from 'node:path'
import type { Language } from './content.ts'
import { codeBlock, escapeHtml } from './html.ts'
import { highlight, idOf } from './markdown.ts'
import type { Page } from './page.ts'
import type { Example } from './sources.ts'
import { words } from './words.ts'

const languagesByExtension: Record<string, string> = {
  '.sh': 'bash',
  '.ts': 'typescript',
  '.java': 'java',
  '.cs': 'csharp',
  '.php': 'php',
  '.py': 'python',
  '.go': 'go',
}

export function examplePage({ id, name: title, files }: Example, language: Language): Page {
  const w = words[language]
  const blocks = files.map(({ name, text }) => {
    const html = highlight(text.trimEnd(), languagesByExtension[extname(name)] ?? '')
    return `<h2 id="${idOf(name)}"><a class="anchor" href="#${idOf(name)}" aria-label="${w.linkToHere}">#</a>${escapeHtml(name)}</h2>${codeBlock(html, name, w.copy)}`
  })
  const plain = files.map(({ name, text }) => {
    const fence = languagesByExtension[extname(name)] ?? 'text'
    return `## ${name}\n\n\`\`\`${fence}\n${text.trimEnd()}\n\`\`\``
  })
  return {
    name: `examples/${id}`,
    language,
    kind: 'example',
    title,
    summary: w.exampleSummary,
    group: w.examples,
    mark: '',
    html: `<h1>${escapeHtml(title)}</h1><p class="lead">${w.exampleSummary}</p>${blocks.join('')}`,
    markdown: `# ${title}\n\n${w.exampleSummary}\n\n${plain.join('\n\n')}\n`,
    sections: files.map(({ name, text }) => ({ id: idOf(name), level: 2, title: name, text })),
    terms: [id],
  }
}
