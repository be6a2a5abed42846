import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Language } from './content.ts'
import type { OpenApi } from './reference/calls.ts'

/** What the site is made of beside its own content. This file imports no library, so that the build's types stay out of the server's. */
export type Sources = { documents: Record<Language, OpenApi>; examples: readonly Example[] }

/** The files of one language's examples, as they are run. */
export type Example = { id: string; files: readonly { name: string; text: string }[] }

export const exampleLabels: Record<string, string> = {
  curl: 'curl',
  typescript: 'TypeScript',
  java: 'Java',
  csharp: 'C#',
  php: 'PHP',
  python: 'Python',
  go: 'Go',
}

export const languagesByExtension: Record<string, string> = {
  '.sh': 'bash',
  '.ts': 'typescript',
  '.mjs': 'javascript',
  '.js': 'javascript',
  '.java': 'java',
  '.cs': 'csharp',
  '.php': 'php',
  '.py': 'python',
  '.go': 'go',
  '.json': 'json',
  '.yaml': 'yaml',
}

/** Reads `examples/<language>`; empty where there are none. */
export function readExamples(dir: string): Example[] {
  return Object.keys(exampleLabels).flatMap(id => {
    const folder = join(dir, id)
    if (!existsSync(folder)) return []
    const names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(
        entry =>
          entry.isFile() && (extname(entry.name) in languagesByExtension || entry.name === 'README.md'),
      )
      .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .filter(name => !name.includes('node_modules'))
      .sort()
    return [{ id, files: names.map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') })) }]
  })
}
