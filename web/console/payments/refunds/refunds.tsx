import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlRange } from '../../../ui/address/range.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import {
  type Column,
  Filters,
  ListTable,
  UrlSearch,
  UrlSelectMany,
  useList,
} from '../../../ui/list-table.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { formatYuan } from '../../../ui/values/money.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { refundStates } from './refund-states.ts'

const RefundDetail = later(async () => (await import('./refund-detail.tsx')).RefundDetail)

const path = '/web/payments/refunds'
const filters = ['state', 'text', 'from', 'to', 'billId'] as const
/** A refund that WeChat Pay works on ends without anybody's doing. */
const everyMs = 5000

export function Page(): ReactNode {
  const t = useText('payments-refunds')
  const { open } = useOpen()
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} />
      <Filters>
        <UrlSearch name="text" placeholder={t('search')} width={280} />
        <UrlSelectMany
          name="state"
          label={t('state')}
          width={140}
          options={Object.keys(refundStates).map(state => ({
            value: state,
            label: t(`state_${state as keyof typeof refundStates}`),
          }))}
        />
        <UrlRange />
      </Filters>
      <Sum />
      <ListTable
        label={t('title')}
        path={path}
        filters={filters}
        every={everyMs}
        columns={useColumns()}
        rowKey={refund => refund.id}
        onOpen={refund => open(refund.id)}
        empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
      />
      <UrlDrawer title={t('one')}>{id => <RefundDetail id={Number(id)} />}</UrlDrawer>
    </>
  )
}

function Sum(): ReactNode {
  const t = useText('payments-refunds')
  const { data } = useList(path, { filters }, everyMs).read
  if (!data || data.total === 0) return null
  return (
    <p className="wisp-quiet">{t('sum', { n: formatNumber(data.total), amount: formatYuan(data.amount) })}</p>
  )
}

function useColumns(): Column<Row<typeof path>>[] {
  const t = useText('payments-refunds')
  return [
    {
      key: 'title',
      title: t('bill'),
      render: refund => (
        <>
          <OpenLink id={refund.id}>{refund.title}</OpenLink>
          <div className="wisp-quiet">{refund.billNo}</div>
        </>
      ),
    },
    {
      key: 'payer',
      title: t('payer'),
      render: refund => (
        <>
          <bdi>{refund.payerName}</bdi>（{refund.payerUserId}）
        </>
      ),
    },
    { key: 'amount', title: t('amount'), align: 'right', render: refund => formatYuan(refund.amount) },
    {
      key: 'state',
      title: t('state'),
      render: refund => <State kind={refundStates[refund.state]}>{t(`state_${refund.state}`)}</State>,
    },
    { key: 'reason', title: t('reason'), wideOnly: true, render: refund => refund.reason || '—' },
    { key: 'createdAt', title: t('createdAt'), render: refund => <Time at={refund.createdAt} /> },
    { key: 'actor', title: t('actor'), wideOnly: true, render: refund => <Actor id={refund.actor} /> },
  ]
}
