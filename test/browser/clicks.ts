import type { BrowserContext, Locator } from 'playwright-core'

/** Counts each press of a mouse's button, on every page of the context. */
export async function countClicks(context: BrowserContext): Promise<{ clicks: number }> {
  const counted = { clicks: 0 }
  await context.exposeBinding('noteClick', () => {
    counted.clicks++
  })
  await context.addInitScript("addEventListener('pointerdown', () => noteClick(), { capture: true })")
  return counted
}

/** As somebody who clicks into every field that has no caret yet. */
export async function type(field: Locator, text: string): Promise<void> {
  await field.waitFor()
  if ((await field.and(field.page().locator(':focus')).count()) === 0) await field.click()
  await field.fill(text)
}
