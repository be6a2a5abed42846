import type { Io, Output } from '../../../platform/command/command.ts'
import { commandLanguage, said } from '../../../platform/command/language.ts'
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

export const kinds = {
  full: { zh: '全量同步', en: 'full sync' },
  reconcile: { zh: '核对', en: 'reconciliation' },
  'dry-run': { zh: '试运行', en: 'dry run' },
} as const
export const states = {
  waiting: { zh: '等待', en: 'Waits for' },
  running: { zh: '进行中', en: 'in progress' },
  approval: { zh: '待批准', en: 'waits for approval' },
  done: { zh: '完成', en: 'done' },
  failed: { zh: '失败', en: 'Failures' },
  cancelled: { zh: '已停止', en: 'stopped' },
} as const

export function notWaited(run: Run): Output {
  return {
    data: runIn(commandLanguage(), run),
    text: said({
      zh: `同步 #${run.id} 已排队；wisp sync status 查看进度`,
      en: `sync #${run.id} is queued; wisp sync status shows how far it is`,
    }),
  }
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
    const run = runIn(commandLanguage(), await describeRun(ctx, corpId, id))
    const isOpen = run.state === 'waiting' || run.state === 'running'
    if (!isOpen) return { line: progressLine(run), end: ended(run) }
    const outage = await outageShown(ctx.db, corpId)
    return {
      line: outage
        ? said({
            zh: `${progressLine(run)}；${outageText(outage)}`,
            en: `${progressLine(run)}; ${outageText(outage)}`,
          })
        : progressLine(run),
    }
  }
  return follow(ctx, io, look, { here })
}

function progressLine(run: RunText): string {
  const { pagesDone = 0, pagesTotal = 0, members = 0, applied = 0 } = run.progress
  const phase =
    run.state === 'running' && run.phase ? `${said(states.running)} ${run.phase}` : said(states[run.state])
  return said({
    zh: `${kinds[run.kind].zh} #${run.id} ${phase}: 部门 ${pagesDone}/${pagesTotal}，成员 ${formatCount(members)}，差异 ${applied}`,
    en: `${kinds[run.kind].en} #${run.id} ${phase}: departments ${pagesDone}/${pagesTotal}, members ${formatCount(members)}, differences ${applied}`,
  })
}

/** What a run waits for, and until when. */
export function outageText(outage: Outage): string {
  const { reason, since, nextAt } = outageIn('zh', outage)
  return said({
    zh: `${reason}（自 ${when(since)}${nextAt ? `，${when(nextAt)} 再试` : '，正在重试'}）`,
    en: `${reason} (since ${when(since)}${nextAt ? `, again at ${when(nextAt)}` : ', retrying'})`,
  })
}

function ended(run: RunText): Output {
  const failed = run.state !== 'done'
  return { data: run, text: runText(run), ...(failed ? { failed } : {}) }
}

/** Nothing is said about what is equal before a run has read everything. */
export function countsText(run: Pick<Run, 'counts' | 'state'>): string {
  const names = {
    department: said({ zh: '部门', en: 'Departments' }),
    member: said({ zh: '成员', en: 'Members' }),
    tag: said({ zh: '标签', en: 'Tags' }),
  } as const
  const parts = (['department', 'member', 'tag'] as const).flatMap(kind => {
    const { put, drop } = run.counts[kind] ?? { put: 0, drop: 0 }
    return put + drop > 0
      ? [
          said({
            zh: `${names[kind]} 写入 ${put} 删除 ${drop}`,
            en: `${names[kind]}: ${put} written, ${drop} deleted`,
          }),
        ]
      : []
  })
  return (
    parts.join(said({ zh: '；', en: '; ' })) ||
    (run.state === 'done' ? said({ zh: '无差异', en: 'no differences' }) : '—')
  )
}

export function runText(run: RunText): string {
  const lines = [
    facts([
      [{ zh: '同步', en: 'sync' }, `#${run.id} ${said(kinds[run.kind])}`],
      [{ zh: '状态', en: 'State' }, states[run.state]],
      [
        run.kind === 'dry-run' ? { zh: '将会', en: 'would be: ' } : { zh: '结果', en: 'result' },
        countsText(run),
      ],
      [{ zh: '开始', en: 'Begun' }, when(run.startedAt)],
      [{ zh: '结束', en: 'Ended' }, when(run.finishedAt)],
    ]),
  ]
  if (run.error) lines.push(said({ zh: `原因: ${run.error}`, en: `reason: ${run.error}` }))
  if (run.state === 'approval')
    lines.push(
      said({
        zh: `核实后执行 wisp sync approve ${run.id}`,
        en: `check it, then run wisp sync approve ${run.id}`,
      }),
    )
  if (run.problems.length > 0)
    lines.push(said({ zh: '注意:', en: 'note:' }), ...run.problems.map(problem => `  - ${problem}`))
  return lines.join('\n')
}
