import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commandLinePage, commandLinePages } from '../../scripts/command-line/page.ts'
import { commands } from '../../server/cli/commands.ts'

it.each(['zh', 'en'] as const)(
  'the page of the command line (%s) is that of the declarations: node scripts/command-line/generate.ts',
  language => {
    const page = readFileSync(join(import.meta.dirname, '../..', commandLinePages[language].file), 'utf8')
    expect(page).toBe(commandLinePage(language, page))
    expect(commands.filter(one => !page.includes(`**\`wisp ${one.path}`))).toEqual([])
  },
)
