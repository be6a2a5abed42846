import { createRoot } from 'react-dom/client'
import { preloadText } from '../ui/text.ts'
import { DeveloperApp } from './developer-app.tsx'

await preloadText(
  'common',
  'console',
  'app-sign-in',
  'developers',
  'developer-owners',
  'requests',
  'limits',
  'webhooks',
)
createRoot(document.getElementById('root') as HTMLElement).render(<DeveloperApp />)
