import { RouterProvider } from '@tanstack/react-router'
import { type ReactNode, Suspense } from 'react'
import { SessionProvider } from '../ui/data/session.tsx'
import { SessionEnded } from '../ui/data/session-ended.tsx'
import { ErrorState } from '../ui/feedback.tsx'
import { AntdFrame } from '../ui/frame/antd-frame.tsx'
import { FrameSkeleton } from './frame/frame-skeleton.tsx'
import { pages } from './pages.ts'
import { router } from './router.tsx'
import { PageAddresses } from './rows/page-addresses.ts'

const addressOf = (name: string) => pages.find(page => page.name === name)?.path ?? ''

export function ConsoleApp(): ReactNode {
  return (
    <AntdFrame>
      <Suspense fallback={<FrameSkeleton />}>
        <SessionProvider
          loading={<FrameSkeleton />}
          failed={(error, retry) => <ErrorState error={error} retry={retry} />}
        >
          <SessionEnded />
          <PageAddresses value={addressOf}>
            <RouterProvider router={router} />
          </PageAddresses>
        </SessionProvider>
      </Suspense>
    </AntdFrame>
  )
}
