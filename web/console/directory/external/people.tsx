import { Button } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { laterDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelect } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { Proposals } from './proposals.tsx'

const PersonDrawer = laterDrawer(async () => (await import('./person-drawer.tsx')).PersonDrawer)

const path = '/web/external/people'
type ExternalRow = Row<typeof path>

export function Page(): ReactNode {
  const t = useText('external')
  const { open } = useOpen()
  const add = (
    <Button type="primary" onClick={() => open('new')}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} actions={add} />
      <Proposals />
      <Filters>
        <UrlSearch name="text" placeholder={t('search')} />
        <UrlSelect
          name="state"
          label={t('state')}
          options={[
            { value: 'present', label: t('present') },
            { value: 'ending', label: t('ending') },
            { value: 'ended', label: t('ended') },
          ]}
        />
      </Filters>
      <ListTable
        path={path}
        label={t('title')}
        rowKey={row => String(row.memberId)}
        filters={['text', 'state']}
        columns={useColumns()}
        onOpen={row => open(row.userId)}
        empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
      />
      <PersonDrawer />
    </>
  )
}

function useColumns(): Column<ExternalRow>[] {
  const t = useText('external')
  const departments = useRead(path, {}, { keep: true }).data?.departments ?? []
  const nameOf = (id: number) => departments.find(one => one.id === id)?.name ?? ''
  return [
    { key: 'name', title: t('name'), render: row => <OpenLink id={row.userId}>{row.name}</OpenLink> },
    { key: 'organisation', title: t('organisation'), render: row => row.organisation },
    { key: 'department', title: t('department'), wideOnly: true, render: row => nameOf(row.departmentId) },
    {
      key: 'contact',
      title: t('contact'),
      render: row => [row.mobile, row.email].filter(Boolean).join(' · '),
    },
    {
      key: 'sponsor',
      title: t('sponsor'),
      render: row => (row.isSponsorGone ? <State kind="bad">{t('sponsorGone')}</State> : row.sponsorName),
    },
    { key: 'endsAt', title: t('endsAt'), render: row => <Time at={row.endedAt || row.endsAt} /> },
    { key: 'acts', title: '', align: 'right', render: row => (row.endedAt ? null : <End row={row} />) },
  ]
}

function End({ row }: { row: ExternalRow }): ReactNode {
  const t = useText('external')
  const { userId, name } = row
  const end = useAct('/web/external/people/end', {
    done: t('endDone'),
    refresh: [path],
    confirm: () => ({
      title: t('endAsk', { name }),
      content: t('endHint'),
      okText: t('end'),
      danger: true,
    }),
  })
  return (
    <Button
      size="small"
      type="text"
      danger
      aria-label={`${t('end')} ${name}`}
      loading={end.isRunning}
      onClick={event => {
        event.stopPropagation()
        void end.run({ userId })
      }}
    >
      {t('end')}
    </Button>
  )
}
