import { type Corps, zoneOf } from '../../organisation/corps/corps.ts'
import { countReached } from '../../organisation/directory/permissions/reach-store.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { knownOf } from '../../platform/http/scope.ts'
import { told } from '../../platform/http/told.ts'
import { callsMade, lastCalls } from './calls.ts'
import type { Developers } from './developers.ts'
import { type OwnerRow, ownersOf, ownersOfCorp } from './owners/owner-store.ts'
import { daysOf, type ScopeDays } from './scopes/scope-ends.ts'
import * as store from './store.ts'

type Needs = Core & { corps: Corps; developers: Developers }

type HiddenColumn = 'corpId' | 'scopeSeq' | 'scopeEnds' | 'scopeDepartments' | 'scopeTags'

/** A developer as an administrator sees it. */
export type DeveloperView = Omit<store.DeveloperRow, HiddenColumn> & {
  scopeDays: ScopeDays
  /** Null means the whole corp. */
  dataScope: { departments: number[]; tags: number[]; groups?: number[] } | null
  /** How many members are within the data scope now. */
  membersVisible: number
  /** `lastUsedAt`: when a devToken was last asked for with it. */
  secrets: { createdAt: Date; lastUsedAt: Date | null }[]
}

export async function listDevelopers(
  ctx: Needs,
  corpId: string,
): Promise<(DeveloperView & { lastCalledAt: Date | null })[]> {
  ctx.corps.get(corpId)
  const calledAt = await lastCalls(ctx, corpId)
  const [rows, secrets] = await Promise.all([
    store.allDevelopers(ctx.db, corpId),
    store.liveSecrets(ctx.db, corpId),
  ])
  const views = await developerViews(ctx, corpId, rows, secrets)
  return views.map(view => ({ ...view, lastCalledAt: calledAt.get(view.devId) ?? null }))
}

/** Developers of one corp. */
export async function developerViews(
  ctx: Core & { corps: Corps },
  corpId: string,
  rows: readonly store.DeveloperRow[],
  secrets: readonly store.SecretRow[],
): Promise<DeveloperView[]> {
  const counts = await countReached(ctx.db, corpId, rows.map(store.dataScopeOf))
  return rows.map((row, index) => viewOf(row, counts[index] ?? 0, secrets, zoneOf(ctx, corpId)))
}

function viewOf(
  row: store.DeveloperRow,
  membersVisible: number,
  secrets: readonly store.SecretRow[],
  timeZone: string,
): DeveloperView {
  const { corpId: _of, scopeSeq: _seq, scopeEnds, scopeDepartments: _ids, scopeTags: _tags, ...same } = row
  return {
    ...same,
    scopes: knownOf(row.scopes),
    scopeDays: daysOf(scopeEnds, timeZone),
    dataScope: store.dataScopeOf(row) ?? null,
    membersVisible,
    secrets: secrets
      .filter(secret => secret.devId === row.devId)
      .map(({ createdAt, lastUsedAt }) => ({ createdAt, lastUsedAt })),
  }
}

/** Throws 1002 for an unknown developer. */
export async function describeDeveloper(
  ctx: Needs,
  devId: string,
): Promise<DeveloperView & { owners: Omit<OwnerRow, 'memberId'>[] }> {
  const corpId = ctx.developers.get(devId)?.corpId
  const found = corpId && (await listDevelopers(ctx, corpId)).find(one => one.devId === devId)
  if (!found) throw new ApiError('unknownDeveloper', told`${devId}`)
  const owners = await ownersOf(ctx.db, corpId, devId)
  return { ...found, owners: owners.map(({ memberId: _, ...owner }) => owner) }
}

/** Returns the developers of a corp with their owners. */
export async function describeDevelopers(
  ctx: Needs,
  corpId: string,
): Promise<Awaited<ReturnType<typeof describeDeveloper>>[]> {
  const [views, owners] = await Promise.all([listDevelopers(ctx, corpId), ownersOfCorp(ctx.db, corpId)])
  return views.map(view => ({ ...view, owners: owners.filter(one => one.devId === view.devId) }))
}

/** The calls of one developer by day and endpoint, for the last `days` days. Throws 1002. */
export async function developerUsage(
  ctx: Core & { developers: Developers },
  devId: string,
  days: number,
): Promise<Omit<store.Calls, 'devId'>[]> {
  const corpId = ctx.developers.get(devId)?.corpId
  if (corpId === undefined) throw new ApiError('unknownDeveloper', told`${devId}`)
  const calls = await callsMade(ctx, { corpId, devId, days }, ['day', 'endpoint'])
  return calls.map(({ devId: _, ...one }) => one)
}
