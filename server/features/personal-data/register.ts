import type { Developers } from '../../callers/developers/developers.ts'
import { daysOfDataReads, type Requests } from '../../callers/requests/requests.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import {
  type PersonalTable,
  purposes,
  recipients,
  stayReasons,
} from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import type { Words } from '../../platform/words.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import type { Apps } from '../apps/catalog.ts'
import {
  askForCounts,
  putCounts,
  type RegisterCounts,
  readsOfDevelopers,
  registerCounts,
  useOfApps,
} from './register-store.ts'

export type RegisterNeeds = Core & {
  apps: Apps
  appSignIns: AppSignIns
  corps: Corps
  developers: Developers
  offered: FeatureOffers
  requests: Requests
}

export type CountNeeds = Core & { corps: Corps; requests: Requests }

/** Who gets personal data: a developer by its scopes, or an app at sign-in by its claims. Counts are of the last 30 days. */
export type RegisterRow = {
  kind: 'developer' | 'app'
  id: string
  name: string
  /** Scopes that give personal data, or claims. */
  by: string[]
  /** Wire names of what was given; of a developer, as long as answers are kept. */
  fields: string[]
  /** Day of the first answer that is still counted; of one that got nothing, undefined. */
  since: string | undefined
  last: string | undefined
  times: number
  people: number
}

const dayMs = 86_400_000
const countedDays = 30

/** Scopes by which fields of people leave. */
const personalScopes =
  /^(directory:|ticket:issue|inbox:embed|pay:read|agent:|official:read|todo:read|upstream:call)/

/** A count that is older is made anew when somebody looks. */
const freshMs = 10 * 60_000
/** A node that was to count may have gone. */
const askedAgainMs = 3_600_000

/** The rows, and of when their counts are: null while the first ones are made. */
export async function registerOf(
  ctx: RegisterNeeds,
  corpId: string,
): Promise<{ rows: RegisterRow[]; countedAt: Date | null }> {
  const counts = await registerCounts(ctx.db, corpId)
  const countedAt = counts?.countedAt ?? null
  const now = ctx.now()
  // A clock that went back must not keep old counts.
  const isFresh = countedAt && Math.abs(now - countedAt.getTime()) < freshMs
  if (!isFresh)
    await ctx.db.transaction().execute(async tx => {
      const at = new Date(now)
      if (await askForCounts(tx, corpId, at, new Date(now - askedAgainMs)))
        await enqueue(tx, [{ corpId, stream: 'personal-data' }], at)
    })
  return { rows: rowsOf(ctx, corpId, counts), countedAt }
}

/** Reads millions of rows in a corp of a million members: a task does it, or a command. */
export async function countRegister(ctx: CountNeeds, corpId: string): Promise<void> {
  await ctx.requests.flush()
  const now = ctx.now()
  const from = new Date(now - countedDays * dayMs)
  const fieldsFrom = new Date(now - daysOfDataReads(ctx.corps.get(corpId)) * dayMs)
  const reads = await readsOfDevelopers(ctx.direct, corpId, { from, fieldsFrom })
  const uses = await useOfApps(ctx.direct, corpId, from)
  await putCounts(ctx.db, corpId, { reads, uses, countedAt: new Date(now) })
}

function rowsOf(ctx: RegisterNeeds, corpId: string, counts: RegisterCounts | undefined): RegisterRow[] {
  const { reads = [], uses = [] } = counts ?? {}
  const readBy = new Map(reads.map(one => [one.devId, one]))
  const developers = ctx.developers
    .all()
    .filter(one => one.corpId === corpId)
    .map(({ devId, name, scopes }): RegisterRow => {
      const read = readBy.get(devId)
      return {
        kind: 'developer',
        id: devId,
        name,
        by: [...scopes].filter(scope => personalScopes.test(scope)),
        fields: read?.fields ?? [],
        since: read?.firstDay ?? undefined,
        last: read?.lastDay ?? undefined,
        times: read?.answers ?? 0,
        people: read?.people ?? 0,
      }
    })
  const usedBy = new Map(uses.map(one => [one.appId, one]))
  const apps = ctx.apps.ofCorp(corpId).flatMap(({ id, name }): RegisterRow[] => {
    const signIn = ctx.appSignIns.of(id)
    const use = usedBy.get(id)
    if (!signIn && !use) return []
    const names = signIn?.claims.map(one => one.name) ?? []
    return [
      {
        kind: 'app',
        id,
        name,
        by: names,
        fields: names,
        since: undefined,
        last: use?.lastAt ? new Date(use.lastAt).toISOString().slice(0, 10) : undefined,
        times: use?.consents ?? 0,
        people: use?.people ?? 0,
      },
    ]
  })
  return [...developers, ...apps]
    .filter(one => one.by.length > 0 || one.people > 0)
    .sort((a, b) => b.people - a.people || a.id.localeCompare(b.id))
}

/** What wisp itself keeps of a person, as the manifests say. */
export type KeptData = {
  room: string
  table: string
  what: Words
  why: Words
  columns: string[]
  given: Words[]
  kept: Words
  erased: Words
}

export function keptData({ offered }: { offered: FeatureOffers }): KeptData[] {
  const retention = new Map(Object.values(offered.retention).flatMap(all => all.map(one => [one.table, one])))
  return offered.personal.map(({ room, table, what, why, columns, given = [], erased }) => ({
    room,
    table,
    what,
    why: purposes[why],
    columns: Object.keys(columns),
    given: given.map(one => recipients[one]),
    kept: keptWords(retention.get(table)),
    erased: erasedWords(erased),
  }))
}

function keptWords(one: Retention | undefined): Words {
  if (one && 'prune' in one)
    return {
      zh: `${one.keptDays} 天，${countedZh}`,
      en: `${one.keptDays} days, counted from ${one.countedFrom}`,
    }
  if (one && 'goesWith' in one) return { zh: `与 ${one.goesWith} 一起`, en: `as long as ${one.goesWith}` }
  return { zh: '不随时间增长，对象删除时删除', en: 'does not grow; goes with what it is about' }
}
const countedZh = '起算见“数据保留”'

function erasedWords(erased: PersonalTable['erased']): Words {
  if (erased === 'rows') return { zh: '删除', en: 'deleted' }
  if (erased === 'names') return { zh: '去掉姓名与账号', en: 'name and userid are taken out' }
  if (erased === 'goes') return { zh: '随成员资料删除', en: 'deleted with the member' }
  return stayReasons[erased]
}
