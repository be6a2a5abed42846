import { callsMade } from '../../callers/developers/calls.ts'
import { unknownCorp } from '../../organisation/corps/corps.ts'
import { inOrder, type Quotas } from '../../organisation/corps/quotas.ts'
import { allCorps } from '../../organisation/corps/store.ts'
import { administratorsOf } from '../../organisation/people/store.ts'
import { recentRuns } from '../../organisation/sync/runs/run-store.ts'
import { type RunRow, runRow } from '../../organisation/sync/runs/run-view.ts'
import { versionOf } from '../../platform/http/form-version.ts'
import type { Language } from '../../platform/http/words.ts'
import type { AttentionRow, NeedsAttention } from '../../platform/manifest/attention.ts'
import { messageDays } from '../messages/accept/message-day-store.ts'
import { type CorpFigures, daysShown, figuresOf, type OperatorNeeds } from './list.ts'

export type CorpDay = { day: string; calls: number; failures: number; messages: number }

export type OneCorp = CorpFigures & {
  /** Days on which something happened, the earliest first. */
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
  const days = new Map<string, CorpDay>()
  const dayOf = (day: string) =>
    days.getOrInsertComputed(day, () => ({ day, calls: 0, failures: 0, messages: 0 }))
  for (const { day, calls: made, failures } of calls) Object.assign(dayOf(day), { calls: made, failures })
  for (const { day, messages: sent } of messages) dayOf(day).messages = sent
  const quotaSettings = inOrder(row.quotas)
  return {
    ...figures,
    days: [...days.values()].sort((a, b) => a.day.localeCompare(b.day)),
    runs: runs.map(run => runRow(ctx, run, language)),
    ...{ needs, administrators, quotaSettings },
    version: versionOf(quotaSettings),
  }
}
