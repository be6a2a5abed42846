import type { CatalogueEntry, ClosedPrefix, Vendor } from './entry.ts'
import { officialCatalogue, officialClosed } from './official.ts'
import { wecomCatalogue, wecomClosed } from './wecom.ts'

/** The name of a call is `wecom/checkin/getcheckindata`, as it stands behind `/api/`. */
export type NamedEntry = CatalogueEntry & { readonly vendor: Vendor; readonly name: string }

const closedOf: Record<Vendor, readonly ClosedPrefix[]> = { wecom: wecomClosed, official: officialClosed }

const of = (vendor: Vendor, entries: readonly CatalogueEntry[]): NamedEntry[] =>
  entries.map(entry => ({ ...entry, vendor, name: `${vendor}/${entry.path}` }))

/** Every call that developers may have passed on, of all vendors. */
export const catalogue: readonly NamedEntry[] = [
  ...of('wecom', wecomCatalogue),
  ...of('official', officialCatalogue),
]

const named = new Map(catalogue.map(one => [one.name, one]))

export function entryNamed(name: string): NamedEntry | undefined {
  return named.get(name)
}

/** Returns the calls whose name or description has all words of the search. */
export function findCalls(search: string): NamedEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return catalogue.filter(({ name, about }) => {
    const text = `${name} ${about.zh} ${about.en}`.toLowerCase()
    return words.every(word => text.includes(word))
  })
}

/** Why a call is closed for everybody; undefined for one that is open or that nobody knows. */
export function whyClosed(vendor: Vendor, path: string): ClosedPrefix['why'] | undefined {
  if (named.has(`${vendor}/${path}`)) return undefined
  return closedOf[vendor].find(({ begins }) =>
    begins.endsWith('/') ? path.startsWith(begins) : path === begins,
  )?.why
}

/** Returns what is closed, as it is listed: calls, and beginnings that end in a slash. */
export function closedCalls(vendor: Vendor): readonly ClosedPrefix[] {
  return closedOf[vendor]
}
