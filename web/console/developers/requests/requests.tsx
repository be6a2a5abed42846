import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlRange } from '../../../ui/address/range.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ExportLink } from '../../../ui/export-link.tsx'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import {
  type Column,
  Filters,
  ListTable,
  UrlSearch,
  UrlSelect,
  UrlSelectMany,
  useList,
} from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { formatDuration } from '../../../ui/values/format.ts'
import { Time } from '../../../ui/values/time.tsx'
import { CallFacts, CallPath, CallResult, type LoggedCall } from './call-facts.tsx'
import { ListNotes } from './gaps.tsx'

const path = '/web/developers/requests'
const filters = ['devId', 'path', 'outcome', 'code', 'requestId', 'from', 'to'] as const

/** What all developers of the corp called. */
export function Page(): ReactNode {
  const t = useText('requests')
  const { open } = useOpen()
  const columns = useColumns()
  const { data } = useList(path, { filters }).read
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={data && data.days > 0 ? `${t('hint')}${t('keptDays', { n: data.days })}` : t('hint')}
        actions={<ExportLink path="/web/developers/requests/export" filters={filters} />}
      />
      <CallFilters />
      <ListNotes listed={data} />
      <ListTable
        label={t('title')}
        path={path}
        columns={columns}
        rowKey={call => call.requestId}
        filters={filters}
        onOpen={call => open(call.requestId)}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} />}
      />
      <UrlDrawer title={t('detail')}>{id => <Call requestId={id} />}</UrlDrawer>
    </>
  )
}

function CallFilters(): ReactNode {
  const t = useText('requests')
  const developers = useRead('/web/developers/list', { pageSize: 200, sort: 'name' }).data?.list ?? []
  const paths = useRead('/web/developers/requests/paths').data?.list ?? []
  return (
    <Filters>
      <UrlSearch name="requestId" placeholder={t('requestIdSearch')} width={240} />
      <UrlSelect
        name="devId"
        label={t('developer')}
        width={180}
        options={developers.map(one => ({ value: one.devId, label: one.name }))}
      />
      <UrlSelect
        name="path"
        label={t('call')}
        width={240}
        options={paths.map(value => ({ value, label: value }))}
      />
      <UrlSelectMany
        name="outcome"
        label={t('outcome')}
        width={140}
        options={[
          { value: 'failed', label: t('failed') },
          { value: 'partly', label: t('partly') },
          { value: 'succeeded', label: t('succeeded') },
        ]}
      />
      <UrlSearch name="code" placeholder={t('code')} width={120} />
      <UrlRange />
    </Filters>
  )
}

function useColumns(): Column<LoggedCall>[] {
  const t = useText('requests')
  return [
    {
      key: 'when',
      title: t('when'),
      render: call => (
        <OpenLink id={call.requestId}>
          <Time exact at={call.at} />
        </OpenLink>
      ),
    },
    { key: 'result', title: t('result'), render: call => <CallResult call={call} /> },
    { key: 'call', isSubject: true, title: t('call'), render: call => <CallPath call={call} /> },
    { key: 'developer', title: t('developer'), render: call => call.developer || t('gone') },
    { key: 'ms', title: t('ms'), align: 'right', render: call => formatDuration(call.ms) },
    { key: 'address', title: t('address'), wideOnly: true, render: call => call.address },
  ]
}

function Call(props: { requestId: string }): ReactNode {
  const { data, error, refetch } = useRead('/web/developers/requests/one', { requestId: props.requestId })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  return data ? <CallFacts call={data} /> : <Loading />
}
