import { type Entry, type EntryName, entries } from './entries.ts'
import { type ConsolePage, pages } from './pages.ts'
import { mayOpen } from './rights.ts'

/** The page that an address opens. */
export function pageAt(pathname: string): ConsolePage | undefined {
  const clean = pathname.replace(/\/$/, '')
  return pages.find(page => {
    const pattern = page.path.replaceAll(/\$[a-z]+/gi, '[^/]+')
    return new RegExp(`^${pattern}$`).test(clean)
  })
}

/** For whom the navigation is, and which features the corp has on. */
export type Viewer = { person: { roleLevel: number }; features: ReadonlySet<string> }

/** The page is of no feature that is switched off. */
export function isOn({ feature }: ConsolePage, { features }: Viewer): boolean {
  return feature === undefined || features.has(feature)
}

/** The pages that somebody may open and finds in the navigation. */
export function placesFor(viewer: Viewer): ConsolePage[] {
  const { roleLevel } = viewer.person
  return pages.filter(page => !page.under && mayOpen(page.level, roleLevel) && isOn(page, viewer))
}

/** Those of an entry: its tabs. */
export function tabsOf(entry: EntryName, viewer: Viewer): ConsolePage[] {
  return placesFor(viewer).filter(page => page.entry === entry)
}

/** The entries that have a page which somebody may open. */
export function entriesFor(viewer: Viewer): Entry[] {
  return entries.filter(({ name }) => tabsOf(name, viewer).length > 0)
}

/** Pages about official accounts stay with the chosen one. */
export function isOfAccount({ path }: ConsolePage): boolean {
  return path.startsWith('/console/official')
}
