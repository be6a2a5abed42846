import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import { isListed } from '../directory/mirror/members.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { scopeSight } from '../directory/permissions/data-scope.ts'
import { isEverything, seesMember } from '../directory/permissions/sight.ts'
import { ApiError } from '../http/errors.ts'
import { dayOf } from '../operation/day.ts'
import { offeredOf } from '../registry/scopes.ts'
import type { Developer, Developers } from './developers.ts'
import * as store from './store.ts'

type Needs = Core & { corps: Corps; developers: Developers; mirrors: Mirrors }

/** A developer as an administrator sees it. */
export type DeveloperView = {
  devId: string
  name: string
  enabled: boolean
  scopes: string[]
  /** Null: the whole corp. */
  dataScope: { departments: number[]; tags: number[] } | null
  /** How many members are within the data scope now. */
  membersVisible: number
  allowedIps: string[]
  listStyle: 'object' | 'array'
  createdAt: Date
  secrets: { createdAt: Date; lastUsedAt: Date | null }[]
}

export async function listDevelopers(ctx: Needs, corpId: string): Promise<DeveloperView[]> {
  ctx.corps.get(corpId)
  await ctx.developers.flush()
  const [rows, secrets] = await Promise.all([store.allDevelopers(ctx.db), store.liveSecrets(ctx.db)])
  return rows.filter(row => row.corpId === corpId).map(row => developerView(ctx, row, secrets))
}

export function developerView(
  ctx: Core & { mirrors: Mirrors },
  row: store.DeveloperRow,
  secrets: readonly store.SecretRow[],
): DeveloperView {
  const dataScope =
    row.scopeDepartments === null && row.scopeTags === null
      ? undefined
      : { departments: row.scopeDepartments ?? [], tags: row.scopeTags ?? [] }
  return {
    devId: row.devId,
    name: row.name,
    enabled: row.enabled,
    scopes: offeredOf(row.scopes),
    dataScope: dataScope ?? null,
    membersVisible: countVisible(ctx, { corpId: row.corpId, dataScope }),
    allowedIps: row.allowedIps,
    listStyle: row.listStyle,
    createdAt: row.createdAt,
    secrets: secrets
      .filter(secret => secret.devId === row.devId)
      .map(({ createdAt, lastUsedAt }) => ({ createdAt, lastUsedAt })),
  }
}

/** Throws 1002. */
export async function describeDeveloper(ctx: Needs, devId: string): Promise<DeveloperView> {
  const corpId = ctx.developers.get(devId)?.corpId
  const found = corpId && (await listDevelopers(ctx, corpId)).find(one => one.devId === devId)
  if (!found) throw new ApiError('unknownDeveloper', devId)
  return found
}

/** Listed members that the developer reaches. */
export function countVisible(
  ctx: Core & { mirrors: Mirrors },
  developer: Pick<Developer, 'corpId' | 'dataScope'>,
): number {
  const mirror = ctx.mirrors.of(developer.corpId)
  const sight = scopeSight(mirror, developer)
  const seesAll = isEverything(sight)
  let count = 0
  for (const member of mirror.members.all()) {
    if (isListed(member) && (seesAll || seesMember(sight, mirror.tree, member))) count++
  }
  return count
}

/** Calls and failures per day and endpoint, `days` days back from today. Throws 1002. */
export async function developerUsage(
  ctx: Core & { developers: Developers },
  devId: string,
  days: number,
): Promise<store.Usage[]> {
  if (!ctx.developers.get(devId)) throw new ApiError('unknownDeveloper', devId)
  await ctx.developers.flush()
  const since = dayOf(ctx.now() - (days - 1) * 86_400_000)
  return store.usageOf(ctx.db, devId, since)
}
