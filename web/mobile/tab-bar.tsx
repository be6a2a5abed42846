import type { ReactNode } from 'react'
import { useText } from '../ui/text.ts'
import { useUnread } from '../workbench/data.ts'
import { Icon, type IconName } from '../workbench/icons.tsx'
import { type TabName, tabNames } from './place.ts'

const icons: Record<TabName, IconName> = { apps: 'grid', messages: 'message', me: 'person' }

export function TabBar(props: { tab: TabName; onTab(tab: TabName): void }): ReactNode {
  const t = useText('mobile')
  const p = useText('portal')
  const unread = useUnread()
  const shown = unread >= 100 ? '99+' : String(unread)
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
            {name === 'messages' && unread > 0 ? (
              <span className="wb-badge" aria-hidden="true">
                {shown}
              </span>
            ) : null}
          </span>
          {name === 'messages' && unread > 0 ? (
            <>
              <span aria-hidden="true">{t(name)}</span>
              <span className="wisp-hidden">{p('messagesUnread', { n: shown })}</span>
            </>
          ) : (
            t(name)
          )}
        </button>
      ))}
    </nav>
  )
}
