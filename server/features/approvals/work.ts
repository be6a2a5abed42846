import { isOn } from '../../organisation/corps/features/check-on.ts'
import { describeError } from '../../platform/operation/log.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { ActiveTask } from '../../platform/queue/queue.ts'
import { enqueueEach, holdLease } from '../../platform/queue/queue-store.ts'
import { spreadOver } from '../../platform/queue/spread.ts'
import { TooManyApprovals } from '../../upstream/wecom/approvals/calls.ts'
import type { ApprovalFlow } from '../../upstream/wecom/approvals/detail.ts'
import { settleSubmission } from './apply/settle.ts'
import { lateMs } from './follow/changes.ts'
import { reread } from './follow/reread.ts'
import type { ApprovalNeeds } from './needs.ts'
import { agentOfCorp, approvalsFeature } from './setup/setup.ts'
import { allTemplates, findTemplate } from './setup/setup-store.ts'
import { knownNumbers, pendingNumbers, unknownSince } from './store.ts'
import { enqueueRead } from './tasks.ts'

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
  if (kind === 'list') return lookForLost(ctx, held, subject)
  return reread(ctx, held, { flow: kind as ApprovalFlow, no: subject })
}

/** Lets approvals be read that were submitted of late and whose events were lost. Of the own flow WeCom has no list. */
async function lookForLost(
  ctx: ApprovalNeeds,
  { corpId, lease }: ActiveTask,
  templateId: string,
): Promise<undefined> {
  if (!isOn(ctx, corpId, approvalsFeature) || !(await findTemplate(ctx.db, corpId, templateId)))
    return undefined
  const found = await agentOfCorp(ctx, corpId).catch(() => undefined)
  if (!found) return undefined
  const { approvals } = found.agent.messenger
  const [from, to] = [ctx.now() - lateMs, ctx.now()].map(ms => Math.floor(ms / 1000)) as [number, number]
  const numbers = await approvals.numbers({ templateId, from, to }).catch(error => {
    if (!(error instanceof TooManyApprovals)) throw error
    ctx.log.warn({ corpId, ...describeError(error) }, 'events that were lost are not looked for')
    return []
  })
  const known = await knownNumbers(ctx.db, corpId, numbers)
  await ctx.db.transaction().execute(async tx => {
    const at = new Date(ctx.now())
    for (const no of numbers) if (!known.has(no)) await enqueueRead(tx, corpId, 'wecom', no, at)
    await holdLease(tx, lease)
  })
}

/**
 * Once a night what waits is read again (after three months once a week), and each template's list: an event may have been lost. Late
 * submissions are looked for again.
 */
export function scheduleApprovals(ctx: ApprovalNeeds & { jobs: Jobs }): void {
  ctx.jobs.schedule('approvals', '10 4 * * *', async () => {
    const pending = await pendingNumbers(ctx.db, new Date(ctx.now()))
    const templates = await allTemplates(ctx.db)
    const unknown = await unknownSince(ctx.db, new Date(ctx.now() - lateMs))
    const keys = [
      ...unknown.map(({ corpId, id }) => ({ corpId, key: `apply ${id}` })),
      ...templates.map(({ corpId, id }) => ({ corpId, key: `list ${id}` })),
      ...pending.map(({ corpId, flow, no }) => ({ corpId, key: `${flow} ${no}` })),
    ]
    const byName = new Map(keys.map(one => [`${one.corpId} ${one.key}`, one]))
    const due = spreadOver([...byName.keys()], ctx.now(), { eachMs: 500, atMostMs: 2 * 3_600_000 })
    const tasks = due.flatMap(({ name, dueAt }) => {
      const one = byName.get(name)
      return one ? [{ ...one, stream: 'approvals' as const, dueAt }] : []
    })
    if (tasks.length > 0) await enqueueEach(ctx.db, tasks)
  })
}
