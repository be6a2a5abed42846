import { Segmented, Statistic } from 'antd'
import { type ReactNode, useState } from 'react'
import { Chart } from '../../ui/charts/chart.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { formatNumber, formatShare } from '../../ui/values/format.ts'
import { formatYuan } from '../../ui/values/money.ts'
import './developers.css'

const periods = ['7', '30', '90'] as const

/** Calls and failures per day, and by API call. */
export function UsageCharts(props: { devId: string }): ReactNode {
  const t = useText('developers')
  const [days, setDays] = useState<(typeof periods)[number]>('7')
  const read = useRead('/web/developers/usage', { devId: props.devId, days }, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const usage = read.data
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <div>
        <Segmented
          value={days}
          options={periods.map(value => ({ value, label: t('days', { n: value }) }))}
          onChange={setDays}
        />
      </div>
      <div className="developers-figures">
        <Statistic title={t('calls')} value={usage.calls} formatter={grouped} />
        <Statistic title={t('failures')} value={usage.failures} formatter={grouped} />
        <Statistic
          title={t('failureShare')}
          value={usage.calls > 0 ? formatShare(usage.failures / usage.calls) : '—'}
        />
        <SmsSpent devId={props.devId} />
      </div>
      <Chart
        title={t('usageTitle')}
        unit={t('usageUnit')}
        kind="stacked"
        at={usage.days.map(one => one.day)}
        series={[
          { label: t('succeeded'), values: usage.days.map(one => one.calls - one.failures) },
          { label: t('failures'), values: usage.days.map(one => one.failures) },
        ]}
      />
      <Endpoints usage={usage} />
      <div className="wisp-quiet">{t('usageDay')}</div>
    </div>
  )
}

/** What its SMS of this month cost, where it has a budget. */
function SmsSpent(props: { devId: string }): ReactNode {
  const t = useText('developers')
  const spending = useRead('/web/developers/sms-spending', props).data?.spending
  if (!spending) return null
  const { used, budget } = spending
  return <Statistic title={t('smsSpent', { budget: formatYuan(budget) })} value={formatYuan(used)} />
}

const grouped = (value: unknown) => formatNumber(Number(value))

function Endpoints(props: { usage: Answer<'/web/developers/usage'> }): ReactNode {
  const t = useText('developers')
  const { endpoints } = props.usage
  if (endpoints.length === 0) return <EmptyState title={t('usageEmpty')} />
  return (
    <table className="wisp-figures" aria-label={t('byEndpoint')}>
      <thead>
        <tr>
          <th scope="col">{t('endpoint')}</th>
          <th scope="col">{t('calls')}</th>
          <th scope="col">{t('failures')}</th>
        </tr>
      </thead>
      <tbody>
        {endpoints.map(one => (
          <tr key={one.endpoint}>
            <th scope="row" style={{ overflowWrap: 'anywhere' }}>
              {one.endpoint}
            </th>
            <td>{formatNumber(one.calls)}</td>
            <td>{formatNumber(one.failures)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
