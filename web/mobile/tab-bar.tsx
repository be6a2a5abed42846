import type { ReactNode } from 'react'
import { useText } from '../ui/text.ts'
import { useUnread } from '../workbench/data.ts'
import { Icon, type IconName } from '../workbench/icons.tsx'
import { useTileNumbers } from '../workbench/todos/todo-data.ts'
import { type TabName, tabNames } from './place.ts'

const icons: Record<TabName, IconName> = { apps: 'grid', todos: 'todo', messages: 'message', me: 'person' }

export function TabBar(props: { tab: TabName; onTab(tab: TabName): void }): ReactNode {
  const t = useText('mobile')
  const p = useText('portal')
  const d = useText('todos')
  const unread = useUnread()
  const { todo = 0, read = 0 } = useTileNumbers().data?.open ?? {}
  const badges: Partial<Record<TabName, { n: number; label: string }>> = {
    todos: { n: todo + read, label: d('count', { n: shownOf(todo + read) }) },
    messages: { n: unread, label: p('messagesUnread', { n: shownOf(unread) }) },
  }
  return (
    <nav className="mobile-tabs" aria-label={t('tabs')}>
      {tabNames.map(name => (
        <button
          key={name}
          type="button"
          aria-current={props.tab === name ? 'page' : undefined}
          onClick={() => props.onTab(name)}
        >
          <span className="mobile-tab-icon">
            <Icon name={icons[name]} size={24} />
            {badges[name]?.n ? (
              <span className="wb-badge" aria-hidden="true">
                {shownOf(badges[name].n)}
              </span>
            ) : null}
          </span>
          {badges[name]?.n ? (
            <>
              <span aria-hidden="true">{t(name)}</span>
              <span className="wisp-hidden">{badges[name].label}</span>
            </>
          ) : (
            t(name)
          )}
        </button>
      ))}
    </nav>
  )
}

function shownOf(n: number): string {
  return n >= 100 ? '99+' : String(n)
}
