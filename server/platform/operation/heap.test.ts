import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('V8 knows every flag that is set: one that a new Node no longer has would be passed over', () => {
  const source = readFileSync(join(import.meta.dirname, 'heap.ts'), 'utf8')
  const flags = [...source.matchAll(/setFlagsFromString\('--(?:no-)?([\w-]+)/g)].map(match => match[1])
  expect(flags).toHaveLength(2)
  const options = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
  for (const flag of flags) expect(options).toMatch(new RegExp(`^  --${flag} \\(`, 'm'))
})
