import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlRange } from '../../../ui/address/range.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelect } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { NotificationDetail } from './notification-detail.tsx'

const path = '/web/payments/notifications'
type Notification = Row<typeof path>
const filters = ['state', 'entity', 'from', 'to'] as const
const everyMs = 5000

const stateKinds: Record<Notification['state'], StateKind> = {
  pending: 'busy',
  done: 'good',
  parked: 'bad',
}

/** What WeChat Pay told about orders and refunds, as it came and what was made of it. */
export function Page(): ReactNode {
  const t = useText('payments-notifications')
  const { open } = useOpen()
  const [selected, setSelected] = useState<number[]>([])
  const replay = useAct('/web/payments/notifications/replay', {
    refresh: ['/web/payments'],
    done: ({ replayed }) => t('replayed', { n: replayed }),
  })
  const replaySelected = async () => {
    if (await replay.run({ ids: selected })) setSelected([])
  }
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('hint')}
        actions={
          selected.length > 0 ? (
            <Button type="primary" loading={replay.isRunning} onClick={() => void replaySelected()}>
              {t('replaySelected', { n: selected.length })}
            </Button>
          ) : null
        }
      />
      <Filters>
        <UrlSearch name="entity" placeholder={t('order')} width={256} />
        <UrlSelect
          name="state"
          label={t('state')}
          width={140}
          options={(Object.keys(stateKinds) as Notification['state'][]).map(state => ({
            value: state,
            label: t(`state_${state}`),
          }))}
        />
        <UrlRange />
      </Filters>
      <ListTable
        label={t('title')}
        path={path}
        filters={filters}
        every={everyMs}
        columns={useColumns()}
        rowKey={one => one.id}
        onOpen={one => open(one.id)}
        empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
        selection={{
          selectedRowKeys: selected,
          preserveSelectedRowKeys: true,
          onChange: keys => setSelected(keys.map(Number)),
          getCheckboxProps: one => ({ 'aria-label': t('one', { id: String(one.id) }) }) as object,
        }}
      />
      <UrlDrawer title={t('title')}>{id => <NotificationDetail id={Number(id)} />}</UrlDrawer>
    </>
  )
}

function useColumns(): Column<Notification>[] {
  const t = useText('payments-notifications')
  return [
    { key: 'id', title: t('number'), render: one => <OpenLink id={one.id}>#{one.id}</OpenLink> },
    { key: 'receivedAt', title: t('receivedAt'), render: one => <Time at={one.receivedAt} /> },
    { key: 'type', title: t('type'), render: one => one.changeType },
    { key: 'order', title: t('order'), render: one => one.entity.replace(/^order:/, '') },
    {
      key: 'state',
      title: t('state'),
      render: one => <State kind={stateKinds[one.state]}>{t(`state_${one.state}`)}</State>,
    },
    { key: 'note', title: t('note'), render: one => one.error ?? '—' },
  ]
}
