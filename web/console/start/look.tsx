import type { ReactNode } from 'react'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { Branding } from '../branding/branding.tsx'

/** How the pages of the organisation look. */
export function Page(): ReactNode {
  const t = useText('branding')
  return (
    <>
      <PageTitle title={t('tab')} />
      <Branding />
    </>
  )
}
