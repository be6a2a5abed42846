import { Statistic } from 'antd'
import type { ReactNode } from 'react'
import type { UrlValues } from '../../../ui/address/url-patch.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useText } from '../../../ui/text.ts'
import { formatYuan } from '../../../ui/values/money.ts'
import { type BillSum, billRows } from '../../rows/figure-rows.ts'
import { RowsLink } from '../../rows/rows-link.tsx'
import { everyMs, useChosen } from './bill-filters.tsx'

type BillFigure = { sum: BillSum; label: string; bills?: number; amount: number }

/** The sums of what is listed, by state. */
export function useStateSums() {
  const given = { by: 'state', ...useChosen() } as const
  return useRead('/web/payments/bills/totals', given, { keep: true, every: everyMs })
}

/** How much of what is listed is open, paid, given back, left of that, and closed. */
export function StateFigures(): ReactNode {
  const t = useText('payments-bills')
  const list = useStateSums().data?.list
  const chosen = useChosen() as UrlValues
  if (!list || list.length === 0) return null
  const of = (state: string) => list.find(one => one.key === state)
  const figures = [
    { sum: 'open', label: t('state_open'), bills: of('open')?.bills ?? 0, amount: of('open')?.amount ?? 0 },
    { sum: 'paid', label: t('state_paid'), bills: of('paid')?.bills ?? 0, amount: of('paid')?.amount ?? 0 },
    { sum: 'refunded', label: t('state_refunded'), amount: of('paid')?.refunded ?? 0 },
    { sum: 'paid', label: t('net'), amount: of('paid')?.net ?? 0 },
    {
      sum: 'closed',
      label: t('state_closed'),
      bills: of('closed')?.bills ?? 0,
      amount: of('closed')?.amount ?? 0,
    },
  ] satisfies BillFigure[]
  return (
    <div className="bills-figures">
      {figures.map(({ sum, label, bills, amount }: BillFigure) => (
        <Statistic
          key={label}
          title={bills === undefined ? label : t('figure', { state: label, n: bills })}
          value={amount}
          formatter={fen => (
            <RowsLink rows={billRows(chosen, sum)} label={`${label} ${formatYuan(Number(fen))}`}>
              {formatYuan(Number(fen))}
            </RowsLink>
          )}
        />
      ))}
    </div>
  )
}
