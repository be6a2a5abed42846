import { type Language, languages } from './content.ts'
import { addressOf, type Page } from './page.ts'
import { words } from './words.ts'

/** `/llms.txt`: the pages as Markdown for tools, in the form of llmstxt.org. */
export function llmsText(pages: Record<Language, readonly Page[]>): string {
  const parts = languages.flatMap(language => {
    const groups = Map.groupBy(
      pages[language].filter(one => one.kind !== 'home'),
      one => one.group,
    )
    return [...groups].map(([name, list]) => {
      const lines = list.map(one => `- [${one.title}](${addressOf(one)}.md): ${firstSentence(one.summary)}`)
      return `## ${name}\n\n${lines.join('\n')}`
    })
  })
  return `# ${words.zh.site}\n\n> ${words.zh.homeSummary}\n> ${words.en.homeSummary}\n\n${parts.join('\n\n')}\n`
}

function firstSentence(text: string): string {
  return /^.*?(。|\. |$)/.exec(text)?.[0].trim() ?? text
}
