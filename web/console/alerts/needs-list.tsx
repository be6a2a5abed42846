import { CheckCircleOutlined, ExclamationCircleFilled, WarningFilled } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { Need } from '../../../server/features/alerts/alerts.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useAct } from '../../ui/data/act.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'
import './alerts.css'
import { Actor } from '../../ui/objects/actor.tsx'

/** What needs somebody, the most urgent first: what is wrong, what to change about it, the way there, and 知道了. */
export function NeedsList(props: { needs: readonly Need[] }): ReactNode {
  const t = useText('alerts')
  if (props.needs.length === 0) return null
  return (
    <section className="alert-list" aria-label={t('open')}>
      {props.needs.map(one => (
        <NeedCard key={`${one.kind} ${one.subject} ${one.alert?.id}`} need={one} />
      ))}
    </section>
  )
}

function NeedCard({ need }: { need: Need }): ReactNode {
  const t = useText('alerts')
  const { alert, severity } = need
  const acknowledge = useAct('/web/alerts/acknowledge', { refresh: ['/web/alerts'] })
  const [path = '', query] = need.path.split('?')
  const isKnown = (alert?.acknowledgedAt ?? null) !== null
  return (
    <article className={`alert-card ${isKnown ? 'is-known' : `is-${severity}`}`}>
      <Mark severity={severity} isKnown={isKnown} />
      <div className="alert-words">
        <h2>{need.title}</h2>
        <p>{need.what}</p>
        <p>
          <span className="wisp-quiet">{t('fix')}</span> {need.fix}
        </p>
        <Facts need={need} />
      </div>
      <div className="alert-do">
        <PageLink to={path} search={Object.fromEntries(new URLSearchParams(query))} className="alert-go">
          {need.act}
        </PageLink>
        {alert && !isKnown ? (
          <Button
            loading={acknowledge.isRunning}
            aria-label={`${t('acknowledge')} ${need.title}`}
            onClick={() => void acknowledge.run({ id: alert.id })}
          >
            {t('acknowledge')}
          </Button>
        ) : null}
      </div>
    </article>
  )
}

function Mark({ severity, isKnown }: { severity: Need['severity']; isKnown: boolean }): ReactNode {
  if (isKnown) return <CheckCircleOutlined style={{ color: 'var(--wisp-quiet)' }} />
  return severity === 'bad' ? (
    <ExclamationCircleFilled style={{ color: 'var(--ant-color-error)' }} />
  ) : (
    <WarningFilled style={{ color: 'var(--ant-color-warning)' }} />
  )
}

function Facts({ need: { since, alert } }: { need: Need }): ReactNode {
  const t = useText('alerts')
  return (
    <p className="alert-facts">
      {since === null ? null : (
        <span>
          {t('since')} <Time at={since} />
        </span>
      )}
      {alert ? <Told toldAt={alert.toldAt} /> : null}
      {alert?.acknowledgedAt ? (
        <span>
          <Actor id={alert.acknowledgedBy ?? ''} words={who => t('acknowledgedBy', { who })} />{' '}
          <Time at={alert.acknowledgedAt} />
        </span>
      ) : null}
    </p>
  )
}

export function Told({ toldAt }: { toldAt: string | null }): ReactNode {
  const t = useText('alerts')
  if (!toldAt) return <span>{t('notTold')}</span>
  return (
    <span>
      {t('told')} <Time at={toldAt} />
    </span>
  )
}
