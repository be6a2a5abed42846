import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import type { Words } from '../../../platform/http/words.ts'
import { inboxState } from '../../../platform/inbox/event-store.ts'
import type { Attention } from '../../../platform/manifest/attention.ts'
import { recentRuns } from '../runs/run-store.ts'
import { lateMs } from '../thresholds.ts'

const runsLookedAt = 5

export async function syncAttention(ctx: Core, corpId: string): Promise<Attention[]> {
  const [runs, inbox] = await Promise.all([
    recentRuns(ctx.db, corpId, runsLookedAt),
    inboxState(ctx.db, corpId, 'directory'),
  ])
  return [...aboutRuns(runs), ...aboutEvents(ctx, inbox)]
}

function aboutRuns(runs: Awaited<ReturnType<typeof recentRuns>>): Attention[] {
  const waiting = runs.find(run => run.state === 'approval')
  if (waiting)
    return [
      {
        kind: 'syncApproval',
        severity: 'bad',
        title: { zh: '一次同步在等待批准', en: 'A sync waits for approval' },
        hint: {
          zh: '它会删除较多成员或部门，确认无误后再批准。',
          en: 'It would delete many members or departments; approve once you are sure.',
        },
        act: { zh: '查看并批准', en: 'See and approve' },
        path: `/console/sync/runs/${waiting.id}`,
      },
    ]
  const last = runs.find(run => run.kind !== 'dry-run')
  if (!last)
    return [
      {
        kind: 'neverSynced',
        severity: 'bad',
        title: { zh: '通讯录还没有同步过', en: 'The address book was never synced' },
        hint: {
          zh: '同步之后，成员、部门和标签才会出现在平台里。',
          en: 'Members, departments and tags appear after the first sync.',
        },
        act: { zh: '去同步', en: 'Sync' },
        path: '/console/sync',
      },
    ]
  if (last.state !== 'failed') return []
  return [
    {
      kind: 'syncFailed',
      severity: 'bad',
      title: { zh: '最近一次同步失败', en: 'The last sync failed' },
      hint: last.error ?? '',
      act: { zh: '查看原因', en: 'See why' },
      path: `/console/sync/runs/${last.id}`,
    },
  ]
}

function aboutEvents(
  { now }: Core,
  { parked, pending, oldestPendingAt }: Awaited<ReturnType<typeof inboxState>>,
): Attention[] {
  const found: Attention[] = []
  if (parked > 0)
    found.push({
      kind: 'parkedEvents',
      severity: 'bad',
      title: {
        zh: `${formatCount(parked)} 条变更事件处理失败`,
        en: `${formatCount(parked)} change ${parked === 1 ? 'event' : 'events'} failed`,
      },
      hint: isParked,
      act: { zh: '查看并重放', en: 'See and replay' },
      path: '/console/sync/events?state=parked',
    })
  if (oldestPendingAt && now() - oldestPendingAt.getTime() > lateMs)
    found.push({
      kind: 'lateEvents',
      severity: 'warn',
      title: {
        zh: `${formatCount(pending)} 条变更事件积压`,
        en: `${formatCount(pending)} change ${pending === 1 ? 'event waits' : 'events wait'}`,
      },
      hint: {
        zh: '最早的一条已等待超过 10 分钟，可能是企业微信限流或不可用。',
        en: 'The oldest has waited for over 10 minutes; WeCom may be limiting or unavailable.',
      },
      act: { zh: '查看事件', en: 'See events' },
      path: '/console/sync/events',
    })
  return found
}

const isParked: Words = {
  zh: '它们已停下等待处理，不影响其他事件。',
  en: 'They are parked and do not block others.',
}
