import { createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { type ReactNode, Suspense } from 'react'
import { plainSearch } from '../ui/address/plain-search.ts'
import { SessionProvider } from '../ui/data/session.tsx'
import { ErrorState, Loading, NotFound } from '../ui/feedback.tsx'
import { AntdFrame } from '../ui/look/antd-frame.tsx'
import { Frame } from './frame.tsx'
import { OneDeveloper } from './one-developer.tsx'
import { OwnDevelopers } from './own-developers.tsx'

const root = createRootRoute({ component: Frame, notFoundComponent: () => <NotFound /> })
const validateSearch = (search: Record<string, unknown>) => search as Record<string, string>
const routes = [
  createRoute({ getParentRoute: () => root, path: '/developer', component: OwnDevelopers, validateSearch }),
  createRoute({
    getParentRoute: () => root,
    path: '/developer/$devId',
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

/** The pages of the members who look after developers, made of the console's parts. */
export function DeveloperApp(): ReactNode {
  return (
    <AntdFrame>
      <Suspense fallback={<Loading height={480} />}>
        <SessionProvider
          loading={<Loading height={480} />}
          failed={(error, retry) => <ErrorState error={error} retry={retry} />}
        >
          <RouterProvider router={router as never} />
        </SessionProvider>
      </Suspense>
    </AntdFrame>
  )
}
