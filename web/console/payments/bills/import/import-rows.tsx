import { Table } from 'antd'
import type { ReactNode } from 'react'
import { useNarrow } from '../../../../ui/look/width.ts'
import { useText } from '../../../../ui/text.ts'
import { formatYuan } from '../../../../ui/values/money.ts'
import { State, type StateKind } from '../../../../ui/values/state.tsx'
import type { Preview } from './picked-file.ts'

type Problem = Preview['problems'][number]
type First = Preview['first'][number]

/** The lines that make no bill, and why. */
export function Problems(props: { problems: readonly Problem[]; total: number }): ReactNode {
  const t = useText('payments-bills')
  const isNarrow = useNarrow()
  const { problems, total } = props
  if (problems.length === 0) return null
  const line = { key: 'line', title: t('line'), align: 'right' as const, width: 64, dataIndex: 'line' }
  const columns = isNarrow
    ? [
        line,
        {
          key: 'why',
          title: t('why'),
          render: (_: unknown, one: Problem) => (
            <div className="bills-value">
              {one.why}
              <div className="wisp-quiet">{`${one.billNo} ${one.userId}`}</div>
            </div>
          ),
        },
      ]
    : [
        line,
        { key: 'billNo', title: t('billNo'), render: (_: unknown, one: Problem) => one.billNo || '—' },
        { key: 'userId', title: t('account'), render: (_: unknown, one: Problem) => one.userId || '—' },
        {
          key: 'why',
          title: t('why'),
          render: (_: unknown, one: Problem) => <State kind="bad">{one.why}</State>,
        },
      ]
  return (
    <>
      <h3 className="directory-section">{t('problems')}</h3>
      {total > problems.length ? (
        <p className="wisp-quiet">{t('problemsShown', { n: problems.length, total })}</p>
      ) : null}
      <Table<Problem>
        size="small"
        aria-label={t('problems')}
        rowKey="line"
        dataSource={problems}
        pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
        columns={columns}
      />
    </>
  )
}

const outcomeKinds: Record<First['outcome'], StateKind> = { new: 'good', known: 'idle', wrong: 'bad' }

export function FirstRows({ rows }: { rows: readonly First[] }): ReactNode {
  const t = useText('payments-bills')
  const isNarrow = useNarrow()
  const title = t('firstRows', { n: rows.length })
  const outcome = (one: First) => (
    <State kind={outcomeKinds[one.outcome]}>{t(`outcome_${one.outcome}`)}</State>
  )
  const amount = (one: First) => (one.amount === 0 ? '—' : formatYuan(one.amount))
  const line = { key: 'line', title: t('line'), align: 'right' as const, width: 64, dataIndex: 'line' }
  const columns = isNarrow
    ? [
        line,
        {
          key: 'bill',
          title: t('bill'),
          render: (_: unknown, one: First) => (
            <div className="bills-value">
              {`${one.title || '—'} · ${amount(one)}`}
              <div className="wisp-quiet">{`${one.billNo} ${one.userName || one.userId}`}</div>
              {outcome(one)}
            </div>
          ),
        },
      ]
    : [
        line,
        { key: 'billNo', title: t('billNo'), dataIndex: 'billNo' },
        {
          key: 'payer',
          title: t('payer'),
          render: (_: unknown, one: First) =>
            one.userName ? one.userName + t('inBrackets', { text: one.userId }) : one.userId || '—',
        },
        { key: 'title', title: t('billTitle'), dataIndex: 'title' },
        {
          key: 'amount',
          title: t('money'),
          align: 'right' as const,
          render: (_: unknown, one: First) => amount(one),
        },
        { key: 'dueAt', title: t('dueAt'), render: (_: unknown, one: First) => one.dueAt || '—' },
        { key: 'outcome', title: t('outcome'), render: (_: unknown, one: First) => outcome(one) },
      ]
  return (
    <>
      <h3 className="directory-section">{title}</h3>
      <Table<First>
        size="small"
        aria-label={title}
        rowKey="line"
        dataSource={rows}
        pagination={false}
        columns={columns}
      />
    </>
  )
}
