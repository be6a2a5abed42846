import type { ReactNode } from 'react'
import { DeveloperView } from '../console/developers/developer-view.tsx'
import { PageLink } from '../ui/address/page-link.tsx'
import { usePathPart } from '../ui/address/url-state.ts'
import { useRead } from '../ui/data/read.ts'
import { useText } from '../ui/text.ts'

/** One of the person's developers. */
export function OneDeveloper(): ReactNode {
  const t = useText('developer-owners')
  const devId = usePathPart('devId')
  const others = useRead('/web/developers/own').data?.list.filter(one => one.devId !== devId) ?? []
  return (
    <>
      {others.length > 0 ? (
        <PageLink to="/developer" className="developer-back">
          ‹ {t('back')}
        </PageLink>
      ) : null}
      <DeveloperView key={devId} devId={devId} isOwn />
    </>
  )
}
