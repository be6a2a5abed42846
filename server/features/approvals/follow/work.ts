import type { Jobs } from '../../../platform/queue/jobs.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { enqueueEach } from '../../../platform/queue/queue-store.ts'
import { spreadOver } from '../../../platform/queue/spread.ts'
import type { ApprovalFlow } from '../../../upstream/wecom/approvals/detail.ts'
import { settleSubmission } from '../apply/settle.ts'
import type { ApprovalNeeds } from '../needs.ts'
import { pendingNumbers } from '../store.ts'
import { reread } from './reread.ts'

const tasksAtOnce = 4

export function handleApprovals(ctx: ApprovalNeeds): void {
  ctx.queue.handle({
    name: 'approvals',
    atOnce: tasksAtOnce,
    isBackground: true,
    async work(held) {
      if (!ctx.corps.find(held.corpId)) return undefined
      return ctx.mirrors.during(held.corpId, () => workOn(ctx, held))
    },
  })
}

async function workOn(ctx: ApprovalNeeds, held: ActiveTask): Promise<Date | undefined> {
  const [, kind = '', subject = ''] = /^(\S+) (.+)$/s.exec(held.key) ?? []
  if (kind === 'apply') return settleSubmission(ctx, held, Number(subject))
  return reread(ctx, held, { flow: kind as ApprovalFlow, no: subject })
}

/** Once a night whatever waits is read again: an event may have been lost. */
export function scheduleApprovals(ctx: ApprovalNeeds & { jobs: Jobs }): void {
  ctx.jobs.schedule('approvals', '10 4 * * *', async () => {
    const pending = await pendingNumbers(ctx.db)
    const byKey = new Map(pending.map(one => [`${one.corpId} ${one.flow} ${one.no}`, one]))
    const due = spreadOver([...byKey.keys()], ctx.now(), { eachMs: 500, atMostMs: 2 * 3_600_000 })
    const tasks = due.flatMap(({ name, dueAt }) => {
      const one = byKey.get(name)
      return one
        ? [{ corpId: one.corpId, stream: 'approvals' as const, key: `${one.flow} ${one.no}`, dueAt }]
        : []
    })
    if (tasks.length > 0) await enqueueEach(ctx.db, tasks)
  })
}
