import type { ReactNode } from 'react'
import { UrlRange } from '../../../ui/address/range.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ExportLink } from '../../../ui/export-link.tsx'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSelect, useList } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { formatListedDay, formatNumber } from '../../../ui/values/format.ts'
import { DataReads, ReadMember } from './data-reads.tsx'

const path = '/web/developers/people-read'
const filters = ['devId', 'from', 'to'] as const

/** Whose data developers got: by day, or answer by answer. */
export function Page(): ReactNode {
  const t = useText('requests')
  const [values] = useUrlState()
  const isByRead = values['by'] === 'read'
  const developers = useRead('/web/developers/list', { pageSize: 200, sort: 'name' }).data?.list ?? []
  return (
    <>
      <PageTitle
        title={t('people')}
        hint={isByRead ? t('readHint') : t('peopleHint')}
        actions={isByRead ? null : <ExportLink path="/web/developers/people-read/export" filters={filters} />}
      />
      <Filters>
        <UrlSelect
          name="by"
          label={t('byDay')}
          width={130}
          options={[{ value: 'read', label: t('byRead') }]}
        />
        {isByRead ? <ReadMember /> : null}
        <UrlSelect
          name="devId"
          label={t('developer')}
          width={180}
          options={developers.map(one => ({ value: one.devId, label: one.name }))}
        />
        <UrlRange />
      </Filters>
      {isByRead ? <DataReads /> : <ByDay />}
    </>
  )
}

/** People in the answers to each call, by day. */
function ByDay(): ReactNode {
  const t = useText('requests')
  const { data } = useList(path, { filters }).read
  return (
    <>
      {data && data.total > 0 ? (
        <p className="wisp-quiet">{t('peopleSum', { n: formatNumber(data.people) })}</p>
      ) : null}
      <ListTable
        label={t('people')}
        path={path}
        columns={useColumns()}
        rowKey={row => `${row.day} ${row.devId} ${row.path}`}
        filters={filters}
        empty={<EmptyState title={t('peopleEmpty')} hint={t('peopleEmptyHint')} />}
      />
    </>
  )
}

function useColumns(): Column<Row<typeof path>>[] {
  const t = useText('requests')
  return [
    { key: 'day', title: t('day'), render: row => formatListedDay(row.day) },
    { key: 'developer', title: t('developer'), render: row => row.developer || t('gone') },
    {
      key: 'call',
      title: t('call'),
      render: row => <span style={{ overflowWrap: 'anywhere' }}>{row.path}</span>,
    },
    { key: 'answers', title: t('answers'), align: 'right', render: row => formatNumber(row.answers) },
    { key: 'people', title: t('peopleCount'), align: 'right', render: row => formatNumber(row.people) },
  ]
}
