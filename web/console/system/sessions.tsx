import { Button, Tag } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import type { Row } from '../../ui/data/api.ts'
import { useSession } from '../../ui/data/session.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch } from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { useClientName } from '../../ui/values/client-name.ts'
import { Time } from '../../ui/values/time.tsx'
import './system.css'

/** The people who are signed in, whose sessions can be ended. */
export function Page(): ReactNode {
  const t = useText('system')
  const columns = useColumns()
  return (
    <>
      <PageTitle title={t('sessionsTitle')} hint={t('sessionsHint')} />
      <Filters>
        <UrlSearch name="q" placeholder={t('sessionSearch')} />
      </Filters>
      <ListTable
        label={t('sessionsTitle')}
        path="/web/console/sessions"
        columns={columns}
        rowKey={row => row.id}
        filters={['q']}
        defaultSort="-seenAt"
        empty={<EmptyState title={t('sessionsEmpty')} />}
      />
    </>
  )
}

function useColumns(): Column<Row<'/web/console/sessions'>>[] {
  const t = useText('system')
  const clientName = useClientName()
  return [
    { key: 'person', title: t('person'), render: row => <Person {...row} /> },
    { key: 'client', title: t('client'), render: row => clientName(row.userAgent) || '—' },
    { key: 'address', title: t('address'), render: row => row.address || '—' },
    { key: 'seenAt', title: t('seen'), sorts: true, render: row => <Time at={row.seenAt} /> },
    { key: 'createdAt', title: t('signedInAt'), sorts: true, render: row => <Time at={row.createdAt} /> },
    { key: 'expiresAt', title: t('expires'), wideOnly: true, render: row => <Time at={row.expiresAt} /> },
    { key: 'end', title: '', render: row => <Ends {...row} /> },
  ]
}

function Person(row: Row<'/web/console/sessions'>): ReactNode {
  const t = useText('system')
  return (
    <span>
      {row.userName}{' '}
      <span className="wisp-quiet">{row.userId === '' ? t('systemAdministrator') : row.userId}</span>{' '}
      {row.current ? <Tag color="blue">{t('currentSession')}</Tag> : null}
    </span>
  )
}

function Ends(row: Row<'/web/console/sessions'>): ReactNode {
  const t = useText('system')
  const { person } = useSession()
  const name = row.userName
  const refresh = ['/web/console/sessions']
  const end = useAct('/web/console/sessions/end', {
    done: t('ended'),
    refresh,
    confirm: () => ({
      title: t('endTitle'),
      content: row.current ? t('endSelfHint') : t('endHint', { name }),
      okText: t('end'),
      danger: true,
    }),
  })
  const endAll = useAct('/web/console/sessions/end-person', {
    done: answer => t('endedMany', { n: answer.ended }),
    refresh,
    confirm: () => ({
      title: t('endAllTitle', { name }),
      content: t('endAllHint', { name }),
      okText: t('endAll'),
      danger: true,
    }),
  })
  return (
    <span className="system-ends">
      <Button size="small" onClick={() => void end.run({ id: row.id })} loading={end.isRunning}>
        {t('end')}
      </Button>
      {row.userId === '' || row.userId === person.userId ? null : (
        <Button
          size="small"
          type="text"
          danger
          loading={endAll.isRunning}
          onClick={() => void endAll.run({ userId: row.userId })}
        >
          {t('endAll')}
        </Button>
      )}
    </span>
  )
}
