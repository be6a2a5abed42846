import { CheckCircleFilled } from '@ant-design/icons'

import type { ReactNode } from 'react'
import type { PastAlert } from '../../../server/features/alerts/alerts.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'
import { NeedsList, Told } from './needs-list.tsx'
import { useNeeds } from './use-needs.ts'

/** What needs an administrator now, and the alerts of the last months. */
export function Page(): ReactNode {
  const t = useText('alerts')
  const { data, error, refetch } = useNeeds()
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading height={400} />
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} />
      {data.list.length > 0 ? (
        <NeedsList needs={data.list} withTitle />
      ) : (
        <EmptyState title={t('none')} hint={t('noneHint')} />
      )}
      <Past />
    </>
  )
}

function Past(): ReactNode {
  const t = useText('alerts')
  const list = useRead('/web/alerts/past').data?.list ?? []
  if (list.length === 0) return null
  return (
    <section className="alert-list" aria-label={t('over')}>
      <h2>{t('over')}</h2>
      {list.map(one => (
        <PastCard key={one.id} alert={one} />
      ))}
    </section>
  )
}

function PastCard({ alert }: { alert: PastAlert }): ReactNode {
  const t = useText('alerts')
  return (
    <article className="alert-card is-known">
      <CheckCircleFilled style={{ color: 'var(--ant-color-success)' }} />
      <div className="alert-words">
        <h3>{alert.title}</h3>
        <p>{alert.what}</p>
        <p className="alert-facts">
          <span>
            {t('since')} <Time at={alert.since} />
          </span>
          <span>
            {t('ended')} <Time at={alert.endedAt} />
          </span>
          <Told toldAt={alert.toldAt} />
          {alert.acknowledgedAt ? (
            <span>
              {t('acknowledgedBy', { who: alert.acknowledgedBy ?? '' })} <Time at={alert.acknowledgedAt} />
            </span>
          ) : null}
        </p>
      </div>
    </article>
  )
}
