import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Given = { rules: AxeRules; legible: readonly string[] }
type Found = { faults: string[]; legible: string[] }
type ListLooks = () => Map<unknown, string>

/** Not by its name: it has the browser's types, which the journeys that call `axe` have not. */
const { listLooks, runAxe } = (await import(join(import.meta.dirname, 'axe-in-page.ts'))) as {
  listLooks: ListLooks
  runAxe(given: Given, looksNow: ListLooks): Promise<Found | undefined>
}

/** Texts of which axe has found in this worker that they are legible, each by what decides about it (`listLooks`). */
const legible = new Set<string>()

/** `colours`: what differs in another theme. */
export type AxeRules = 'all' | 'colours'

/** axe finds no serious or critical fault. */
export async function axe(page: Page, rules: AxeRules = 'all'): Promise<void> {
  expect(await faultsOf(page, rules)).toEqual([])
}

/**
 * What axe finds serious or critical. Contrast takes it most of the time, and is computed once for all texts that look the same.
 */
export async function faultsOf(page: Page, rules: AxeRules = 'all'): Promise<string[]> {
  const given: Given = { rules, legible: [...legible] }
  const look = () => page.evaluate<Found | undefined>(`(${runAxe})(${JSON.stringify(given)}, ${listLooks})`)
  let found = await look()
  if (!found) {
    // The page's policy allows no foreign script; the inspector may.
    await page.evaluate(source)
    found = await look()
  }
  if (!found) throw new Error('axe is not in the page')
  for (const one of found.legible) legible.add(one)
  return found.faults
}
