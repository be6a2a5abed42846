import type { ReactNode } from 'react'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { Addresses } from '../corps/addresses.tsx'
import { CorpSettings } from '../corps/settings.tsx'
import { OneCorp } from './one-corp.tsx'

/** The settings of the corp, and what others were given under its address. */
export function Page(): ReactNode {
  const t = useText('corps')
  return (
    <>
      <PageTitle title={t('tabSettings')} />
      <OneCorp>
        {(corp, reread) => (
          <>
            <CorpSettings corp={corp} reread={reread} />
            <Addresses />
          </>
        )}
      </OneCorp>
    </>
  )
}
