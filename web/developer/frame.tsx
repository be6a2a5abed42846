import { Outlet } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, Suspense } from 'react'
import { AccountMenu } from '../console/frame/account-menu.tsx'
import { PageLink } from '../ui/address/page-link.tsx'
import { pageBrand } from '../ui/brand.ts'
import { Loading } from '../ui/feedback.tsx'
import { useNarrow } from '../ui/look/width.ts'
import { useText } from '../ui/text.ts'
import { BrandLogo } from '../workbench/brand-mark.tsx'
import './developer.css'

/** A header and the page. */
export function Frame(): ReactNode {
  const t = useText('developer-owners')
  const isNarrow = useNarrow()
  return (
    <>
      <a className="developer-skip" href="#content">
        {t('skip')}
      </a>
      <header className="developer-header">
        <PageLink to="/developer" className="developer-brand">
          <BrandLogo brand={pageBrand()} size={24} />
          {t('title')}
        </PageLink>
        <span style={{ flex: 1 }} />
        <Button type="text" href="/docs">
          {t('docs')}
        </Button>
        {isNarrow ? null : (
          <Button type="text" href="/portal">
            {t('workbench')}
          </Button>
        )}
        <AccountMenu />
      </header>
      <main id="content" className="developer-content" tabIndex={-1}>
        <Suspense fallback={<Loading height={400} />}>
          <Outlet />
        </Suspense>
      </main>
    </>
  )
}
