import type { ReactNode } from 'react'
import { DeveloperView } from '../console/developers/developer-view.tsx'
import { PageLink } from '../ui/address/page-link.tsx'
import { usePathPart } from '../ui/address/url-state.ts'
import { useRead } from '../ui/data/read.ts'
import { useCorpName } from '../ui/data/session.tsx'
import { usePageName } from '../ui/page-name.ts'
import { useText } from '../ui/text.ts'

/** One of the person's developers. */
export function OneDeveloper(): ReactNode {
  const t = useText('developer-owners')
  const devId = usePathPart('devId')
  const list = useRead('/web/developers/own').data?.list ?? []
  const others = list.filter(one => one.devId !== devId)
  usePageName(list.find(one => one.devId === devId)?.name ?? t('title'), useCorpName())
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
