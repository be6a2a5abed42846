/**
 * Where each figure of the console leads: to the page whose list shows exactly the rows that were counted. A test makes the same
 * questions of the server and compares (test/figure-rows.test.ts).
 */

import type { FigureName as TypeFigure } from '../../../server/features/messages/figures/figure-facts-store.ts'
import { merge, type UrlPatch, type UrlValues } from '../../ui/address/url-patch.ts'
import type { ConsolePage } from '../console-page.ts'

/** A page of the console by its name, and what its list is asked. */
export type Rows = { page: ConsolePage['name']; search: UrlPatch }

const dayMs = 86_400_000

/** From the first moment of a day in Beijing to the first of the next, as lists take it. */
export function ofDay(day: string): { from: string; to: string } {
  const from = Date.parse(`${day}T00:00:00+08:00`)
  return { from: new Date(from).toISOString(), to: new Date(from + dayMs).toISOString() }
}

/** The day in Beijing, in which all figures of a day are counted. */
export const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

type MemberStatus = 'active' | 'disabled' | 'notActivated' | 'quit'

export const memberRows = (...status: MemberStatus[]): Rows => ({
  page: 'members',
  search: { status: status.join(',') },
})
export const changeRows = (day: string): Rows => ({ page: 'members', search: { changes: day } })

/** The members within a data scope; null is the whole corp, and undefined comes back where a scope is of nobody. */
export function scopeRows(scope: { departments: number[]; tags: number[] } | null): Rows | undefined {
  const { departments = [], tags = [] } = scope ?? {}
  if (scope && departments.length + tags.length === 0) return undefined
  return { page: 'members', search: { departments: departments.join(','), tags: tags.join(',') } }
}

export const callRows = (day: string, which: { outcome?: 'failed'; devId?: string } = {}): Rows => ({
  page: 'requests',
  search: { ...which, ...ofDay(day) },
})

export const messageRows = (
  day: string,
  which: { state?: 'troubled' | 'queued'; channel?: string } = {},
): Rows => ({
  page: 'messages',
  search: { ...which, ...ofDay(day) },
})

/** The messages that a figure of a type counts, within times; '-' is what has no type. */
export const typeRows = (
  type: string,
  figure: TypeFigure,
  { from, to, developer }: { from: string; to: string; developer?: string | undefined },
): Rows => ({ page: 'messages', search: { type, figure, developer, from, to } })

/** Events that wait, or those of a day that were applied, whose delay the overview averages. */
export const waitingRows: Rows = { page: 'events', search: { state: 'pending' } }
export const appliedRows = (day: string): Rows => ({
  page: 'events',
  search: { state: 'done', ...ofDay(day) },
})

export const developerRows: Rows = { page: 'developers', search: { enabled: '1' } }

/** What a bill must be to be in a sum of bills. */
export type BillSum = 'open' | 'paid' | 'refunded' | 'closed'
const billStates = {
  open: ['open'],
  overdue: ['open'],
  paid: ['paid'],
  refunded: ['paid', 'refunded'],
  closed: ['closed'],
} as const satisfies Record<string, readonly BillSum[]>

/**
 * The bills of a sum, of those that `filters` choose; undefined where no filter says which they are, because they are filtered by what
 * WeChat Pay told of them.
 */
export function billRows(filters: UrlValues, sum?: BillSum): Rows | undefined {
  const asked = filters['state']?.split(',') ?? []
  if (sum === undefined) return { page: 'payBills', search: filters }
  if (asked.includes('differs')) return undefined
  const isIn = (state: string) =>
    (billStates[state as keyof typeof billStates] as readonly string[]).includes(sum)
  const within = asked.filter(isIn)
  // Those that were given back are a part of those that were paid.
  const isPart = sum === 'refunded' && asked.includes('paid')
  const state = asked.length === 0 || isPart ? [sum] : within
  return state.length === 0
    ? undefined
    : { page: 'payBills', search: merge(filters, { state: state.join(',') }) }
}

/** The bills that were made on a day and within the times that are chosen already. */
export function billsOfDay(filters: UrlValues, day: string): UrlValues {
  const { from, to } = ofDay(day)
  const later = filters['from'] && Date.parse(filters['from']) > Date.parse(from) ? filters['from'] : from
  const sooner = filters['to'] && Date.parse(filters['to']) < Date.parse(to) ? filters['to'] : to
  return { ...filters, from: later, to: sooner }
}
