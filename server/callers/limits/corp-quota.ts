import { overQuota } from '../../organisation/corps/quotas/quotas.ts'
import type { ApiError } from '../../platform/http/errors.ts'

/** Calls of a corp with a quota on a day, by all its developers on all nodes, as far as this one knows. */
export type CorpCount = { day: string; used: number; refusal: ApiError | undefined }

/** What is counted of one developer and group of calls (limits.ts). */
type OfDeveloper = {
  developer: { corpId: string }
  quota: number | undefined
  day: string
  dayEndsAt: number
  own: { used: number }
}

export type CorpCounts = {
  /** Undefined for a corp without a quota. */
  of(count: OfDeveloper): CorpCount | undefined
  /** Takes over the sums of all nodes, to which what is counted here and not written yet belongs too. */
  learn(
    day: string,
    sums: ReadonlyMap<string, number>,
    counts: Iterable<Partial<Record<string, OfDeveloper>>>,
  ): void
}

export function createCorpCounts(): CorpCounts {
  const ofCorps = new Map<string, CorpCount>()

  function of({ developer, quota, day }: OfDeveloper): CorpCount | undefined {
    if (quota === undefined) return undefined
    const count = ofCorps.getOrInsertComputed(developer.corpId, () => newCount(day))
    if (count.day !== day) Object.assign(count, newCount(day))
    return count
  }

  return {
    of,
    learn(day, sums, counts) {
      if (sums.size === 0) return
      for (const [corpId, used] of sums) {
        const known = ofCorps.get(corpId)
        if (known?.day === day) known.used = used
      }
      for (const groups of counts)
        for (const count of Object.values(groups))
          if (count?.day === day && sums.has(count.developer.corpId)) {
            const corp = of(count)
            if (corp) corp.used += count.own.used
          }
    },
  }
}

function newCount(day: string): CorpCount {
  return { day, used: 0, refusal: undefined }
}

/** Reused while its text is the same, because creating an error is most of the cost of refusing a call. */
export function refusalOfCorp({ quota = 0, dayEndsAt }: OfDeveloper, corp: CorpCount, now: number): ApiError {
  const wait = Math.ceil((dayEndsAt - now) / 1000)
  if (corp.refusal?.retryAfterSeconds !== wait) corp.refusal = overQuota('callsPerDay', quota, wait)
  return corp.refusal
}
