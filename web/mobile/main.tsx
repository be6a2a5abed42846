import './mobile.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from '../ui/data/query-client.ts'
import { SessionProvider } from '../ui/data/session.tsx'
import { preloadText } from '../ui/text.ts'
import { Failed, Waiting } from '../workbench/states.tsx'
import { MobileApp } from './mobile-app.tsx'

const PickPage = lazy(() => import('./pick-page.tsx').then(file => ({ default: file.PickPage })))

await preloadText('portal', 'mobile', 'todos')
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <Suspense fallback={null}>
        <SessionProvider
          loading={<Waiting />}
          failed={(error, retry) => <Failed error={error} retry={retry} />}
        >
          {location.pathname === '/mobile/pick' ? <PickPage /> : <MobileApp />}
        </SessionProvider>
      </Suspense>
    </QueryClientProvider>
  </StrictMode>,
)
