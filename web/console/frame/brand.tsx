import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useText } from '../../ui/text.ts'

export function Brand(props: { isShort?: boolean }): ReactNode {
  const t = useText('console')
  return (
    <PageLink to="/console" className="console-brand" aria-label={`wisp ${t('home')}`}>
      <img src="/icon.svg" alt="" width={24} height={24} />
      {props.isShort ? null : 'wisp'}
    </PageLink>
  )
}
