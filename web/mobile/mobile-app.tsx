import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { pageBrand } from '../ui/brand.ts'
import { CallError } from '../ui/data/api.ts'
import { useCorpName } from '../ui/data/session.tsx'
import { ErrorNumber } from '../ui/error-number.tsx'
import { usePageName } from '../ui/page-name.ts'
import { useText } from '../ui/text.ts'
import { BrandMark } from '../workbench/brand-mark.tsx'
import { openApp, useNoteOpened } from '../workbench/data.ts'
import { LinkedMessage } from '../workbench/messages/linked-message.tsx'
import { MessageList } from '../workbench/messages/message-list.tsx'
import { SiteFooter } from '../workbench/site-footer.tsx'
import { TodoLink } from '../workbench/todos/todo-link.tsx'
import { TodoList } from '../workbench/todos/todo-list.tsx'
import { AppPage } from './app-page.tsx'
import { MePage } from './me-page.tsx'
import { MobileHome } from './mobile-home.tsx'
import { usePlace } from './place.ts'
import { TabBar } from './tab-bar.tsx'

/** The phone's workbench: four tabs, and the apps that are opened in a frame. */
export function MobileApp(): ReactNode {
  const t = useText('mobile')
  const p = useText('portal')
  const brand = pageBrand()
  const [{ tab, part, app, todo, message }, go] = usePlace()
  const { busyId, failure, open } = useOpen(go.toApp)
  if (app)
    return (
      <AppPage
        key={app.appId}
        place={app}
        onPath={path => go.toApp(app.appId, path)}
        onBack={() => go.back()}
      />
    )
  return (
    <div className="mobile">
      <TabName tab={t(tab)} />
      <main className="mobile-main">
        <h1 className="wisp-hidden">{t(tab)}</h1>
        {failure ? (
          <p className="mobile-failure" role="alert">
            {failure.words}
            <ErrorNumber of={failure.error} />
          </p>
        ) : null}
        <div hidden={tab !== 'apps'}>
          {brand.name || brand.logo ? (
            <div className="mobile-brand">
              <BrandMark brand={brand} size={28} />
            </div>
          ) : null}
          <MobileHome
            open={open}
            onMessages={() => go.toTab('messages')}
            onTodos={() => go.toTab('todos')}
            busyId={busyId}
            isShown={tab === 'apps'}
          />
        </div>
        {todo ? <TodoLink key={todo} id={todo} onList={() => go.toTab('todos')} /> : null}
        {tab === 'todos' && !todo ? <TodoList isPhone /> : null}
        {tab === 'messages' && message ? (
          <LinkedMessage key={message} id={message} onOpen={open} onList={() => go.toTab('messages')} />
        ) : null}
        {tab === 'messages' && !message ? <MessageList onOpen={open} /> : null}
        {tab === 'me' ? <MePage part={part} onOpen={go.toPart} onBack={() => go.back('me')} /> : null}
        {tab === 'messages' || tab === 'todos' ? null : <SiteFooter brand={brand} privacy={p('privacy')} />}
      </main>
      <TabBar tab={tab} onTab={go.toTab} />
    </div>
  )
}

function TabName({ tab }: { tab: string }): ReactNode {
  usePageName(tab, useCorpName())
  return null
}

/**
 * Opens an app. Most apps take the whole page, where cookies and the back button work; only those set to use
 * a frame get one.
 */
function useOpen(toApp: (appId: string, path?: string) => void) {
  const t = useText('portal')
  const noteOpened = useNoteOpened()
  const [busyId, setBusyId] = useState<string>()
  const [failure, setFailure] = useState<{ words: string; error: unknown }>()
  useEffect(() => {
    // After returning from an app, the browser may show this page in the state in which it was left.
    const rest = () => setBusyId(undefined)
    addEventListener('pageshow', rest)
    return () => removeEventListener('pageshow', rest)
  }, [])
  const open = useCallback(
    async (appId: string, path?: string) => {
      setBusyId(appId)
      setFailure(undefined)
      try {
        const opened = await openApp(appId, 'phone', path)
        noteOpened(appId)
        if (!opened.frame) return location.assign(opened.url)
        toApp(appId, path)
        setBusyId(undefined)
      } catch (error) {
        setBusyId(undefined)
        setFailure({ words: (error instanceof CallError && error.message) || t('networkFailed'), error })
      }
    },
    [noteOpened, toApp, t],
  )
  return { busyId, failure, open }
}
