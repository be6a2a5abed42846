import type { ReactNode } from 'react'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { DayOne, FirstStep } from './day-one.tsx'

/** Day one, from an empty installation to the first message and beyond; later how the corp is connected and checked. */
export function Page(): ReactNode {
  const t = useText('start')
  const { corpId } = useSession()
  return (
    <>
      <PageTitle title={t('title')} hint={corpId === '' ? t('hint') : undefined} />
      {corpId === '' ? <FirstStep /> : <OfCorp />}
    </>
  )
}

function OfCorp(): ReactNode {
  const { data, error, refetch } = useRead('/web/corps/one')
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  return data ? <DayOne corp={data} /> : <Loading height={400} />
}
