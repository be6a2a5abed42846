import { existsSync, readFileSync } from 'node:fs'
import type { Language } from '../../examples/languages.ts'

export type Tally = { passed: number; failed: number; skipped: number }

/** Counts by test file. `isWhole` is false when vitest itself failed, which the counts of the files do not show. */
export type Run = { files: ReadonlyMap<string, Tally>; isWhole: boolean }

type VitestResult = {
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[]
}

/**
 * Reads vitest's result. A failure outside of any test (a file that does not load, a hook) counts as one
 * failed test.
 */
export function readRun(file: string, isGood: boolean): Run {
  if (!existsSync(file)) return { files: new Map(), isWhole: false }
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as VitestResult
  const files = new Map(testResults.map(one => [one.name, tallyOf(one)]))
  return { files, isWhole: isGood || failedFiles(files).length > 0 }
}

function tallyOf({ status, assertionResults }: VitestResult['testResults'][number]): Tally {
  const count = (...statuses: string[]) =>
    assertionResults.filter(test => statuses.includes(test.status)).length
  const failed = count('failed')
  return {
    passed: count('passed'),
    failed: status === 'failed' ? Math.max(failed, 1) : failed,
    skipped: assertionResults.length - count('passed', 'failed'),
  }
}

export function failedFiles(files: Run['files']): string[] {
  return [...files].filter(([, tally]) => tally.failed > 0).map(([name]) => name)
}

/** The sum of all counts. For files that were run again the second run counts. */
export function sum(run: Run, again: Run = { files: new Map(), isWhole: true }): Tally {
  const all = [...new Map([...run.files, ...again.files]).values()]
  const total = (of: keyof Tally) => all.reduce((count, tally) => count + tally[of], 0)
  const broken = [run, again].filter(one => !one.isWhole).length
  return { passed: total('passed'), failed: total('failed') + broken, skipped: total('skipped') }
}

export function add(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  }
}

export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** Says of a language whose examples could not run what they need. */
export function notRunLine({ name, packages }: Language): string {
  return `Examples not run: ${name}, which needs ${packages.join(', ')}.`
}
