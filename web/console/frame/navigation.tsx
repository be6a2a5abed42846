import {
  AppstoreOutlined,
  BellOutlined,
  DashboardOutlined,
  MessageOutlined,
  SettingOutlined,
  SyncOutlined,
  TeamOutlined,
  WechatOutlined,
} from '@ant-design/icons'
import { useLocation } from '@tanstack/react-router'
import { Menu, type MenuProps } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'
import { type ConsolePage, pages } from '../pages.ts'
import { mayOpen } from '../rights.ts'

const icons: Record<string, ReactNode> = {
  overview: <DashboardOutlined />,
  alerts: <BellOutlined />,
  directory: <TeamOutlined />,
  sync: <SyncOutlined />,
  appCentre: <AppstoreOutlined />,
  messageCentre: <MessageOutlined />,
  official: <WechatOutlined />,
  system: <SettingOutlined />,
}

type Item = NonNullable<MenuProps['items']>[number]

/** The navigation uses the names of the specification. Pages that the person may not open are left out. */
export function Navigation(props: { onGo?: () => void; isFolded?: boolean }): ReactNode {
  const t = useText('console')
  const { person } = useSession()
  const { pathname } = useLocation()
  const [{ account }] = useUrlState()
  const shown = pages.filter(page => !page.under && mayOpen(page.level, person.roleLevel))
  const current = currentPage(pathname)
  const item = (page: ConsolePage): Item => ({
    key: page.path,
    icon: page.group ? undefined : icons[page.name],
    label: (
      // The pages about official accounts stay with the chosen one.
      <PageLink to={page.path} search={page.group === 'official' ? { account } : {}}>
        {t(page.name)}
      </PageLink>
    ),
  })
  const groups = [...new Set(shown.map(page => page.group))]
  const items = groups.flatMap((group): Item[] => {
    const own = shown.filter(page => page.group === group).map(item)
    if (!group) return own
    const whole = { key: group, icon: icons[group], label: t(group), children: own }
    return group === 'messageCentre' && !props.isFolded ? inService(whole, t('service')) : [whole]
  })
  return (
    <nav aria-label={t('navigation')} className="console-nav">
      <Menu
        // Folded, groups open as popups, none of them at first.
        key={props.isFolded ? 'folded' : 'open'}
        mode="inline"
        items={items}
        selectedKeys={current ? [current.path] : []}
        defaultOpenKeys={props.isFolded ? [] : groups.filter(group => group !== undefined)}
        {...(props.onGo ? { onClick: props.onGo } : {})}
      />
    </nav>
  )
}

function inService(messageCentre: Item, label: string): Item[] {
  return [{ key: 'service', type: 'group', label, children: [messageCentre] } as Item]
}

/** The page to whose navigation entry this address belongs. */
export function currentPage(pathname: string): ConsolePage | undefined {
  const clean = pathname.replace(/\/$/, '')
  const found = pages.find(page => {
    const pattern = page.path.replaceAll(/\$[a-z]+/gi, '[^/]+')
    return new RegExp(`^${pattern}$`).test(clean)
  })
  return found?.under ? pages.find(page => page.path === found.under) : found
}
