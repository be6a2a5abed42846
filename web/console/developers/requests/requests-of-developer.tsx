import { Collapse, Input, Pagination, Segmented, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { ExportLink } from '../../../ui/export-link.tsx'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useSettled } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { formatDuration, formatExactTime } from '../../../ui/values/format.ts'
import { CallFacts, CallPath, CallResult, type LoggedCall } from './call-facts.tsx'
import { ListNotes } from './gaps.tsx'
import './requests.css'

const pageSize = 20
const everyMs = 5000

type Outcome = '' | 'failed' | 'partly' | 'succeeded'
type Filter = { outcome: Outcome; path: string; requestId: string }

/**
 * What one developer called, the latest first; a call opens to all that was kept of it. Filters are not in the address, which holds
 * those of the page around.
 */
export function RequestsOfDeveloper(props: { devId: string; isOwn?: boolean }): ReactNode {
  const t = useText('requests')
  const { devId, isOwn = false } = props
  const [pageNo, setPageNo] = useState(1)
  const [filter, setFilter] = useState<Filter>({ outcome: '', path: '', requestId: '' })
  const chosen = { devId, ...useSettled(filter) }
  const read = useRead(
    '/web/developers/requests',
    { ...chosen, pageNo, pageSize },
    { keep: true, every: pageNo === 1 && everyMs },
  )
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list, total } = read.data
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <div className="requests-filters">
        <FilterFields
          devId={devId}
          filter={filter}
          onChange={change => {
            setFilter({ ...filter, ...change })
            setPageNo(1)
          }}
        />
        <ExportLink path="/web/developers/requests/export" filters={[]} fixed={chosen} />
      </div>
      <ListNotes listed={read.data} />
      {total === 0 ? (
        <EmptyState title={t('empty')} hint={t('emptyHint')} />
      ) : (
        <Calls calls={list} isOwn={isOwn} />
      )}
      {total > pageSize ? (
        <Pagination
          size="small"
          current={pageNo}
          pageSize={pageSize}
          total={total}
          showSizeChanger={false}
          onChange={setPageNo}
        />
      ) : null}
    </div>
  )
}

function FilterFields(props: {
  devId: string
  filter: Filter
  onChange(change: Partial<Filter>): void
}): ReactNode {
  const t = useText('requests')
  const common = useText('common')
  const { devId, filter, onChange } = props
  const paths = useRead('/web/developers/requests/paths', { devId }).data?.list ?? []
  return (
    <>
      <Segmented<Outcome>
        value={filter.outcome}
        options={[
          { value: '', label: common('all') },
          { value: 'failed', label: t('failed') },
          { value: 'partly', label: t('partly') },
          { value: 'succeeded', label: t('succeeded') },
        ]}
        onChange={outcome => onChange({ outcome })}
      />
      <Select
        allowClear
        aria-label={t('call')}
        placeholder={t('call')}
        style={{ width: 220, maxWidth: '100%' }}
        value={filter.path || null}
        options={paths.map(value => ({ value, label: value }))}
        onChange={path => onChange({ path: path ?? '' })}
      />
      <Input.Search
        allowClear
        aria-label={t('requestIdSearch')}
        placeholder={t('requestIdSearch')}
        style={{ width: 230, maxWidth: '100%' }}
        value={filter.requestId}
        maxLength={64}
        onChange={event => onChange({ requestId: event.target.value.trim() })}
      />
    </>
  )
}

function Calls(props: { calls: readonly LoggedCall[]; isOwn: boolean }): ReactNode {
  return (
    <Collapse
      size="small"
      items={props.calls.map(call => ({
        key: call.requestId,
        label: (
          <span className="requests-line">
            <CallResult call={call} />
            <CallPath call={call} />
            <span className="wisp-quiet">
              {formatExactTime(call.at)} · {formatDuration(call.ms)}
            </span>
          </span>
        ),
        children: <CallFacts call={call} isOwn={props.isOwn} />,
      }))}
    />
  )
}
