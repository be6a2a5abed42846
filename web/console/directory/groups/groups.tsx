import { Button } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { laterDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'

const GroupDrawer = laterDrawer(async () => (await import('./group-drawer.tsx')).GroupDrawer)

export function Page(): ReactNode {
  const t = useText('groups')
  const { open } = useOpen()
  const add = (
    <Button type="primary" onClick={() => open('new')}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} actions={add} />
      <Filters>
        <UrlSearch name="text" placeholder={t('search')} />
      </Filters>
      <ListTable
        path="/web/directory/groups"
        label={t('title')}
        rowKey={row => String(row.id)}
        filters={['text']}
        columns={useColumns()}
        onOpen={row => open(String(row.id))}
        empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
      />
      <GroupDrawer />
    </>
  )
}

function useColumns(): Column<Row<'/web/directory/groups'>>[] {
  const t = useText('groups')
  return [
    {
      key: 'name',
      title: t('name'),
      render: row => <OpenLink id={String(row.id)}>{row.name}</OpenLink>,
    },
    { key: 'members', title: t('members'), align: 'right', render: row => formatNumber(row.members) },
    {
      key: 'state',
      title: t('state'),
      render: row =>
        row.isSettled ? (
          <State kind="good">{t('settled')}</State>
        ) : (
          <State kind="busy">{t('scanning', { n: row.scanned })}</State>
        ),
    },
    { key: 'note', title: t('note'), render: row => row.note },
    { key: 'changedAt', title: t('changedAt'), wideOnly: true, render: row => <Time at={row.changedAt} /> },
  ]
}
