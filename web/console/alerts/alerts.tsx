import type { ReactNode } from 'react'
import type { Alert } from '../../../server/features/alerts/alerts.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { AlertCard } from './alert-card.tsx'
import { alertsEveryMs } from './every.ts'

/** What needs an administrator now, and what did in the last months. */
export function Page(): ReactNode {
  const t = useText('alerts')
  const { data, error, refetch } = useRead('/web/alerts', {}, { every: alertsEveryMs })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading height={400} />
  const open = data.list.filter(one => one.endedAt === null)
  const ended = data.list.filter(one => one.endedAt !== null)
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} />
      {open.length > 0 ? <List alerts={open} label={t('open')} /> : <EmptyState title={t('none')} />}
      {ended.length > 0 ? <List alerts={ended} label={t('over')} /> : null}
    </>
  )
}

function List(props: { alerts: readonly Alert[]; label: string }): ReactNode {
  return (
    <section className="alert-list" aria-label={props.label}>
      <h2>{props.label}</h2>
      {props.alerts.map(one => (
        <AlertCard key={one.id} alert={one} />
      ))}
    </section>
  )
}
