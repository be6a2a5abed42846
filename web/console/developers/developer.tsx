import type { ReactNode } from 'react'
import { usePathPart } from '../../ui/address/url-state.ts'
import { useText } from '../../ui/text.ts'
import { developerAddress } from '../object-addresses.ts'
import { DeveloperView } from './developer-view.tsx'

export function Page(): ReactNode {
  const t = useText('developers')
  const devId = usePathPart('id')
  return (
    <DeveloperView
      key={devId}
      devId={devId}
      address={developerAddress(devId)}
      list={{ to: '/console/apps/developers', title: t('title') }}
    />
  )
}
