import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Language } from '../../examples/languages.ts'

/**
 * What the programs of the examples were proved with, by the folder of their language: a hash of what they are made of. It is
 * committed, so that a fresh clone knows it too. A wrong answer of the server shows in any language, and two run each time; what only
 * another one could show changes with its programs, with the declared calls and events, or with these tests.
 */
const root = resolve(import.meta.dirname, '../..')
const file = join(import.meta.dirname, 'proved.json')
const always = ['curl', 'typescript']

type Proved = Record<string, string>

const read = (): Proved => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Proved) : {})

export function hashOf({ folder }: Pick<Language, 'folder'>, at = root): string {
  const inputs = [
    `examples/${folder}/**/*.*`,
    'examples/languages.ts',
    'test/examples/*.ts',
    'sdk/server/generated/*.ts',
  ]
  // What compilers and interpreters leave is none of the inputs.
  const paths = inputs.flatMap(pattern =>
    globSync(pattern, { cwd: at, exclude: ['**/out/**', '**/__pycache__/**', '**/*.exe', '**/proved*'] }),
  )
  const hash = createHash('sha256')
  for (const path of paths.sort())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(at, path)))
      .update('\0')
  return hash.digest('hex').slice(0, 32)
}

/** Whether its programs have to run: one of the two that always do, or changed since they were proved. */
export function isDue(language: Pick<Language, 'folder'>, proved: Proved = read()): boolean {
  return always.includes(language.folder) || proved[language.folder] !== hashOf(language)
}

/** Notes that the programs of these languages passed every test. */
export function noteProved(languages: readonly Pick<Language, 'folder'>[]): void {
  const proved = read()
  for (const language of languages)
    if (!always.includes(language.folder)) proved[language.folder] = hashOf(language)
  const sorted = Object.fromEntries(Object.entries(proved).sort(([a], [b]) => (a < b ? -1 : 1)))
  const text = `${JSON.stringify(sorted, undefined, 2)}\n`
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
}
