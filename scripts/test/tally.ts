import { existsSync, readFileSync } from 'node:fs'

export type Tally = { passed: number; failed: number; skipped: number }

type VitestResult = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/** The count of vitest's own result. What failed without a failed test (a file that does not load, vitest itself) is one. */
export function readTally(file: string, isGood: boolean): Tally {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const result = JSON.parse(readFileSync(file, 'utf8')) as VitestResult
  const brokenFiles = result.testResults.filter(
    one => one.status === 'failed' && one.assertionResults.every(test => test.status !== 'failed'),
  )
  const failed = result.numFailedTests + brokenFiles.length
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && !isGood ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  }
}

export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
