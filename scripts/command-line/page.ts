import { commands, groups } from '../../server/cli/commands.ts'
import type { Language } from '../../server/platform/words.ts'

/** The pages of the site that list all commands. What stands before the heading is written by hand. */
export const commandLinePages = {
  zh: { file: 'web/docs/content/zh/run/command-line.md', heading: '## 全部命令' },
  en: { file: 'web/docs/content/en/run/command-line.md', heading: '## All commands' },
} as const satisfies Record<Language, { file: string; heading: string }>

/** Returns the page with its list made of the declarations of commands. Throws if the heading is missing. */
export function commandLinePage(language: Language, page: string): string {
  const { heading } = commandLinePages[language]
  const at = page.indexOf(`\n${heading}\n`)
  if (at < 0) throw new Error(`the page of the command line has no "${heading}"`)
  const byGroup = Map.groupBy(commands, command => command.path.split(' ', 1)[0] ?? '')
  const parts = [...byGroup].map(([group, list]) => {
    const about = groups[group]?.[language]
    const intro = about && !list.some(one => one.path === group) ? `${oneLine(about)}\n\n` : ''
    return `### ${group}\n\n${intro}${list.map(one => commandText(one, language)).join('\n')}`
  })
  return `${page.slice(0, at)}\n${heading}\n\n${parts.join('\n')}`
}

function commandText(
  { path, summary, parts, details }: (typeof commands)[number],
  language: Language,
): string {
  const all = Object.values(parts)
  const positional = all.filter(one => !one.flags.startsWith('-')).map(one => one.flags)
  const options = all.map(one => `- \`${one.flags}\`: ${oneLine(one.description[language])}\n`)
  const more = details ? `\n${oneLine(details[language])}\n` : ''
  const list = options.length > 0 ? `\n${options.join('')}` : ''
  return `**\`wisp ${[path, ...positional].join(' ')}\`** ${oneLine(summary[language])}\n${list}${more}`
}

/** What would be markup in Markdown is shown as it is. */
const oneLine = (text: string) => text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/[<>*[\]]/g, '\\$&')
