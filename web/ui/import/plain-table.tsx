import { Table } from 'antd'
import type { ReactNode } from 'react'
import { useNarrow } from '../look/width.ts'
import { useText } from '../text.ts'

export type PlainColumn<R> = { title: string; align?: 'right'; render(row: R): ReactNode }

/** Lines of a file: a table, in which a phone has one cell for a line. */
export function PlainTable<R extends { line: number }>(props: {
  title: string
  rows: readonly R[]
  columns: readonly PlainColumn<R>[]
}): ReactNode {
  const t = useText('import')
  const isNarrow = useNarrow()
  const { title, rows, columns } = props
  const line = { key: 'line', title: t('line'), align: 'right' as const, width: 64, dataIndex: 'line' }
  const wide = columns.map(({ title, align, render }) => ({
    key: title,
    title,
    ...(align ? { align } : {}),
    render: (_: unknown, row: R) => <div className="import-cell">{render(row)}</div>,
  }))
  const one = {
    key: 'all',
    title,
    render: (_: unknown, row: R) => (
      <div className="import-cell">
        {columns.map(({ title, render }) => (
          <div key={title}>{render(row)}</div>
        ))}
      </div>
    ),
  }
  return (
    <Table<R>
      size="small"
      aria-label={title}
      rowKey={row => rows.indexOf(row)}
      dataSource={rows}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      columns={isNarrow ? [line, one] : [line, ...wide]}
    />
  )
}
