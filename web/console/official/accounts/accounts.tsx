import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useGo } from '../../../ui/address/url-state.ts'
import type { Row } from '../../../ui/data/api.ts'
import { level } from '../../../ui/data/level.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { EmptyState } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { accountAddress, newObject } from '../../object-addresses.ts'
import { AccountIcon } from './account-icon.tsx'
import { SiteFiles } from './site-files.tsx'

const BindForm = later(async () => (await import('./bind-form.tsx')).BindForm)

const path = '/web/official/accounts'

/** The bound accounts; super administrators bind and change them here. */
export function Page(): ReactNode {
  const t = useText('official')
  const { person } = useSession()
  const { open } = useOpen()
  const go = useGo()
  const show = (originalId: string) => go(accountAddress(originalId))
  // Going back from what was just made leads to the list, not to the empty form.
  const showNew = (originalId: string) => go(accountAddress(originalId), {}, { replace: true })
  const isGraded = person.roleLevel === level.graded
  const bind = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => open(newObject)}>
      {t('bind')}
    </Button>
  )
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('hint')}
        actions={
          isGraded ? null : (
            <>
              <SiteFiles />
              {bind}
            </>
          )
        }
      />
      <ListTable
        label={t('title')}
        path={path}
        columns={useColumns()}
        rowKey={account => account.originalId}
        onOpen={account => show(account.originalId)}
        empty={
          isGraded ? (
            <EmptyState title={t('noneGiven')} hint={t('noneGivenHint')} />
          ) : (
            <EmptyState title={t('none')} hint={t('noneHint')} action={bind} />
          )
        }
      />
      <UrlDrawer title={t('bind')}>{() => <BindForm bound={showNew} />}</UrlDrawer>
    </>
  )
}

function useColumns(): Column<Row<typeof path>>[] {
  const t = useText('official')
  return [
    { key: 'name', title: t('name'), render: one => <NameCell account={one} /> },
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

function NameCell({ account }: { account: Row<typeof path> }): ReactNode {
  return (
    <span style={{ display: 'inline-flex', gap: 10, alignItems: 'center' }}>
      <AccountIcon {...account} />
      <PageLink to={accountAddress(account.originalId)}>{account.name}</PageLink>
    </span>
  )
}
