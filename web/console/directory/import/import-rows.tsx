import { Table } from 'antd'
import type { ReactNode } from 'react'
import type { ImportedRow } from '../../../../server/organisation/directory/import/import-calls.ts'
import type { ImportProblem } from '../../../../server/organisation/directory/import/import-rows.ts'
import { useNarrow } from '../../../ui/look/width.ts'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'

/** The lines of the file that cannot be imported or contain nothing new. */
export function Problems(props: { problems: ImportProblem[]; total: number }): ReactNode {
  const t = useText('directory')
  const isNarrow = useNarrow()
  const { problems, total } = props
  if (problems.length === 0) return null
  return (
    <>
      <h3 className="directory-section">{t('problems')}</h3>
      {total > problems.length ? (
        <p className="wisp-quiet">{t('problemMore', { n: problems.length, total })}</p>
      ) : null}
      <Table
        size="small"
        aria-label={t('problems')}
        rowKey={row => `${row.line} ${row.column}`}
        dataSource={problems}
        pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          { key: 'line', title: t('line'), align: 'right', width: 64, render: (_value, row) => row.line },
          ...(isNarrow
            ? [
                {
                  key: 'all',
                  title: t('reason'),
                  render: (_: unknown, row: ImportProblem) => <OneCell row={row} />,
                },
              ]
            : [
                {
                  key: 'column',
                  title: t('column'),
                  render: (_: unknown, row: ImportProblem) => t(row.column),
                },
                {
                  key: 'value',
                  title: t('value'),
                  render: (_: unknown, row: ImportProblem) => row.value || '—',
                },
                {
                  key: 'why',
                  title: t('reason'),
                  render: (_: unknown, row: ImportProblem) => <Reason row={row} />,
                },
              ]),
        ]}
      />
    </>
  )
}

function Reason({ row }: { row: ImportProblem }): ReactNode {
  return <State kind={row.severity === 'error' ? 'bad' : 'idle'}>{row.why}</State>
}

/** A phone has no room for columns, so one cell holds everything. */
function OneCell({ row }: { row: ImportProblem }): ReactNode {
  const t = useText('directory')
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      {t(row.column)} {row.value}
      <div className={row.severity === 'error' ? 'directory-wrong' : 'wisp-quiet'}>{row.why}</div>
    </div>
  )
}

export function FirstRows(props: { rows: ImportedRow[] }): ReactNode {
  const t = useText('directory')
  const isNarrow = useNarrow()
  const title = t('firstRows', { n: props.rows.length })
  return (
    <>
      <h3 className="directory-section">{title}</h3>
      <Table
        size="small"
        aria-label={title}
        rowKey="line"
        dataSource={props.rows}
        pagination={false}
        columns={[
          { key: 'line', title: t('line'), align: 'right', width: 64, dataIndex: 'line' },
          ...(isNarrow
            ? [
                {
                  key: 'all',
                  title: t('member'),
                  render: (_: unknown, row: ImportedRow) => <OnePerson row={row} />,
                },
              ]
            : [
                { key: 'userId', title: t('userId'), dataIndex: 'userId' },
                {
                  key: 'userName',
                  title: t('name'),
                  render: (_: unknown, row: ImportedRow) => row.userName || '—',
                },
                {
                  key: 'mobile',
                  title: t('mobile'),
                  render: (_: unknown, row: ImportedRow) => row.mobile || '—',
                },
                {
                  key: 'email',
                  title: t('email'),
                  render: (_: unknown, row: ImportedRow) => row.email || '—',
                },
              ]),
        ]}
      />
    </>
  )
}

function OnePerson({ row }: { row: ImportedRow }): ReactNode {
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      {row.userName || '—'} <span className="wisp-quiet">{row.userId}</span>
      <div>{[row.mobile, row.email].filter(Boolean).join(' · ')}</div>
    </div>
  )
}
