import { createRoot } from 'react-dom/client'
import { AntdFrame } from '../ui/antd-frame.tsx'
import { preloadText } from '../ui/text.ts'
import { SignInPage } from './sign-in-page.tsx'

await preloadText('common', 'sign-in')
createRoot(document.getElementById('root') as HTMLElement).render(
  <AntdFrame>
    <SignInPage />
  </AntdFrame>,
)
