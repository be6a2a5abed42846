import type { UseQueryResult } from '@tanstack/react-query'
import { Alert, Button, Input, Pagination, Select, Table, type TableProps } from 'antd'
import type { ColumnType, SorterResult } from 'antd/es/table/interface'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useUrlState } from './address/url-state.ts'
import type { Answer, Arguments, Given, ListPath, Row } from './data/api.ts'
import { useRead } from './data/read.ts'
import { EmptyState, ErrorState, Loading } from './feedback.tsx'
import { useNarrow } from './look/width.ts'
import { useText } from './text.ts'

export type Column<R> = {
  /** The field that the server sorts by when this column is sorted. */
  key: string
  title: string
  render(row: R): ReactNode
  sorts?: boolean
  width?: number
  align?: 'left' | 'right'
  /** Not shown on a phone's cards. */
  wideOnly?: boolean
}

/** What every list takes from the address. */
type ListPosition = { pageNo: number; pageSize: number; sort: string | undefined }
/** What a list is asked besides; all that the call cannot do without. */
type FixedFilter<P extends ListPath> = Omit<Given<P>, keyof ListPosition>

export type ListQuestion<P extends ListPath> = {
  /** Names in the address that the server filters by. */
  filters?: readonly (string & keyof Given<P>)[]
  defaultSort?: string
} & (object extends FixedFilter<P> ? { fixed?: FixedFilter<P> } : { fixed: FixedFilter<P> })

/** Reads a list by the paging, sorting and filters of the address. Components that ask the same share one request. */
export function useList<P extends ListPath>(
  path: P,
  question: ListQuestion<P>,
  every?: number,
): { read: UseQueryResult<Answer<P>, Error>; turned: ListPosition } {
  const [values] = useUrlState()
  const { filters = [], defaultSort, fixed } = question
  const turned = {
    pageNo: Number(values['pageNo']) || 1,
    pageSize: Number(values['pageSize']) || 20,
    sort: values['sort'] || defaultSort,
  }
  const chosen = Object.fromEntries(filters.map(name => [name, values[name]]))
  // The address may hold anything; what the call does not take, the server refuses.
  const given = { ...turned, ...chosen, ...fixed } as Given<P>
  const options = { keep: true, ...(every ? { every } : {}) }
  const read = useRead(path, ...([given, options] as Arguments<Given<P>, [typeof options]>))
  return { read, turned }
}

type Look<R> = {
  columns: readonly Column<R>[]
  rowKey: (row: R) => string | number
  /** Called when a row is clicked. Give the first column an OpenLink as well, for the keyboard. */
  onOpen?: (row: R) => void
  selection?: NonNullable<TableProps<R>['rowSelection']>
  label: string
}

/** A list that the server pages: a table, or cards on a phone. Paging, sorting and filters are kept in the address. */
export function ListTable<P extends ListPath>(
  props: Look<Row<P>> & ListQuestion<P> & { path: P; empty?: ReactNode; every?: number },
): ReactNode {
  const { filters = [] } = props
  const { read, turned } = useList(props.path, props, props.every)
  const isNarrow = useNarrow()
  const [values, set] = useUrlState()
  const isFiltered = filters.some(name => values[name])
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const pagination = {
    current: turned.pageNo,
    pageSize: turned.pageSize,
    total: read.data.total,
    onChange: (pageNo: number, pageSize: number) =>
      set({ pageNo: pageNo === 1 ? undefined : pageNo, pageSize: pageSize === 20 ? undefined : pageSize }),
  }
  const empty = isFiltered ? <NothingFound filters={filters} /> : (props.empty ?? <EmptyState />)
  const look: Look<Row<P>> = props
  const shared = { ...look, rows: read.data.list, pagination, empty, isBusy: read.isPlaceholderData }
  return (
    <>
      {read.error ? <StaleNote error={read.error} /> : null}
      {isNarrow ? <Cards {...shared} /> : <WideTable {...shared} sort={turned.sort ?? ''} />}
    </>
  )
}

type Shown<R> = Look<R> & {
  rows: R[]
  pagination: { current: number; pageSize: number; total: number; onChange(no: number, size: number): void }
  empty: ReactNode
  isBusy: boolean
}

