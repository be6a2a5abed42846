import { Alert } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { MenuHead } from '../../chat-menu/head.tsx'
import { accountMenu, MenuOf } from '../../chat-menu/owner.tsx'
import { type Account, AccountPage } from '../use-account.tsx'
import { MenuEditor } from './editor.tsx'
import { useRuleName } from './rule-name.ts'
import type { Menu } from './types.ts'
import '../../chat-menu/menu.css'
import { later } from '../../../ui/fields/later.tsx'
import { Parts } from '../../../ui/objects/parts.tsx'

const MenuVersions = later(async () => (await import('../../chat-menu/versions.tsx')).MenuVersions)
const MenuClicks = later(async () => (await import('./clicks.tsx')).MenuClicks)
const MenuTrial = later(async () => (await import('./trial.tsx')).MenuTrial)

export function Page(): ReactNode {
  const t = useText('official-menu')
  return (
    <AccountPage title={t('title')} hint={t('hint')} needs="menu">
      {account => <OwnedMenu account={account} />}
    </AccountPage>
  )
}

function OwnedMenu({ account }: { account: Account }): ReactNode {
  const nameRule = useRuleName(account.originalId)
  const owner = accountMenu(account, menu => {
    const { buttons, personalised } = menu as Menu
    const others = personalised.map((one, n) => ({
      path: `${nameRule(one.rule, n + 1)} › `,
      buttons: one.buttons,
    }))
    return [{ path: '', buttons }, ...others]
  })
  return (
    <MenuOf value={owner}>
      <AccountMenu account={account} />
    </MenuOf>
  )
}

function AccountMenu({ account }: { account: Account }): ReactNode {
  const t = useText('official-menu')
  const [isDirty, setDirty] = useState(false)
  const { originalId } = account
  const read = useRead('/web/official/menu', { originalId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const stored = read.data
  return (
    <>
      <MenuHead {...stored} isDirty={isDirty} />
      {stored.failure ? (
        <Alert
          type="warning"
          showIcon
          title={t('failed', { why: stored.failure })}
          style={{ marginBottom: 16 }}
        />
      ) : null}
      <Parts
        keepsFirst
        parts={[
          {
            key: 'edit',
            title: t('edit'),
            children: <MenuEditor key={stored.n} account={account} stored={stored} onDirty={setDirty} />,
          },
          { key: 'try', title: t('try'), children: <MenuTrial account={account} /> },
          {
            key: 'versions',
            title: t('versions'),
            children: <MenuVersions stored={stored} />,
          },
          {
            key: 'clicks',
            title: t('clicks'),
            children: <MenuClicks account={account} menu={stored.menu} />,
          },
        ]}
      />
    </>
  )
}
