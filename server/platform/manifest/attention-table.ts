import { table, when } from '../command/text.ts'
import type { AttentionRow } from './attention.ts'

/** What needs administrators, for a terminal. */
export function attentionTable(rows: readonly AttentionRow[]): string {
  return table(
    [
      { zh: '编号', en: 'ID' },
      { zh: '开始', en: 'Begun' },
      { zh: '状态', en: 'State' },
      { zh: '提醒', en: 'Alert' },
      { zh: '情况', en: 'What is wrong' },
      { zh: '怎么改', en: 'How to fix it' },
    ],
    rows.map(({ alert, since, title, what, fix }) => [
      alert?.id ?? '—',
      when(since),
      alert?.acknowledgedAt
        ? { zh: `${alert.acknowledgedBy} 知道了`, en: `acknowledged by ${alert.acknowledgedBy}` }
        : { zh: '未处理', en: 'open' },
      title,
      what,
      fix,
    ]),
    { zh: '没有需要处理的事', en: 'there is nothing to deal with' },
  )
}
