import { Button, Table } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../ui/address/page-link.tsx'
import { laterDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { State, type StateKind } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'

const RoleDrawer = laterDrawer(async () => (await import('./role-drawer.tsx')).RoleDrawer)

type Role = Answer<'/web/roles'>['list'][number]

const kinds: Record<Role['state'], StateKind> = { live: 'good', ended: 'idle', empty: 'bad' }

export function Page(): ReactNode {
  const t = useText('own-roles')
  const { open } = useOpen()
  const { givesRoles } = useSession()
  const { data, error, refetch } = useRead('/web/roles')
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const add = (
    <Button type="primary" onClick={() => open('new')}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} actions={givesRoles ? add : undefined} />
      {data.list.length === 0 ? (
        <EmptyState title={t('none')} hint={t('noneHint')} />
      ) : (
        <Table<Role>
          size="middle"
          pagination={false}
          scroll={{ x: 'max-content' }}
          rowKey="id"
          dataSource={data.list}
          aria-label={t('title')}
          columns={[
            {
              title: t('name'),
              render: (_, role) => <OpenLink id={String(role.id)}>{role.name}</OpenLink>,
            },
            {
              title: t('state'),
              render: (_, { state }) => <State kind={kinds[state]}>{t(state)}</State>,
            },
            { title: t('points'), render: (_, role) => t('pointsOf', { n: role.points.length }) },
            { title: t('range'), render: (_, role) => <RangeText range={role.range} /> },
            { title: t('until'), render: (_, { until }) => <Time at={until} none={t('noEnd')} /> },
            { title: t('holders'), dataIndex: 'holders' },
            { title: t('groups'), render: (_, { groups }) => groups.map(one => one.name).join('、') },
          ]}
        />
      )}
      <RoleDrawer />
    </>
  )
}

function RangeText({ range }: { range: Role['range'] }): ReactNode {
  const t = useText('own-roles')
  if (range.kind === 'corp') return t('rangeCorp')
  const parts = [...range.departments, ...range.apps, ...range.developers]
  return parts.map(({ id, name }) => name || t('deleted', { id })).join('、') || t('empty')
}
