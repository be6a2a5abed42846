import { type ReactNode, useEffect, useState } from 'react'
import { pageBrand } from '../ui/brand.ts'
import { useCorpName, useSession } from '../ui/data/session.tsx'
import { usePageName } from '../ui/page-name.ts'
import { useText } from '../ui/text.ts'
import { createFrames } from '../workbench/apps/frames.ts'
import { useWorkbench } from '../workbench/data.ts'
import { wantedPart } from '../workbench/me.tsx'
import { MessageList } from '../workbench/messages/message-list.tsx'
import { Popups } from '../workbench/popups/popups.tsx'
import { Sheet } from '../workbench/sheet.tsx'
import { SiteFooter } from '../workbench/site-footer.tsx'
import { TodoList } from '../workbench/todos/todo-list.tsx'
import { AccountSheet } from './account-sheet.tsx'
import { AppView } from './app-view.tsx'
import { Header } from './header.tsx'
import { Home } from './home.tsx'
import { useTabs } from './tabs.ts'

/** The desktop workbench: tiles, and opened apps in tabs that stay loaded. */
export function PortalApp(): ReactNode {
  const t = useText('portal')
  const todoText = useText('todos')
  const { person } = useSession()
  const tabs = useTabs(`${person.corpId} ${person.userId}`)
  const [frames] = useState(createFrames)
  const [sheet, setSheet] = useState<'messages' | 'todos' | 'account' | undefined>(() =>
    wantedPart() ? 'account' : undefined,
  )
  const { data } = useWorkbench()
  const nameOf = (appId: string) =>
    tabs.tabs.find(tab => tab.appId === appId)?.opened?.title ??
    data?.apps.find(app => app.id === appId)?.name ??
    ''
  const { retain } = tabs
  useEffect(() => {
    if (data) retain(new Set(data.apps.map(app => app.id)))
  }, [data, retain])
  usePageName((tabs.activeId !== undefined && nameOf(tabs.activeId)) || t('home'), useCorpName())
  return (
    <div className="portal">
      <Header
        tabs={tabs}
        nameOf={nameOf}
        apps={data?.apps ?? []}
        onMessages={() => setSheet('messages')}
        onTodos={() => setSheet('todos')}
        onAccount={() => setSheet('account')}
      />
      <main className="portal-main">
        <div className="portal-home" hidden={tabs.activeId !== undefined}>
          <Home
            open={tabs.open}
            onMessages={() => setSheet('messages')}
            onTodos={() => setSheet('todos')}
            isShown={tabs.activeId === undefined}
          />
          <SiteFooter brand={pageBrand()} privacy={t('privacy')} />
        </div>
        {tabs.tabs.map(tab => (
          <AppView
            key={tab.appId}
            tab={tab}
            name={nameOf(tab.appId)}
            isShown={tab.appId === tabs.activeId}
            tabs={tabs}
            frames={frames}
          />
        ))}
      </main>
      {sheet === 'messages' ? (
        <Sheet place="right" title={t('messages')} onClose={() => setSheet(undefined)}>
          <div className="wb-scroll">
            <MessageList
              onOpen={(appId, url) => {
                setSheet(undefined)
                tabs.open(appId, url)
              }}
            />
          </div>
        </Sheet>
      ) : null}
      {sheet === 'todos' ? (
        <Sheet place="right" title={todoText('todos')} onClose={() => setSheet(undefined)}>
          <div className="wb-scroll">
            <TodoList isPhone={false} />
          </div>
        </Sheet>
      ) : null}
      {sheet === 'account' ? <AccountSheet onClose={() => setSheet(undefined)} /> : null}
      <Popups frames={frames} activeId={tabs.activeId} isPhone={false} />
    </div>
  )
}
