import type { ReactNode } from 'react'
import { DeveloperView } from '../console/developers/developer-view.tsx'
import { usePathPart } from '../ui/address/url-state.ts'
import { useRead } from '../ui/data/read.ts'
import { useText } from '../ui/text.ts'

/** One of the person's developers. */
export function OneDeveloper(): ReactNode {
  const t = useText('developer-owners')
  const devId = usePathPart('devId')
  const own = useRead('/web/developers/own').data?.list ?? []
  const address = `/developer/${encodeURIComponent(devId)}`
  const hasOthers = own.some(one => one.devId !== devId)
  return (
    <DeveloperView
      key={devId}
      devId={devId}
      address={address}
      {...(hasOthers ? { list: { to: '/developer', title: t('back') } } : {})}
      isOwn
    />
  )
}
