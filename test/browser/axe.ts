import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Not by its name: it has the browser's types, which the journeys that call `axe` have not. */
const { listTexts, runAxe } = (await import(join(import.meta.dirname, 'axe-in-page.ts'))) as {
  listTexts(): { looks: string[]; hasAxe: boolean }
  runAxe(given: {
    rules: AxeRules
    wanted: readonly string[]
  }): Promise<{ faults: string[]; legible: string[] }>
}

/** Texts of which axe has found in this worker that they are legible, each by what decides about it (`listTexts`). */
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
  const texts = await page.evaluate(listTexts)
  // The page's policy allows no foreign script; the inspector may.
  if (!texts.hasAxe) await page.evaluate(source)
  const wanted = texts.looks.filter(look => !legible.has(look))
  const found = await page.evaluate(runAxe, { rules, wanted })
  for (const look of found.legible) legible.add(look)
  return found.faults
}
