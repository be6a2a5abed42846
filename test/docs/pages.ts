import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export type Language = 'zh' | 'en'
export const content = join(import.meta.dirname, '../../web/docs/content')

/**
 * A fenced block. `file` is the second word of its fence: such a block is a file that later blocks use, and is not run by itself.
 * `line` is that of its first line.
 */
export type Block = { language: string; file: string | undefined; text: string; line: number }

/** A written page of the developers' site; `name` is its path without the language and `.md`. */
export type Page = { name: string; markdown: string; blocks: Block[] }

export function readPages(language: Language): Page[] {
  const folder = join(content, language)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.md'))
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).slice(0, -3))
    .sort()
    .map(name => {
      const markdown = readFileSync(join(folder, `${name}.md`), 'utf8')
      return { name, markdown, blocks: blocksOf(markdown) }
    })
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^```(\S*) ?(\S*)$/.exec(line)
    if (!fence && open) open.text += `${line}\n`
    if (!fence) continue
    if (open) blocks.push(open)
    open = open
      ? undefined
      : { language: fence[1] ?? '', file: fence[2] || undefined, text: '', line: index + 2 }
  }
  if (open) throw new Error(`a block that begins in line ${open.line} has no end`)
  return blocks
}

/** The page without its blocks: what is prose. */
export function proseOf({ markdown }: Page): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gm, '')
}

const programs: Record<string, string> = { js: 'mjs', ts: 'mts', python: 'py' }

/** The ending of a file that holds such a block; undefined where it is no program of its own. */
export const endingOf = (block: Block): string | undefined => programs[block.language]
export const isRun = (block: Block): boolean =>
  block.file === undefined && (block.language === 'sh' || endingOf(block) !== undefined)
