import type { Core } from '../../../platform/core.ts'
import { formatDuration } from '../../../platform/format.ts'
import { inboxState } from '../../../platform/inbox/event-store.ts'
import type { Attention } from '../../../platform/manifest/attention.ts'
import type { Corps } from '../../corps/corps.ts'
import { places } from '../../corps/doctor/check.ts'
import { connectedAt } from '../../corps/store.ts'
import { lateEvents, parkedEvents } from '../events/event-causes.ts'
import { lastSettledRuns } from '../figures-store.ts'
import { outageOfAll } from '../outage-of-all.ts'
import { recentRuns } from '../runs/run-store.ts'
import { lateMs, unreachableMs } from '../thresholds.ts'
import { syncApproval, syncFailed, wecomUnreachable, withoutSecret } from './run-causes.ts'

const runsLookedAt = 5

export async function syncAttention(ctx: Core & { corps: Corps }, corpId: string): Promise<Attention[]> {
  return (await Promise.all([aboutRuns(ctx, corpId), aboutEvents(ctx, corpId), aboutWecom(ctx)])).flat()
}

async function aboutRuns(ctx: Core & { corps: Corps }, corpId: string): Promise<Attention[]> {
  const [settled] = await lastSettledRuns(ctx.db, corpId)
  if (!settled) {
    const runs = await recentRuns(ctx.db, corpId, runsLookedAt)
    return runs.some(run => run.kind !== 'dry-run') ? [] : [await neverSynced(ctx, corpId)]
  }
  const { id: runId, state, at: since } = settled
  const detail = { runId, error: settled.error ?? '' }
  if (state === 'approval') {
    const act = { zh: '查看并批准', en: 'See and approve' }
    return [{ kind: 'syncApproval', severity: 'bad', since, act, ...syncApproval.tell(detail) }]
  }
  if (state !== 'failed' || (await withoutSecret(ctx)).has(corpId)) return []
  const act = { zh: '查看原因', en: 'See why' }
  return [{ kind: 'syncFailed', severity: 'bad', since, act, ...syncFailed.tell(detail) }]
}

async function neverSynced({ db }: Core, corpId: string): Promise<Attention> {
  return {
    kind: 'neverSynced',
    severity: 'bad',
    since: await connectedAt(db, corpId),
    title: { zh: '通讯录还没有同步过', en: 'The address book was never synced' },
    what: {
      zh: '同步之后，成员、部门和标签才会出现在平台里。',
      en: 'Members, departments and tags appear after the first sync.',
    },
    fix: { zh: `请到${places.sync.zh}做一次全量同步。`, en: `Run a full sync in ${places.sync.en}.` },
    act: { zh: '去同步', en: 'Sync' },
    path: '/console/sync',
  }
}

/** WeCom answers no corp. One that alone gets no answer is told by its alert. */
async function aboutWecom({ db, now }: Core): Promise<Attention[]> {
  const outage = await outageOfAll(db)
  if (!outage || now() - outage.since.getTime() < unreachableMs) return []
  const { since, reason } = outage
  const act = { zh: '去处理', en: 'Go there' }
  const detail = { reason, age: formatDuration(now() - since.getTime()) }
  return [{ kind: 'wecomUnreachable', severity: 'bad', since, act, ...wecomUnreachable.tell(detail) }]
}

async function aboutEvents({ db, now }: Core, corpId: string): Promise<Attention[]> {
  const { parked, pending, oldestPendingAt, oldestParkedAt } = await inboxState(db, corpId, 'directory')
  const found: Attention[] = []
  if (parked > 0)
    found.push({
      kind: 'parkedEvents',
      severity: 'bad',
      since: oldestParkedAt,
      act: { zh: '查看并重放', en: 'See and replay' },
      ...parkedEvents.tell({ count: parked }),
    })
  const waitedMs = oldestPendingAt ? now() - oldestPendingAt.getTime() : 0
  if (waitedMs > lateMs)
    found.push({
      kind: 'lateEvents',
      severity: 'warn',
      since: oldestPendingAt,
      act: { zh: '查看事件', en: 'See events' },
      ...lateEvents.tell({ count: pending, waited: formatDuration(waitedMs) }),
    })
  return found
}
