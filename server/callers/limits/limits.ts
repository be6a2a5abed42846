import { type CallLimit, limitOf } from '../../organisation/corps/call-limits.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { Admission, CallGroup } from '../../platform/http/gate.ts'
import { own, told } from '../../platform/http/told.ts'
import { dayOf, nextDayAt } from '../../platform/operation/day.ts'
import { createCountedOnce } from '../../platform/storage/counted-once.ts'
import type { Developer } from '../developers/developers.ts'
import { type CorpCount, createCorpCounts, refusalOfCorp } from './corp-quota.ts'
import * as store from './store.ts'

/**
 * Limits per developer and group of calls, counted over all nodes: a bucket that holds the calls of a minute and fills
 * steadily, and a number for the day. Each call is decided from memory; once a second `share` adds what this node counted to
 * the database, and takes from the buckets what the other nodes did. So with several nodes, each may let through about a
 * second's calls too many. While the database is away, and after a start, a node believes its own count. A corp's quota of
 * calls a day is counted over its developers in the same way.
 */
export type Limits = {
  /** Counts a call of this group, unless it is refused. */
  admit(developer: Developer, group: CallGroup): Admission
  share(): Promise<void>
}

/** The count of one developer and group; `used` is that of all nodes since the day began, as far as this one knows. */
type Count = {
  developer: Developer
  limit: CallLimit
  policy: string
  /** What the operator allows all developers of the corp together. */
  quota: number | undefined
  /** Calls that may be made at once; negative when other nodes let through too many. */
  left: number
  leftAt: number
  day: string
  dayEndsAt: number
  used: number
  /** Calls counted here and not written yet. */
  own: { used: number; refused: number }
  /** When the other nodes' calls of this day were last read; 0: never. */
  sharedAt: number
  refusal: ApiError | undefined
  /** The headers of the last answers, and when they were made. */
  told: Record<string, string>
  toldAt: number
}

/** What is written at once: counts of days that are over, and those of today. */
type Batch = { now: number; over: store.Use[]; taken: { count: Count; use: store.Use }[] }

const minuteMs = 60_000
const idleMs = 86_400_000
/** Calls that other nodes made within this time are taken from a bucket in full; older ones have been filled up again by now. */
const recentMs = 2000
/** While more calls than `exactBelow` are left, the headers of answers may be this old, because computing them for each call costs time. */
const toldMs = 100
const exactBelow = 1000

export function createLimits(
  ctx: Pick<Core, 'db' | 'now' | 'nodeId'> & { corps: Pick<Corps, 'find'> },
): Limits {
  const { corps } = ctx
  const counts = new Map<string, Partial<Record<CallGroup, Count>>>()
  const ofCorps = createCorpCounts()
  /** Counts of days that are over, to be written with the next `share`. */
  let late: store.Use[] = []

  function countOf(developer: Developer, group: CallGroup, now: number): Count {
    const groups = counts.getOrInsertComputed(developer.devId, () => ({}))
    groups[group] ??= newCount(developer, settingOf(corps, developer, group), now)
    const count = groups[group]
    // Any change of a developer's or its corp's settings makes new objects of its developers.
    if (count.developer !== developer)
      Object.assign(count, { developer, ...settingOf(corps, developer, group) })
    if (now >= count.dayEndsAt) {
      if (count.own.used + count.own.refused > 0) late.push(useOf(count, group))
      Object.assign(count, { ...dayFrom(now), used: 0, own: { used: 0, refused: 0 }, sharedAt: 0 })
    }
    return count
  }

  /** The counts that have to be written now. */
  function takeOwn(): Batch | undefined {
    const now = ctx.now()
    const over = late
    late = []
    const taken: Batch['taken'] = []
    for (const [devId, groups] of counts) {
      for (const [name, count] of Object.entries(groups)) {
        const group = name as CallGroup
        if (count.own.used + count.own.refused > 0) {
          taken.push({ count, use: useOf(count, group) })
          count.own = { used: 0, refused: 0 }
        } else if (now - count.leftAt > idleMs) delete groups[group]
      }
      if (Object.keys(groups).length === 0) counts.delete(devId)
    }
    return over.length + taken.length > 0 ? { now, over, taken } : undefined
  }

  const written = createCountedOnce(ctx, {
    kind: 'limits',
    take: takeOwn,
    putBack: batch => late.push(...giveBack(batch)),
    async write(tx, { now, over, taken }) {
      const sums = await store.addUse(tx, [...over, ...taken.map(one => one.use)])
      const withQuota = taken.flatMap(({ count, use }) => (count.quota === undefined ? [] : use.corpId))
      const day = dayOf(now)
      return { now, sums, day, used: await store.usedOfCorps(tx, [...new Set(withQuota)], day) }
    },
    onWritten({ now, sums, day, used }) {
      for (const sum of sums) learn(counts.get(sum.devId)?.[sum.group], sum, now)
      ofCorps.learn(day, used, counts.values())
    },
  })
  return {
    admit(developer, group) {
      const now = ctx.now()
      const count = countOf(developer, group, now)
      const { limit, quota = 0 } = count
      const corp = ofCorps.of(count)
      fill(count, now)
      const isOfQuota = corp !== undefined && corp.used >= quota
      if (count.left >= 1 && count.used < limit.perDay && !isOfQuota) {
        count.left--
        count.used++
        count.own.used++
        if (corp) corp.used++
        return { headers: headersOf(count, corp, group, now), refusal: undefined }
      }
      count.own.refused++
      return {
        headers: headersOf(count, corp, group, now),
        refusal: isOfQuota ? refusalOfCorp(count, corp, now) : refusalOf(count, group, now),
      }
    },
    share: written.flush,
  }
}

