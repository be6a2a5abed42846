import { Table } from 'antd'
import type { ColumnType, SorterResult } from 'antd/es/table/interface'
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { useUrlState } from '../address/url-state.ts'
import { useCutCells, useCutColumns } from './cut.ts'
import './lists.css'
import type { ListPage } from './look.ts'
import { fromRow } from './row-click.ts'
import type { TableChoice } from './table-choice.ts'
import { WholeText } from './whole-text.tsx'

/** The rows of a list as a table: its head stays in sight, no column becomes wider than it may. */
export function WideTable<R extends object>(
  props: ListPage<R> & { sort: string; choice: TableChoice },
): ReactNode {
  const [, set] = useUrlState()
  const { onOpen } = props
  const shown = props.columns.filter(({ key }, index) => index === 0 || !props.choice.hidden.includes(key))
  const widest = widestOf(shown.length)
  const columns = shown.map(
    (column, index): ColumnType<R> => ({
      key: column.key,
      // What a row is about stays in sight when the rest is scrolled.
      ...(index === 0 ? { fixed: 'left' as const } : {}),
      title: column.title,
      render: (_value, row) => (
        <div className="wisp-cell" style={{ maxWidth: column.width ?? widest }}>
          {column.render(row)}
        </div>
      ),
      sorter: column.sorts === true,
      sortOrder: orderOf(props.sort, column.key),
      showSorterTooltip: false,
      ...(column.align ? { align: column.align } : {}),
    }),
  )
  const place = useRef<HTMLDivElement>(null)
  const isCut = useCutColumns(place)
  useCutCells(place, props.rows)
  return (
    <div
      ref={place}
      className={isCut ? 'wisp-rows wisp-table is-cut' : 'wisp-rows wisp-table'}
      aria-busy={props.isBusy}
    >
      <Table<R>
        aria-label={props.label}
        columns={columns}
        dataSource={props.rows}
        rowKey={props.rowKey}
        size={props.choice.isDense ? 'small' : 'middle'}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: props.empty }}
        pagination={{
          ...props.pagination,
          showSizeChanger: true,
          hideOnSinglePage: props.pagination.total <= 10,
        }}
        {...(props.selection
          ? { rowSelection: { fixed: true, columnTitle: inHead, ...props.selection } }
          : {})}
        onChange={(_pagination, _filters, sorter, extra) => {
          if (extra.action !== 'sort') return
          set({ sort: sortText(Array.isArray(sorter) ? {} : sorter), pageNo: undefined })
        }}
        onRow={row =>
          onOpen
            ? { onClick: event => fromRow(event.target) && onOpen(row), style: { cursor: 'pointer' } }
            : {}
        }
      />
      <WholeText of={place} />
    </div>
  )
}

/** Few columns may be wide. */
const widestOf = (columns: number) => Math.max(200, Math.floor(1120 / columns))

const inHead = (box: ReactNode) => <OnlyInHead>{box}</OnlyInHead>

/**
 * Renders its children in the table's visible head only. The table copies its titles, including the checkbox
 * that selects all, into a hidden row to measure them, where the keyboard could reach an invisible checkbox.
 */
function OnlyInHead(props: { children: ReactNode }): ReactNode {
  const place = useRef<HTMLSpanElement>(null)
  const [isCopy, setCopy] = useState(false)
  useLayoutEffect(() => setCopy(place.current?.closest('[aria-hidden="true"]') != null), [])
  return <span ref={place}>{isCopy ? null : props.children}</span>
}

function orderOf(sort: string, key: string): 'ascend' | 'descend' | null {
  if (sort === key) return 'ascend'
  return sort === `-${key}` ? 'descend' : null
}

function sortText(sorter: Pick<SorterResult<object>, 'order' | 'columnKey'>): string | undefined {
  if (!sorter.order) return undefined
  return sorter.order === 'ascend' ? String(sorter.columnKey) : `-${String(sorter.columnKey)}`
}
