import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type AxeInput = { rules: AxeRules; legible: readonly string[] }
type AxeFindings = { faults: string[]; legible: string[] }
type ListLooks = () => Map<unknown, string>

/** Not by its name: it has the browser's types, which the journeys that call `axe` have not. */
const { listLooks, runAxe } = (await import(join(import.meta.dirname, 'axe-in-page.ts'))) as {
  listLooks: ListLooks
  runAxe(given: AxeInput, looksNow: ListLooks): Promise<AxeFindings | undefined>
}

/** Texts of which axe has found in this worker that they are legible, each by what decides about it (`listLooks`). */
const legible = new Set<string>()

/** `colours`: what differs in another theme. */
export type AxeRules = 'all' | 'colours'

/** A transition, a choice that is about to close, a button that waits, or a list that is read again: they pale texts for a moment. */
const isMoving = `document.querySelector('.ant-btn-loading, .ant-spin-blur') !== null ||
  document.querySelector('.ant-select-dropdown:not(.ant-select-dropdown-hidden)') !== null && document.querySelector('.ant-select-open') === null ||
  document.getAnimations().some(one => one.playState === 'running' && Number.isFinite(one.effect?.getComputedTiming().endTime))`

/** Waits until colours are those that stay. What moves for longer is looked at as it is. */
async function rest(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate<boolean>(isMoving), { timeout: 3000 })
    .toBe(false)
    .catch(() => undefined)
}

/** axe finds no serious or critical fault. */
export async function axe(page: Page, rules: AxeRules = 'all'): Promise<void> {
  expect(await faultsOf(page, rules)).toEqual([])
}

/**
 * What axe finds serious or critical. Contrast takes it most of the time, and is computed once for all texts that look the same.
 */
export async function faultsOf(page: Page, rules: AxeRules = 'all'): Promise<string[]> {
  await rest(page)
  const given: AxeInput = { rules, legible: [...legible] }
  const look = () =>
    page.evaluate<AxeFindings | undefined>(`(${runAxe})(${JSON.stringify(given)}, ${listLooks})`)
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
