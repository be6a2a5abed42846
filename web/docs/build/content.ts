import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chapters } from '../content/contents.ts'

export type Language = 'zh' | 'en'
export const languages: readonly Language[] = ['zh', 'en']

/** A written page: `name` as in contents.ts, `markdown` the whole file. */
export type WrittenPage = { name: string; title: string; summary: string; markdown: string }

const folder = resolve(import.meta.dirname, '../content')

/** The written pages of one language in the order of the contents, then the texts of errors. Pages without a file are left out. */
export function writtenPages(language: Language, dir: string = folder): WrittenPage[] {
  const errors = join(dir, language, 'errors')
  const codes = existsSync(errors) ? readdirSync(errors).sort() : []
  const names = [
    ...chapters.flatMap(chapter => chapter.pages),
    ...codes.filter(name => name.endsWith('.md')).map(name => `errors/${name.slice(0, -3)}`),
  ]
  return names.flatMap(name => {
    const file = join(dir, language, `${name}.md`)
    return existsSync(file) ? [readWritten(name, readFileSync(file, 'utf8'))] : []
  })
}

/** Throws when the file does not begin with a title and a paragraph. */
export function readWritten(name: string, markdown: string): WrittenPage {
  const found = /^# (.+)\n\n([^\n#`|>-][\s\S]*?)(?:\n\n|\n*$)/.exec(markdown.replaceAll('\r\n', '\n'))
  if (!found) throw new Error(`${name}.md should begin with "# Title" and a paragraph that sums it up`)
  // The words alone, as lists of pages show them.
  const summary = found[2]!
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/`|\*\*/g, '')
    .replaceAll('\n', ' ')
    .trim()
  return { name, title: found[1]!.trim(), summary, markdown }
}
