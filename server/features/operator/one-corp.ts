import { callsMade } from '../../callers/developers/calls.ts'
import { unknownCorp } from '../../organisation/corps/corps.ts'
import { inOrder, type Quotas } from '../../organisation/corps/quotas/quotas.ts'
import { allCorps } from '../../organisation/corps/store.ts'
import { administratorsOf } from '../../organisation/people/store.ts'
import { recentRuns } from '../../organisation/sync/runs/run-store.ts'
import { type RunRow, runRow } from '../../organisation/sync/runs/run-view.ts'
import { versionOf } from '../../platform/http/form-version.ts'
import type { AttentionRow, NeedsAttention } from '../../platform/manifest/attention.ts'
import { dayOf } from '../../platform/operation/day.ts'
import type { Language } from '../../platform/words.ts'
import { messageDays } from '../messages/accept/message-day-store.ts'
import { type CorpFigures, daysShown, figuresOf, type OperatorNeeds } from './list.ts'

export type CorpDay = { day: string; calls: number; failures: number; messages: number }

export type OneCorp = CorpFigures & {
  /** Beijing days, the earliest first. */
  days: CorpDay[]
  runs: RunRow[]
  /** What needs its administrators. */
  needs: AttentionRow[]
  administrators: { userId: string; userName: string; level: number }[]
  /** What is set, also without any use. */
  quotaSettings: Quotas
  version: string
}

const runsShown = 10
const dayMs = 86_400_000

/** One corp as the operator sees it; its address book is not loaded. Throws 1000. */
export async function oneCorp(
  ctx: OperatorNeeds & { needsAttention: NeedsAttention },
  corpId: string,
  language: Language,
): Promise<OneCorp> {
  ctx.corps.get(corpId)
  const [[figures], calls, messages, runs, needs, administrators, [row]] = await Promise.all([
    figuresOf(ctx, [corpId], language),
    callsMade(ctx, { corpId, days: daysShown }, ['day']),
    messageDays(ctx.db, corpId, { days: daysShown, now: ctx.now() }),
    recentRuns(ctx.db, corpId, runsShown),
    ctx.needsAttention({ corpId, withInstallation: false }),
    administratorsOf(ctx.db, corpId),
    allCorps(ctx.db, corpId),
  ])
  if (!figures || !row) throw unknownCorp(corpId)
  const callsOn = new Map(calls.map(one => [one.day, one]))
  const messagesOn = new Map(messages.map(one => [one.day, one.messages]))
  const days = Array.from({ length: daysShown }, (_, n): CorpDay => {
    const day = dayOf(ctx.now() - (daysShown - 1 - n) * dayMs)
    const made = callsOn.get(day)
    return {
      day,
      calls: made?.calls ?? 0,
      failures: made?.failures ?? 0,
      messages: messagesOn.get(day) ?? 0,
    }
  })
  const quotaSettings = inOrder(row.quotas)
  return {
    ...figures,
    days,
    runs: runs.map(run => runRow(ctx, run, language)),
    needs,
    administrators,
    quotaSettings,
    version: versionOf(quotaSettings),
  }
}
