import { Button } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useGo } from '../../ui/address/url-state.ts'
import type { Row } from '../../ui/data/api.ts'
import { ExportLink } from '../../ui/export-link.tsx'
import { EmptyState, Settled } from '../../ui/feedback.tsx'
import { later } from '../../ui/fields/later.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelect } from '../../ui/list-table.tsx'
import { Advanced } from '../../ui/objects/advanced.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { formatNumber } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { DeletedButton, DeletedDrawer } from '../deleted/deleted-drawer.tsx'
import { developerAddress, newObject } from '../object-addresses.ts'
import { callRows, scopeRows, today } from '../rows/figure-rows.ts'
import { RowsLink } from '../rows/rows-link.tsx'
import { useWaitingRequests, WaitingRequests } from './owners/waiting-requests.tsx'

const CreateDeveloper = later(async () => (await import('./create-developer.tsx')).CreateDeveloper)
const DeveloperDefaults = later(async () => (await import('./limits/defaults.tsx')).DeveloperDefaults)

/** The list of developers with their rights and their usage. */
export function Page(): ReactNode {
  const t = useText('developers')
  const limits = useText('limits')
  const { open } = useOpen()
  const go = useGo()
  const show = (devId: string) => go(developerAddress(devId))
  // Going back from what was just made leads to the list, not to the empty form.
  const showNew = (devId: string) => go(developerAddress(devId), {}, { replace: true })
  const defaults = useOpen('defaults')
  const columns = useColumns()
  const areRequestsRead = !useWaitingRequests().isPending
  const add = (
    <Button type="primary" onClick={() => open(newObject)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('hint')}
        actions={
          <>
            <Button href="/docs" target="_blank">
              {t('docs')}
            </Button>
            <Advanced
              items={[{ key: 'defaults', label: limits('defaults'), open: () => defaults.open('1') }]}
            />
            <DeletedButton />
            <ExportLink path="/web/developers/export" filters={['search', 'enabled']} />
            {add}
          </>
        }
      />
      <Settled isReady={areRequestsRead}>
        <WaitingRequests />
        <Filters>
          <UrlSearch name="search" placeholder={t('search')} />
          <UrlSelect
            name="enabled"
            label={t('state')}
            options={[
              { value: '1', label: t('enabled') },
              { value: '0', label: t('disabled') },
            ]}
          />
        </Filters>
        <ListTable
          label={t('title')}
          path="/web/developers/list"
          columns={columns}
          rowKey={developer => developer.devId}
          filters={['search', 'enabled']}
          defaultSort="-createdAt"
          onOpen={developer => show(developer.devId)}
          empty={<EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />}
        />
      </Settled>
      <DeletedDrawer kind="developer" />
      <UrlDrawer title={t('add')}>{() => <CreateDeveloper created={showNew} />}</UrlDrawer>
      <UrlDrawer title={limits('defaults')} name="defaults">
        {() => <DeveloperDefaults close={defaults.close} />}
      </UrlDrawer>
    </>
  )
}

function useColumns(): Column<Row<'/web/developers/list'>>[] {
  const t = useText('developers')
  return [
    {
      key: 'name',
      title: t('name'),
      sorts: true,
      render: one => <PageLink to={developerAddress(one.devId)}>{one.name}</PageLink>,
    },
    { key: 'devId', title: t('devId'), sorts: true, render: one => <CopyId value={one.devId} /> },
    {
      key: 'enabled',
      title: t('state'),
      render: one => (
        <State kind={one.enabled ? 'good' : 'idle'}>{one.enabled ? t('enabled') : t('disabled')}</State>
      ),
    },
    {
      key: 'visible',
      title: t('visible'),
      align: 'right',
      render: one => <RowsLink rows={scopeRows(one.dataScope)}>{formatNumber(one.membersVisible)}</RowsLink>,
    },
    {
      key: 'callsToday',
      title: t('callsToday'),
      sorts: true,
      align: 'right',
      render: one => (
        <RowsLink rows={callRows(today(), { devId: one.devId })}>{formatNumber(one.callsToday)}</RowsLink>
      ),
    },
    {
      key: 'failuresToday',
      title: t('failuresToday'),
      sorts: true,
      align: 'right',
      render: one => (
        <RowsLink rows={callRows(today(), { devId: one.devId, outcome: 'failed' })}>
          {formatNumber(one.failuresToday)}
        </RowsLink>
      ),
    },
    {
      key: 'lastCalledAt',
      title: t('lastCalled'),
      sorts: true,
      render: one => <Time at={one.lastCalledAt} none={t('neverCalled')} />,
    },
    {
      key: 'createdAt',
      title: t('createdAt'),
      sorts: true,
      wideOnly: true,
      render: one => <Time at={one.createdAt} />,
    },
  ]
}
