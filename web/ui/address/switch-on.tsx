import type { ReactNode } from 'react'
import { useSession } from '../data/session.tsx'
import { useText } from '../text.ts'
import { PageLink } from './page-link.tsx'
import type { UrlPatch } from './url-state.ts'

/** Beside what is switched off: leads super administrators to where it is switched on; nobody else may. */
export function SwitchOn(props: { to: string; search?: UrlPatch }): ReactNode {
  const t = useText('common')
  const { isSuper } = useSession()
  if (!isSuper) return null
  return <PageLink {...props}>{t('switchOn')}</PageLink>
}
