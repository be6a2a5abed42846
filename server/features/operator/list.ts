import { callsOfCorps } from '../../callers/developers/calls.ts'
import type { Developers } from '../../callers/developers/developers.ts'
import { countDevelopers } from '../../callers/developers/store.ts'
import type { Limits } from '../../callers/limits/limits.ts'
import type { Corp, Corps } from '../../organisation/corps/corps.ts'
import { lastVerdicts } from '../../organisation/corps/doctor/doctor.ts'
import type { QuotaState } from '../../organisation/corps/quotas/quotas.ts'
import { directorySizes } from '../../organisation/corps/size-store.ts'
import { connectedAt } from '../../organisation/corps/store.ts'
import { lastEnds } from '../../organisation/sync/figures-store.ts'
import type { RunState } from '../../organisation/sync/runs/run-store.ts'
import type { Core } from '../../platform/core.ts'
import { type Order, orderOf } from '../../platform/http/list-input.ts'
import { countNew, type NeedsAttention } from '../../platform/manifest/attention.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { dayOf } from '../../platform/operation/day.ts'
import type { Language } from '../../platform/words.ts'
import { messagesOfCorps } from '../messages/accept/message-day-store.ts'
import { type Health, healthOfCorps, healths } from './health.ts'
import { corpsByFigure, type FigureOrder, figureOrders, type Page } from './order-store.ts'
import { type QuotaUse, quotaUse, worstOf } from './quota-use.ts'
import { compareNames, corpsFound } from './search.ts'
import { storedFiles } from './store.ts'

export type OperatorNeeds = Core & {
  corps: Corps
  developers: Developers
  limits: Limits
  needsAttention: NeedsAttention
  offered: FeatureOffers
}

export const daysShown = 30
const dayMs = 86_400_000

export const orders = ['health', 'name', 'corpId', 'suspendedAt', ...figureOrders] as const
export type OrderBy = (typeof orders)[number]

/** Throws 1000. */
export function orderAsked(sort: string | undefined): Order<OrderBy> {
  return orderOf(sort, orders, '-health')
}

export const quotaFilters = ['near', 'full', 'set'] as const

export type CorpFilter = {
  search?: string | undefined
  health?: readonly Health[] | undefined
  /** `near`: four fifths are used; `full`: all of one; `set`: has any. */
  quota?: (typeof quotaFilters)[number] | undefined
  suspended?: boolean | undefined
}

export type CorpFigures = {
  corpId: string
  name: string
  health: Health
  /** What failed in the last check-up; null when there was none. */
  failing: string[] | null
  examinedAt: Date | null
  /** What the bell of its administrators counts. */
  openAlerts: number
  outageSince: Date | null
  callbackVerified: boolean
  members: number
  departments: number
  developers: number
  callsToday: number
  calls: number
  failures: number
  messagesToday: number
  messages: number
  lastSync: { id: number; state: RunState; at: Date } | null
  files: number
  fileBytes: number
  quotas: QuotaUse[]
  suspendedAt: Date | null
  suspendedReason: string
  connectedAt: Date
}

/**
 * The ids of the corps that are asked for, in order: all of them, or a page. All corps are looked at, by what memory has of them and by a
 * query for each thing that is filtered or ordered by; `figuresOf` reads the rest, of one page.
 */
export async function corpsAsked(
  ctx: OperatorNeeds,
  { search = '', health, quota, suspended }: CorpFilter,
  order: Order<OrderBy>,
  page?: Page,
): Promise<{ corpIds: string[]; total: number }> {
  const all = ctx.corps.all()
  let corps = corpsFound(all, search)
  if (suspended !== undefined) corps = corps.filter(one => (one.closure !== undefined) === suspended)
  if (health !== undefined) {
    const healthOf = await healthOfCorps(ctx)
    corps = corps.filter(one => health.includes(healthOf(one.corpId).health))
  }
  if (quota !== undefined) {
    const uses = await quotaUse(ctx, idsOf(corps))
    corps = corps.filter(one => isWanted(quota, uses.get(one.corpId) ?? []))
  }
  const total = corps.length
  const { by } = order
  if (isKnownHere(by)) {
    const sorted = idsOf(await inOrder(ctx, corps, { ...order, by }))
    return { corpIds: page ? sorted.slice(page.offset, page.offset + page.limit) : sorted, total }
  }
  if (by === 'calls' || by === 'callsToday') await ctx.developers.flush()
  const of = total < all.length ? idsOf(corps) : undefined
  const corpIds = await corpsByFigure(
    ctx.db,
    { by, descending: order.descending, corpIds: of, page },
    days(ctx),
  )
  return { corpIds, total }
}

