import { createRoot } from 'react-dom/client'
import { preloadText } from '../ui/text.ts'
import { ConsoleApp } from './console-app.tsx'

await preloadText('common', 'console')
createRoot(document.getElementById('root') as HTMLElement).render(<ConsoleApp />)
