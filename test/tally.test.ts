import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { closingLine, readTally } from '../scripts/test/tally.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'wisp-tally-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function resultFile(files: { status: string; tests: string[] }[]): string {
  const all = files.flatMap(one => one.tests)
  const count = (status: string) => all.filter(one => one === status).length
  const path = join(dir, 'result.json')
  const result = {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    testResults: files.map(one => ({
      status: one.status,
      assertionResults: one.tests.map(status => ({ status })),
    })),
  }
  writeFileSync(path, JSON.stringify(result))
  return path
}

it('counts what passed, failed and was skipped', () => {
  const path = resultFile([{ status: 'failed', tests: ['passed', 'failed', 'pending', 'todo'] }])
  expect(closingLine(readTally(path, false))).toBe('1 passed, 1 failed, 2 skipped')
})

it('counts a file that did not load, and a run that failed with no failed test', () => {
  const broken = resultFile([
    { status: 'passed', tests: ['passed'] },
    { status: 'failed', tests: [] },
  ])
  expect(closingLine(readTally(broken, false))).toBe('1 passed, 1 failed')
  const fine = resultFile([{ status: 'passed', tests: ['passed'] }])
  expect(closingLine(readTally(fine, false))).toBe('1 passed, 1 failed')
  expect(closingLine(readTally(fine, true))).toBe('1 passed, 0 failed')
  expect(closingLine(readTally(join(dir, 'none.json'), true))).toBe('0 passed, 1 failed')
})
