import { type Entry, type EntryName, entries } from './entries.ts'
import { type ConsolePage, pages } from './pages.ts'
import { mayOpen } from './rights.ts'

/** What stands in an address as it is comes before what may be anything, as for the router. */
const byHowFixed = pages
  .map(page => ({ page, fixed: page.path.includes('$') ? page.path.indexOf('$') : Number.POSITIVE_INFINITY }))
  .sort((a, b) => b.fixed - a.fixed)
  .map(({ page }) => ({ page, pattern: patternOf(page.path) }))

function patternOf(path: string): RegExp {
  const pattern = path.replaceAll(/\/\{-\$[a-z]+\}/gi, '(/[^/]+)?').replaceAll(/\$[a-z]+/gi, '[^/]+')
  return new RegExp(`^${pattern}$`)
}

/** The page that an address opens. */
export function pageAt(pathname: string): ConsolePage | undefined {
  const clean = pathname.replace(/\/$/, '')
  return byHowFixed.find(one => one.pattern.test(clean))?.page
}

/**
 * The pages of an entry that somebody may open: its tabs. `hasAccounts` is false for whoever was given no official account, so that
 * pages about them would be empty.
 */
export function tabsOf(entry: EntryName, roleLevel: number, hasAccounts = true): ConsolePage[] {
  return pages.filter(
    page =>
      page.entry === entry &&
      !page.under &&
      mayOpen(page.level, roleLevel) &&
      (hasAccounts || !isOfAccount(page)),
  )
}

/** The entries that have a page which somebody may open. */
export function entriesFor(roleLevel: number, hasAccounts = true): Entry[] {
  return entries.filter(({ name }) => tabsOf(name, roleLevel, hasAccounts).length > 0)
}

/** Pages about official accounts stay with the chosen one. */
export function isOfAccount({ path }: ConsolePage): boolean {
  return path.startsWith('/console/official')
}
