import type { Io, Output } from '../../../platform/command/command.ts'
import { follow } from '../../../platform/command/node-work.ts'
import { facts, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Corps } from '../../corps/corps.ts'
import { outageShown } from '../outage-of-all.ts'
import type { Outage } from '../outage-store.ts'
import { startSync } from '../request.ts'
import { type Run, type RunKind, type RunText, runIn } from '../runs/run-store.ts'
import { outageIn } from '../runs/run-view.ts'
import { describeRun } from '../status.ts'

export const kinds = { full: '全量同步', reconcile: '核对', 'dry-run': '试运行' } as const
export const states = {
  waiting: '等待',
  running: '进行中',
  approval: '待批准',
  done: '完成',
  failed: '失败',
  cancelled: '已停止',
} as const

export function notWaited(run: Run): Output {
  return { data: runIn('zh', run), text: `同步 #${run.id} 已排队；wisp sync status 查看进度` }
}

/** Starts a run, or joins an open one of the same kind. Throws 1000 when one of another kind is open. */
export async function startAndFollow(
  ctx: Core & { corps: Corps; queue: Queue },
  corpId: string,
  kind: RunKind,
  how: FollowOptions,
  io: Io,
): Promise<Output> {
  return followRun(ctx, corpId, await startSync(ctx, 'cli', corpId, kind), how, io)
}

/** `wait`: until the end; `here`: this command does the work itself. */
export type FollowOptions = { wait: boolean; here: boolean }

/** Reports a run's progress until it ends. The run continues when nobody waits any more. */
export async function followRun(
  ctx: Core,
  corpId: string,
  id: number,
  { wait, here }: FollowOptions,
  io: Io,
): Promise<Output> {
  if (!wait) return notWaited(await describeRun(ctx, corpId, id))
  const look = async () => {
    const run = runIn('zh', await describeRun(ctx, corpId, id))
    const isOpen = run.state === 'waiting' || run.state === 'running'
    if (!isOpen) return { line: progressLine(run), end: ended(run) }
    const outage = await outageShown(ctx.db, corpId)
    return { line: outage ? `${progressLine(run)}；${outageText(outage)}` : progressLine(run) }
  }
  return follow(ctx, io, look, { here })
}

function progressLine(run: RunText): string {
  const { pagesDone = 0, pagesTotal = 0, members = 0, applied = 0 } = run.progress
  const phase = run.state === 'running' && run.phase ? `${states.running} ${run.phase}` : states[run.state]
  return `${kinds[run.kind]} #${run.id} ${phase}: 部门 ${pagesDone}/${pagesTotal}，成员 ${formatCount(members)}，差异 ${applied}`
}

/** What a run waits for, and until when. */
export function outageText(outage: Outage): string {
  const { reason, since, nextAt } = outageIn('zh', outage)
  return `${reason}（自 ${when(since)}${nextAt ? `，${when(nextAt)} 再试` : '，正在重试'}）`
}

function ended(run: RunText): Output {
  const failed = run.state !== 'done'
  return { data: run, text: runText(run), ...(failed ? { failed } : {}) }
}

/** Nothing is said about what is equal before a run has read everything. */
export function countsText(run: Pick<Run, 'counts' | 'state'>): string {
  const names = { department: '部门', member: '成员', tag: '标签' } as const
  const parts = (['department', 'member', 'tag'] as const).flatMap(kind => {
    const { put, drop } = run.counts[kind] ?? { put: 0, drop: 0 }
    return put + drop > 0 ? [`${names[kind]} 写入 ${put} 删除 ${drop}`] : []
  })
  return parts.join('；') || (run.state === 'done' ? '无差异' : '—')
}

export function runText(run: RunText): string {
  const lines = [
    facts([
      ['同步', `#${run.id} ${kinds[run.kind]}`],
      ['状态', states[run.state]],
      [run.kind === 'dry-run' ? '将会' : '结果', countsText(run)],
      ['开始', when(run.startedAt)],
      ['结束', when(run.finishedAt)],
    ]),
  ]
  if (run.error) lines.push(`原因: ${run.error}`)
  if (run.state === 'approval') lines.push(`核实后执行 wisp sync approve ${run.id}`)
  if (run.problems.length > 0) lines.push('注意:', ...run.problems.map(problem => `  - ${problem}`))
  return lines.join('\n')
}
