import { Segmented, Statistic } from 'antd'
import { type ReactNode, useState } from 'react'
import { Chart } from '../../../ui/charts/chart.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { AccountPage } from '../use-account.tsx'
import './overview.css'

const periods = ['7', '30', '90'] as const

/** Followers and messages of an account by day. */
export function Page(): ReactNode {
  const t = useText('official-followers')
  return (
    <AccountPage title={t('overview')} hint={t('overviewHint')}>
      {account => <Figures originalId={account.originalId} />}
    </AccountPage>
  )
}

function Figures({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official-followers')
  const [days, setDays] = useState<(typeof periods)[number]>('30')
  const read = useRead('/web/official/figures', { originalId, days }, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const { now } = read.data
  const list = read.data.days
  const values = (name: 'gained' | 'lost' | 'total' | 'received' | 'sent') => list.map(one => one[name])
  const sum = (name: 'gained' | 'lost' | 'received' | 'sent') =>
    values(name).reduce((total, value) => total + value, 0)
  const at = list.map(one => one.day)
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <div>
        <Segmented
          value={days}
          options={periods.map(value => ({ value, label: t('days', { n: value }) }))}
          onChange={setDays}
        />
      </div>
      <div className="oa-figures">
        <Statistic title={t('followersNow')} value={now.followers} formatter={grouped} />
        <Statistic title={t('gained')} value={sum('gained')} formatter={grouped} />
        <Statistic title={t('lost')} value={sum('lost')} formatter={grouped} />
        <Statistic title={t('linkedNow')} value={now.linked} formatter={grouped} />
        <Statistic title={t('received')} value={sum('received')} formatter={grouped} />
        <Statistic title={t('sent')} value={sum('sent')} formatter={grouped} />
      </div>
      <div className="oa-charts">
        <Chart
          title={t('followersTotal')}
          unit={t('people')}
          at={at}
          series={[{ label: t('followersTotal'), values: values('total') }]}
        />
        <Chart
          title={t('comingAndGoing')}
          unit={t('people')}
          at={at}
          series={[
            { label: t('gained'), values: values('gained') },
            { label: t('lost'), values: values('lost') },
          ]}
        />
        <Chart
          title={t('messages')}
          unit={t('messageUnit')}
          at={at}
          series={[
            { label: t('received'), values: values('received') },
            { label: t('sent'), values: values('sent') },
          ]}
        />
      </div>
      <div className="wisp-quiet">{t('figuresNote')}</div>
    </div>
  )
}

const grouped = (value: unknown) => formatNumber(Number(value))
