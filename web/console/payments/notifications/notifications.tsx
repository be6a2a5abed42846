import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlRange } from '../../../ui/address/range.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, ListTable, UrlSearch, UrlSelectMany } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { PushList } from '../../../ui/pushes/push-list.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { NotificationDetail } from './notification-detail.tsx'
import { stateKinds } from './states.ts'

const path = '/web/payments/notifications'
type Notification = Row<typeof path>
const filters = ['state', 'entity', 'from', 'to'] as const
const everyMs = 5000

/** What WeChat Pay told about orders and refunds, as it came and what was made of it. */
export function Page(): ReactNode {
  const t = useText('payments-notifications')
  const pushes = useText('pushes')
  const columns = useColumns()
  const replay = useAct('/web/payments/notifications/replay', {
    refresh: ['/web/payments'],
    done: ({ replayed }) => pushes('replayed', { n: replayed }),
  })
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} />
      <PushList<Notification>
        nameOf={id => t('one', { id })}
        replayHint={t('replayHint')}
        replay={ids => ({
          isRunning: replay.isRunning,
          run: async () => (await replay.run({ ids })) !== undefined,
        })}
        filters={<NotificationFilters />}
        table={given => (
          <ListTable
            {...given}
            label={t('title')}
            path={path}
            filters={filters}
            every={everyMs}
            columns={columns}
            empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
          />
        )}
        detail={id => <NotificationDetail id={Number(id)} />}
      />
    </>
  )
}

function NotificationFilters(): ReactNode {
  const t = useText('payments-notifications')
  return (
    <>
      <UrlSearch name="entity" placeholder={t('order')} width={256} />
      <UrlSelectMany
        name="state"
        label={t('state')}
        width={140}
        options={(Object.keys(stateKinds) as Notification['state'][]).map(state => ({
          value: state,
          label: t(`state_${state}`),
        }))}
      />
      <UrlRange />
    </>
  )
}

function useColumns(): Column<Notification>[] {
  const t = useText('payments-notifications')
  return [
    { key: 'id', title: t('number'), render: one => <OpenLink id={one.id}>#{one.id}</OpenLink> },
    { key: 'receivedAt', title: t('receivedAt'), render: one => <Time exact at={one.receivedAt} /> },
    { key: 'type', isSubject: true, title: t('type'), render: one => one.changeType },
    { key: 'order', title: t('order'), render: one => one.entity.replace(/^order:/, '') },
    {
      key: 'state',
      title: t('state'),
      render: one => <State kind={stateKinds[one.state]}>{t(`state_${one.state}`)}</State>,
    },
    { key: 'note', title: t('note'), render: one => one.error ?? '—' },
  ]
}
