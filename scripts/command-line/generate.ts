// Writes the commands into the pages of the command line: `node scripts/command-line/generate.ts` after a change of a declaration.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLinePage, commandLinePages } from './page.ts'

const root = join(import.meta.dirname, '../..')
for (const language of ['zh', 'en'] as const) {
  const path = join(root, commandLinePages[language].file)
  writeFileSync(path, commandLinePage(language, readFileSync(path, 'utf8')))
}
