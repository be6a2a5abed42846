import { ReloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelect } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { formatCalendarDay, formatListedDay, formatNumber } from '../../../ui/values/format.ts'
import { formatYuan } from '../../../ui/values/money.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'

const RunForm = later(async () => (await import('./run-form.tsx')).RunForm)
const Differences = later(async () => (await import('./differences.tsx')).Differences)

const path = '/web/payments/reconciliations'
const filters = ['mchId', 'state'] as const
type Day = Row<typeof path>

/** While a bill is awaited the list shows its arrival by itself. */
const everyMs = 5000

export function Page(): ReactNode {
  const t = useText('payments-reconciliation')
  const detail = useOpen()
  const run = useOpen('run')
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('hint')}
        actions={
          <Button icon={<ReloadOutlined aria-hidden />} onClick={() => run.open('1')}>
            {t('run')}
          </Button>
        }
      />
      <Filters>
        <UrlSearch name="mchId" placeholder={t('merchantNumber')} width={200} />
        <UrlSelect name="state" label={t('state')} options={[{ value: 'open', label: t('onlyOpen') }]} />
      </Filters>
      <ListTable
        label={t('title')}
        path={path}
        filters={filters}
        every={everyMs}
        columns={useColumns()}
        rowKey={idOf}
        onOpen={day => detail.open(idOf(day))}
        empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
      />
      <UrlDrawer title={t('runTitle')} name="run">
        {() => <RunForm onDone={run.close} />}
      </UrlDrawer>
      <UrlDrawer title={t('detail', { day: dayOf(detail.id) })} width="wide">
        {id => {
          const [mchId = '', day = ''] = id.split('~')
          return <Differences mchId={mchId} day={day} />
        }}
      </UrlDrawer>
    </>
  )
}

const idOf = ({ mchId, day }: Day) => `${mchId}~${day}`
/** An address that somebody wrote names no day. */
const dayOf = (id: string) => {
  const { day = '' } = /~(?<day>\d{4}-\d\d-\d\d)$/.exec(id)?.groups ?? {}
  return day && formatCalendarDay(day)
}

function useColumns(): Column<Day>[] {
  const t = useText('payments-reconciliation')
  const sum = (count: number | undefined, fen: number | undefined) =>
    count === undefined ? '—' : `${t('count', { n: formatNumber(count) })} · ${formatYuan(fen ?? 0)}`
  return [
    {
      key: 'day',
      title: t('day'),
      render: one => <OpenLink id={idOf(one)}>{formatListedDay(one.day)}</OpenLink>,
    },
    { key: 'state', title: t('state'), render: one => <DayState day={one} /> },
    { key: 'merchant', title: t('merchant'), render: one => one.mchId },
    {
      key: 'payments',
      title: t('payments'),
      align: 'right',
      render: one => sum(one.bill.payments, one.bill.paymentsAmount),
    },
    {
      key: 'refunds',
      title: t('refunds'),
      align: 'right',
      render: one => sum(one.bill.refunds, one.bill.refundsAmount),
    },
    {
      key: 'mended',
      title: t('mended'),
      align: 'right',
      render: one => (one.bill.mended === undefined ? '—' : formatNumber(one.bill.mended)),
    },
    {
      key: 'triedAt',
      title: t('triedAt'),
      wideOnly: true,
      render: one => <Time at={one.triedAt} />,
    },
  ]
}

function DayState({ day }: { day: Day }): ReactNode {
  const t = useText('payments-reconciliation')
  if (day.state !== 'done')
    return (
      <>
        <State kind={day.state === 'failed' ? 'bad' : 'busy'}>{t(`state_${day.state}`)}</State>
        {day.reason ? <div className="wisp-quiet">{day.reason}</div> : null}
        {day.dueAt && day.reason ? (
          <div className="wisp-quiet">
            {t('nextAt')} <Time at={day.dueAt} />
          </div>
        ) : null}
      </>
    )
  if (day.open > 0) return <State kind="bad">{t('state_open', { n: day.open })}</State>
  if (day.acknowledged > 0) return <State kind="good">{t('state_handled')}</State>
  return <State kind="good">{t('state_done')}</State>
}
