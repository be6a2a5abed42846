import { Segmented, Table } from 'antd'
import { type ReactNode, useState } from 'react'
import type { UrlValues } from '../../../ui/address/url-patch.ts'
import { Chart } from '../../../ui/charts/chart.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { formatYuan } from '../../../ui/values/money.ts'
import { type BillSum, billRows, billsOfDay } from '../../rows/figure-rows.ts'
import { RowsLink } from '../../rows/rows-link.tsx'
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
  const chosen = useChosen() as UrlValues
  const read = useRead(path, { by: 'day', ...useChosen() }, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={300} />
  const byDay = new Map(read.data.list.map(one => [one.key, one]))
  const at = daysBetween([...byDay.keys()])
  const series = (label: string, fenOf: (day: Total) => number, sum: BillSum) => ({
    label,
    values: at.map(day => {
      const total = byDay.get(day)
      return total ? fenOf(total) / 100 : 0
    }),
    cell: (day: string, n: string) => <RowsLink rows={billRows(billsOfDay(chosen, day), sum)}>{n}</RowsLink>,
  })
  return (
    <Chart
      title={t('byDay')}
      unit={t('yuan')}
      kind="stacked"
      height={280}
      at={at}
      series={[
        series(t('net'), day => day.net, 'paid'),
        series(t('state_open'), day => day.open, 'open'),
        series(t('state_refunded'), day => day.refunded, 'refunded'),
        series(t('state_closed'), day => day.closed, 'closed'),
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
const sumOf = {
  amount: undefined,
  open: 'open',
  paid: 'paid',
  refunded: 'refunded',
  net: 'paid',
  closed: 'closed',
} as const satisfies Record<(typeof sums)[number], BillSum | undefined>
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
  const chosen = useChosen() as UrlValues
  // The bills of payers who have left can be chosen by nothing that a filter takes.
  const rowsOf = (total: Total, sum?: BillSum) => {
    const group = groupOf(by, total)
    return group && billRows({ ...chosen, ...group }, sum)
  }
  const read = useRead(path, { by, ...useChosen() }, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const sum = (name: (typeof sums)[number]) => ({
    key: name,
    title: t(name === 'amount' || name === 'net' ? name : `state_${name}`),
    align: 'right' as const,
    sorter: (a: Total, b: Total) => a[name] - b[name],
    render: (_: unknown, one: Total) => (
      <RowsLink rows={rowsOf(one, sumOf[name])}>{formatYuan(one[name])}</RowsLink>
    ),
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
        {
          key: 'name',
          title: t(by),
          render: (_, one) => (
            <RowsLink rows={rowsOf(one)}>
              <GroupName by={by} total={one} />
            </RowsLink>
          ),
        },
        {
          key: 'bills',
          title: t('count'),
          align: 'right',
          sorter: (a, b) => a.bills - b.bills,
          render: (_, one) => <RowsLink rows={rowsOf(one)}>{formatNumber(one.bills)}</RowsLink>,
        },
        ...sums.map(sum),
      ]}
    />
  )
}

/** The filter that chooses the bills of a group. */
function groupOf(by: Group, { key, userId }: Total): UrlValues | undefined {
  if (by === 'payer') return userId ? { userId } : undefined
  return by === 'developer' ? { developer: key || 'none' } : { mchId: key || 'default' }
}

function GroupName({ by, total }: { by: Group; total: Total }): ReactNode {
  const t = useText('payments-bills')
  const { merchants = [] } = useRead('/web/payments/bills/choices').data ?? {}
  const { key, userId } = total
  return {
    payer: total.name + t('inBrackets', { text: userId || t('hasLeft') }),
    developer: total.name || t('byConsole'),
    merchant: key === '' ? t('defaultMerchant') : (merchants.find(one => one.mchId === key)?.name ?? key),
  }[by]
}
