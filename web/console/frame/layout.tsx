import { MenuOutlined } from '@ant-design/icons'
import { Outlet } from '@tanstack/react-router'
import { Layout as AntLayout, Button, Drawer } from 'antd'
import { type ReactNode, Suspense, useState } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { level, useSession } from '../../ui/data/session.tsx'
import { Loading } from '../../ui/feedback.tsx'
import { useNarrow } from '../../ui/look/width.ts'
import { useText } from '../../ui/text.ts'
import { AccountMenu } from './account-menu.tsx'
import { CorpSwitch } from './corp-switch.tsx'
import './layout.css'
import { Navigation } from './navigation.tsx'
import { NotForMembers } from './not-for-members.tsx'
import { SearchEverywhere } from './search-everywhere.tsx'

/** The console's frame: navigation on the left (in a drawer on a phone), a header and the page. */
export function Layout(): ReactNode {
  const t = useText('console')
  const { person } = useSession()
  const isNarrow = useNarrow()
  if (person.roleLevel === level.member) return <NotForMembers />
  return (
    <AntLayout style={{ minHeight: '100vh' }}>
      <a className="console-skip" href="#content">
        {t('skip')}
      </a>
      {isNarrow ? null : (
        <AntLayout.Sider width={216} theme="light" className="console-sider">
          <Brand />
          <Navigation />
        </AntLayout.Sider>
      )}
      <AntLayout style={{ minWidth: 0 }}>
        <header className="console-header">
          {isNarrow ? <NavigationDrawer /> : null}
          <CorpSwitch />
          <span style={{ flex: 1 }} />
          <SearchEverywhere />
          <AccountMenu />
        </header>
        <main id="content" className="console-content" tabIndex={-1}>
          <Suspense fallback={<Loading height={400} />}>
            <Outlet />
          </Suspense>
        </main>
      </AntLayout>
    </AntLayout>
  )
}

function Brand(): ReactNode {
  const t = useText('console')
  return (
    <PageLink to="/console" className="console-brand" aria-label={`wisp ${t('home')}`}>
      <img src="/icon.svg" alt="" width={24} height={24} />
      wisp
    </PageLink>
  )
}

function NavigationDrawer(): ReactNode {
  const t = useText('console')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        type="text"
        icon={<MenuOutlined />}
        aria-label={t('openNavigation')}
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
      />
      <Drawer
        open={isOpen}
        placement="left"
        size={264}
        title={<Brand />}
        styles={{ body: { padding: 8 } }}
        onClose={() => setOpen(false)}
      >
        <Navigation onGo={() => setOpen(false)} />
      </Drawer>
    </>
  )
}
