import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import type { PortalRoute } from '../portal/route.ts'
import { useCorpName } from '../ui/data/session.tsx'
import { usePageName } from '../ui/page-name.ts'
import { useText } from '../ui/text.ts'
import { AppFrame } from '../workbench/apps/app-frame.tsx'
import { createFrames } from '../workbench/apps/frames.ts'
import { MenuTree } from '../workbench/apps/menu-tree.tsx'
import { openApp } from '../workbench/data.ts'
import { Icon } from '../workbench/icons.tsx'
import { Popups } from '../workbench/popups/popups.tsx'
import { Sheet } from '../workbench/sheet.tsx'
import { Failed } from '../workbench/states.tsx'

type Props = { place: NonNullable<PortalRoute>; onPath(path: string | undefined): void; onBack(): void }

/**
 * An app in a frame, with a way back and its menu in a drawer. An app that is set to use the whole page is
 * opened without a frame.
 */
export function AppPage({ place, onPath, onBack }: Props): ReactNode {
  const t = useText('portal')
  const { appId, path } = place
  const [frames] = useState(createFrames)
  const [hasMenu, setMenu] = useState(false)
  // Cached while the page is shown, because every new request would issue another ticket.
  const { data, error, refetch } = useQuery({
    queryKey: ['opened', appId, path],
    queryFn: () => openApp(appId, 'phone', path),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  const isTop = data?.frame === false
  const title = data?.title ?? ''
  useEffect(() => {
    if (isTop) location.replace(data.url)
  }, [isTop, data])
  usePageName(title || t('home'), useCorpName())
  return (
    <div className="mobile">
      <header className="mobile-head">
        <button type="button" className="wb-plain" aria-label={t('home')} onClick={onBack}>
          <Icon name="back" size={24} />
        </button>
        <h1 className="wb-cut">{title}</h1>
        {data && data.menu.length > 0 ? (
          <button
            type="button"
            className="wb-plain"
            aria-haspopup="dialog"
            aria-label={t('menuOf', { name: title })}
            onClick={() => setMenu(true)}
          >
            <Icon name="menu" size={24} />
          </button>
        ) : (
          <span className="mobile-gap" />
        )}
      </header>
      <main className="mobile-frame">
        {error ? <Failed error={error} retry={() => void refetch()} /> : null}
        {data && !isTop && !error ? (
          <AppFrame key={data.url} opened={data} frames={frames} retry={() => void refetch()} />
        ) : null}
        {error || (data && !isTop) ? null : (
          <div className="wb-frame" aria-busy="true">
            <div className="wb-line" role="progressbar" aria-label={t('appLoading')} />
          </div>
        )}
      </main>
      {hasMenu && data ? (
        <Sheet place="right" title={title} onClose={() => setMenu(false)}>
          <nav className="wb-scroll mobile-menu" aria-label={t('menuOf', { name: title })}>
            <button
              type="button"
              className="wb-menu-entry mobile-home"
              aria-current={path === undefined ? 'page' : undefined}
              onClick={() => {
                setMenu(false)
                onPath(undefined)
              }}
            >
              {t('homePage')}
            </button>
            <MenuTree
              menu={data.menu}
              path={path}
              onGo={next => {
                setMenu(false)
                onPath(next)
              }}
            />
          </nav>
        </Sheet>
      ) : null}
      <Popups frames={frames} activeId={appId} isPhone />
    </div>
  )
}
