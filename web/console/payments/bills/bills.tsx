import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { ExportLink } from '../../../ui/export-link.tsx'
import { EmptyState, Settled } from '../../../ui/feedback.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { formatYuan } from '../../../ui/values/money.ts'
import { DueTime, Time } from '../../../ui/values/time.tsx'
import { LinkButton } from '../../directory/link-button.tsx'
import { BillFilters, everyMs, filters } from './bill-filters.tsx'
import { type Bill, BillState, Payer } from './bill-states.tsx'
import './bills.css'
import { later } from '../../../ui/fields/later.tsx'
import { Parts } from '../../../ui/objects/parts.tsx'
import { StateFigures, useStateSums } from './state-figures.tsx'
import { Totals } from './totals.tsx'

const CreateForm = later(async () => (await import('./create-form.tsx')).CreateForm)
const BillDetail = later(async () => (await import('./bill-detail.tsx')).BillDetail)
const RefundForm = later(async () => (await import('./refund-form.tsx')).RefundForm)

/** The bills of the members that this administrator may see, and their sums. */
export function Page(): ReactNode {
  const t = useText('payments-bills')
  const create = useOpen('create')
  const refund = useOpen('refund')
  const areSumsRead = !useStateSums().isPending
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('hint')}
        actions={
          <>
            <ExportLink path="/web/payments/bills/export" filters={filters} />
            <LinkButton to="/console/payments/bills/import">{t('import')}</LinkButton>
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => create.open('1')}>
              {t('create')}
            </Button>
          </>
        }
      />
      <BillFilters />
      <Settled isReady={areSumsRead}>
        <StateFigures />
        <Parts
          name="view"
          parts={[
            { key: 'list', title: t('list'), children: <List /> },
            { key: 'totals', title: t('totals'), children: <Totals /> },
          ]}
        />
      </Settled>
      <UrlDrawer title={t('create')} name="create">
        {() => <CreateForm onDone={create.close} />}
      </UrlDrawer>
      <UrlDrawer title={t('one')}>{id => <BillDetail id={Number(id)} />}</UrlDrawer>
      <UrlDrawer title={t('refund')} name="refund">
        {id => <RefundForm id={Number(id)} onDone={refund.close} />}
      </UrlDrawer>
    </>
  )
}

function List(): ReactNode {
  const t = useText('payments-bills')
  const { open } = useOpen()
  return (
    <ListTable
      label={t('title')}
      path="/web/payments/bills"
      filters={filters}
      defaultSort="-createdAt"
      every={everyMs}
      columns={useColumns()}
      rowKey={bill => bill.id}
      onOpen={bill => open(bill.id)}
      empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
    />
  )
}

function useColumns(): Column<Bill>[] {
  const t = useText('payments-bills')
  return [
    {
      key: 'title',
      title: t('bill'),
      render: bill => (
        <div className="bills-title">
          <OpenLink id={bill.id}>{bill.title}</OpenLink>
          <div className="wisp-quiet">{bill.billNo}</div>
        </div>
      ),
    },
    { key: 'payer', title: t('payer'), render: bill => <Payer bill={bill} /> },
    {
      key: 'amount',
      title: t('money'),
      align: 'right',
      sorts: true,
      render: bill => (
        <>
          {formatYuan(bill.amount)}
          {bill.refunded > 0 ? (
            <div className="wisp-quiet">{t('ofIt', { amount: formatYuan(bill.refunded) })}</div>
          ) : null}
        </>
      ),
    },
    { key: 'state', title: t('state'), render: bill => <BillState bill={bill} /> },
    { key: 'createdAt', title: t('createdAt'), sorts: true, render: bill => <Time at={bill.createdAt} /> },
    {
      key: 'dueAt',
      title: t('dueAt'),
      sorts: true,
      render: bill => <DueTime at={bill.dueAt} isOpen={bill.state === 'open'} />,
    },
    { key: 'paidAt', title: t('paidAt'), sorts: true, render: bill => <Time at={bill.paidAt} /> },
    {
      key: 'developer',
      title: t('developer'),
      wideOnly: true,
      render: bill => bill.developer || t('byConsole'),
    },
  ]
}
