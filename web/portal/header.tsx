import type { KeyboardEvent, ReactNode } from 'react'
import { pageBrand } from '../ui/brand.ts'
import { useSession } from '../ui/data/session.tsx'
import { useText } from '../ui/text.ts'
import { AppIcon } from '../workbench/apps/app-icon.tsx'
import { BrandMark } from '../workbench/brand-mark.tsx'
import { type Tile, useUnread } from '../workbench/data.ts'
import { Icon } from '../workbench/icons.tsx'
import { useTileNumbers } from '../workbench/todos/todo-data.ts'
import type { Tabs } from './tabs.ts'

type Props = {
  tabs: Tabs
  apps: readonly Tile[]
  nameOf(appId: string): string
  onMessages(): void
  onTodos(): void
  onAccount(): void
}

export function Header({ tabs, apps, nameOf, onMessages, onTodos, onAccount }: Props): ReactNode {
  const t = useText('portal')
  const { person } = useSession()
  const unread = useUnread()
  const brand = pageBrand()
  const shown = unread >= 100 ? '99+' : String(unread)
  return (
    <header className="portal-head">
      {brand.name || brand.logo ? <BrandMark brand={brand} size={28} /> : null}
      <nav className="portal-tabs" aria-label={t('opened')} onKeyDown={walk}>
        <ul>
          <li>
            <button
              type="button"
              className="portal-tab"
              aria-current={tabs.activeId === undefined ? 'page' : undefined}
              onClick={() => tabs.show(undefined)}
            >
              <Icon name="grid" size={18} />
              {t('home')}
            </button>
          </li>
          {tabs.tabs.map(({ appId }) => (
            <li key={appId}>
              <button
                type="button"
                className="portal-tab portal-closable"
                aria-current={tabs.activeId === appId ? 'page' : undefined}
                title={nameOf(appId)}
                onClick={() => tabs.show(appId)}
                onAuxClick={event => {
                  if (event.button === 1) tabs.close(appId)
                }}
              >
                <TabIcon app={apps.find(app => app.id === appId)} />
                <span className="wb-cut">{nameOf(appId) || '…'}</span>
              </button>
              <button
                type="button"
                className="portal-close"
                aria-label={t('closeTab', { name: nameOf(appId) })}
                onClick={() => tabs.close(appId)}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <TodoButton onClick={onTodos} />
      <button
        type="button"
        className="wb-plain portal-bell"
        aria-label={unread > 0 ? t('messagesUnread', { n: shown }) : t('messages')}
        title={t('messages')}
        onClick={onMessages}
      >
        <Icon name="bell" />
        {unread > 0 ? (
          <span className="wb-badge" aria-hidden="true">
            {shown}
          </span>
        ) : null}
      </button>
      <button
        type="button"
        className="portal-account"
        aria-haspopup="dialog"
        aria-label={person.userName}
        onClick={onAccount}
      >
        <Icon name="person" />
        <span className="portal-name">{person.userName}</span>
      </button>
    </header>
  )
}

function TodoButton({ onClick }: { onClick(): void }): ReactNode {
  const t = useText('todos')
  const { todo = 0, read = 0 } = useTileNumbers().data?.open ?? {}
  const n = todo + read
  const shown = n > 99 ? '99+' : String(n)
  return (
    <button
      type="button"
      className="wb-plain portal-bell"
      aria-label={n > 0 ? t('count', { n: shown }) : t('todos')}
      title={t('todos')}
      onClick={onClick}
    >
      <Icon name="todo" />
      {n > 0 ? (
        <span className="wb-badge" aria-hidden="true">
          {shown}
        </span>
      ) : null}
    </button>
  )
}

function TabIcon(props: { app: Tile | undefined }): ReactNode {
  return props.app ? <AppIcon app={props.app} size={18} /> : null
}

/** The left and right arrow keys move through the tabs, Delete closes one. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const all = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.portal-tab')]
  const at = all.indexOf(document.activeElement as HTMLButtonElement)
  if (at < 0) return
  if (event.key === 'Delete') {
    const close = all[at]?.parentElement?.querySelector<HTMLButtonElement>('.portal-close')
    all[at - 1]?.focus()
    close?.click()
    return
  }
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  all[(at + step + all.length) % all.length]?.focus()
}
