import type { ReactNode } from 'react'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { ExportLink } from '../../../ui/export-link.tsx'
import { EmptyState } from '../../../ui/feedback.tsx'
import { ListTable, useList } from '../../../ui/list-table.tsx'
import { useText } from '../../../ui/text.ts'
import { ListNotes } from './gaps.tsx'
import { CallDrawer, CallFilters, callFilters, callsPath, useCallColumns } from './request-parts.tsx'

const everyMs = 5000

/** What one developer called, the latest first; `isOwn` is for its owners. */
export function RequestsOfDeveloper(props: { devId: string; isOwn?: boolean }): ReactNode {
  const t = useText('requests')
  const [{ pageNo = '1' }] = useUrlState()
  const { open } = useOpen()
  const { devId, isOwn = false } = props
  const question = { filters: callFilters, fixed: { devId } }
  const { data } = useList(callsPath, question).read
  return (
    <>
      <CallFilters devId={devId}>
        <ExportLink path="/web/developers/requests/export" filters={callFilters} fixed={{ devId }} />
      </CallFilters>
      <ListNotes listed={data} />
      <ListTable
        label={t('title')}
        path={callsPath}
        columns={useCallColumns({ isOfOne: true })}
        rowKey={call => call.requestId}
        {...question}
        // What is read on a later page must not move away.
        every={pageNo === '1' ? everyMs : 0}
        onOpen={call => open(call.requestId)}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} />}
      />
      <UrlDrawer title={t('detail')}>
        {requestId => <CallDrawer requestId={requestId} devId={devId} isOwn={isOwn} />}
      </UrlDrawer>
    </>
  )
}
