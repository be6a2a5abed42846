import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isThere, type Language, languages } from '../examples/languages.ts'
import { closingLine, failedFiles, notRunLine, readRun, sum } from '../scripts/test/tally.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'wisp-tally-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function resultFile(files: { name: string; status: string; tests: string[] }[]): string {
  const path = join(dir, 'result.json')
  const testResults = files.map(({ name, status, tests }) => ({
    name,
    status,
    assertionResults: tests.map(test => ({ status: test })),
  }))
  writeFileSync(path, JSON.stringify({ testResults }))
  return path
}

it('counts what passed, failed and was skipped', () => {
  const path = resultFile([{ name: 'a', status: 'failed', tests: ['passed', 'failed', 'pending', 'todo'] }])
  expect(closingLine(sum(readRun(path, false)))).toBe('1 passed, 1 failed, 2 skipped')
})

it('counts a file that did not load, and a run that failed with no failed test', () => {
  const broken = resultFile([
    { name: 'a', status: 'passed', tests: ['passed'] },
    { name: 'b', status: 'failed', tests: [] },
    { name: 'c', status: 'failed', tests: ['passed'] },
  ])
  expect(closingLine(sum(readRun(broken, false)))).toBe('2 passed, 2 failed')
  const fine = resultFile([{ name: 'a', status: 'passed', tests: ['passed'] }])
  expect(closingLine(sum(readRun(fine, false)))).toBe('1 passed, 1 failed')
  expect(closingLine(sum(readRun(fine, true)))).toBe('1 passed, 0 failed')
  expect(closingLine(sum(readRun(join(dir, 'none.json'), true)))).toBe('0 passed, 1 failed')
})

it('counts files that ran again as they fared then', () => {
  const first = readRun(
    resultFile([
      { name: 'a', status: 'passed', tests: ['passed'] },
      { name: 'b', status: 'failed', tests: ['passed', 'failed'] },
      { name: 'c', status: 'failed', tests: ['failed'] },
    ]),
    false,
  )
  expect(failedFiles(first.files)).toEqual(['b', 'c'])
  const path = resultFile([
    { name: 'b', status: 'passed', tests: ['passed', 'passed'] },
    { name: 'c', status: 'failed', tests: ['failed'] },
  ])
  expect(closingLine(sum(first, readRun(path, false)))).toBe('3 passed, 1 failed')
  expect(closingLine(sum(first, readRun(join(dir, 'none.json'), false)))).toBe('2 passed, 3 failed')
})

it('names a language whose tool is not there', () => {
  const found = languages.find(({ folder }) => folder === 'php')
  const without: Language = { ...found!, probe: [join(dir, 'php')] }
  expect(isThere(without)).toBe(false)
  expect(notRunLine(without)).toBe('Examples not run: PHP, which needs php-cli, php-curl.')
})
