import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlRange } from '../../../ui/address/range.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { type Column, Filters, UrlSearch, UrlSelect, UrlSelectMany } from '../../../ui/list-table.tsx'
import { useText } from '../../../ui/text.ts'
import { formatDuration } from '../../../ui/values/format.ts'
import { Time } from '../../../ui/values/time.tsx'
import { CallFacts, CallPath, CallResult, type LoggedCall } from './call-facts.tsx'

export const callsPath = '/web/developers/requests'

/** What calls are filtered by, beside the developer. */
export const callFilters = ['path', 'outcome', 'code', 'requestId', 'from', 'to'] as const

/** The filters of a list of calls: of all developers, or of one. */
export function CallFilters({ devId, children }: { devId?: string; children?: ReactNode }): ReactNode {
  const t = useText('requests')
  const paths =
    useRead('/web/developers/requests/paths', devId === undefined ? {} : { devId }).data?.list ?? []
  return (
    <Filters>
      <UrlSearch name="requestId" placeholder={t('requestIdSearch')} width={240} />
      {devId === undefined ? <DeveloperFilter /> : null}
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
      {children}
    </Filters>
  )
}

function DeveloperFilter(): ReactNode {
  const t = useText('requests')
  const developers = useRead('/web/developers/list', { pageSize: 200, sort: 'name' }).data?.list ?? []
  return (
    <UrlSelect
      name="devId"
      label={t('developer')}
      width={180}
      options={developers.map(one => ({ value: one.devId, label: one.name }))}
    />
  )
}

/** `isOfOne`: all rows are of one developer. */
export function useCallColumns({ isOfOne = false } = {}): Column<LoggedCall>[] {
  const t = useText('requests')
  const developer: Column<LoggedCall> = {
    key: 'developer',
    title: t('developer'),
    render: call => call.developer || t('gone'),
  }
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
    ...(isOfOne ? [] : [developer]),
    { key: 'ms', title: t('ms'), align: 'right', render: call => formatDuration(call.ms) },
    { key: 'address', title: t('address'), wideOnly: true, render: call => call.address },
  ]
}

/** All that was kept of a call; owners name their developer. */
export function CallDrawer(props: { requestId: string; devId?: string; isOwn?: boolean }): ReactNode {
  const { requestId, devId, isOwn = false } = props
  const asked = { requestId, ...(devId === undefined ? {} : { devId }) }
  const { data, error, refetch } = useRead('/web/developers/requests/one', asked)
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  return data ? <CallFacts call={data} isOwn={isOwn} /> : <Loading />
}
