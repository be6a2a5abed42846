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

/** `colours`: what differs in another theme; `form`: all but contrast, which takes axe most of the time. */
export type AxeRules = 'all' | 'colours' | 'form'

/** `npm run soak` looks at each state with all rules (scripts/soak.ts). */
const isThorough = process.env['WISP_TEST_LOOKS'] === 'all'
/** Pages that a file of tests has looked at, each in a size and a theme. */
const looked = new Set<string>()

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

/** What a page is, with the dialogs that are open in it, its size and its theme. Pages of two objects are one. */
const whatIsShown = `JSON.stringify([
  location.pathname.replace(/[^/]*\\d[^/]*/g, '…'),
  [...document.querySelectorAll('[role=dialog]')].filter(one => one.checkVisibility()).map(one => one.querySelector('[class*=title]')?.textContent),
  innerWidth,
  getComputedStyle(document.body).backgroundColor,
])`

/** Whether the test's file looks at this for the first time. */
async function isFirstLook(page: Page): Promise<boolean> {
  const key = `${expect.getState().testPath} ${await page.evaluate<string>(whatIsShown)}`
  const isFirst = !looked.has(key)
  looked.add(key)
  return isFirst || isThorough
}

/** axe finds no serious or critical fault. Contrast is looked at once a page, and its other states without it. */
export async function axe(page: Page): Promise<void> {
  expect(await faultsOf(page, (await isFirstLook(page)) ? 'all' : 'form')).toEqual([])
}

/** The same of what another size or theme makes of a page, which is looked at once a page. */
export async function axeOnce(page: Page, rules: AxeRules): Promise<void> {
  if (await isFirstLook(page)) expect(await faultsOf(page, rules)).toEqual([])
}

/** What axe finds serious or critical. Contrast is computed once for all texts that look the same. */
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
