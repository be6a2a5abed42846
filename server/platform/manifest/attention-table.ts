import { table, when } from '../command/text.ts'
import type { AttentionRow } from './attention.ts'

/** What needs administrators, for a terminal. */
export function attentionTable(rows: readonly AttentionRow[]): string {
  return table(
    ['编号', '开始', '状态', '提醒', '情况', '怎么改'],
    rows.map(({ alert, since, title, what, fix }) => [
      alert?.id ?? '—',
      when(since),
      alert?.acknowledgedAt ? `${alert.acknowledgedBy} 知道了` : '未处理',
      title.zh,
      what.zh,
      fix.zh,
    ]),
    '没有需要处理的事',
  )
}
