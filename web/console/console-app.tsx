import { RouterProvider } from '@tanstack/react-router'
import { type ReactNode, Suspense } from 'react'
import { SessionProvider } from '../ui/data/session.tsx'
import { SessionEnded } from '../ui/data/session-ended.tsx'
import { ErrorState, Loading } from '../ui/feedback.tsx'
import { AntdFrame } from '../ui/look/antd-frame.tsx'
import { router } from './router.tsx'

export function ConsoleApp(): ReactNode {
  return (
    <AntdFrame>
      <Suspense fallback={<Loading height={480} />}>
        <SessionProvider
          loading={<Loading height={480} />}
          failed={(error, retry) => <ErrorState error={error} retry={retry} />}
        >
          <SessionEnded />
          <RouterProvider router={router} />
        </SessionProvider>
      </Suspense>
    </AntdFrame>
  )
}
