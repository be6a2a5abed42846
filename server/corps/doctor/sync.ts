import type { Context } from '../../context.ts'
import type { SyncStatus } from './callback.ts'
import { type Check, failed, passed, places, warning, words } from './check.ts'

const staleMs = 36 * 3_600_000
const lateMs = 600_000
const problemsShown = 5

export function examineSync(ctx: Context, status: SyncStatus): Check[] {
  const [id, title] = ['sync', '通讯录同步']
  const run = status.runs.find(one => one.kind !== 'dry-run')
  if (!run) {
    return [failed(id, title, '从未同步过，通讯录是空的', `请到${places.sync}做一次全量同步。`)]
  }
  const checks = [examineRun(ctx, status, run)]
  if (run.problems.length > 0) {
    const more = run.problems.length > problemsShown ? ` 等 ${run.problems.length} 条` : ''
    const shown = run.problems.slice(0, problemsShown).join('；')
    checks.push(warning('problems', '同步中的问题', `${shown}${more}`))
  }
  return checks
}

function examineRun(ctx: Context, status: SyncStatus, run: SyncStatus['runs'][number]): Check {
  const [id, title] = ['sync', '通讯录同步']
  const { departments, members, tags } = status
  const age = words(ctx.now() - (run.finishedAt ?? run.createdAt).getTime())
  switch (run.state) {
    case 'waiting':
    case 'running': {
      const { pagesDone = 0, pagesTotal = 0 } = run.progress
      return warning(id, title, `正在进行：${run.phase || '准备'}（${pagesDone}/${pagesTotal} 个部门）`)
    }
    case 'approval':
      return failed(
        id,
        title,
        `第 ${run.id} 次同步停下来等待批准：${run.error ?? ''}`,
        `核实企业微信中确实有这么多删除后，到${places.approve}批准第 ${run.id} 次同步。`,
      )
    case 'failed':
      return failed(
        id,
        title,
        `最近一次同步（第 ${run.id} 次，${age}前）失败：${run.error ?? ''}`,
        `处理其他问题后，到${places.sync}再同步一次。`,
      )
    case 'cancelled':
      return warning(
        id,
        title,
        `最近一次同步（第 ${run.id} 次，${age}前）被取消：通讯录可能不完整`,
        `请到${places.sync}再同步一次。`,
      )
    case 'done': {
      const mirror = `${departments} 个部门、${members} 名成员、${tags} 个标签`
      if (departments === 0 || members === 0)
        return failed(id, title, `最近一次同步（${age}前）之后通讯录仍是空的：${mirror}`)
      if (ctx.now() - (run.finishedAt ?? run.createdAt).getTime() > staleMs) {
        const fix = `夜间核对（WISP_NIGHTLY）没有运行，请查看日志；也可以到${places.sync}同步一次。`
        return warning(id, title, `最近一次同步在 ${age}前：${mirror}`, fix)
      }
      return passed(id, title, `${age}前完成：${mirror}`)
    }
  }
}

export function examineInbox(ctx: Context, status: SyncStatus): Check {
  const [id, title] = ['inbox', '待处理的事件']
  const { pending, parked, oldestPendingAt } = status.inbox
  const waitedMs = oldestPendingAt ? ctx.now() - oldestPendingAt.getTime() : 0
  if (parked > 0) {
    return warning(
      id,
      title,
      `${parked} 个事件多次处理失败，已搁置`,
      `请到${places.events}查看原因，处理后重放。`,
    )
  }
  if (waitedMs > lateMs)
    return warning(id, title, `${pending} 个事件等待处理，最早的已等了 ${words(waitedMs)}`)
  return passed(id, title, pending > 0 ? `${pending} 个正在处理` : '没有积压')
}
