import './sign-in.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from '../ui/data/query-client.ts'
import { preloadText } from '../ui/text.ts'
import { SignInPage } from './sign-in-page.tsx'
import { TrialPage, triedApp } from './trial/trial-page.tsx'

const appId = triedApp()
if (appId === undefined) await preloadText('common', 'sign-in')
else await preloadText('common', 'trial')
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <Suspense fallback={null}>
        {appId === undefined ? <SignInPage /> : <TrialPage appId={appId} />}
      </Suspense>
    </QueryClientProvider>
  </StrictMode>,
)
