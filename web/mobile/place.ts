import { useCallback, useEffect, useState } from 'react'
import { addressOfPlace, type PortalRoute, readPlace } from '../portal/route.ts'
import { wantedPart } from '../workbench/me.tsx'
import { linkedTodo } from '../workbench/todos/todo-link.tsx'

export const tabNames = ['apps', 'todos', 'messages', 'me'] as const
export type TabName = (typeof tabNames)[number]

/** What the phone's page shows: one of four tabs, an app, or the to-do that a link leads to. */
export type PhoneView = { tab: TabName; app: PortalRoute; todo: number | undefined }

function read(): PhoneView {
  const wanted = new URLSearchParams(location.search).get('tab')
  const todo = linkedTodo()
  if (todo) return { tab: 'todos', app: undefined, todo }
  if (wantedPart()) return { tab: 'me', app: undefined, todo }
  return { tab: tabNames.find(name => name === wanted) ?? 'apps', app: readPlace(location), todo }
}

export type PhoneNavigation = {
  toTab(tab: TabName): void
  toApp(appId: string, path?: string): void
  back(): void
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
  return [
    here,
    {
      toTab: tab => visit(tab === 'apps' ? '/mobile' : `/mobile?tab=${tab}`, false),
      toApp: (appId, path) =>
        visit(addressOfPlace('/mobile', { appId, path }), readPlace(location) === undefined),
      back() {
        // Somebody who came by a link has no page of ours to go back to.
        if ((history.state as { isOurs?: boolean } | null)?.isOurs) history.back()
        else visit('/mobile', false)
      },
    },
  ]
}
