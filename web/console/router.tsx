import { createRootRoute, createRoute, createRouter, Navigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ComponentType, type ReactNode, Suspense } from 'react'
import { plainSearch } from '../ui/address/plain-search.ts'
import { useSession } from '../ui/data/session.tsx'
import { ErrorBoundary, ErrorState, Loading, NoPermission, NotFound } from '../ui/feedback.tsx'
import { expectedTexts, useText } from '../ui/text.ts'
import type { ConsolePage } from './console-page.ts'
import { type EntryName, entryAddresses } from './entries.ts'
import { FeatureOff } from './frame/feature-off.tsx'
import { Layout } from './frame/layout.tsx'
import { pages } from './pages.ts'
import { entriesFor, isOn, tabsOf } from './place.ts'
import { mayOpen } from './rights.ts'
import { toMoved } from './to-moved.ts'
import { ToStart } from './to-start.tsx'

const root = createRootRoute({ component: Layout, notFoundComponent: NoSuchPage, beforeLoad: toMoved })

const routes = pages.map(page => {
  let Content: ComponentType | undefined
  return createRoute({
    getParentRoute: () => root,
    path: page.path,
    // The page before stays until the code is there, or is replaced by the shape of this one when that takes long.
    loader: async () => {
      Content = (await page.load()).Page
      await expectedTexts()
    },
    staleTime: Number.POSITIVE_INFINITY,
    pendingComponent: () => <Loading height={400} />,
    errorComponent: ({ error }) => <ErrorState error={error} retry={() => void router.invalidate()} />,
    component: () => (Content ? <Guarded page={page} Content={Content} /> : null),
    validateSearch: (search: Record<string, unknown>) => search as Record<string, string>,
  })
})

const leading = Object.entries(entryAddresses).map(([entry, path]) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: () => <FirstPage entry={entry as EntryName} />,
  }),
)

export const router = createRouter({
  routeTree: root.addChildren([...routes, ...leading]),
  ...plainSearch,
  // A link that the pointer rests on loads the code of its page.
  defaultPreload: 'intent',
  defaultPreloadDelay: 40,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  scrollRestoration: false,
})

function NoSuchPage(): ReactNode {
  return <NotFound action={<ToFirstPage />} />
}

function ToFirstPage(): ReactNode {
  const t = useText('console')
  return (
    <Button type="primary" href="/console">
      {t('toOverview')}
    </Button>
  )
}

function FirstPage(props: { entry: EntryName }): ReactNode {
  const session = useSession()
  const [first] = tabsOf(props.entry, session)
  return first ? <Navigate to={first.path as never} replace /> : <NoPermission action={<ToFirstPage />} />
}

/** Where the console begins for somebody who may not see the overview. */
function FirstEntry(): ReactNode {
  const [first] = entriesFor(useSession())
  return first ? <FirstPage entry={first.name} /> : <NoPermission />
}

/** The page for those who may open it. */
function Guarded({ page, Content }: { page: ConsolePage; Content: ComponentType }): ReactNode {
  const session = useSession()
  const { corpId } = session
  if (!mayOpen(page, session))
    return page.path === '/console' ? <FirstEntry /> : <NoPermission action={<ToFirstPage />} />
  if (corpId === '' && !page.withoutCorp) return <ToStart />
  if (!page.whenOff && !isOn(page, session)) return <FeatureOff name={page.entry} />
  return (
    <ErrorBoundary key={page.path} fallback={(error, retry) => <ErrorState error={error} retry={retry} />}>
      <Suspense fallback={<Loading height={400} />}>
        {/* The key of the corp discards everything that was typed for another corp. */}
        <Content key={corpId} />
      </Suspense>
    </ErrorBoundary>
  )
}
