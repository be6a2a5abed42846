import { useCallback, useEffect, useState } from 'react'
import { addressOfPlace, type PortalRoute, readPlace } from '../portal/route.ts'
import { type MePart, wantedPart } from '../workbench/me.tsx'
import { linkedMessage } from '../workbench/messages/linked-message.tsx'
import { linkedTodo } from '../workbench/todos/todo-link.tsx'

export const tabNames = ['apps', 'todos', 'messages', 'me'] as const
export type TabName = (typeof tabNames)[number]

/** What the phone's page shows: one of four tabs, perhaps with a part of the profile, an app, or the to-do or message that a link leads to. */
export type PhoneView = {
  tab: TabName
  part: MePart | undefined
  app: PortalRoute
  todo: number | undefined
  message: string | undefined
}

function read(): PhoneView {
  const wanted = new URLSearchParams(location.search).get('tab')
  const todo = linkedTodo()
  const part = wantedPart()
  const message = linkedMessage()
  const linked = { part: undefined, app: undefined, todo, message }
  if (todo) return { ...linked, tab: 'todos' }
  if (message) return { ...linked, tab: 'messages' }
  if (part) return { ...linked, tab: 'me', part }
  return { ...linked, tab: tabNames.find(name => name === wanted) ?? 'apps', app: readPlace(location) }
}

export type PhoneNavigation = {
  toTab(tab: TabName): void
  toApp(appId: string, path?: string): void
  toPart(part: MePart): void
  /** Where a link led here, so that there is no page of ours to go back to, the tab is shown. */
  back(tab?: TabName): void
}

/** Keeps the place in the address, so that the phone's back button works. */
export function usePlace(): [PhoneView, PhoneNavigation] {
  const [here, setHere] = useState(read)
  useEffect(() => {
    const follow = () => setHere(read())
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])
  const visit = useCallback((address: string, isStep: boolean) => {
    history[isStep ? 'pushState' : 'replaceState']({ isOurs: isStep }, '', address)
    setHere(read())
  }, [])
  const addressOfTab = (tab: TabName) => (tab === 'apps' ? '/mobile' : `/mobile?tab=${tab}`)
  return [
    here,
    {
      toTab: tab => visit(addressOfTab(tab), false),
      toPart: part => visit(`${addressOfTab('me')}&me=${part}`, true),
      toApp: (appId, path) =>
        visit(addressOfPlace('/mobile', { appId, path }), readPlace(location) === undefined),
      back(tab = 'apps') {
        if ((history.state as { isOurs?: boolean } | null)?.isOurs) history.back()
        else visit(addressOfTab(tab), false)
      },
    },
  ]
}
