import type { ReactNode } from 'react'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { ExportLink } from '../../../ui/export-link.tsx'
import { EmptyState } from '../../../ui/feedback.tsx'
import { ListTable, useList } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { ListNotes } from './gaps.tsx'
import { CallDrawer, CallFilters, callFilters, callsPath, useCallColumns } from './request-parts.tsx'

const filters = ['devId', ...callFilters] as const

/** What all developers of the corp called. */
export function Page(): ReactNode {
  const t = useText('requests')
  const { open } = useOpen()
  const columns = useCallColumns()
  const { data } = useList(callsPath, { filters }).read
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
        path={callsPath}
        columns={columns}
        rowKey={call => call.requestId}
        filters={filters}
        onOpen={call => open(call.requestId)}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} />}
      />
      <UrlDrawer title={t('detail')}>{id => <CallDrawer requestId={id} />}</UrlDrawer>
    </>
  )
}
