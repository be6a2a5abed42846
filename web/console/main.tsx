import { createRoot } from 'react-dom/client'
import { preloadText } from '../ui/text.ts'
import { ConsoleApp } from './console-app.tsx'
import { pageAt } from './place.ts'

// While the session is read, the page's code comes; a failed load is repeated when the page is shown.
pageAt(location.pathname)
  ?.load()
  .catch(() => undefined)
await preloadText('common', 'console')
createRoot(document.getElementById('root') as HTMLElement).render(<ConsoleApp />)
