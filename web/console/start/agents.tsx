import type { ReactNode } from 'react'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { Agents } from '../corps/agents.tsx'
import { OneCorp } from './one-corp.tsx'

/** The self-built applications of the corp. */
export function Page(): ReactNode {
  const t = useText('corps')
  return (
    <>
      <PageTitle title={t('tabAgents')} />
      <OneCorp>{corp => <Agents corp={corp} />}</OneCorp>
    </>
  )
}
