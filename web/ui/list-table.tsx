import { SearchOutlined } from '@ant-design/icons'
import type { UseQueryResult } from '@tanstack/react-query'
import { Alert, Button, Input, Select } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useUrlState } from './address/url-state.ts'
import type { Answer, Arguments, CallInput, ListPath, Row } from './data/api.ts'
import { canRetry } from './data/api.ts'
import { isAway } from './data/away.ts'
import { useErrorText } from './data/error-text.ts'
import { useRead } from './data/read.ts'
import { EmptyState, ErrorState, withoutStop } from './feedback.tsx'
import { Cards } from './lists/cards.tsx'
import { ListBar, TableChoices } from './lists/list-bar.tsx'
import type { Column, ListLook } from './lists/look.ts'
import { useTableChoice } from './lists/table-choice.ts'
import { Views } from './lists/views.tsx'
import { WideTable } from './lists/wide-table.tsx'
import { Skeleton } from './look/skeleton.tsx'
import { useNarrow } from './look/width.ts'
import { useText } from './text.ts'
import { formatTime } from './values/format.ts'

export type { Column }

/** What every list takes from the address. */
type ListPosition = { pageNo: number; pageSize: number; sort: string | undefined }
/** What a list is asked besides; all that the call cannot do without. */
type FixedFilter<P extends ListPath> = Omit<CallInput<P>, keyof ListPosition>

export type ListQuestion<P extends ListPath> = {
  /** Names in the address that the server filters by. */
  filters?: readonly (string & keyof CallInput<P>)[]
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
  const given = { ...turned, ...chosen, ...fixed } as CallInput<P>
  const options = { keep: true, ...(every ? { every } : {}) }
  const read = useRead(path, ...([given, options] as Arguments<CallInput<P>, [typeof options]>))
  return { read, turned }
}

/** A list that the server pages: a table, or cards on a phone. Paging, sorting and filters are kept in the address. */
export function ListTable<P extends ListPath>(
  props: ListLook<Row<P>> &
    ListQuestion<P> & {
      path: P
      empty?: ReactNode
      every?: number
      /** Something else than `filters` chooses the rows, so that there may be others. */
      isNarrowed?: boolean
    },
): ReactNode {
  const { filters = [] } = props
  const { read, turned } = useList(props.path, props, props.every)
  const isNarrow = useNarrow()
  const [values, set] = useUrlState()
  const [choice, choose] = useTableChoice(props.path)
  const isFiltered = filters.some(name => values[name])
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Skeleton kind="list" />
  const pagination = {
    current: turned.pageNo,
    pageSize: turned.pageSize,
    total: read.data.total,
    onChange: (pageNo: number, pageSize: number) =>
      set({ pageNo: pageNo === 1 ? undefined : pageNo, pageSize: pageSize === 20 ? undefined : pageSize }),
  }
  const empty = isFiltered ? <NothingFound filters={filters} /> : (props.empty ?? <EmptyState />)
  const look: ListLook<Row<P>> = props
  const shared = { ...look, rows: read.data.list, pagination, empty, isBusy: read.isPlaceholderData }
  const isNothingYet = read.data.total === 0 && !isFiltered && props.isNarrowed !== true
  return (
    <div className={isNothingYet && filters.length > 0 ? 'wisp-nothing-yet' : undefined}>
      {read.error ? <StaleNote read={read} /> : null}
      {isNothingYet ? null : (
        <ListBar total={read.data.total}>
          {filters.length > 0 && !isOfInstallation(props.path) ? (
            <Views list={props.path} filters={filters} />
          ) : null}
          {isNarrow ? null : <TableChoices columns={look.columns} choice={choice} choose={choose} />}
        </ListBar>
      )}
      {isNarrow ? <Cards {...shared} /> : <WideTable {...shared} choice={choice} sort={turned.sort ?? ''} />}
    </div>
  )
}

/** A list over all corps, of which no corp keeps views. */
const isOfInstallation = (path: ListPath) => path.startsWith('/web/operator/')

function NothingFound(props: { filters: readonly string[] }): ReactNode {
  const t = useText('common')
  const [, set] = useUrlState()
  const clear = () => set(Object.fromEntries([...props.filters, 'pageNo'].map(name => [name, undefined])))
  return <EmptyState title={t('nothingFound')} action={<Button onClick={clear}>{t('reset')}</Button>} />
}

/** Above rows that may not be true any more: what is away, and from when they are. It is asked again by itself. */
function StaleNote(props: { read: UseQueryResult<unknown, Error> }): ReactNode {
  const t = useText('common')
  const textOf = useErrorText()
  const { error, dataUpdatedAt, isFetching, refetch } = props.read
  const why = textOf(error)
  return (
    <Alert
      type="warning"
      showIcon
      style={{ marginBottom: 12 }}
      title={isAway(error) ? t('awayRows', { why: withoutStop(why), time: formatTime(dataUpdatedAt) }) : why}
      action={
        canRetry(error) ? (
          <Button size="small" loading={isFetching} onClick={() => void refetch()}>
            {t('retryNow')}
          </Button>
        ) : null
      }
    />
  )
}

/** A search box. Shortly after the typing pauses, its text is put into the address. */
export function UrlSearch(props: { name: string; placeholder: string; width?: number }): ReactNode {
  const [values, set] = useUrlState()
  const t = useText('common')
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
      enterButton={<Button icon={<SearchOutlined />} aria-label={t('search')} />}
      style={{ width: props.width ?? 260, maxWidth: '100%' }}
      onChange={event => setText(event.target.value)}
      onSearch={value => set({ [props.name]: value.trim(), pageNo: undefined })}
    />
  )
}

type UrlChoice = {
  name: string
  label: string
  options: readonly { value: string; label: string }[]
  width?: number
}

/** A filter that is kept in the address; no choice means all. */
export function UrlSelect(props: UrlChoice): ReactNode {
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

/** A filter of which several may be chosen, for calls that take them joined by commas. */
export function UrlSelectMany(props: UrlChoice): ReactNode {
  const [values, set] = useUrlState()
  return (
    <Select
      mode="multiple"
      allowClear
      showSearch={false}
      // All that is chosen is one text, which is cut off where it is longer than its place.
      maxTagCount={0}
      maxTagPlaceholder={chosen => chosen.map(one => one.label).join('、')}
      aria-label={props.label}
      placeholder={props.label}
      style={{ minWidth: props.width ?? 150, maxWidth: 260 }}
      value={values[props.name]?.split(/[|,]/) ?? []}
      options={[...props.options]}
      onChange={(chosen: string[]) => set({ [props.name]: chosen.join(','), pageNo: undefined })}
    />
  )
}

/** The row of search boxes and filters above a list. */
export function Filters(props: { children: ReactNode }): ReactNode {
  return <div className="wisp-filters">{props.children}</div>
}
