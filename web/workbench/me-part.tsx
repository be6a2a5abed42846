import { lazy, type ReactNode, Suspense } from 'react'
import { useText } from '../ui/text.ts'
import type { MePart } from './me.tsx'
import { OwnDataReads } from './own-data-reads.tsx'
import { OwnGrants } from './own-grants.tsx'
import { OwnPersonal } from './own-personal.tsx'

// QR codes and passkeys are handled by code that the first page need not wait for.
const OwnLinks = lazy(async () => ({ default: (await import('./own-links.tsx')).OwnLinks }))
const Delegations = lazy(async () => ({ default: (await import('./todos/delegations.tsx')).Delegations }))
const MessageChoices = lazy(async () => ({
  default: (await import('./message-choices/message-choices.tsx')).MessageChoices,
}))
const Devices = lazy(async () => ({ default: (await import('./devices/devices.tsx')).Devices }))

const OwnExternal = lazy(async () => ({ default: (await import('./own-external.tsx')).OwnExternal }))

/** What is opened from the profile. */
export function MePartPage({ part }: { part: MePart }): ReactNode {
  const t = useText('portal')
  if (part === 'grants')
    return (
      <>
        <OwnGrants />
        <OwnDataReads />
        <OwnPersonal />
      </>
    )
  return <Suspense fallback={<p className="wb-none">{t('loading')}</p>}>{lazyPartOf(part)}</Suspense>
}

function lazyPartOf(part: Exclude<MePart, 'grants'>): ReactNode {
  switch (part) {
    case 'devices':
      return <Devices />
    case 'delegations':
      return <Delegations />
    case 'messageChoices':
      return <MessageChoices />
    case 'external':
      return <OwnExternal />
    case 'links':
      return <OwnLinks />
  }
}
