import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { SwitchOn } from '../../../ui/address/switch-on.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { Time } from '../../../ui/values/time.tsx'

type RequestList = Pick<Answer<'/web/developers/requests'>, 'gaps' | 'days' | 'total'>

const countedAtMost = 10_000

/** Above a list of calls: whether calls are logged at all, and how many of its time were not kept. */
export function ListNotes({ listed }: { listed: RequestList | undefined }): ReactNode {
  const t = useText('requests')
  if (!listed) return null
  const { gaps, days, total } = listed
  if (days === 0)
    return (
      <Alert
        type="warning"
        showIcon
        title={t('off')}
        description={t('offHint')}
        action={<SwitchOn to="/console/apps/developers" search={{ defaults: '1' }} />}
        style={spaced}
      />
    )
  const sum = (name: 'succeeded' | 'failed') => formatNumber(gaps.reduce((all, gap) => all + gap[name], 0))
  return (
    <>
      {total >= countedAtMost ? <Alert type="info" showIcon title={t('capped')} style={spaced} /> : null}
      {gaps.length > 0 ? (
        <Alert
          type="info"
          showIcon
          style={spaced}
          title={
            <>
              {t('gaps', { succeeded: sum('succeeded'), failed: sum('failed') })}
              <details>
                <summary style={{ cursor: 'pointer', padding: '4px 0' }}>{t('gapsShow')}</summary>
                <p className="wisp-quiet">{t('gapsWhy')}</p>
                <Minutes gaps={gaps} />
              </details>
            </>
          }
        />
      ) : null}
    </>
  )
}

const spaced = { marginBottom: 12 }

function Minutes({ gaps }: Pick<RequestList, 'gaps'>): ReactNode {
  const t = useText('requests')
  return (
    <table className="wisp-figures" aria-label={t('gapsShow')}>
      <thead>
        <tr>
          <th scope="col">{t('minute')}</th>
          <th scope="col">{t('succeeded')}</th>
          <th scope="col">{t('failed')}</th>
          <th scope="col">{t('reason')}</th>
        </tr>
      </thead>
      <tbody>
        {gaps.map(gap => (
          <tr key={`${gap.minute} ${gap.reason}`}>
            <th scope="row">
              <Time at={gap.minute} />
            </th>
            <td>{formatNumber(gap.succeeded)}</td>
            <td>{formatNumber(gap.failed)}</td>
            <td>{gap.reason === 'pace' ? t('pace') : t('gapsMemory')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