type LocalOrder = Exclude<OrderBy, FigureOrder>

function isKnownHere(by: OrderBy): by is LocalOrder {
  return !figureOrders.includes(by as FigureOrder)
}

const idsOf = (corps: readonly Corp[]) => corps.map(one => one.corpId)

function days(ctx: Core): { sinceDay: string; today: string } {
  return { sinceDay: dayOf(ctx.now() - (daysShown - 1) * dayMs), today: dayOf(ctx.now()) }
}

function isWanted(quota: NonNullable<CorpFilter['quota']>, uses: readonly QuotaUse[]): boolean {
  const worst: QuotaState | undefined = worstOf(uses)
  if (quota === 'set') return worst !== undefined
  return worst === 'full' || worst === 'exceeded' || (quota === 'near' && worst === 'near')
}

/**
 * By what memory knows. Corps of the same health are ordered by how many alerts are open, and equal ones stay in the order in which
 * they were connected.
 */
async function inOrder(
  ctx: OperatorNeeds,
  corps: readonly Corp[],
  { by, sign }: Pick<Order<OrderBy>, 'sign'> & { by: LocalOrder },
): Promise<Corp[]> {
  if (by === 'name') return corps.toSorted((a, b) => sign * compareNames(a, b))
  if (by === 'corpId')
    return corps.toSorted((a, b) => sign * (a.corpId < b.corpId ? -1 : Number(a.corpId > b.corpId)))
  const since = ({ closure }: Corp) => closure?.since.getTime() ?? 0
  if (by === 'suspendedAt') return corps.toSorted((a, b) => sign * (since(a) - since(b)))
  const healthOf = await healthOfCorps(ctx)
  const rows = corps.map(corp => {
    const { health, open } = healthOf(corp.corpId)
    return { corp, place: healths.indexOf(health), open }
  })
  return rows.sort((a, b) => sign * (a.place - b.place || a.open - b.open)).map(one => one.corp)
}

/** The figures of these corps, by a number of queries that does not grow with theirs; corps that are gone meanwhile are left out. */
export async function figuresOf(
  ctx: OperatorNeeds,
  corpIds: readonly string[],
  language: Language,
): Promise<CorpFigures[]> {
  const known = corpIds.filter(corpId => ctx.corps.find(corpId))
  const [healthOf, needs, verdicts, sizeOf, developers, calls, messages, ends, files, quotas, since] =
    await Promise.all([
      healthOfCorps(ctx),
      ctx.needsAttention.ofCorps(known),
      lastVerdicts(ctx, language, corpIds),
      directorySizes(ctx.db, corpIds),
      countDevelopers(ctx.db, corpIds),
      callsOfCorps(ctx, daysShown, corpIds),
      messagesOfCorps(ctx.db, { days: daysShown, now: ctx.now(), corpIds }),
      lastEnds(ctx.db, corpIds),
      storedFiles(ctx.db, corpIds),
      quotaUse(ctx, corpIds),
      connectedAt(ctx.db, corpIds),
    ])
  return corpIds.flatMap(corpId => {
    const corp = ctx.corps.find(corpId)
    const connected = since.get(corpId)
    if (!corp || !connected) return []
    const { health, outageSince } = healthOf(corpId)
    const verdict = verdicts.get(corpId)
    const { listed: members, departments } = sizeOf(corpId)
    return {
      corpId,
      name: corp.name,
      health,
      openAlerts: countNew(needs.get(corpId) ?? []),
      outageSince,
      members,
      departments,
      callbackVerified: corp.callbackVerifiedAt !== null,
      failing: verdict?.failed ?? null,
      examinedAt: verdict ? new Date(verdict.at) : null,
      developers: developers.get(corpId) ?? 0,
      callsToday: calls.get(corpId)?.today ?? 0,
      calls: calls.get(corpId)?.calls ?? 0,
      failures: calls.get(corpId)?.failures ?? 0,
      messagesToday: messages.get(corpId)?.today ?? 0,
      messages: messages.get(corpId)?.messages ?? 0,
      lastSync: ends.get(corpId) ?? null,
      files: files.get(corpId)?.files ?? 0,
      fileBytes: files.get(corpId)?.bytes ?? 0,
      quotas: quotas.get(corpId) ?? [],
      suspendedAt: corp.closure?.since ?? null,
      suspendedReason: corp.closure?.reason ?? '',
      connectedAt: connected,
    }
  })
}
