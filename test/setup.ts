import { appendFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { afterAll, expect } from 'vitest'
import { cpuSeconds } from '../scripts/test/cpu.ts'
import { removeLeftovers } from './leftovers.ts'

/** Where scripts/test.ts wants to read what each file took. */
const costs = process.env['WISP_TEST_COSTS']
const begun = { at: performance.now(), cpu: costs ? cpuSeconds() : undefined }

// Runs before each test file, so that these are the last of its hooks.
afterAll(() => {
  const cpu = costs ? cpuSeconds() : undefined
  if (!costs || cpu === undefined || begun.cpu === undefined) return
  const path = relative(resolve(import.meta.dirname, '..'), expect.getState().testPath ?? '')
  const seconds = (performance.now() - begun.at) / 1000
  const cost = { path, seconds, cpuSeconds: Math.max(0, cpu - begun.cpu) }
  appendFileSync(costs, `${JSON.stringify(cost)}\n`)
})
afterAll(removeLeftovers)
