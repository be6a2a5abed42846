import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findSoakTests, findTests, longest, notAboutSql, storageTests } from '../scripts/test/paths.ts'
import { root } from '../scripts/test/run.ts'

const tests = findTests()
const text = (path: string) => readFileSync(join(root, path), 'utf8')

describe('a path of tests', () => {
  const contributing = text('CONTRIBUTING.md')
  const groups = contributing.slice(contributing.indexOf('| group |'), contributing.indexOf('## Style'))

  it.each([
    ...[...longest, ...storageTests, ...notAboutSql].map(path => ['scripts/test/paths.ts', path] as const),
    ...[...groups.matchAll(/`((?:server|sandbox|test)\/[^`]*)`/g)].map(
      match => ['CONTRIBUTING.md', match[1] ?? ''] as const,
    ),
    ...[...contributing.matchAll(/npx vitest(?: run)? (\S+?)(?=[`\s])/g)].map(
      match => ['CONTRIBUTING.md', match[1] ?? ''] as const,
    ),
  ])('in %s is one where tests are: %s', (_file, path) => {
    expect(tests.filter(test => test.includes(path))).not.toEqual([])
  })
})

it('asks how much to do in files of tests alone, where npm run soak looks for it', () => {
  const helpers = tests.flatMap(test =>
    [...text(test).matchAll(/from '(\.[^']+(?<!\/soak|\.test)\.ts)'/g)].map(match =>
      join(test, '..', match[1] ?? ''),
    ),
  )
  const askers = [...new Set(helpers)].filter(
    path => path.startsWith('test/') && /\bsoak\(|\bisSoak\b/.test(text(path)),
  )
  expect(askers).toEqual([])
  expect(findSoakTests()).toContain('test/attacks/fuzz.test.ts')
})
