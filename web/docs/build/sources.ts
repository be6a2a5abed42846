import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { languages, programsOf } from '../../../examples/languages.ts'
import type { Language } from './content.ts'
import type { OpenApi } from './reference/calls.ts'

/** What the site is made of beside its own content. This file imports no library, so that the build's types stay out of the server's. */
export type Sources = {
  documents: Record<Language, OpenApi>
  examples: readonly Example[]
  changelog: string
}

/** The files of one language's examples, as they are run; `id` is the folder. */
export type Example = { id: string; name: string; files: readonly { name: string; text: string }[] }

const root = resolve(import.meta.dirname, '../../..')
const folder = join(root, 'examples')

/** The examples in order, each with what its programs share first. */
export function readExamples(): Example[] {
  return languages.map(language => ({
    id: language.folder,
    name: language.name,
    files: [...language.client, ...programsOf(language).map(language.file)].map(path => ({
      name: path,
      text: readFileSync(join(folder, language.folder, path), 'utf8'),
    })),
  }))
}

export function readChangelog(): string {
  return readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
}
