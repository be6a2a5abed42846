import { Table } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { State, type StateKind } from '../../ui/values/state.tsx'

const path = '/web/console/compliance'

type Clause = Answer<typeof path>['list'][number]

const kinds: Record<Clause['verdict'], StateKind> = {
  met: 'good',
  partly: 'warn',
  not: 'bad',
  outside: 'idle',
}

/** How this corp on this installation stands with the clauses of GB/T 22239 that concern wisp. */
export function Page(): ReactNode {
  const t = useText('protection')
  const { data, error, refetch } = useRead(path)
  return (
    <>
      <PageTitle title={t('complianceTitle')} hint={t('complianceHint')} />
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading /> : null}
      {data ? (
        <>
          <p>{t('counts', data.counts)}</p>
          <Clauses list={data.list} />
        </>
      ) : null}
    </>
  )
}

function Clauses({ list }: { list: Clause[] }): ReactNode {
  const t = useText('protection')
  return (
    <Table<Clause>
      rowKey="clause"
      size="middle"
      pagination={false}
      scroll={{ x: 720 }}
      dataSource={list}
      columns={[
        { key: 'clause', title: t('clause'), dataIndex: 'clause', width: 130 },
        {
          key: 'verdict',
          title: t('verdict'),
          width: 110,
          render: (_, { verdict }) => <State kind={kinds[verdict]}>{t(verdict)}</State>,
        },
        { key: 'asks', title: t('asks'), dataIndex: 'asks', width: 220 },
        { key: 'why', title: t('why'), render: (_, clause) => <Why {...clause} /> },
      ]}
    />
  )
}

/** The link is for whoever may open its page. */
function Why({ why, place }: Clause): ReactNode {
  const { isSystem } = useSession()
  const isOpen = place !== null && (isSystem || !place.isSystem)
  return (
    <>
      {why}
      {place && isOpen ? (
        <>
          {' '}
          <PageLink to={place.path} className="wisp-figure">
            {place.name}
          </PageLink>
        </>
      ) : null}
    </>
  )
}
