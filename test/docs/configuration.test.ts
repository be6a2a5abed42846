import { expect, it } from 'vitest'
import { environmentTable } from '../../server/platform/config.ts'
import { readPages } from './pages.ts'

it.each(['zh', 'en'] as const)('lists every environment variable, with its default (%s)', language => {
  const page = readPages(language).find(one => one.name === 'run/configuration')!
  const rows = [...page.markdown.matchAll(/^\| (.+) \|$/gm)].map(match => (match[1] ?? '').split(/ ?\| /))
  const listed = rows.filter(([name]) => name?.startsWith('`WISP_'))
  expect(listed.map(([name, value]) => [name, value])).toEqual(
    environmentTable().map(row => [`\`${row.name}\``, row.default && `\`${row.default}\``]),
  )
})
