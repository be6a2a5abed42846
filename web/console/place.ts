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

/** The pages of an entry that somebody may open: its tabs. */
export function tabsOf(entry: EntryName, roleLevel: number): ConsolePage[] {
  return pages.filter(page => page.entry === entry && !page.under && mayOpen(page.level, roleLevel))
}

/** The entries that have a page which somebody may open. */
export function entriesFor(roleLevel: number): Entry[] {
  return entries.filter(({ name }) => tabsOf(name, roleLevel).length > 0)
}

/** Pages about official accounts stay with the chosen one. */
export function isOfAccount({ path }: ConsolePage): boolean {
  return path.startsWith('/console/official')
}
