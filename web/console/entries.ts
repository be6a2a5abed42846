import type { Areas } from '../text/areas.ts'

/** The entries of the navigation in their order, each under the key of its name; those of a group stand together. */
const list = [
  { name: 'overview' },
  { name: 'directory', group: 'organisation' },
  { name: 'helpDesk', group: 'organisation' },
  { name: 'appCentre' },
  { name: 'messageCentre', group: 'service' },
  { name: 'todos', group: 'service' },
  { name: 'official', group: 'service' },
  { name: 'payments', group: 'service' },
  { name: 'corps', group: 'system' },
  { name: 'access', group: 'system' },
  { name: 'logs', group: 'system' },
  { name: 'platform', group: 'system' },
] as const satisfies { name: keyof Areas['console']; group?: keyof Areas['console'] }[]

type ListedEntry = (typeof list)[number]
export type EntryName = ListedEntry['name']
export type GroupName = Extract<ListedEntry, { group: string }>['group']
export type Entry = { name: EntryName; group?: GroupName }

export const entries: readonly Entry[] = list

/** Addresses of entries that are no page; they lead to the entry's first page. */
export const entryAddresses: Readonly<Partial<Record<EntryName, string>>> = { logs: '/console/logs' }
