import { useCallback, useEffect, useReducer, useRef } from 'react'
import { type OpenedApp, openApp, useNoteOpened } from '../workbench/data.ts'
import { keepTabs, keptTabs } from './kept-tabs.ts'
import { addressOfPlace, type PortalRoute, readPlace } from './route.ts'

export type Tab = {
  appId: string
  /** The path of the menu item that is shown; undefined for the home page. */
  path: string | undefined
  opened: OpenedApp | undefined
  error: Error | undefined
  /**
   * Changes with each opening, because opening a page again creates another frame. 0 for a tab from before a reload, whose
   * page is opened when it is shown.
   */
  n: number
  /** The app that was shown when this one was opened; undefined for the workbench. */
  from: string | undefined
}

type State = { tabs: Tab[]; activeId: string | undefined }
type Change =
  | { act: 'begin'; appId: string; path: string | undefined; n: number }
  | { act: 'opened'; n: number; opened: OpenedApp }
  | { act: 'failed'; n: number; error: Error }
  | { act: 'show'; appId: string | undefined }
  | { act: 'close'; appId: string }
  | { act: 'elsewhere'; appId: string }
  | { act: 'retain'; appIds: ReadonlySet<string> }

function reduce(state: State, change: Change): State {
  switch (change.act) {
    case 'begin': {
      const { appId, path, n } = change
      const before = state.tabs.find(tab => tab.appId === appId)
      const from = state.activeId === appId ? before?.from : state.activeId
      const tab: Tab = { appId, path, n, from, opened: before?.opened, error: undefined }
      const tabs = before ? state.tabs.map(one => (one === before ? tab : one)) : [...state.tabs, tab]
      return { tabs, activeId: appId }
    }
    case 'opened':
      return withTab(state, change.n, { opened: change.opened })
    case 'failed':
      return withTab(state, change.n, { error: change.error })
    case 'show':
      return { ...state, activeId: change.appId }
    case 'close': {
      const at = state.tabs.findIndex(tab => tab.appId === change.appId)
      const tabs = state.tabs.filter(tab => tab.appId !== change.appId)
      const next = tabs[Math.min(at, tabs.length - 1)]?.appId
      return { tabs, activeId: state.activeId === change.appId ? next : state.activeId }
    }
    case 'elsewhere': {
      const from = state.tabs.find(tab => tab.appId === change.appId)?.from
      const tabs = state.tabs.filter(tab => tab.appId !== change.appId)
      const back = tabs.find(tab => tab.appId === from)?.appId
      return { tabs, activeId: state.activeId === change.appId ? back : state.activeId }
    }
    case 'retain': {
      const tabs = state.tabs.filter(tab => tab.n > 0 || change.appIds.has(tab.appId))
      return tabs.length === state.tabs.length ? state : { ...state, tabs }
    }
  }
}

/** Applies an answer only to the opening that requested it. When the tab has moved on since, the answer is ignored. */
function withTab(state: State, n: number, change: Partial<Tab>): State {
  return { ...state, tabs: state.tabs.map(tab => (tab.n === n ? { ...tab, ...change } : tab)) }
}

export type Tabs = State & {
  /** Opens an app. One that is already open is only shown, unless a path is given. */
  open(appId: string, path?: string): void
  /** Opens the app's home page. */
  home(appId: string): void
  reopen(tab: Tab): void
  show(appId: string | undefined): void
  close(appId: string): void
  /** Drops tabs from before a reload whose apps the person may no longer open. */
  retain(appIds: ReadonlySet<string>): void
}

let openings = 0

/**
 * The opened apps. The page's address follows the app that is shown, and opening that address shows it again. The others
 * are kept for a reload of the page by this `owner`.
 */
export function useTabs(owner: string): Tabs {
  const [state, change] = useReducer(reduce, owner, restored)
  useEffect(() => keepTabs(owner, state.tabs), [owner, state.tabs])
  const now = useRef(state)
  now.current = state
  const noteOpened = useNoteOpened()
  const noted = useRef(noteOpened)
  noted.current = noteOpened

  const leave = (act: 'close' | 'elsewhere', appId: string) => {
    change({ act, appId })
    const next = reduce(now.current, { act, appId })
    history.replaceState(null, '', addressOfPlace('/portal', placeOf(next, next.activeId)))
  }
  const left = useRef(leave)
  left.current = leave

  const begin = useCallback((appId: string, path: string | undefined) => {
    const n = ++openings
    change({ act: 'begin', appId, path, n })
    openApp(appId, 'desktop', path).then(
      opened => {
        noted.current(appId)
        if (opened.tab && openInTab(opened.url)) return left.current('elsewhere', appId)
        change({ act: 'opened', n, opened })
      },
      (error: unknown) =>
        change({ act: 'failed', n, error: error instanceof Error ? error : new Error(String(error)) }),
    )
  }, [])
  // Whatever makes a tab from before a reload the one that is shown, its page is opened then.
  const unopened = state.tabs.find(tab => tab.appId === state.activeId && tab.n === 0)
  useEffect(() => {
    if (unopened) begin(unopened.appId, unopened.path)
  }, [unopened, begin])
  const go = useCallback(
    (place: PortalRoute) => {
      const known = place && now.current.tabs.find(tab => tab.appId === place.appId)
      if (!place) change({ act: 'show', appId: undefined })
      else if (known?.n && !known.error && known.path === place.path)
        change({ act: 'show', appId: place.appId })
      else begin(place.appId, place.path)
    },
    [begin],
  )
  useEffect(() => {
    const follow = () => go(readPlace(location))
    follow()
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [go])

  const visit = useCallback(
    (place: PortalRoute) => {
      const address = addressOfPlace('/portal', place)
      if (address !== location.pathname + location.search) history.pushState(null, '', address)
      go(place)
    },
    [go],
  )
  const retain = useCallback((appIds: ReadonlySet<string>) => change({ act: 'retain', appIds }), [])
  return {
    ...state,
    retain,
    open(appId, path) {
      const known = now.current.tabs.find(tab => tab.appId === appId)
      visit({ appId, path: path ?? known?.path })
    },
    home: appId => visit({ appId, path: undefined }),
    reopen: tab => begin(tab.appId, tab.path),
    show: appId => visit(appId === undefined ? undefined : placeOf(now.current, appId)),
    close: appId => leave('close', appId),
  }
}

/** False where the browser lets a page open tabs only at a click: then the page shows a link. */
function openInTab(url: string): boolean {
  const tab = window.open(url, '_blank')
  if (!tab) return false
  tab.opener = null
  return true
}

function restored(owner: string): State {
  const tabs = keptTabs(owner).map(one => ({
    ...one,
    opened: undefined,
    error: undefined,
    n: 0,
    from: undefined,
  }))
  return { tabs, activeId: undefined }
}

function placeOf(state: State, appId: string | undefined): PortalRoute {
  const tab = state.tabs.find(one => one.appId === appId)
  return tab && { appId: tab.appId, path: tab.path }
}
