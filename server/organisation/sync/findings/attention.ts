import type { Core } from '../../../platform/core.ts'
import { formatDuration } from '../../../platform/format.ts'
import { inboxStates } from '../../../platform/inbox/event-store.ts'
import type { CorpAttention } from '../../../platform/manifest/attention.ts'
import type { Corps } from '../../corps/corps.ts'
import { places } from '../../corps/doctor/check.ts'
import { connectedAt } from '../../corps/store.ts'
import { lateEvents, parkedEvents, stuckMs } from '../events/event-causes.ts'
import { lastSettledRuns, withoutRuns } from '../figures-store.ts'
import { outageOfAll } from '../outage-of-all.ts'
import { lateMs, unreachableMs } from '../thresholds.ts'
import { syncApproval, syncFailed, wecomUnreachable, withoutSecret } from './run-causes.ts'

type Needs = Core & { corps: Corps }

export async function syncAttention(ctx: Needs, corpIds: readonly string[]): Promise<CorpAttention[]> {
  const found = [aboutRuns(ctx, corpIds), aboutEvents(ctx, corpIds), aboutWecom(ctx, corpIds)]
  return (await Promise.all(found)).flat()
}

async function aboutRuns(ctx: Needs, corpIds: readonly string[]): Promise<CorpAttention[]> {
  const [settled, never, hidden] = await Promise.all([
    lastSettledRuns(ctx.db, corpIds),
    neverSynced(ctx, corpIds),
    withoutSecret(ctx, corpIds),
  ])
  return [
    ...never,
    ...settled.flatMap(({ corpId, id: runId, state, at: since, error }): CorpAttention[] => {
      const detail = { runId, error: error ?? '' }
      if (state === 'approval') {
        const act = { zh: '查看并批准', en: 'See and approve' }
        return [{ corpId, kind: 'syncApproval', severity: 'bad', since, act, ...syncApproval.tell(detail) }]
      }
      if (state !== 'failed' || hidden.has(corpId)) return []
      const act = { zh: '查看原因', en: 'See why' }
      return [{ corpId, kind: 'syncFailed', severity: 'bad', since, act, ...syncFailed.tell(detail) }]
    }),
  ]
}

async function neverSynced({ db }: Core, corpIds: readonly string[]): Promise<CorpAttention[]> {
  const never = await withoutRuns(db, corpIds)
  if (never.length === 0) return []
  const since = await connectedAt(db, never)
  return never.map(corpId => ({
    corpId,
    kind: 'neverSynced',
    severity: 'bad',
    since: since.get(corpId) ?? null,
    title: { zh: '通讯录还没有同步过', en: 'The address book was never synced' },
    what: {
      zh: '同步之后，成员、部门和标签才会出现在平台里。',
      en: 'Members, departments and tags appear after the first sync.',
    },
    fix: { zh: `请到${places.sync.zh}做一次全量同步。`, en: `Run a full sync in ${places.sync.en}.` },
    act: { zh: '去同步', en: 'Sync' },
    path: '/console/sync',
  }))
}

/** WeCom answers no corp. One that alone gets no answer is told by its alert. */
async function aboutWecom({ db, now }: Core, corpIds: readonly string[]): Promise<CorpAttention[]> {
  const outage = await outageOfAll(db)
  if (!outage || now() - outage.since.getTime() < unreachableMs) return []
  const { since, reason } = outage
  const act = { zh: '去处理', en: 'Go there' }
  const detail = { reason, age: formatDuration(now() - since.getTime()) }
  return corpIds.map(corpId => ({
    corpId,
    kind: 'wecomUnreachable',
    severity: 'bad',
    since,
    act,
    ...wecomUnreachable.tell(detail),
  }))
}

async function aboutEvents({ db, now }: Core, corpIds: readonly string[]): Promise<CorpAttention[]> {
  const states = await inboxStates(db, 'directory', corpIds)
  return [...states].flatMap(([corpId, { parked, pending, oldestPendingAt, oldestParkedAt }]) => {
    const found: CorpAttention[] = []
    if (parked > 0)
      found.push({
        corpId,
        kind: 'parkedEvents',
        severity: 'bad',
        since: oldestParkedAt,
        act: { zh: '查看并重放', en: 'See and replay' },
        ...parkedEvents.tell({ count: parked }),
      })
    const waitedMs = oldestPendingAt ? now() - oldestPendingAt.getTime() : 0
    if (waitedMs > lateMs)
      found.push({
        corpId,
        kind: 'lateEvents',
        severity: waitedMs > stuckMs ? 'bad' : 'warn',
        since: oldestPendingAt,
        act: { zh: '查看事件', en: 'See events' },
        ...lateEvents.tell({ count: pending, waited: formatDuration(waitedMs) }),
      })
    return found
  })
}
