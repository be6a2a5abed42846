import { type ReactNode, useState } from 'react'
import { readStored, writeChoice } from '../ui/storage/stored.ts'
import { useText } from '../ui/text.ts'
import { AppFrame } from '../workbench/apps/app-frame.tsx'
import type { Frames } from '../workbench/apps/frames.ts'
import { MenuTree } from '../workbench/apps/menu-tree.tsx'
import { Icon } from '../workbench/icons.tsx'
import { Failed } from '../workbench/states.tsx'
import type { Tab, Tabs } from './tabs.ts'

type Props = { tab: Tab; name: string; isShown: boolean; tabs: Tabs; frames: Frames }

const storedMenu = 'wisp.menu'

/** An opened app, with its menu beside it if it has one. While it is hidden, its page stays loaded. */
export function AppView({ tab, name, isShown, tabs, frames }: Props): ReactNode {
  const t = useText('portal')
  const { opened, error } = tab
  const menu = opened?.menu ?? []
  const [isOpen, setOpen] = useState(() => readStored(storedMenu) !== 'closed')
  const toggle = () => {
    writeChoice(storedMenu, isOpen ? 'closed' : 'open')
    setOpen(!isOpen)
  }
  return (
    <section className="portal-app" hidden={!isShown} aria-label={name}>
      {menu.length > 0 ? (
        <div className={isOpen ? 'portal-side' : 'portal-side portal-side-closed'}>
          <div className="portal-side-head">
            <button
              type="button"
              className="wb-plain portal-side-switch"
              aria-expanded={isOpen}
              aria-label={isOpen ? t('collapseMenu') : t('expandMenu')}
              title={isOpen ? t('collapseMenu') : t('expandMenu')}
              onClick={toggle}
            >
              <Icon name="menu" size={18} />
            </button>
            {isOpen ? (
              <button
                type="button"
                className="portal-side-home wb-cut"
                title={t('appHome', { name })}
                onClick={() => tabs.home(tab.appId)}
              >
                {name}
              </button>
            ) : null}
          </div>
          {isOpen ? (
            <nav aria-label={t('menuOf', { name })}>
              <MenuTree menu={menu} path={tab.path} onGo={path => tabs.open(tab.appId, path)} />
            </nav>
          ) : null}
        </div>
      ) : null}
      {error !== undefined ? <Failed error={error} retry={() => tabs.reopen(tab)} /> : null}
      {error === undefined && opened?.tab ? <InTab name={name} url={opened.url} /> : null}
      {error === undefined && opened && !opened.tab ? (
        <AppFrame key={opened.url} opened={opened} frames={frames} retry={() => tabs.reopen(tab)} />
      ) : null}
      {!error && !opened ? (
        <div className="wb-frame" aria-busy="true">
          <div className="wb-line" role="progressbar" aria-label={t('appLoading')} />
        </div>
      ) : null}
    </section>
  )
}

/** The way into an app that opens in a tab of the browser. */
function InTab({ name, url }: { name: string; url: string }): ReactNode {
  const t = useText('portal')
  return (
    <div className="wb-frame portal-in-tab">
      <h2>{t('inTab', { name })}</h2>
      <p className="wb-quiet">{t('inTabHint')}</p>
      <a className="wb-button wb-primary" href={url} target="_blank" rel="noopener noreferrer">
        {t('openInTab')}
      </a>
    </div>
  )
}
