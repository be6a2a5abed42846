import { MenuFoldOutlined, MenuUnfoldOutlined } from '@ant-design/icons'
import { Outlet } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { level } from '../../ui/data/level.ts'
import { useSession } from '../../ui/data/session.tsx'
import { Loading } from '../../ui/feedback.tsx'
import { useNarrow } from '../../ui/look/width.ts'
import { readChoice, writeChoice } from '../../ui/storage/stored.ts'
import { useText } from '../../ui/text.ts'
import { AccountMenu } from './account-menu.tsx'
import { AlertBell } from './alert-bell.tsx'
import { Brand } from './brand.tsx'
import { CorpSwitch } from './corp-switch.tsx'
import { EntryFrame } from './entry-frame.tsx'
import './layout.css'
import './print.css'
import { Navigation } from './navigation.tsx'
import { NotForMembers } from './not-for-members.tsx'
import { SearchEverywhere } from './search/search-everywhere.tsx'

const Viewing = lazy(async () => ({ default: (await import('./notices/viewing.tsx')).Viewing }))
const ThreeNotices = lazy(async () => ({
  default: (await import('./notices/three-notices.tsx')).ThreeNotices,
}))
const NavigationDrawer = lazy(async () => ({
  default: (await import('./navigation-drawer.tsx')).NavigationDrawer,
}))

/** The console's frame: navigation on the left (in a drawer on a phone), a header and the page. */
export function Layout(): ReactNode {
  const t = useText('console')
  const { person, points, viewing, isOneOfThree } = useSession()
  const isNarrow = useNarrow()
  const fold = useFold()
  if (person.roleLevel === level.member && Object.keys(points).length === 0 && !viewing)
    return <NotForMembers />
  const mayUse = person.roleLevel !== level.member || points['console:use'] !== undefined
  return (
    <div className="console">
      <a className="console-skip" href="#content">
        {t('skip')}
      </a>
      {isNarrow ? null : (
        <aside className={fold.isFolded ? 'console-sider is-folded' : 'console-sider'}>
          <Brand isShort={fold.isFolded} />
          <Navigation isFolded={fold.isFolded} />
        </aside>
      )}
      <div className="console-main">
        <header className="console-header">
          {isNarrow ? (
            <Suspense>
              <NavigationDrawer />
            </Suspense>
          ) : null}
          {!isNarrow && fold.toggle ? <FoldButton isFolded={fold.isFolded} onToggle={fold.toggle} /> : null}
          <CorpSwitch />
          <span style={{ flex: 1 }} />
          {person.roleLevel === level.helpDesk || !mayUse ? null : <SearchEverywhere />}
          <AlertBell />
          <AccountMenu />
        </header>
        {viewing ? (
          <Suspense>
            <Viewing {...viewing} />
          </Suspense>
        ) : null}
        {isOneOfThree ? (
          <Suspense>
            <ThreeNotices />
          </Suspense>
        ) : null}
        <main id="content" className="console-content" tabIndex={-1}>
          <EntryFrame>
            <Suspense fallback={<Loading height={400} />}>
              <Outlet />
            </Suspense>
          </EntryFrame>
        </main>
      </div>
    </div>
  )
}

/** The sidebar is folded on a tablet held upright, and by choice on all that is narrower than 1100 pixels. */
function useFold(): { isFolded: boolean; toggle: (() => void) | undefined } {
  const isTablet = useNarrow(769)
  const mayFold = useNarrow(1100)
  const [choice, setChoice] = useState(() => readChoice('wisp.navigation', ['open', 'folded']))
  const isFolded = mayFold && (choice === undefined ? isTablet : choice === 'folded')
  const toggle = () => {
    const next = isFolded ? 'open' : 'folded'
    writeChoice('wisp.navigation', next)
    setChoice(next)
  }
  return { isFolded, toggle: mayFold ? toggle : undefined }
}

function FoldButton(props: { isFolded: boolean; onToggle(): void }): ReactNode {
  const t = useText('console')
  return (
    <Button
      type="text"
      icon={props.isFolded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
      aria-label={t(props.isFolded ? 'unfoldNavigation' : 'foldNavigation')}
      aria-expanded={!props.isFolded}
      onClick={props.onToggle}
    />
  )
}
