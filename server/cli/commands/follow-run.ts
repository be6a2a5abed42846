import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import type { Queue } from '../../queue/queue.ts'
import { startSync } from '../../sync/request.ts'
import { type Run, type RunKind, type RunText, runIn } from '../../sync/runs/run-store.ts'
import { describeRun } from '../../sync/status.ts'
import type { Io, Output } from '../command.ts'
import { facts, when } from '../text.ts'

export const kinds = { full: '全量同步', reconcile: '核对', 'dry-run': '试运行' } as const
export const states = {
  waiting: '等待',
  running: '进行中',
  approval: '待批准',
  done: '完成',
  failed: '失败',
  cancelled: '已停止',
} as const

/** Starts a run, or joins an open one of the same kind. Throws 1000 when one of another kind is open. */
export async function startAndFollow(
  ctx: Core & { corps: Corps; queue: Queue },
  corpId: string,
  kind: RunKind,
  wait: boolean,
  io: Io,
): Promise<Output> {
  const id = await startSync(ctx, 'cli', corpId, kind)
  return wait ? followRun(ctx, corpId, id, io) : notWaited(await describeRun(ctx, corpId, id))
}

export function notWaited(run: Run): Output {
  return { data: runIn('zh', run), text: `同步 #${run.id} 已开始；wisp sync status 查看进度` }
}

const pollMs = 200

/** Reports a run's progress until it ends. The run continues when nobody waits any more. */
export async function followRun(ctx: Core, corpId: string, id: number, io: Io): Promise<Output> {
  const signal = AbortSignal.any([io.signal, ctx.stopping])
  let said = ''
  for (;;) {
    const run = runIn('zh', await describeRun(ctx, corpId, id))
    const line = progressLine(run)
    if (line !== said) io.note(line)
    said = line
    if (run.state !== 'waiting' && run.state !== 'running') return ended(run)
    await delay(pollMs, undefined, { signal })
  }
}

function progressLine(run: RunText): string {
  const { pagesDone = 0, pagesTotal = 0, members = 0, applied = 0 } = run.progress
  const phase = run.state === 'running' && run.phase ? `${states.running} ${run.phase}` : states[run.state]
  return `${kinds[run.kind]} #${run.id} ${phase}: 部门 ${pagesDone}/${pagesTotal}，成员 ${members}，差异 ${applied}`
}

function ended(run: RunText): Output {
  const failed = run.state !== 'done'
  return { data: run, text: runText(run), ...(failed ? { failed } : {}) }
}

export function countsText(run: Pick<Run, 'counts'>): string {
  const names = { department: '部门', member: '成员', tag: '标签' } as const
  const parts = (['department', 'member', 'tag'] as const).flatMap(kind => {
    const { put, drop } = run.counts[kind] ?? { put: 0, drop: 0 }
    return put + drop > 0 ? [`${names[kind]} 写入 ${put} 删除 ${drop}`] : []
  })
  return parts.join('；') || '无差异'
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
