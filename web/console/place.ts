import type { ConsolePage } from './console-page.ts'
import { type Entry, type EntryName, entries } from './entries.ts'
import { pages } from './pages.ts'
import { mayOpen, type Rights } from './rights.ts'

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

/** Where an address leads that is about nothing of one corp: the list, for the page of one thing. */
export function listAt(pathname: string): string {
  const page = pageAt(pathname)
  return page?.path.includes('$') && page.under ? page.under : pathname
}

/**
 * For whom the navigation is, and which features the corp has on. `hasAccounts` is false for somebody who was given no official
 * account, so that pages about them would be empty.
 */
export type Viewer = Rights & {
  features: ReadonlySet<string>
  hasAccounts?: boolean
}

/** The page is of no feature that is switched off. */
export function isOn({ feature }: ConsolePage, { features }: Viewer): boolean {
  return feature === undefined || features.has(feature)
}

/** The pages that somebody may open and finds by the navigation: as tabs, or as links beside these. */
export function placesFor(viewer: Viewer): ConsolePage[] {
  const { hasAccounts = true } = viewer
  return pages.filter(
    page =>
      (page.under === undefined || page.isLinked === true) &&
      mayOpen(page, viewer) &&
      isOn(page, viewer) &&
      (hasAccounts || !isOfAccount(page)),
  )
}

/** Those of an entry: its tabs. */
export function tabsOf(entry: EntryName, viewer: Viewer): ConsolePage[] {
  const open = placesFor(viewer)
  return open.filter(page => page.entry === entry && upperOf(page, open) === undefined)
}

/** The pages that the frame offers beside a page. */
export function linkedFrom(page: ConsolePage, viewer: Viewer): ConsolePage[] {
  return placesFor(viewer).filter(one => one.isLinked && one.under === page.path)
}

/** The page that offers this one beside it, for somebody who may open both. */
export function linksTo(page: ConsolePage, viewer: Viewer): ConsolePage | undefined {
  return page.isLinked ? upperOf(page, placesFor(viewer)) : undefined
}

function upperOf(page: ConsolePage, open: readonly ConsolePage[]): ConsolePage | undefined {
  return open.find(one => one.path === page.under)
}

/** The entries that have a page which somebody may open. */
export function entriesFor(viewer: Viewer): Entry[] {
  return entries.filter(({ name }) => tabsOf(name, viewer).length > 0)
}

/** Pages about official accounts stay with the chosen one. */
export function isOfAccount({ path }: ConsolePage): boolean {
  return path.startsWith('/console/official')
}
