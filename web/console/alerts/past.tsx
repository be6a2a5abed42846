import { CheckCircleFilled } from '@ant-design/icons'

import type { ReactNode } from 'react'
import type { PastAlert } from '../../../server/features/alerts/alerts.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { Actor } from '../../ui/objects/actor.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'
import { Told } from './needs-list.tsx'

/** The alerts of the last months, which are over. */
export function Page(): ReactNode {
  const t = useText('alerts')
  const { data, error, refetch } = useRead('/web/alerts/past')
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading height={400} />
  return (
    <>
      <PageTitle title={t('over')} hint={t('hint')} />
      {data.list.length === 0 ? <EmptyState title={t('none')} hint={t('noneHint')} /> : null}
      <section className="alert-list" aria-label={t('over')}>
        {data.list.map(one => (
          <PastCard key={one.id} alert={one} />
        ))}
      </section>
    </>
  )
}

function PastCard({ alert }: { alert: PastAlert }): ReactNode {
  const t = useText('alerts')
  return (
    <article className="alert-card is-known">
      <CheckCircleFilled style={{ color: 'var(--ant-color-success)' }} />
      <div className="alert-words">
        <h2>{alert.title}</h2>
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
              <Actor id={alert.acknowledgedBy ?? ''} words={who => t('acknowledgedBy', { who })} />{' '}
              <Time at={alert.acknowledgedAt} />
            </span>
          ) : null}
        </p>
      </div>
    </article>
  )
}
