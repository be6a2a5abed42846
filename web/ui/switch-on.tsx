import type { ReactNode } from 'react'
import { PageLink } from './address/page-link.tsx'
import type { UrlPatch } from './address/url-state.ts'
import { useSession } from './data/session.tsx'
import { useText } from './text.ts'

/** Beside what is switched off: leads super administrators to where it is switched on; nobody else may. */
export function SwitchOn(props: { to: string; search?: UrlPatch }): ReactNode {
  const t = useText('common')
  const { isSuper } = useSession()
  if (!isSuper) return null
  return <PageLink {...props}>{t('switchOn')}</PageLink>
}
