import {
  AppstoreOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  SettingOutlined,
  TeamOutlined,
} from '@ant-design/icons'
import { useLocation } from '@tanstack/react-router'
import { Menu, type MenuProps } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useSession } from '../../ui/data/session.tsx'
import { readStored, writeChoice } from '../../ui/storage/stored.ts'
import { useText } from '../../ui/text.ts'
import { type Entry, type EntryName, entries, type GroupName } from '../entries.ts'
import { useHasAccounts } from '../official/has-accounts.ts'
import { entriesFor, isOfAccount, pageAt, tabsOf } from '../place.ts'

const icons: Record<GroupName, ReactNode> & Partial<Record<EntryName, ReactNode>> = {
  overview: <DashboardOutlined />,
  organisation: <TeamOutlined />,
  helpDesk: <CustomerServiceOutlined />,
  appCentre: <AppstoreOutlined />,
  service: <CustomerServiceOutlined />,
  system: <SettingOutlined />,
}

const groups = [...new Set(entries.flatMap(({ group }) => group ?? []))]
const storedGroup = 'wisp.group'

/** The entries that the person may open, in groups of which one is open: the one of the page, or else the last. */
export function Navigation(props: { onGo?: () => void; isFolded?: boolean }): ReactNode {
  const t = useText('console')
  const { pathname } = useLocation()
  const current = pageAt(pathname)?.entry
  const [open, setOpen] = useOpenGroup(pathname, entries.find(one => one.name === current)?.group)
  const nav = useMarkedInView(pathname)
  return (
    <nav ref={nav} aria-label={t('navigation')} className="console-nav">
      <Menu
        // Folded, groups open as popups, none of them at first.
        key={props.isFolded ? 'folded' : 'open'}
        mode="inline"
        inlineCollapsed={props.isFolded === true}
        items={useItems(current)}
        selectedKeys={current ? [current] : []}
        {...(props.isFolded
          ? {}
          : {
              openKeys: open ? [open] : [],
              onOpenChange: keys => setOpen(groups.find(one => one === keys.at(-1))),
            })}
        {...(props.onGo ? { onClick: props.onGo } : {})}
      />
    </nav>
  )
}

type Item = NonNullable<MenuProps['items']>[number]

function useItems(current: EntryName | undefined): Item[] {
  const t = useText('console')
  const session = useSession()
  const [{ account }] = useUrlState()
  const viewer = { ...session, hasAccounts: useHasAccounts() }
  const shown = entriesFor(viewer)
  const item = ({ name, group }: Entry): Item => {
    const [first] = tabsOf(name, viewer)
    return {
      key: name,
      icon: group ? undefined : icons[name],
      label: first ? (
        <PageLink to={first.path} search={isOfAccount(first) ? { account } : {}} isCurrent={name === current}>
          {t(name)}
        </PageLink>
      ) : null,
    }
  }
  // A single entry needs no group to be found in.
  if (shown.length === 1) return shown.map(one => ({ ...item(one), icon: icons[one.name] }) as Item)
  return shown.flatMap((one, n): Item[] => {
    const { group } = one
    if (!group) return [item(one)]
    // The entries of a group stand together, so that the first makes the group.
    if (shown[n - 1]?.group === group) return []
    const children = shown.filter(other => other.group === group).map(item)
    return [{ key: group, icon: icons[group], label: t(group), children }]
  })
}

/** Coming to a page opens its group; closing it, or opening another one, holds until the next page. */
function useOpenGroup(pathname: string, own: GroupName | undefined) {
  const [open, setOpen] = useState(
    () => own ?? groups.find(one => one === readStored(storedGroup)) ?? groups[0],
  )
  const [last, setLast] = useState(pathname)
  if (pathname !== last) {
    setLast(pathname)
    if (own) setOpen(own)
  }
  useEffect(() => writeChoice(storedGroup, open ?? ''), [open])
  return [open, setOpen] as const
}

/** Keeps the marked entry in view: at once, and again when its group has opened. */
function useMarkedInView(pathname: string) {
  const nav = useRef<HTMLElement>(null)
  useEffect(() => {
    const around = nav.current
    if (!around || pathname === '') return
    const show = () => around.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
    const onEnd = ({ propertyName }: TransitionEvent) => {
      if (propertyName === 'height') show()
    }
    show()
    around.addEventListener('transitionend', onEnd)
    return () => around.removeEventListener('transitionend', onEnd)
  }, [pathname])
  return nav
}