function WideTable<R extends object>(props: Shown<R> & { sort: string }): ReactNode {
  const t = useText('common')
  const [, set] = useUrlState()
  const { onOpen } = props
  const columns = props.columns.map(
    (column, index): ColumnType<R> => ({
      key: column.key,
      // What a row is about stays in sight when the rest is scrolled.
      ...(index === 0 ? { fixed: 'left' as const } : {}),
      title: column.title,
      render: (_value, row) => column.render(row),
      sorter: column.sorts === true,
      sortOrder: orderOf(props.sort, column.key),
      showSorterTooltip: false,
      ...(column.width ? { width: column.width } : {}),
      ...(column.align ? { align: column.align } : {}),
    }),
  )
  return (
    <Table<R>
      aria-label={props.label}
      columns={columns}
      dataSource={props.rows}
      rowKey={props.rowKey}
      loading={props.isBusy}
      size="middle"
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: props.empty }}
      pagination={{
        ...props.pagination,
        showSizeChanger: true,
        showTotal: total => t('total', { n: total }),
        hideOnSinglePage: props.pagination.total <= 10,
      }}
      {...(props.selection ? { rowSelection: { fixed: true, columnTitle: inHead, ...props.selection } } : {})}
      onChange={(_pagination, _filters, sorter, extra) => {
        if (extra.action !== 'sort') return
        set({ sort: sortText(Array.isArray(sorter) ? {} : sorter), pageNo: undefined })
      }}
      onRow={row =>
        onOpen ? { onClick: event => fromRow(event.target) && onOpen(row), style: { cursor: 'pointer' } } : {}
      }
    />
  )
}

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

/** Whether the click is meant for the row and not for a link, button or box in it. */
function fromRow(target: EventTarget): boolean {
  return !(target as Element).closest('a, button, input, label, .ant-checkbox-wrapper')
}

function orderOf(sort: string, key: string): 'ascend' | 'descend' | null {
  if (sort === key) return 'ascend'
  return sort === `-${key}` ? 'descend' : null
}

function sortText(sorter: Pick<SorterResult<object>, 'order' | 'columnKey'>): string | undefined {
  if (!sorter.order) return undefined
  return sorter.order === 'ascend' ? String(sorter.columnKey) : `-${String(sorter.columnKey)}`
}

function Cards<R extends object>(props: Shown<R>): ReactNode {
  const t = useText('common')
  if (props.rows.length === 0) return props.empty
  const columns = props.columns.filter(column => !column.wideOnly)
  const { pagination, onOpen } = props
  return (
    <div aria-busy={props.isBusy}>
      <ul className="wisp-cards" aria-label={props.label}>
        {props.rows.map(row => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the card's first link does the same from the keyboard.
          <li
            key={props.rowKey(row)}
            onClick={event => onOpen && fromRow(event.target) && onOpen(row)}
            style={onOpen ? { cursor: 'pointer' } : {}}
          >
            {columns.map((column, index) => (
              <div key={column.key} className={index === 0 ? 'wisp-card-head' : 'wisp-card-line'}>
                {index === 0 ? null : <span>{column.title}</span>}
                <div>{column.render(row)}</div>
              </div>
            ))}
          </li>
        ))}
      </ul>
      {pagination.total > pagination.pageSize ? (
        <Pagination {...pagination} simple align="center" />
      ) : (
        <div className="wisp-quiet" style={{ textAlign: 'center' }}>
          {t('total', { n: pagination.total })}
        </div>
      )}
    </div>
  )
}

function NothingFound(props: { filters: readonly string[] }): ReactNode {
  const t = useText('common')
  const [, set] = useUrlState()
  const clear = () => set(Object.fromEntries([...props.filters, 'pageNo'].map(name => [name, undefined])))
  return <EmptyState title={t('nothingFound')} action={<Button onClick={clear}>{t('reset')}</Button>} />
}

function StaleNote(props: { error: Error }): ReactNode {
  const t = useText('common')
  return <Alert type="warning" showIcon banner title={props.error.message || t('networkFailed')} />
}

/** A search box. Shortly after the typing pauses, its text is put into the address. */
export function UrlSearch(props: { name: string; placeholder: string; width?: number }): ReactNode {
  const [values, set] = useUrlState()
  const inUrl = values[props.name] ?? ''
  const [text, setText] = useState(inUrl)
  useEffect(() => setText(inUrl), [inUrl])
  useEffect(() => {
    if (text === inUrl) return
    const timer = setTimeout(
      () => set({ [props.name]: text.trim(), pageNo: undefined }, { replace: true }),
      300,
    )
    return () => clearTimeout(timer)
  }, [text, inUrl, set, props.name])
  return (
    <Input.Search
      allowClear
      value={text}
      placeholder={props.placeholder}
      aria-label={props.placeholder}
      style={{ width: props.width ?? 260, maxWidth: '100%' }}
      onChange={event => setText(event.target.value)}
      onSearch={value => set({ [props.name]: value.trim(), pageNo: undefined })}
    />
  )
}

/** A filter that is kept in the address; no choice means all. */
export function UrlSelect(props: {
  name: string
  label: string
  options: readonly { value: string; label: string }[]
  width?: number
}): ReactNode {
  const [values, set] = useUrlState()
  return (
    <Select
      allowClear
      aria-label={props.label}
      placeholder={props.label}
      style={{ width: props.width ?? 150 }}
      value={values[props.name] ?? null}
      options={[...props.options]}
      onChange={value => set({ [props.name]: value ?? undefined, pageNo: undefined })}
    />
  )
}

/** The row of search boxes and filters above a list. */
export function Filters(props: { children: ReactNode }): ReactNode {
  return <div className="wisp-filters">{props.children}</div>
}
