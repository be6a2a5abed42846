import './portal.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from '../ui/data/query-client.ts'
import { SessionProvider } from '../ui/data/session.tsx'
import { preloadText } from '../ui/text.ts'
import { Failed, Waiting } from '../workbench/states.tsx'
import { PortalApp } from './portal-app.tsx'

await preloadText('portal', 'todos')
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <Suspense fallback={null}>
        <SessionProvider
          loading={<Waiting />}
          failed={(error, retry) => <Failed error={error} retry={retry} />}
        >
          <PortalApp />
        </SessionProvider>
      </Suspense>
    </QueryClientProvider>
  </StrictMode>,
)
