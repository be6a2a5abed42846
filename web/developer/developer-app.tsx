import { createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, Suspense } from 'react'
import { toMoved } from '../console/to-moved.ts'
import { plainSearch } from '../ui/address/plain-search.ts'
import { SessionProvider, useCorpName } from '../ui/data/session.tsx'
import { SessionEnded } from '../ui/data/session-ended.tsx'
import { ErrorState, Loading, NotFound } from '../ui/feedback.tsx'
import { AntdFrame } from '../ui/frame/antd-frame.tsx'
import { usePageName } from '../ui/page-name.ts'
import { useText } from '../ui/text.ts'
import { Frame } from './frame.tsx'
import { OneDeveloper } from './one-developer.tsx'
import { OwnDevelopers } from './own-developers.tsx'

const root = createRootRoute({ component: Frame, notFoundComponent: NoSuchPage, beforeLoad: toMoved })
const validateSearch = (search: Record<string, unknown>) => search as Record<string, string>
const routes = [
  createRoute({ getParentRoute: () => root, path: '/developer', component: OwnDevelopers, validateSearch }),
  createRoute({
    getParentRoute: () => root,
    path: '/developer/$devId/{-$tab}',
    component: OneDeveloper,
    validateSearch,
  }),
]
const router = createRouter({
  routeTree: root.addChildren(routes),
  ...plainSearch,
  defaultPreload: false,
  scrollRestoration: false,
})

function NoSuchPage(): ReactNode {
  usePageName(useText('common')('notFound'), useCorpName())
  const t = useText('developer-owners')
  return (
    <NotFound
      action={
        <Button type="primary" href="/developer">
          {t('title')}
        </Button>
      }
    />
  )
}

/** The pages of the members who look after developers, made of the console's parts. */
export function DeveloperApp(): ReactNode {
  return (
    <AntdFrame>
      <Suspense fallback={<Loading height={480} />}>
        <SessionProvider
          loading={<Loading height={480} />}
          failed={(error, retry) => <ErrorState error={error} retry={retry} />}
        >
          <SessionEnded />
          <RouterProvider router={router as never} />
        </SessionProvider>
      </Suspense>
    </AntdFrame>
  )
}
