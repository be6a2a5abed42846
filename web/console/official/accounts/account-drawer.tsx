import { Tabs } from 'antd'
import type { ReactNode } from 'react'
import { UrlDrawer } from '../../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import type { Row } from '../../../ui/data/api.ts'
import { level } from '../../../ui/data/level.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { Abilities } from './abilities.tsx'
import { Connect } from './connect.tsx'
import { AccountSettings } from './settings.tsx'

type Account = Row<'/web/official/accounts'>

/** One account: how it is connected and whether that works, its settings, and what it may call. */
export function AccountDrawer(props: { accounts: readonly Account[] }): ReactNode {
  const t = useText('official')
  const { person } = useSession()
  const [values, set] = useUrlState()
  return (
    <UrlDrawer
      title={props.accounts.find(one => one.originalId === values['open'])?.name ?? t('account')}
      width={760}
      onClose={() => set({ tab: undefined })}
    >
      {id => {
        const account = props.accounts.find(one => one.originalId === id)
        if (!account) return null
        if (person.roleLevel === level.graded) return <Abilities account={account} />
        return <OneAccount key={id} account={account} />
      }}
    </UrlDrawer>
  )
}

function OneAccount({ account }: { account: Account }): ReactNode {
  const t = useText('official')
  const [values, set] = useUrlState()
  const read = useRead('/web/official/account', { originalId: account.originalId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const detail = read.data
  return (
    <Tabs
      activeKey={values['tab'] || 'connect'}
      destroyOnHidden
      onChange={tab => set({ tab: tab === 'connect' ? undefined : tab })}
      items={[
        { key: 'connect', label: t('tabConnect'), children: <Connect account={detail} /> },
        { key: 'settings', label: t('tabSettings'), children: <AccountSettings account={detail} /> },
        { key: 'abilities', label: t('tabAbilities'), children: <Abilities account={account} /> },
      ]}
    />
  )
}
