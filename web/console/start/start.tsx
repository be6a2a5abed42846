import type { ReactNode } from 'react'
import { useSession } from '../../ui/data/session.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { DayOne, FirstStep } from './day-one.tsx'
import { OneCorp } from './one-corp.tsx'

/** Day one, from an empty installation to the first message and beyond; later how the corp is connected and checked. */
export function Page(): ReactNode {
  const t = useText('start')
  const { corpId } = useSession()
  return (
    <>
      <PageTitle title={t('title')} hint={corpId === '' ? t('hint') : undefined} />
      {corpId === '' ? <FirstStep /> : <OneCorp>{corp => <DayOne corp={corp} />}</OneCorp>}
    </>
  )
}
