import './sign-in.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from '../ui/data/query-client.ts'
import { preloadText } from '../ui/text.ts'
import { SignInPage } from './sign-in-page.tsx'

await preloadText('common', 'sign-in')
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <Suspense fallback={null}>
        <SignInPage />
      </Suspense>
    </QueryClientProvider>
  </StrictMode>,
)
