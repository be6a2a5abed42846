import { CheckCircleFilled, ExclamationCircleFilled } from '@ant-design/icons'
import { Button, theme } from 'antd'
import type { ReactNode } from 'react'
import type { Alert } from '../../../server/features/alerts/alerts.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useAct } from '../../ui/data/act.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'
import './alerts.css'

/** What is wrong, what to change about it, the way there, and 知道了. */
export function AlertCard({ alert }: { alert: Alert }): ReactNode {
  const t = useText('alerts')
  const { token } = theme.useToken()
  const acknowledge = useAct('/web/alerts/acknowledge', { refresh: ['/web/alerts', '/web/overview'] })
  const [path = '', query] = alert.path.split('?')
  const isNew = alert.endedAt === null && alert.acknowledgedAt === null
  return (
    <article className={`alert-card${isNew ? ' is-new' : ''}`}>
      {alert.endedAt ? (
        <CheckCircleFilled style={{ color: token.colorSuccess }} />
      ) : (
        <ExclamationCircleFilled style={{ color: token.colorError }} />
      )}
      <div className="alert-words">
        <h2>{alert.title}</h2>
        <p>{alert.what}</p>
        {alert.endedAt ? null : (
          <p>
            <span className="wisp-quiet">{t('fix')}</span> {alert.fix}
          </p>
        )}
        <Facts alert={alert} />
      </div>
      {alert.endedAt ? null : (
        <div className="alert-do">
          <PageLink to={path} search={Object.fromEntries(new URLSearchParams(query))} className="alert-go">
            {t('go')}
          </PageLink>
          {isNew ? (
            <Button
              loading={acknowledge.isRunning}
              aria-label={`${t('acknowledge')} ${alert.title}`}
              onClick={() => void acknowledge.run({ id: alert.id })}
            >
              {t('acknowledge')}
            </Button>
          ) : null}
        </div>
      )}
    </article>
  )
}

function Facts({ alert }: { alert: Alert }): ReactNode {
  const t = useText('alerts')
  return (
    <p className="alert-facts">
      <span>
        {t('since')} <Time at={alert.since} />
      </span>
      {alert.endedAt ? (
        <span>
          {t('ended')} <Time at={alert.endedAt} />
        </span>
      ) : null}
      <span>
        {alert.toldAt ? (
          <>
            {t('told')} <Time at={alert.toldAt} />
          </>
        ) : (
          t('notTold')
        )}
      </span>
      {alert.acknowledgedAt ? (
        <span>
          {t('acknowledgedBy', { who: alert.acknowledgedBy ?? '' })} <Time at={alert.acknowledgedAt} />
        </span>
      ) : null}
    </p>
  )
}
