import './pay.css'
// Follows the system's setting while the page is open.
import '../ui/look/theme-choice.ts'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from '../ui/data/query-client.ts'
import { preloadText } from '../ui/text.ts'
import { PayApp } from './pay-app.tsx'

await preloadText('pay')
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <Suspense fallback={null}>
        <PayApp />
      </Suspense>
    </QueryClientProvider>
  </StrictMode>,
)
