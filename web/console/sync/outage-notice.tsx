import { Alert } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { formatTime } from '../../ui/values/format.ts'

type Outage = NonNullable<Answer<'/web/sync/status'>['outage']>

/** What the work on the address book cannot reach, since when, and when it is tried again. */
export function OutageNotice(props: { outage: Outage }): ReactNode {
  const t = useText('sync')
  const { reason, since, nextAt } = props.outage
  return (
    <Alert
      type="warning"
      showIcon
      role="status"
      style={{ marginBottom: 16 }}
      title={t('outageTitle')}
      description={
        <>
          <div style={{ overflowWrap: 'anywhere' }}>{reason}</div>
          <div className="wisp-quiet">
            {t('outageSince', { time: formatTime(since) })}{' '}
            {nextAt === null ? t('outageNow') : t('outageNext', { time: formatTime(nextAt) })}
          </div>
        </>
      }
    />
  )
}
