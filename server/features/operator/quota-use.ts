import { countDevelopers } from '../../callers/developers/store.ts'
import type { Limits } from '../../callers/limits/limits.ts'
import { callsUsed } from '../../callers/limits/overview.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import {
  type QuotaName,
  type QuotaState,
  quotaNames,
  quotaState,
} from '../../organisation/corps/quotas/quotas.ts'
import { directorySizes } from '../../organisation/corps/size-store.ts'
import type { Core } from '../../platform/core.ts'
import { countsPresent } from '../external-people/external-store.ts'
import { messagesOfCorps } from '../messages/accept/message-day-store.ts'

type Needs = Core & { corps: Corps; limits: Limits }

/** A quota and what is used of it. */
export type QuotaUse = { name: QuotaName; quota: number; used: number; state: QuotaState }

/** The quotas of these corps with their use, in five queries; for corps without quotas the list is empty. */
export async function quotaUse(ctx: Needs, corpIds: readonly string[]): Promise<Map<string, QuotaUse[]>> {
  const limited = corpIds.filter(corpId => Object.keys(ctx.corps.find(corpId)?.quotas ?? {}).length > 0)
  const used = limited.length > 0 ? await usedOf(ctx, limited) : undefined
  return new Map(
    corpIds.map(corpId => {
      const quotas = ctx.corps.find(corpId)?.quotas ?? {}
      return [
        corpId,
        quotaNames.flatMap(name => {
          const quota = quotas[name]
          if (quota === undefined || !used) return []
          const now = used[name](corpId)
          return [{ name, quota, used: now, state: quotaState(now, quota) }]
        }),
      ]
    }),
  )
}

type QuotaCounters = Record<QuotaName, (corpId: string) => number>

async function usedOf(ctx: Needs, corpIds: readonly string[]): Promise<QuotaCounters> {
  const [sizeOf, developers, calls, messages, outside] = await Promise.all([
    directorySizes(ctx.db, corpIds),
    countDevelopers(ctx.db, corpIds),
    callsUsed(ctx, corpIds),
    messagesOfCorps(ctx.db, { days: 1, now: ctx.now(), corpIds }),
    countsPresent(ctx.db, corpIds),
  ])
  return {
    members: corpId => sizeOf(corpId).listed + (outside.get(corpId) ?? 0),
    developers: corpId => developers.get(corpId) ?? 0,
    callsPerDay: corpId => calls.get(corpId) ?? 0,
    messagesPerDay: corpId => messages.get(corpId)?.today ?? 0,
  }
}

/** The worst of them; undefined for none. */
export function worstOf(uses: readonly QuotaUse[]): QuotaState | undefined {
  const order: readonly QuotaState[] = ['exceeded', 'full', 'near', 'ok']
  return order.find(state => uses.some(one => one.state === state))
}