/** Counts a batch again that was not written; returns what is of days that are over by now. */
function giveBack({ over, taken }: Batch): store.Use[] {
  const late = [...over]
  for (const { count, use } of taken) {
    if (count.day !== use.day) late.push(use)
    else {
      count.own.used += use.used
      count.own.refused += use.refused
    }
  }
  return late
}

function newCount(
  developer: Developer,
  setting: Pick<Count, 'limit' | 'policy' | 'quota' | 'refusal' | 'toldAt'>,
  now: number,
): Count {
  return {
    developer,
    ...setting,
    left: setting.limit.perMinute,
    leftAt: now,
    ...dayFrom(now),
    used: 0,
    own: { used: 0, refused: 0 },
    sharedAt: 0,
    told: {},
  }
}

function settingOf(corps: Pick<Corps, 'find'>, { corpId, limits }: Developer, group: CallGroup) {
  const corp = corps.find(corpId)
  const limit = limitOf(group, limits, corp?.callLimits ?? {})
  const policy = `"${group}";q=${limit.perMinute};w=60, "${group}-day";q=${limit.perDay};w=86400`
  return { limit, policy, quota: corp?.quotas.callsPerDay, refusal: undefined, toldAt: 0 }
}

function dayFrom(now: number): Pick<Count, 'day' | 'dayEndsAt'> {
  return { day: dayOf(now), dayEndsAt: nextDayAt(now) }
}

function useOf({ developer, day, own }: Count, group: CallGroup): store.Use {
  return { corpId: developer.corpId, devId: developer.devId, day, group, ...own }
}

function fill(count: Count, now: number): void {
  const { perMinute } = count.limit
  count.left = Math.min(perMinute, count.left + (Math.max(0, now - count.leftAt) * perMinute) / minuteMs)
  count.leftAt = now
}

/** Takes over the sum of all nodes, and from the bucket what the others did since it was last read. */
function learn(count: Count | undefined, sum: { day: string; used: number }, now: number): void {
  if (!count || count.day !== sum.day) return
  const others = sum.used + count.own.used - count.used
  count.used = sum.used + count.own.used
  if (count.sharedAt > 0) {
    const { perMinute } = count.limit
    const older = Math.max(0, now - count.sharedAt - recentMs)
    const drained = Math.max(0, others - (older * perMinute) / minuteMs)
    count.left = Math.max(-perMinute, count.left - drained)
  }
  count.sharedAt = now
}

/** RateLimit and RateLimit-Policy of draft-ietf-httpapi-ratelimit-headers. */
function headersOf(
  count: Count,
  corp: CorpCount | undefined,
  group: CallGroup,
  now: number,
): Record<string, string> {
  const { left, limit, used, policy, quota = 0, dayEndsAt } = count
  const leftToday = Math.min(limit.perDay - used, corp ? quota - corp.used : Number.POSITIVE_INFINITY)
  if (now - count.toldAt < toldMs && left > exactBelow && leftToday > exactBelow) return count.told
  const calls = Math.max(0, Math.floor(left))
  const full = Math.ceil(((limit.perMinute - left) * 60) / limit.perMinute)
  const today = Math.max(0, leftToday)
  const dayLeft = Math.ceil((dayEndsAt - now) / 1000)
  count.toldAt = now
  count.told = {
    'ratelimit-policy': policy,
    ratelimit: `"${group}";r=${calls};t=${full}, "${group}-day";r=${today};t=${dayLeft}`,
  }
  return count.told
}

/** Reused while its text is the same, because creating an error is most of the cost of refusing a call. */
function refusalOf(count: Count, group: CallGroup, now: number): ApiError {
  const { limit, used, left, dayEndsAt } = count
  const isOfDay = used >= limit.perDay
  const wait = isOfDay
    ? Math.ceil((dayEndsAt - now) / 1000)
    : Math.max(1, Math.ceil(((1 - left) * 60) / limit.perMinute))
  if (count.refusal?.retryAfterSeconds === wait) return count.refusal
  count.refusal = new ApiError(
    'tooManyRequests',
    isOfDay
      ? {
          zh: told`${own(group)} 类接口今天已达 ${own(limit.perDay)} 次的限额，北京时间 0 点恢复；管理员可以调整限额`,
          en: told`the limit of ${own(limit.perDay)} ${own(group)} calls a day is reached and resets at 00:00 Beijing time; an administrator can change it`,
        }
      : {
          zh: told`${own(group)} 类接口超过每分钟 ${own(limit.perMinute)} 次的限额，请 ${own(wait)} 秒后再试`,
          en: told`over the limit of ${own(limit.perMinute)} ${own(group)} calls per minute: try again in ${own(wait)} s`,
        },
    { retryAfterSeconds: wait },
  )
  return count.refusal
}
