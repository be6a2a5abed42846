import { Segmented, Table } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { Chart } from '../../../ui/charts/chart.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { formatYuan } from '../../../ui/values/money.ts'
import { useChosen } from './bill-filters.tsx'

const path = '/web/payments/bills/totals'
type Total = Answer<typeof path>['list'][number]
const dayMs = 86_400_000

/** Sums of what the filters choose: by day and state as a chart, and by payer, developer or merchant. */
export function Totals(): ReactNode {
  return (
    <div style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: 16 }}>
      <Days />
      <Groups />
    </div>
  )
}

function Days(): ReactNode {
  const t = useText('payments-bills')
  const read = useRead(path, { by: 'day', ...useChosen() }, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={300} />
  const byDay = new Map(read.data.list.map(one => [one.key, one]))
  const at = daysBetween([...byDay.keys()])
  const inYuan = (fenOf: (day: Total) => number) =>
    at.map(day => {
      const total = byDay.get(day)
      return total ? fenOf(total) / 100 : 0
    })
  return (
    <Chart
      title={t('byDay')}
      unit={t('yuan')}
      kind="stacked"
      height={280}
      at={at}
      series={[
        { label: t('net'), values: inYuan(day => day.net) },
        { label: t('state_open'), values: inYuan(day => day.open) },
        { label: t('state_refunded'), values: inYuan(day => day.refunded) },
        { label: t('state_closed'), values: inYuan(day => day.closed) },
      ]}
    />
  )
}

const daysAtLeast = 14

/** Every day from the first to the last of those given, so that a day without bills is seen as one. */
function daysBetween(days: readonly string[]): string[] {
  if (days.length === 0) return []
  const times = days.map(day => Date.parse(day))
  const last = Math.max(...times)
  const first = Math.min(...times, last - (daysAtLeast - 1) * dayMs)
  return Array.from({ length: (last - first) / dayMs + 1 }, (_, n) =>
    new Date(first + n * dayMs).toISOString().slice(0, 10),
  )
}

const sums = ['amount', 'open', 'paid', 'refunded', 'net', 'closed'] as const
const groups = ['payer', 'developer', 'merchant'] as const
type Group = (typeof groups)[number]

function Groups(): ReactNode {
  const t = useText('payments-bills')
  const [by, setBy] = useState<Group>('payer')
  return (
    <Panel
      title={t('byGroup')}
      extra={
        <Segmented
          size="small"
          aria-label={t('byGroup')}
          value={by}
          options={groups.map(value => ({ value, label: t(value) }))}
          onChange={setBy}
        />
      }
    >
      <GroupTable key={by} by={by} />
    </Panel>
  )
}

function GroupTable({ by }: { by: Group }): ReactNode {
  const t = useText('payments-bills')
  const read = useRead(path, { by, ...useChosen() }, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const sum = (name: (typeof sums)[number]) => ({
    key: name,
    title: t(name === 'amount' || name === 'net' ? name : `state_${name}`),
    align: 'right' as const,
    sorter: (a: Total, b: Total) => a[name] - b[name],
    render: (_: unknown, one: Total) => formatYuan(one[name]),
  })
  return (
    <Table<Total>
      size="small"
      aria-label={t(by)}
      rowKey="key"
      dataSource={read.data.list}
      showSorterTooltip={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: <EmptyState /> }}
      pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
      columns={[
        { key: 'name', title: t(by), render: (_, one) => <GroupName by={by} total={one} /> },
        {
          key: 'bills',
          title: t('count'),
          align: 'right',
          sorter: (a, b) => a.bills - b.bills,
          render: (_, one) => formatNumber(one.bills),
        },
        ...sums.map(sum),
      ]}
    />
  )
}

/** Leads to the bills that were added up. */
function GroupName({ by, total }: { by: Group; total: Total }): ReactNode {
  const t = useText('payments-bills')
  const [values] = useUrlState()
  const { merchants = [] } = useRead('/web/payments/bills/choices').data ?? {}
  const { key, userId } = total
  const link = {
    payer: userId ? { userId } : undefined,
    developer: { developer: key || 'none' },
    merchant: { mchId: key || 'default' },
  }[by]
  const name = {
    payer: total.name + t('inBrackets', { text: userId || t('hasLeft') }),
    developer: total.name || t('byConsole'),
    merchant: key === '' ? t('defaultMerchant') : (merchants.find(one => one.mchId === key)?.name ?? key),
  }[by]
  if (!link) return name
  const { view: _view, open: _open, pageNo: _pageNo, ...kept } = values
  return (
    <PageLink to="/console/payments/bills" search={{ ...kept, ...link }}>
      {name}
    </PageLink>
  )
}
