import { keep, readKept } from '../storage/stored.ts'
import { merge, type UrlValues } from './url-state.ts'

const keyOf = (corpId: string, path: string) => `wisp.search ${corpId} ${path}`

/** Keeps what the address of a page says of it, such as a list's filters, for the way back to it; what was open in a drawer is left. */
export function keepSearch(corpId: string, path: string, search: UrlValues): void {
  keep(keyOf(corpId, path), JSON.stringify(merge(search, { open: undefined })))
}

/** What the address said when the page was last open in this tab of the browser. */
export function keptSearch(corpId: string, path: string): UrlValues {
  const kept = readKept(keyOf(corpId, path))
  return kept === '' ? {} : JSON.parse(kept)
}
