import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { PageLink } from './address/page-link.tsx'
import type { UrlPatch } from './address/url-state.ts'
import './tab-bar.css'

export type Tab = { to: string; search?: UrlPatch; title: ReactNode; isCurrent: boolean }

/** Pages that belong together, as links. On a narrow screen they scroll sideways, with the current one in view. */
export function TabBar(props: { label: string; tabs: readonly Tab[] }): ReactNode {
  const list = useRef<HTMLUListElement>(null)
  const current = props.tabs.find(one => one.isCurrent)?.to
  useLayoutEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>('[aria-current]')
    if (!list.current || !tab || current === undefined) return
    list.current.scrollLeft = tab.offsetLeft - (list.current.clientWidth - tab.offsetWidth) / 2
  }, [current])
  return (
    <nav aria-label={props.label} className="wisp-tabs">
      <ul ref={list}>
        {props.tabs.map(({ to, search = {}, title, isCurrent }) => (
          <li key={to}>
            <PageLink to={to} search={search} isCurrent={isCurrent}>
              {title}
            </PageLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}
