import { merge, type UrlValues } from '../ui/address/url-state.ts'

const addressOf = (page: string) => (id: string) => `${page}/${encodeURIComponent(id)}`

export const developerAddress = addressOf('/console/apps/developers')
export const appAddress = addressOf('/console/apps')
export const accountAddress = addressOf('/console/official/accounts')
export const agentAddress = addressOf('/console/system/corps/agents')
export const corpAddress = addressOf('/console/operator')
export const messageTypeAddress = addressOf('/console/messages/types')
export const merchantAddress = addressOf('/console/payments/merchants')

/** What is open in the drawer of a list when something new is made. */
export const newObject = 'new'

/** Lists that once showed their objects in drawers, as links say that were made then. */
const lists: Readonly<Record<string, (id: string) => string>> = {
  '/console/apps/developers': developerAddress,
  '/console/apps': appAddress,
  '/console/official': accountAddress,
  '/console/payments/merchants': merchantAddress,
}

/** Where an address leads whose object has a page of its own now; undefined for all others. */
export function movedTo(path: string, search: UrlValues): { to: string; search: UrlValues } | undefined {
  const { open = '', part = '', tab = part } = search
  const addressOf = lists[path]
  if (!addressOf || open === '' || open === newObject) return undefined
  const to = tab === '' ? addressOf(open) : `${addressOf(open)}/${encodeURIComponent(tab)}`
  return { to, search: merge(search, { open: undefined, part: undefined, tab: undefined }) }
}
