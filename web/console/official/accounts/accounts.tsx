import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { level, useSession } from '../../../ui/data/session.tsx'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'

/** The bound accounts. */
export function Page(): ReactNode {
  const t = useText('official')
  const { person } = useSession()
  const isGraded = person.roleLevel === level.graded
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} />
      <ListTable
        label={t('title')}
        path="/web/official/accounts"
        columns={useColumns()}
        rowKey={account => account.originalId}
        empty={
          <EmptyState
            title={t(isGraded ? 'noneGiven' : 'none')}
            hint={t(isGraded ? 'noneGivenHint' : 'noneHint')}
          />
        }
      />
    </>
  )
}

function useColumns(): Column<Row<'/web/official/accounts'>>[] {
  const t = useText('official')
  return [
    {
      key: 'name',
      title: t('name'),
      render: one => <OpenLink id={one.originalId}>{one.name}</OpenLink>,
    },
    {
      key: 'kind',
      title: t('kind'),
      render: one => `${t(one.kind)} · ${t(one.verified ? 'verified' : 'unverified')}`,
    },
    { key: 'originalId', title: t('originalId'), render: one => <CopyId value={one.originalId} /> },
    { key: 'appId', title: t('appId'), wideOnly: true, render: one => <CopyId value={one.appId} /> },
    {
      key: 'enabled',
      title: t('state'),
      render: one => (
        <State kind={one.enabled ? 'good' : 'idle'}>{t(one.enabled ? 'enabled' : 'disabled')}</State>
      ),
    },
    {
      key: 'callback',
      title: t('callback'),
      render: one =>
        one.callbackVerifiedAt ? (
          <Time at={one.callbackVerifiedAt} />
        ) : (
          <State kind="warn">{t('neverVerified')}</State>
        ),
    },
  ]
}
